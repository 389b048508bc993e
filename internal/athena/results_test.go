package athena

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/stretchr/testify/require"
)

func varchars(n int) []analyzer.Column {
	out := make([]analyzer.Column, n)
	for i := range out {
		out[i] = analyzer.Column{Name: string(rune('a' + i)), Type: types.VarcharType(types.UnboundedLength)}
	}
	return out
}

// readBack reads every row of a result object.
func readBack(t testing.TB, text []byte, plain bool) [][]any {
	t.Helper()
	r := &rowReader{in: bufio.NewReaderSize(bytes.NewReader(text), 16), plain: plain}
	rows := [][]any{}
	for {
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			require.Equal(t, int64(len(text)), r.read, "bytes of all rows")
			return rows
		}
		require.NoError(t, err)
		cells := []any{}
		for _, d := range row.Data {
			if d.VarCharValue == nil {
				cells = append(cells, nil)
			} else {
				cells = append(cells, *d.VarCharValue)
			}
		}
		rows = append(rows, cells)
	}
}

func TestCSVIsAthenas(t *testing.T) {
	c := &csvText{columns: varchars(3)}
	text := append([]byte{}, c.header()...)
	for _, row := range [][]any{
		{"x", nil, ""},
		{`say "hi"`, "a,b", "line\nbreak"},
		{nil, nil, nil},
		{"강남구", "\r", `"`},
	} {
		text = append(text, c.row(row)...)
	}
	require.Equal(t, "\"a\",\"b\",\"c\"\n"+
		"\"x\",,\"\"\n"+
		"\"say \"\"hi\"\"\",\"a,b\",\"line\nbreak\"\n"+
		",,\n"+
		"\"강남구\",\"\r\",\"\"\"\"\n", string(text))
	require.Equal(t, [][]any{
		{"a", "b", "c"}, {"x", nil, ""}, {`say "hi"`, "a,b", "line\nbreak"}, {nil, nil, nil}, {"강남구", "\r", `"`},
	}, readBack(t, text, false))
}

func TestOneNullColumn(t *testing.T) {
	c := &csvText{columns: varchars(1)}
	text := append([]byte{}, c.row([]any{nil})...)
	text = append(text, c.row([]any{""})...)
	require.Equal(t, [][]any{{nil}, {""}}, readBack(t, text, false))
}

func TestPlainTextLines(t *testing.T) {
	require.Equal(t, [][]any{{"orders"}, {""}, {"a\tb"}}, readBack(t, []byte("orders\n\na\tb"), true))
	require.Empty(t, readBack(t, nil, true))
}

func TestCorruptResultIsAnError(t *testing.T) {
	for _, text := range []string{`"a`, `"a"b` + "\n", `"a","b"`, `"a",`, "x\n"} {
		r := &rowReader{in: bufio.NewReader(bytes.NewReader([]byte(text)))}
		_, err := r.next()
		require.ErrorIs(t, err, errCorruptResult, "%q", text)
	}
}

func FuzzCSVReadsBack(f *testing.F) {
	f.Add("a", "b\n\"", true)
	f.Add("", ",", false)
	f.Fuzz(func(t *testing.T, a, b string, null bool) {
		row := []any{a, b, nil}
		if !null {
			row[2] = a + b
		}
		c := &csvText{columns: varchars(3)}
		text := append([]byte{}, c.row(row)...)
		require.Equal(t, [][]any{row}, readBack(t, text, false))
	})
}

func TestSpoolSpillsAndReadsBack(t *testing.T) {
	dir := t.TempDir()
	s := newSpool(dir)
	part := bytes.Repeat([]byte("0123456789abcdef"), 1<<12)
	var want []byte
	for range 200 { // 13 MB, three times what stays in memory
		require.NoError(t, s.write(part))
		want = append(want, part...)
	}
	require.Less(t, s.mem.Cap(), 3*spoolMemory)
	r, err := s.reader()
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))
	require.Equal(t, int64(len(want)), s.size)
	s.close()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}
