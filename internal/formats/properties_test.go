package formats

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/korean"
)

// TestTimestampFormats compares with what Joda-Time answered;
// testdata/RecordFormats.java says how that was recorded.
func TestTimestampFormats(t *testing.T) {
	golden, err := os.ReadFile("testdata/timestamps.golden")
	require.NoError(t, err)
	taken := 0
	for line := range strings.Lines(string(golden)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, part, 3, line)
		p, err := parsePattern(part[0])
		require.NoError(t, err)
		us, ok := p.parse(trimSpace([]byte(part[1])))
		got := "no"
		if ok {
			got = itoa(us / 1000)
			taken++
		}
		if len(part[2]) > 16 { // years that no timestamp of Athena reaches
			require.Equal(t, "no", got, line)
			continue
		}
		require.Equal(t, part[2], got, line)
	}
	require.Greater(t, taken, 30)
	for _, text := range []string{"yy-MM", "z", "ZZZ", "D", "'open", "w", "G"} {
		_, err := parseFormats([]string{text})
		var u *UnsupportedError
		require.ErrorAs(t, err, &u, text)
	}
	_, err = splitFormats(`a\b`)
	require.ErrorContains(t, err, "backslash")
	texts, err := splitFormats(`yyyy\,MM,,millis`)
	require.NoError(t, err)
	require.Equal(t, []string{"yyyy,MM", "millis"}, texts)
}

func TestTimestampFormatsOfSerDes(t *testing.T) {
	formats := map[string]string{"timestamp.formats": "dd/MM/yyyy HH:mm,millis"}
	for _, c := range []struct{ library, line, want string }{
		{SerDeLazySimple, "03/02/2021 04:05", "2021-02-03 04:05:00"},
		{SerDeLazySimple, "1612325106789", "2021-02-03 04:05:06.789"},
		{SerDeLazySimple, "1612325106789.5", "2021-02-03 04:05:06.789"},
		{SerDeLazySimple, "2021-02-03 04:05:06", "2021-02-03 04:05:06"}, // what no pattern takes
		{SerDeLazySimple, "03.02.2021", "NULL"},
		{SerDeHiveJSON, `{"a":"03/02/2021 04:05"}`, "2021-02-03 04:05:00"},
		{SerDeHiveJSON, `{"a":"2021-02-03 04:05:06"}`, "2021-02-03 04:05:06"},
	} {
		f, err := Detect(c.library, "", formats, nil)
		require.NoError(t, err)
		require.Equal(t, []string{c.want}, decodeLines(t, f, columnsOf(t, "a timestamp"), c.line), c.line)
	}
	_, err := Detect(SerDeHiveJSON, "", map[string]string{"timestamp.formats": "yy"}, nil)
	require.ErrorContains(t, err, "timestamp.formats: pattern yy")
}

func TestNullForInvalidData(t *testing.T) {
	for _, place := range []string{"serde", "table"} {
		serde, table := map[string]string{}, map[string]string{}
		map[string]map[string]string{"serde": serde, "table": table}[place][nullInvalid] = "TRUE"
		f, err := Detect(SerDeOpenXJSON, "", serde, table)
		require.NoError(t, err)
		columns := columnsOf(t, "a int", "b array<struct<c:int,d:map<string,int>>>", "s struct<x:array<int>,y:int>", "z string")
		got := decodeLines(t, f, columns,
			`{"a":"x","b":[{"c":1,"d":{"k":"?"}}],"s":{"x":[1,2],"y":"no"},"z":"ok"}`,
			`{"a":1,"b":[{"c":1,"d":{"k":2}}],"s":{"x":[1,2],"y":3},"z":"ok"}`)
		require.Equal(t, []string{`NULL NULL NULL "ok"`, `1 [(1,{"k"=2})] ([1,2],3) "ok"`}, got)
		f, err = Detect(SerDeOpenCSV, "", serde, table)
		require.NoError(t, err)
		require.Equal(t, []string{`NULL "x"`, `5 "y"`}, decodeLines(t, f, columnsOf(t, "a int", "b string"), `"",x`, `5,y`))
	}
	f, err := Detect(SerDeOpenXJSON, "", nil, nil)
	require.NoError(t, err)
	require.Contains(t, decodeLines(t, f, columnsOf(t, "a int"), `{"a":"x"}`)[0], "error")
	f, err = Detect(SerDeOpenXJSON, "", map[string]string{"ConvertDotsInJsonKeysToUnderscores": "true"}, nil)
	require.NoError(t, err)
	require.True(t, f.JSON.DotsInKeys)
}

// A value that fails half-way leaves nothing in the rows before and after it.
func TestRollback(t *testing.T) {
	f := Format{Kind: JSON, JSON: JSONOptions{NullInvalid: true}}
	columns := columnsOf(t, "a struct<x:array<string>,y:map<string,array<int>>>")
	d, err := f.NewRowDecoder(columns, 1)
	require.NoError(t, err)
	v := []*Vector{NewVector(columns[0].Type)}
	lines := []string{`{"a":{"x":["p"],"y":{"k":[1]}}}`, `{"a":{"x":["q","r"],"y":{"k":[2,"?"]}}}`, `{"a":{"x":["s"],"y":{"k":[3,null]}}}`}
	for _, line := range lines {
		require.NoError(t, d.Decode([]byte(line), v))
	}
	checkVector(t, v[0], 3)
	require.Equal(t, `(["p"],{"k"=[1]})`, show(v[0], 0))
	require.Equal(t, "NULL", show(v[0], 1))
	require.Equal(t, `(["s"],{"k"=[3,NULL]})`, show(v[0], 2))
}

func TestEncodings(t *testing.T) {
	euckr, err := korean.EUCKR.NewEncoder().String("강남구,서울")
	require.NoError(t, err)
	for _, c := range []struct{ name, line, want string }{
		{"EUC-KR", euckr, `"강남구" "서울"`},
		{"ISO-8859-1", "caf\xe9,\x80", "\"café\" \"\\u0080\""},
		{"windows-1252", "\x80,\x93", `"€" "“"`},
		{"SJIS", "\x83\x5c,\x95\x5c", `"ソ" "表"`}, // their second bytes are backslashes of ASCII
		{"UTF-8", "é,한", `"é" "한"`},
		{"EUC-KR", "ascii,\xff", "\"ascii\" \"\uFFFD\""},
	} {
		for _, library := range []string{SerDeLazySimple, SerDeOpenCSV, SerDeRegex} {
			serde := map[string]string{encodingProperty: c.name}
			switch library {
			case SerDeLazySimple:
				serde["field.delim"] = ","
			case SerDeRegex:
				serde["input.regex"] = "(.*),(.*)"
			}
			f, err := Detect(library, "", serde, nil)
			require.NoError(t, err)
			require.Equal(t, []string{c.want}, decodeLines(t, f, columnsOf(t, "a string", "b string"), c.line), "%s %s", library, c.name)
		}
	}
	for _, c := range []struct{ library, name string }{{SerDeLazySimple, "UTF-16"}, {SerDeLazySimple, "x"}, {SerDeHiveJSON, "EUC-KR"}} {
		_, err := Detect(c.library, "", nil, map[string]string{encodingProperty: c.name})
		require.ErrorContains(t, err, encodingProperty)
	}
}

func TestMultiDelimit(t *testing.T) {
	f, err := Detect(serDeContribMultiDelimit, "", map[string]string{"field.delim": "||", "collection.delim": ":", "mapkey.delim": "@"}, nil)
	require.NoError(t, err)
	columns := columnsOf(t, "a int", "b array<string>", "c map<string,int>")
	require.Equal(t, []string{`1 ["x|y","z"] {"k"=2}`, `NULL [] NULL`, `3 NULL NULL`}, decodeLines(t, f, columns, "1||x|y:z||k@2||more", "||", `3||\N`))
	_, err = Detect(serDeMultiDelimit, "", nil, nil)
	require.ErrorContains(t, err, "field.delim is missing")
	_, err = Detect(serDeMultiDelimit, "", map[string]string{"field.delim": "||", "escape.delim": `\`}, nil)
	require.ErrorContains(t, err, "escape.delim")
}

func TestDeepNesting(t *testing.T) {
	typ := strings.Repeat("array<", 20) + "int" + strings.Repeat(">", 20)
	columns := columnsOf(t, "a "+typ)
	f, err := Detect(SerDeLazySimple, "", map[string]string{extendedNesting: "true"}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{strings.Repeat("[", 20) + "7" + strings.Repeat("]", 20)}, decodeLines(t, f, columns, "7"))
	_, err = Format{Kind: Text}.NewRowDecoder(columns, 1)
	require.ErrorContains(t, err, "nested deeper")
	f, err = Detect(SerDeLazySimple, "", map[string]string{furtherNesting: "TRUE"}, nil)
	require.NoError(t, err)
	require.Len(t, f.Text.Separators(), 154)
}

// A cancelled query stops in the middle of a batch.
func TestCancelInABatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("1\n", 1000)), 0o600))
	s, err := NewScan(Format{Kind: Text, Text: TextOptions{Delimiter: ','}}, columnsOf(t, "a int"), 1, []SourceFile{{Path: path, URI: path, Size: 2000}})
	require.NoError(t, err)
	w, err := s.Begin().NewWorker()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	more, err := w.open()
	require.NoError(t, err)
	require.True(t, more)
	cancel()
	_, err = w.Next(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, w.Close())
}
