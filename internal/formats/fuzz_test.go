package formats

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// everyType has a column of each type, and nested ones.
var everyType = []string{
	"a boolean", "b tinyint", "c smallint", "d int", "e bigint", "f float", "g double", "h decimal(9,2)", "i decimal(30,3)",
	"j string", "k varchar(3)", "l char(3)", "n date", "o timestamp", "p array<int>", "q map<string,int>",
	"r struct<a:int,b:array<struct<c:string>>>", "s map<int,array<string>>",
}

// decodeAny decodes a line and checks that the vectors hold what they say.
func decodeAny(t *testing.T, f Format, columns []Column, line []byte) ([]*Vector, error) {
	d, err := f.NewRowDecoder(columns, len(columns))
	require.NoError(t, err)
	vectors := make([]*Vector, len(columns))
	for i, c := range columns {
		vectors[i] = NewVector(c.Type)
	}
	if err := d.Decode(line, vectors); err != nil {
		return nil, err
	}
	for _, v := range vectors {
		checkVector(t, v, 1)
		_ = show(v, 0)
	}
	return vectors, nil
}

func checkVector(t *testing.T, v *Vector, rows int) {
	require.Equal(t, rows, v.Rows)
	switch {
	case v.Type.isText():
		require.Len(t, v.Ends, rows)
		for i := range rows {
			require.True(t, v.Type.Kind == Binary || utf8.Valid(v.Bytes(i)))
		}
	case v.Type.Kind == Array || v.Type.Kind == Map:
		require.Len(t, v.Lists, rows)
		total := 0
		for _, l := range v.Lists {
			require.EqualValues(t, total, l.Offset)
			total += int(l.Length)
		}
		for _, c := range v.Children {
			checkVector(t, c, total)
		}
	case v.Type.Kind == Struct:
		for _, c := range v.Children {
			checkVector(t, c, rows)
		}
	default:
		require.Len(t, v.Data, rows*v.Type.Width())
	}
}

func FuzzJSONLine(f *testing.F) {
	for _, s := range []string{
		`{"a":true,"b":1,"h":1.5,"j":"x\u00e9","n":"2021-02-03","o":"2021-02-03T04:05:06Z","p":[1],"q":{"x":1},"r":{"b":[{"c":"y"}]},"s":{"1":["z"]}}`,
		`{a:1,'j':'x';}`, `[true,1]`, `{"j":{"a":[1,null]}}`, `{"A":1,"a":2}`, "{\"j\":\"\xff\"}", `{"j":"\ud800"}`, `{"e":0x1F,"d":"010"}`, `{"a"=>1 /*c*/}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		columns := columnsOf(t, everyType...)
		_, _ = decodeAny(t, Format{Kind: JSON}, columns, line)
		_, _ = decodeAny(t, Format{Kind: JSON, JSON: JSONOptions{Hive: true}}, columns, line)

		// Every string member of a JSON object is read as encoding/json reads it.
		var object map[string]any
		if !utf8.Valid(line) || json.Unmarshal(line, &object) != nil || object == nil {
			return
		}
		for key, value := range object {
			text, ok := value.(string)
			if !ok || key != strings.ToLower(key) || strings.Contains(text, "\uFFFD") || twice(object, key) {
				continue
			}
			for _, hive := range []bool{false, true} {
				columns := []Column{{Name: key, Type: Type{Kind: String}}}
				v, err := decodeAny(t, Format{Kind: JSON, JSON: JSONOptions{Hive: hive}}, columns, line)
				if strings.Count(string(line), "[")+strings.Count(string(line), "{") > maxJSONDepth {
					continue
				}
				require.NoError(t, err, "%q", line)
				require.Equal(t, text, string(v[0].Bytes(0)), "%q", line)
			}
		}
	})
}

// twice says whether another key equals key but for its case.
func twice(object map[string]any, key string) bool {
	n := 0
	for k := range object {
		if strings.EqualFold(k, key) || strings.ToLower(k) == key {
			n++
		}
	}
	return n > 1
}

func FuzzTextLine(f *testing.F) {
	f.Add([]byte("true,1,2,3,4,1.5,1e3,1.25,9,x,y,z,2021-02-03,2021-02-03 04:05:06,1|2,a:1|b,1|x,1:a;b"))
	f.Add([]byte(`\N,\,,\\`))
	f.Fuzz(func(t *testing.T, line []byte) {
		columns := columnsOf(t, everyType...)
		for _, escape := range []byte{0, '\\'} {
			o := TextOptions{Delimiter: ',', CollectionDelimiter: '|', MapKeyDelimiter: ':', Escape: escape, NullFormat: `\N`}
			_, err := decodeAny(t, Format{Kind: Text, Text: o}, columns, line)
			require.NoError(t, err)
		}
	})
}

func FuzzOpenCSVLine(f *testing.F) {
	f.Add([]byte(`"a,""b""",c\"d,"e`), byte('"'), byte('\\'))
	f.Add([]byte(`'x','y'`), byte('\''), byte(0))
	f.Fuzz(func(t *testing.T, line []byte, quote, escape byte) {
		if quote == ',' || escape == ',' || quote == escape || quote >= 0x80 || escape >= 0x80 {
			return
		}
		columns := columnsOf(t, "a string", "b string", "c string")
		v, err := decodeAny(t, Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: ',', Quote: quote, Escape: escape}}, columns, line)
		require.NoError(t, err)
		if !strings.ContainsAny(string(line), string([]byte{quote, escape})) && utf8.Valid(line) && len(line) > 0 {
			for i, part := range strings.SplitN(string(line), ",", 4) {
				if i < 3 {
					require.Equal(t, part, string(v[i].Bytes(0)))
				}
			}
		}
	})
}

func FuzzLineRanges(f *testing.F) {
	f.Add([]byte("a\r\nb\rc\n\n"), 3)
	path := filepath.Join(f.TempDir(), "f")
	f.Fuzz(func(t *testing.T, in []byte, at int) {
		if at <= 0 || at >= len(in) {
			return
		}
		require.NoError(t, os.WriteFile(path, in, 0o600))
		want := linesOf(t, path, Uncompressed, 0, -1)
		got := append(linesOf(t, path, Uncompressed, 0, int64(at)), linesOf(t, path, Uncompressed, int64(at), -1)...)
		require.Equal(t, want, got)
	})
}

func FuzzParseType(f *testing.F) {
	f.Add("array<struct<a:int,b:map<string,decimal(10,2)>>>")
	f.Fuzz(func(t *testing.T, text string) {
		typ, err := ParseType(text)
		if err != nil {
			return
		}
		again, err := ParseType(typ.String())
		require.NoError(t, err)
		require.Equal(t, typ.String(), again.String())
	})
}
