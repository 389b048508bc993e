package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serDeCases are files and the SerDes to read them with; want is what Trino
// answered. Package formats reads them too, without a Trino.
const serDeCases = "../internal/formats/testdata/serdes.json"

type serDeCase struct {
	Name       string            `json:"name"`
	SerDe      string            `json:"serde"`
	Properties map[string]string `json:"properties"`
	Table      map[string]string `json:"table"`
	Columns    []string          `json:"columns"`
	Content    string            `json:"content"`
	Want       [][]any           `json:"want,omitempty"`
	Error      string            `json:"error,omitempty"` // the name of Trino's error
}

// TestTrinoSerDes has Trino read files of each SerDe through scops's Glue and S3,
// from tables made with Athena's DDL. With SCOPS_RECORD=1 it writes the answers
// into the cases; without it compares:
//
//	SCOPS_RECORD=1 e2e/trino/run.sh -run TestTrinoSerDes
func TestTrinoSerDes(t *testing.T) {
	t.Parallel()
	s := start(t, "buckets: [{name: lake}]\n")
	tr := startTrino(t, s)
	text, err := os.ReadFile(serDeCases)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var cases []*serDeCase
	require.NoError(t, decoder.Decode(&cases))
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			clauses := fmt.Sprintf("ROW FORMAT SERDE %s", hiveText(c.SerDe))
			if len(c.Properties) > 0 {
				clauses += " WITH SERDEPROPERTIES (" + hiveProperties(c.Properties) + ")"
			}
			bucket, table := s.bucket(), s.database()+".t"
			s.put(bucket, "t/f", []byte(c.Content))
			properties := ""
			if len(c.Table) > 0 {
				properties = " TBLPROPERTIES (" + hiveProperties(c.Table) + ")"
			}
			run(t, s.athena(), fmt.Sprintf("CREATE EXTERNAL TABLE %s (%s) %s LOCATION 's3://%s/t/'%s", table, strings.Join(backquoted(c.Columns), ", "), clauses, bucket, properties))
			var rows [][]any
			var err error
			require.Eventually(t, func() bool { // a Trino that answers may have no workers yet
				rows, err = tr.raw("SELECT * FROM " + table)
				return err == nil || !strings.Contains(err.Error(), "NO_NODES_AVAILABLE")
			}, time.Minute, 200*time.Millisecond)
			got := &serDeCase{Want: rows}
			if err != nil {
				name, _, _ := strings.Cut(err.Error(), ":")
				got.Error = name
			}
			if os.Getenv("SCOPS_RECORD") != "" {
				c.Want, c.Error = got.Want, got.Error
				return
			}
			require.Equal(t, c.Error, got.Error, "%v", err)
			require.Equal(t, c.Want, got.Want)
		})
	}
	if os.Getenv("SCOPS_RECORD") == "" {
		return
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	require.NoError(t, encoder.Encode(cases))
	require.NoError(t, os.WriteFile(serDeCases, out.Bytes(), 0o644))
}

// raw runs a query and gives the values as the client protocol has them.
func (tr *trino) raw(sql string) ([][]any, error) {
	var out [][]any
	for method, next, body := "POST", tr.url+"/v1/statement", sql; next != ""; {
		page, err := tr.fetch(method, next, body)
		if err != nil {
			return nil, err
		}
		if e := page.Error; e != nil {
			return nil, fmt.Errorf("%s: %s", e.ErrorName, e.Message)
		}
		out = append(out, page.Data...)
		method, next, body = "GET", page.NextURI, ""
	}
	return out, nil
}

func backquoted(columns []string) (out []string) {
	for _, c := range columns {
		name, typ, _ := strings.Cut(c, " ")
		out = append(out, "`"+name+"` "+typ)
	}
	return out
}

// hiveText is a text of Hive's DDL.
func hiveText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(s) + "'"
}

func hiveProperties(p map[string]string) string {
	var parts []string
	for name, value := range p {
		parts = append(parts, hiveText(name)+" = "+hiveText(value))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
