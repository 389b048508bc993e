package formats

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// show is row i of a vector as text: strings quoted, so that ” and NULL and
// 'NULL' differ.
func show(v *Vector, i int) string {
	if v.IsNull(i) {
		return "NULL"
	}
	w := v.Type.Width()
	switch v.Type.Kind {
	case String, Varchar, Char, Binary:
		return fmt.Sprintf("%q", v.Bytes(i))
	case Boolean:
		return fmt.Sprint(v.Data[i] == 1)
	case TinyInt:
		return fmt.Sprint(int8(v.Data[i]))
	case SmallInt:
		return fmt.Sprint(int16(binary.LittleEndian.Uint16(v.Data[i*w:])))
	case Int:
		return fmt.Sprint(int32(binary.LittleEndian.Uint32(v.Data[i*w:])))
	case Float:
		return fmt.Sprint(math.Float32frombits(binary.LittleEndian.Uint32(v.Data[i*w:])))
	case Double:
		return fmt.Sprint(math.Float64frombits(binary.LittleEndian.Uint64(v.Data[i*w:])))
	case Date:
		return time.Unix(int64(int32(binary.LittleEndian.Uint32(v.Data[i*w:])))*86400, 0).UTC().Format(time.DateOnly)
	case Timestamp:
		return time.UnixMicro(int64(binary.LittleEndian.Uint64(v.Data[i*w:]))).UTC().Format("2006-01-02 15:04:05.999")
	case Array:
		l := v.Lists[i]
		return "[" + showAll(v.Children[0], int(l.Offset), int(l.Length)) + "]"
	case Map:
		parts := []string{}
		for n := range int(v.Lists[i].Length) {
			at := int(v.Lists[i].Offset) + n
			parts = append(parts, show(v.Children[0], at)+"="+show(v.Children[1], at))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case Struct:
		parts := []string{}
		for _, c := range v.Children {
			parts = append(parts, show(c, i))
		}
		return "(" + strings.Join(parts, ",") + ")"
	case Decimal:
		return showDecimal(v, i)
	}
	return fmt.Sprint(int64(binary.LittleEndian.Uint64(v.Data[i*w:])))
}

func showAll(v *Vector, from, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = show(v, from+i)
	}
	return strings.Join(parts, ",")
}

func showDecimal(v *Vector, i int) string {
	b := v.Data[i*v.Type.Width():]
	var n *big.Int
	switch v.Type.Width() {
	case 2:
		n = big.NewInt(int64(int16(binary.LittleEndian.Uint16(b))))
	case 4:
		n = big.NewInt(int64(int32(binary.LittleEndian.Uint32(b))))
	case 8:
		n = big.NewInt(int64(binary.LittleEndian.Uint64(b)))
	default:
		n = new(big.Int).Lsh(big.NewInt(int64(binary.LittleEndian.Uint64(b[8:]))), 64)
		n.Add(n, new(big.Int).SetUint64(binary.LittleEndian.Uint64(b)))
	}
	return n.String() + "e-" + fmt.Sprint(v.Type.Scale)
}

// columnsOf makes columns of "name type" pairs.
func columnsOf(t testing.TB, pairs ...string) []Column {
	t.Helper()
	var out []Column
	for i, p := range pairs {
		name, text, _ := strings.Cut(p, " ")
		typ, err := ParseType(text)
		require.NoError(t, err)
		out = append(out, Column{Name: name, Type: typ, Index: i})
	}
	return out
}

// decodeLines decodes lines with one decoder; a failed line is its error.
func decodeLines(t testing.TB, f Format, columns []Column, lines ...string) []string {
	t.Helper()
	d, err := f.NewRowDecoder(columns, len(columns))
	require.NoError(t, err)
	vectors := make([]*Vector, len(columns))
	for i, c := range columns {
		vectors[i] = NewVector(c.Type)
	}
	var out []string
	for _, line := range lines {
		for _, v := range vectors {
			v.Reset()
		}
		if err := d.Decode([]byte(line), vectors); err != nil {
			out = append(out, "error: "+err.Error())
			continue
		}
		cells := make([]string, len(vectors))
		for i, v := range vectors {
			require.Equal(t, 1, v.Rows)
			cells[i] = show(v, 0)
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

func TestOpenXValues(t *testing.T) {
	f := Format{Kind: JSON}
	cases := []struct{ typ, value, want string }{
		{"boolean", `true`, "true"}, {"boolean", `"FALSE"`, "false"}, {"boolean", `1`, "error"},
		{"tinyint", `127`, "127"}, {"tinyint", `128`, "error"},
		{"int", `"12"`, "12"}, {"int", `1.9`, "1"}, {"int", `-1.9e0`, "-1"}, {"int", `"0x1F"`, "31"}, {"int", `"010"`, "8"}, {"int", `"x"`, "error"}, {"int", `""`, "error"},
		{"bigint", `9223372036854775807`, "9223372036854775807"}, {"bigint", `9223372036854775808`, "error"}, {"bigint", `-9223372036854775808`, "-9223372036854775808"},
		{"double", `1e400`, "+Inf"}, {"double", `"NaN"`, "NaN"}, {"double", `" 1.5 "`, "1.5"}, {"double", `"1_0"`, "error"}, {"float", `0.1`, "0.1"},
		{"decimal(4,2)", `1.005`, "101e-2"}, {"decimal(4,2)", `-1.005`, "-101e-2"}, {"decimal(4,2)", `99.995`, "error"}, {"decimal(38,0)", `99999999999999999999999999999999999999`, "99999999999999999999999999999999999999e-0"},
		{"decimal(38,2)", `-1`, "-100e-2"}, {"decimal(10,2)", `"1e2"`, "10000e-2"}, {"decimal(10,2)", `"1,5"`, "error"},
		{"date", `"2021-2-3"`, "2021-02-03"}, {"date", `"2021-02-03 10:00:00"`, "2021-02-03"}, {"date", `18661`, "2021-02-03"}, {"date", `"2021-02-30"`, "error"}, {"date", `"03.02.2021"`, "error"},
		{"timestamp", `"2021-02-03 04:05:06"`, "2021-02-03 04:05:06"}, {"timestamp", `"2021-02-03T04:05:06.7895Z"`, "2021-02-03 04:05:06.79"},
		{"timestamp", `"2021-02-03T04:05:06+09:00"`, "2021-02-02 19:05:06"}, {"timestamp", `"2021-02-03T04:05:06-0130"`, "2021-02-03 05:35:06"},
		{"timestamp", `1612325106`, "2021-02-03 04:05:06"}, {"timestamp", `1612325106789`, "2021-02-03 04:05:06.789"}, {"timestamp", `"1612325106.789"`, "2021-02-03 04:05:06.789"},
		{"timestamp", `-1`, "1969-12-31 23:59:59"}, {"timestamp", `"yesterday"`, "error"}, {"timestamp", `"2021-02-03 25:00:00"`, "error"},
		{"binary", `"YWI="`, `"ab"`}, {"binary", `"?"`, "error"}, {"binary", `1`, "error"},
		{"string", `"a\"\\\/\b\f\n\r\té\ud55c\ud83d\ude00"`, `"a\"\\/\b\f\n\r\té한😀"`}, {"string", `"\ud800x"`, `"?x"`}, {"string", `"\u0000"`, `"\x00"`},
		{"string", `1.50`, `"1.50"`}, {"string", `1e5`, `"1E+5"`}, {"string", `-0`, `"0"`}, {"string", `TRUE`, `"true"`}, {"string", `null`, "NULL"}, {"string", `"null"`, `"null"`},
		{"string", `{"b": [1, "x</y", {}], "a" : null}`, `"{\"b\":[1,\"x<\\/y\",{}],\"a\":null}"`}, {"string", `[ ]`, `"[]"`},
		{"string", `{"a":1,"A":2}`, `"{\"A\":2}"`},
		{"varchar(2)", `"한국어"`, `"한국"`}, {"char(3)", `"a  b"`, `"a"`},
		{"array<int>", `[1,null,"3"]`, "[1,NULL,3]"}, {"array<int>", `5`, "[5]"}, {"array<int>", `""`, "NULL"}, {"array<int>", `[[1]]`, "error"}, {"array<array<string>>", `[["a"],[],null]`, `[["a"],[],NULL]`},
		{"map<string,int>", `{"a":1,"b":null,"a":3}`, `{"b"=NULL,"a"=3}`}, {"map<int,string>", `{"1":"x","01":"y"}`, `{1="y"}`}, {"map<string,int>", `""`, "NULL"}, {"map<string,int>", `[1]`, "error"}, {"map<int,int>", `{"x":1}`, "error"},
		{"struct<a:int,b:string>", `{"B":"x","c":1}`, `(NULL,"x")`}, {"struct<a:int,b:string>", `[1]`, `(1,NULL)`}, {"struct<a:int>", `""`, "(NULL)"}, {"struct<a:int>", `5`, "error"},
		{"int", `{}`, "error"}, {"int", `[1]`, "error"},
	}
	for _, c := range cases {
		got := decodeLines(t, f, columnsOf(t, "x "+c.typ), `{"x":`+c.value+`}`)[0]
		if c.want == "error" {
			require.Contains(t, got, "error: column x", "%s %s", c.typ, c.value)
			continue
		}
		require.Equal(t, c.want, got, "%s %s", c.typ, c.value)
	}
}

func TestOpenXLines(t *testing.T) {
	columns := columnsOf(t, "a int", "b_c string")
	cases := []struct{ line, want string }{
		{``, "NULL NULL"}, {"  \t", "NULL NULL"}, {`{}`, "NULL NULL"}, {` { "A" : 1 , "B_C":"x" } `, `1 "x"`},
		{`{"a":1,"A":2}`, "2 NULL"}, {`{"a":1} trailing`, "1 NULL"}, {`{"a":1}{"a":2}`, "1 NULL"},
		{`[1,"x",3]`, `1 "x"`}, {`{"b.c":"dotted"}`, "NULL NULL"},
		{`{a:1,'b_c':'it\'s'}`, `1 "it's"`}, {`{"a"=1;"b_c"=>"x"}`, `1 "x"`}, {`{/* c */"a":1,"b_c":"x" // end`, "error"}, {`{"a":1 /* c */}`, "1 NULL"}, {`{"x":[1,,2;],"a":1}`, "1 NULL"},
		{`{"b_c":word}`, `NULL "word"`}, {"{\"b_c\":\"tab\there\"}", `NULL "tab\there"`}, {`{"b_c":"\a\v\q"}`, `NULL "\a\tq"`},
		{"{\"b_c\":\"\xff\xe2\x82x\"}", "NULL \"\uFFFD\uFFFDx\""},
		{`{"a":1`, "error"}, {`{"a"}`, "error"}, {`{"a":}`, "error"}, {`{"a":1,}`, "error"}, {`{null:1}`, "error"}, {`{{}:1}`, "error"}, {`"a"`, "error"}, {`true`, "error"}, {`x`, "error"}, {`{"a":"1}`, "error"},
		{`{"x":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, "error"},
		{"\uFEFF{}", "error"},
	}
	for _, c := range cases {
		got := decodeLines(t, Format{Kind: JSON}, columns, c.line)[0]
		ignored := decodeLines(t, Format{Kind: JSON, JSON: JSONOptions{IgnoreMalformed: true}}, columns, c.line)[0]
		if c.want == "error" {
			require.Contains(t, got, "error: ", c.line)
			require.Equal(t, "NULL NULL", ignored, c.line)
			continue
		}
		require.Equal(t, c.want, got, c.line)
		require.Equal(t, c.want, ignored, c.line)
	}
	options := JSONOptions{DotsInKeys: true, Mapping: map[string]string{"a": "@A"}}
	got := decodeLines(t, Format{Kind: JSON, JSON: options}, columns, `{"@a":1,"b.c":"dotted"}`, `{"a":1,"b.c":"dotted","b_c":"plain"}`)
	require.Equal(t, []string{`1 "dotted"`, `NULL "plain"`}, got)
	got = decodeLines(t, Format{Kind: JSON, JSON: JSONOptions{CaseSensitive: true}}, columns, `{"A":1,"b_c":"x"}`)
	require.Equal(t, []string{`NULL "x"`}, got)
	// Keys in another order, and more of them, than in the line before.
	got = decodeLines(t, Format{Kind: JSON}, columns, `{"a":1,"b_c":"x"}`, `{"b_c":"y","a":2}`, `{"z":0,"a":3,"b_c":"w"}`, `{"a":4}`)
	require.Equal(t, []string{`1 "x"`, `2 "y"`, `3 "w"`, `4 NULL`}, got)
}

func TestHiveJSON(t *testing.T) {
	f := Format{Kind: JSON, JSON: JSONOptions{Hive: true}}
	cases := []struct{ typ, value, want string }{
		{"int", `1`, "1"}, {"int", `1.9`, "1"}, {"int", `"1"`, "error"}, {"int", `3000000000`, "error"}, {"int", `01`, "error"},
		{"string", `1.50`, `"1.50"`}, {"string", `true`, `"true"`}, {"string", `{"a":1}`, "error"}, {"string", `word`, "error"}, {"string", "\"\xff\"", "error"},
		{"decimal(4,2)", `"1.5"`, "150e-2"}, {"date", `"2021-02-03"`, "2021-02-03"}, {"date", `18661`, "error"},
		{"timestamp", `"2021-02-03 04:05:06.7"`, "2021-02-03 04:05:06.7"}, {"timestamp", `"2021-02-03T04:05:06Z"`, "error"},
		{"binary", `"ab"`, `"ab"`}, {"array<int>", `1`, "error"}, {"map<int,int>", `{"1":2}`, "{1=2}"}, {"struct<a:int>", `[1]`, "error"}, {"double", `"1"`, "error"},
	}
	for _, c := range cases {
		got := decodeLines(t, f, columnsOf(t, "x "+c.typ), `{"X":`+c.value+`}`)[0]
		if c.want == "error" {
			require.Contains(t, got, "error: ", "%s %s", c.typ, c.value)
			continue
		}
		require.Equal(t, c.want, got, "%s %s", c.typ, c.value)
	}
	for _, line := range []string{"", "[1]", "x", `{'x':1}`, `{x:1}`, `{"x":1`, `{"x":1,}`, "{\"x\":\"\t\"}"} {
		require.Contains(t, decodeLines(t, f, columnsOf(t, "x int"), line)[0], "error: ", line)
	}
	require.Equal(t, []string{"7"}, decodeLines(t, f, columnsOf(t, "x int"), `{"_col0":7}`))
}

func TestTextLines(t *testing.T) {
	o := TextOptions{Delimiter: ',', CollectionDelimiter: '|', MapKeyDelimiter: ':', NullFormat: `\N`}
	plain, escaped, empty, rest := o, o, o, o
	escaped.Escape, empty.NullFormat, rest.LastTakesRest = '\\', "", true
	cases := []struct {
		options TextOptions
		types   string
		line    string
		want    string
	}{
		{plain, "int,string", "1,x", `1 "x"`},
		{plain, "int,string", "", `NULL NULL`},
		{plain, "string,string", "", `"" NULL`},
		{plain, "string,string", `"a,b"`, `"\"a" "b\""`},
		{plain, "string,string", `a\,b,c`, `"a\\" "b"`},
		{plain, "string,int", `\N,\N`, "NULL NULL"},
		{empty, "string,string", ",x", `NULL "x"`},
		{plain, "string", "a,b,c", `"a"`},
		{rest, "string,string", "a,b,c", `"a" "b,c"`},
		{escaped, "string,string", `a\,b,c\\,d`, `"a,b" "c\\"`},
		{plain, "int,int,int", "+7,1.9,x", "7 1 NULL"},
		{plain, "int,int,int", "1.x, 1,2147483648", "NULL NULL NULL"},
		{plain, "tinyint,smallint,bigint", "-128,-32769,-9223372036854775808", "-128 NULL -9223372036854775808"},
		{plain, "boolean,boolean,boolean", "TRUE,false,1", "true false NULL"},
		{plain, "double,float,double", "1e3,NaN,x", "1000 NaN NULL"},
		{plain, "decimal(4,2),decimal(4,2)", "1.005,100", "101e-2 NULL"},
		{plain, "date,timestamp,date", "2021-02-03,2021-02-03 04:05:06.7,x", "2021-02-03 2021-02-03 04:05:06.7 NULL"},
		{plain, "date,timestamp", "2021-13-03,2021-1", "NULL NULL"},
		{plain, "varchar(2),char(4)", "한국어,a b ", `"한국" "a b"`},
		{plain, "string", "\xff", "\"\uFFFD\""},
		{plain, "array<int>,array<string>", "1|x|3,", "[1,NULL,3] []"},
		{plain, "map<string,int>,map<int,string>", `a:1|b|a:2,x:1|1:\N`, `{"a"=1,"b"=NULL} {1=NULL}`},
		{plain, "struct<a:int,b:string>", "1|x|y", `(1,"x")`},
		{plain, "struct<a:int,b:string>", "1", `(1,NULL)`},
		{plain, "array<array<int>>", "1:2|3", "[[1,2],[3]]"},
		{plain, "string", "a\x00b", `"a\x00b"`},
	}
	for _, c := range cases {
		var pairs []string
		for i, typ := range splitTypes(c.types) {
			pairs = append(pairs, fmt.Sprintf("c%d %s", i, typ))
		}
		got := decodeLines(t, Format{Kind: Text, Text: c.options}, columnsOf(t, pairs...), c.line)
		require.Equal(t, c.want, got[0], "%s: %s", c.types, c.line)
	}
	require.Contains(t, decodeLines(t, Format{Kind: Text, Text: o}, columnsOf(t, "a binary"), "?")[0], "error")
}

// splitTypes cuts at commas outside of < > and ( ).
func splitTypes(s string) []string {
	var out []string
	depth, begin := 0, 0
	for i, c := range s {
		switch c {
		case '<', '(':
			depth++
		case '>', ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[begin:i])
				begin = i + 1
			}
		}
	}
	return append(out, s[begin:])
}

func TestOpenCSVLines(t *testing.T) {
	o := OpenCSVOptions{Separator: ',', Quote: '"', Escape: '\\'}
	cases := []struct{ types, line, want string }{
		{"string,string", `a,b`, `"a" "b"`},
		{"string,string", `"a,b",c`, `"a,b" "c"`},
		{"string,string", `"a ""q"" b",`, `"a \"q\" b" ""`},
		{"string,string", `"a \"q\" b\\",x`, `"a \"q\" b\\" "x"`},
		{"string,string", ``, "NULL NULL"},
		{"string,string", `a`, `"a" NULL`},
		{"string,string", `"",""`, `"" ""`},
		{"string", `a,b,c`, `"a"`},
		{"string,string", `a,"unterminated`, `"a" NULL`},
		{"string,string", `abc"d"ef,x`, `"abc\"d\"ef" "x"`},
		{"string,string", `a\b,x`, `"ab" "x"`},
		{"bigint,double,boolean", `"5",1.5,TRUE`, "5 1.5 true"},
		{"date,timestamp", `18661,1612325106789`, "2021-02-03 2021-02-03 04:05:06.789"},
		{"decimal(4,2)", `1.5`, "150e-2"},
		{"bigint", `""`, "error"}, {"bigint", ` 5`, "error"}, {"date", `2021-02-03`, "error"}, {"boolean", `1`, "error"}, {"int", `3000000000`, "error"},
	}
	for _, c := range cases {
		var pairs []string
		for i, typ := range splitTypes(c.types) {
			pairs = append(pairs, fmt.Sprintf("c%d %s", i, typ))
		}
		got := decodeLines(t, Format{Kind: OpenCSV, OpenCSV: o}, columnsOf(t, pairs...), c.line)[0]
		if c.want == "error" {
			require.Contains(t, got, "error: column c0", c.line)
			continue
		}
		require.Equal(t, c.want, got, c.line)
	}
	_, err := Format{Kind: OpenCSV, OpenCSV: o}.NewRowDecoder(columnsOf(t, "a array<int>"), 1)
	require.ErrorContains(t, err, "array<int>")
}
