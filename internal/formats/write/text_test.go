package write

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

func textFormat(t testing.TB, library string, serde, table map[string]string) formats.Format {
	t.Helper()
	f, err := formats.Detect(library, "", serde, table)
	require.NoError(t, err)
	return f
}

// textLines writes rows and gives the lines of the object.
func textLines(t testing.TB, f formats.Format, cols []record.Column, rows ...[]record.Value) ([]string, error) {
	t.Helper()
	k, err := KindOf(f)
	require.NoError(t, err)
	w, err := New(f, cols)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w.Reset(&out)
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			return nil, err
		}
	}
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "f"+k.Ending)
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
	c, err := formats.CompressionOf(path)
	require.NoError(t, err)
	l, err := formats.OpenLines(path, c, 0, -1)
	require.NoError(t, err)
	defer l.Close()
	lines := []string{}
	for {
		line, err := l.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		require.NoError(t, err)
		lines = append(lines, string(line))
	}
}

func parsed(t testing.TB, cols []record.Column, events ...string) (rows [][]record.Value) {
	t.Helper()
	p := event.NewParser(cols, event.Options{})
	for _, e := range events {
		r, err := p.Parse(e)
		require.NoError(t, err)
		rows = append(rows, append([]record.Value(nil), r.Values...))
	}
	return rows
}

// What Trino's SimpleSerializer, "bug for bug compatible with LazySimpleSerDe",
// writes.
func TestTextLines(t *testing.T) {
	cases := []struct {
		serde   map[string]string
		columns []string
		event   string
		want    string
	}{
		{nil, []string{"a int", "b string", "c boolean"}, `{"a":-1,"b":"x","c":true}`, "-1\x01x\x01true"},
		{nil, []string{"a int", "b string"}, `{}`, `\N` + "\x01" + `\N`},
		{map[string]string{"serialization.null.format": "nil"}, []string{"a int"}, `{}`, `nil`},
		{map[string]string{"field.delim": ","}, []string{"f float", "d double", "e double", "n decimal(5,2)"}, `{"f":0.1,"d":1e10,"e":3,"n":1.5}`, "0.1,1.0E10,3.0,1.50"},
		{map[string]string{"field.delim": ","}, []string{"d date", "t timestamp", "u timestamp", "b binary", "c char(3)"}, `{"d":"2021-02-03","t":"2021-02-03 04:05:06.7","u":"2021-02-03 04:05:06","b":"YWI=","c":"x"}`, "2021-02-03,2021-02-03 04:05:06.7,2021-02-03 04:05:06,YWI=,x  "},
		{map[string]string{"field.delim": ","}, []string{"a array<int>", "m map<string,int>", "s struct<x:int,y:array<string>>"}, `{"a":[1,null,3],"m":{"k":1,"l":null},"s":{"x":1,"y":["a","b"]}}`, "1\x02\\N\x023,k\x031\x02l\x03\\N,1\x02a\x03b"},
		{map[string]string{"field.delim": ",", "escape.delim": `\`}, []string{"a string", "b array<string>"}, `{"a":"a,b\\","b":["\u0002"]}`, "a\\,b\\\\,\\\x02"},
	}
	for _, c := range cases {
		cols := columns(t, c.columns...)
		got, err := textLines(t, textFormat(t, formats.SerDeLazySimple, c.serde, nil), cols, parsed(t, cols, c.event)...)
		require.NoError(t, err)
		require.Equal(t, []string{c.want}, got)
	}
}

func TestTextHeader(t *testing.T) {
	cols := columns(t, "a int", "b string")
	f := textFormat(t, formats.SerDeLazySimple, map[string]string{"field.delim": ","}, map[string]string{"skip.header.line.count": "1"})
	got, err := textLines(t, f, cols, parsed(t, cols, `{"a":1,"b":"x"}`, `{"a":2}`)...)
	require.NoError(t, err)
	require.Equal(t, []string{"a,b", "1,x", `2,\N`}, got)
	f = textFormat(t, formats.SerDeOpenCSV, nil, map[string]string{"skip.header.line.count": "1"})
	got, err = textLines(t, f, columns(t, "a string"), []record.Value{{Valid: true, Text: "x"}}, []record.Value{{Valid: true, Text: "y"}})
	require.NoError(t, err)
	require.Equal(t, []string{`"a"`, `"x"`, `"y"`}, got)
	for _, property := range []string{"skip.header.line.count", "skip.footer.line.count"} {
		_, err = New(textFormat(t, formats.SerDeLazySimple, nil, map[string]string{property: "2"}), cols)
		require.ErrorContains(t, err, property)
	}
}

func TestCSVLines(t *testing.T) {
	cols := columns(t, "a string", "b string")
	row := func(texts ...string) []record.Value {
		var out []record.Value
		for _, text := range texts {
			out = append(out, record.Value{Valid: text != "NULL", Text: text})
		}
		return out
	}
	got, err := textLines(t, textFormat(t, formats.SerDeOpenCSV, nil, nil), cols, row("x", `say "hi"`), row("NULL", "NULL"), row("a,b", ""))
	require.NoError(t, err)
	require.Equal(t, []string{`"x","say ""hi"""`, `,`, `"a,b",""`}, got)
	got, err = textLines(t, textFormat(t, formats.SerDeOpenCSV, map[string]string{"escapeChar": `\`, "quoteChar": "'", "separatorChar": ";"}, nil), cols, row(`it's`, `a\b`))
	require.NoError(t, err)
	require.Equal(t, []string{`'it\'s';'a\\b'`}, got)
	_, err = textLines(t, textFormat(t, formats.SerDeOpenCSV, nil, nil), cols, row("x", `a\b`))
	require.ErrorContains(t, err, "column b: the text has a backslash")
	_, err = textLines(t, textFormat(t, formats.SerDeOpenCSV, nil, nil), cols, row("x\ny", ""))
	require.ErrorContains(t, err, "column a: the text has an end of line")
	_, err = New(textFormat(t, formats.SerDeOpenCSV, nil, nil), columns(t, "a int"))
	require.ErrorContains(t, err, "column a: the OpenCSV SerDe writes columns of type string alone")
}

// What would be read as something else is not written.
func TestTextRefuses(t *testing.T) {
	type m = map[string]string
	for _, c := range []struct {
		serde         m
		columns, text string
		value         record.Value
	}{
		{m{"field.delim": ","}, "a string", "has a delimiter", record.Value{Text: "a,b"}},
		{nil, "a string", "end of line", record.Value{Text: "a\nb"}},
		{m{"escape.delim": `\`}, "a string", "end of line", record.Value{Text: "a\rb"}},
		{nil, "a string", "reads as the text of NULL", record.Value{Text: `\N`}},
		{m{"serialization.null.format": ""}, "a array<int>", "reads as the text of NULL", record.Value{}},
		{nil, "a array<string>", "reads as an empty array", record.Value{List: []record.Value{{Valid: true}}}},
		{nil, "a array<string>", "has a delimiter", record.Value{List: []record.Value{{Valid: true, Text: "\x02"}}}},
		{nil, "a string", "byte order mark", record.Value{Text: "\uFEFFx"}},
	} {
		cols := columns(t, c.columns)
		c.value.Valid = true
		_, err := textLines(t, textFormat(t, formats.SerDeLazySimple, c.serde, nil), cols, []record.Value{c.value})
		require.ErrorContains(t, err, "column a: ")
		require.ErrorContains(t, err, c.text)
	}
	deep := columns(t, "a "+strings.Repeat("array<", 9)+"int"+strings.Repeat(">", 9))
	_, err := New(textFormat(t, formats.SerDeLazySimple, nil, nil), deep)
	require.ErrorContains(t, err, "nested deeper")
	_, err = New(textFormat(t, formats.SerDeLazySimple, m{"hive.serialization.extend.nesting.levels": "true"}, nil), deep)
	require.NoError(t, err)
}

// Each value is read back as it was, in each compression.
func TestTextReadsBack(t *testing.T) {
	cols := columns(t, everyType...)
	for i := range cols {
		cols[i].Name = "c" + cols[i].Name
	}
	rows := parsed(t, columns(t, everyType...), everyEvent...)
	for i := range rows { // the line's end in the first is what text cannot hold
		rows[i][0].Text = strings.ReplaceAll(rows[i][0].Text, "\n", "\u0001,\\ \"")
	}
	rows[2][len(cols)-1] = record.Value{} // [[]]
	for compression := range lineCompressions {
		f := textFormat(t, formats.SerDeLazySimple, map[string]string{"escape.delim": `\`, "hive.serialization.extend.nesting.levels": "true"}, map[string]string{"write.compression": compression})
		lines, err := textLines(t, f, cols, rows...)
		require.NoError(t, err)
		require.Len(t, lines, len(rows))
		var read []formats.Column
		var vectors []*formats.Vector
		for i, c := range cols {
			read = append(read, formats.Column{Name: c.Name, Type: c.Type, Index: i})
			vectors = append(vectors, formats.NewVector(c.Type))
		}
		d, err := f.NewRowDecoder(read, len(cols))
		require.NoError(t, err)
		for row, line := range lines {
			require.NoError(t, d.Decode([]byte(line), vectors))
			for i, c := range cols {
				require.Equal(t, valueText(c.Type, rows[row][i]), vectorText(c.Type, vectors[i], row), "%s row %d, column %s: %q", compression, row, c.Name, line)
			}
		}
	}
}

// Blocks of Hadoop's formats that are larger than one, and reused.
func TestLargeBlocks(t *testing.T) {
	cols := columns(t, "a string")
	var rows [][]record.Value
	for i := range 14_000 {
		rows = append(rows, []record.Value{{Valid: true, Text: strings.Repeat(string(rune('a'+i%26)), i%50)}})
	}
	for compression := range lineCompressions {
		lines, err := textLines(t, textFormat(t, formats.SerDeLazySimple, nil, map[string]string{"write.compression": compression}), cols, rows...)
		require.NoError(t, err)
		require.Len(t, lines, len(rows))
		for i := range rows {
			require.Equal(t, rows[i][0].Text, lines[i])
		}
	}
}
