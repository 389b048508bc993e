package formats_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// TestAsTrino reads the files of testdata/serdes.json and compares with what
// Trino 476 answered; e2e/trino_serdes_test.go says how that was recorded.
func TestAsTrino(t *testing.T) {
	text, err := os.ReadFile("testdata/serdes.json")
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var cases []struct {
		Name, SerDe, Content string
		Properties, Table    map[string]string
		Columns              []string
		Want                 [][]any
	}
	require.NoError(t, decoder.Decode(&cases))
	require.Greater(t, len(cases), 25)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			f, err := formats.Detect(c.SerDe, "", c.Properties, c.Table)
			require.NoError(t, err)
			columns := formatstest.Columns(t, c.Columns...)
			path := filepath.Join(t.TempDir(), "f")
			require.NoError(t, os.WriteFile(path, []byte(c.Content), 0o600))
			s, err := formats.NewScan(f, columns, len(columns), []formats.SourceFile{{Path: path, URI: path, Size: int64(len(c.Content))}})
			require.NoError(t, err)
			w, err := s.Begin().NewWorker()
			require.NoError(t, err)
			defer w.Close()
			rows, err := w.Next(context.Background())
			require.NoError(t, err)
			require.Len(t, c.Want, rows)
			for i, want := range c.Want {
				for k, v := range w.Vectors {
					require.Equal(t, comparable(v.Type, want[k]), comparable(v.Type, formatstest.Value(v, i)), "row %d, column %s", i+1, columns[k].Name)
				}
			}
		})
	}
}

// comparable writes a value of Trino's client protocol, or one of formatstest,
// as text: rows are lists there and objects here, and char is padded there.
func comparable(t formats.Type, v any) string {
	if v == nil {
		return "NULL"
	}
	switch t.Kind {
	case formats.Array:
		var parts []string
		for _, e := range v.([]any) {
			parts = append(parts, comparable(t.Fields[0].Type, e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case formats.Map:
		out := map[string]string{}
		for k, e := range v.(map[string]any) {
			out[k] = comparable(t.Fields[1].Type, e)
		}
		return fmt.Sprint(out)
	case formats.Struct:
		var parts []string
		for i, f := range t.Fields {
			if list, ok := v.([]any); ok {
				parts = append(parts, comparable(f.Type, list[i]))
				continue
			}
			parts = append(parts, comparable(f.Type, v.(map[string]any)[f.Name]))
		}
		return "(" + strings.Join(parts, ",") + ")"
	case formats.Char:
		return strconv.Quote(strings.TrimRight(v.(string), " "))
	case formats.String, formats.Varchar:
		return strconv.Quote(v.(string))
	case formats.Float, formats.Double:
		f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(f)
	}
	return fmt.Sprint(v)
}
