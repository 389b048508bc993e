package ion

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/amazon-ion/ion-go/ion"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

func columns(t testing.TB, defs ...string) (out []formats.Column) {
	t.Helper()
	for i, def := range defs {
		name, text, _ := strings.Cut(def, " ")
		typ, err := formats.ParseType(text)
		require.NoError(t, err)
		out = append(out, formats.Column{Name: name, Type: typ, Index: i})
	}
	return out
}

func options(t testing.TB, properties map[string]string) formats.IonOptions {
	t.Helper()
	f, err := formats.Detect(formats.SerDeIon, "", properties, nil)
	require.NoError(t, err)
	require.Equal(t, formats.Ion, f.Kind)
	return f.Ion
}

// show is row i of a vector as text: strings quoted, so that NULL and 'NULL'
// differ.
func show(v *formats.Vector, i int) string {
	if v.IsNull(i) {
		return "NULL"
	}
	parts := []string{}
	switch v.Type.Kind {
	case formats.Array:
		for n := range int(v.Lists[i].Length) {
			parts = append(parts, show(v.Children[0], int(v.Lists[i].Offset)+n))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case formats.Map:
		for n := range int(v.Lists[i].Length) {
			at := int(v.Lists[i].Offset) + n
			parts = append(parts, show(v.Children[0], at)+"="+show(v.Children[1], at))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case formats.Struct:
		for _, c := range v.Children {
			parts = append(parts, show(c, i))
		}
		return "(" + strings.Join(parts, ",") + ")"
	case formats.String, formats.Varchar, formats.Char, formats.Binary:
		return fmt.Sprintf("%q", v.Bytes(i))
	}
	return strings.TrimSuffix(fmt.Sprint(formatstest.Value(v, i)), ".000")
}

func readAll(content []byte, cols []formats.Column, o formats.IonOptions) ([]string, error) {
	r, err := New(bytes.NewReader(content), cols, o)
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		vectors := make([]*formats.Vector, len(cols))
		for i, c := range cols {
			vectors[i] = formats.NewVector(c.Type)
		}
		n, err := r.Read(vectors, 2)
		if err != nil || n == 0 {
			return out, err
		}
		for row := range n {
			cells := make([]string, len(cols))
			for i, v := range vectors {
				cells[i] = show(v, row)
			}
			out = append(out, strings.Join(cells, " "))
		}
	}
}

// binary gives text as binary Ion.
func binary(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := ion.NewBinaryWriter(&out)
	copyValues(t, ion.NewReaderString(text), w)
	require.NoError(t, w.Finish())
	return out.Bytes()
}

func copyValues(t testing.TB, r ion.Reader, w ion.Writer) {
	t.Helper()
	for r.Next() {
		if r.IsInStruct() {
			name, err := r.FieldName()
			require.NoError(t, err)
			require.NoError(t, w.FieldName(*name))
		}
		require.NoError(t, copyValue(t, r, w))
	}
	require.NoError(t, r.Err())
}

func copyValue(t testing.TB, r ion.Reader, w ion.Writer) error {
	if r.IsNull() {
		return w.WriteNullType(r.Type())
	}
	switch r.Type() {
	case ion.BoolType:
		v, _ := r.BoolValue()
		return w.WriteBool(*v)
	case ion.IntType:
		v, _ := r.BigIntValue()
		return w.WriteBigInt(v)
	case ion.FloatType:
		v, _ := r.FloatValue()
		return w.WriteFloat(*v)
	case ion.DecimalType:
		v, _ := r.DecimalValue()
		return w.WriteDecimal(v)
	case ion.TimestampType:
		v, _ := r.TimestampValue()
		return w.WriteTimestamp(*v)
	case ion.SymbolType:
		v, _ := r.SymbolValue()
		return w.WriteSymbol(*v)
	case ion.StringType:
		v, _ := r.StringValue()
		return w.WriteString(*v)
	case ion.ClobType:
		v, _ := r.ByteValue()
		return w.WriteClob(v)
	case ion.BlobType:
		v, _ := r.ByteValue()
		return w.WriteBlob(v)
	}
	begin, end := w.BeginStruct, w.EndStruct
	switch r.Type() {
	case ion.ListType:
		begin, end = w.BeginList, w.EndList
	case ion.SexpType:
		begin, end = w.BeginSexp, w.EndSexp
	}
	require.NoError(t, begin())
	require.NoError(t, r.StepIn())
	copyValues(t, r, w)
	require.NoError(t, r.StepOut())
	return end()
}

func TestValues(t *testing.T) {
	cases := []struct{ typ, value, want string }{
		{"boolean", "true", "true"}, {"boolean", "1", "error"}, {"boolean", "null", "NULL"}, {"boolean", "null.bool", "NULL"}, {"boolean", "null.int", "error"},
		{"tinyint", "127", "127"}, {"tinyint", "128", "error"}, {"smallint", "-32768", "-32768"}, {"int", "0x10", "16"}, {"int", "3000000000", "error"},
		{"bigint", "-9223372036854775808", "-9223372036854775808"}, {"bigint", "9223372036854775808", "error"}, {"bigint", "1.0", "error"}, {"bigint", "99999999999999999999999", "error"},
		{"double", "1.5e0", "1.5"}, {"double", "1.5", "error"}, {"double", "1", "error"}, {"double", "nan", "NaN"}, {"float", "0.5e0", "0.5"}, {"float", "0.1e0", "error"},
		{"decimal(5,2)", "1.5", "1.50"}, {"decimal(5,2)", "7", "7.00"}, {"decimal(5,2)", "1.505", "error"}, {"decimal(5,2)", "1.500", "1.50"}, {"decimal(5,2)", "1000", "error"}, {"decimal(5,0)", "12d3", "12000"}, {"decimal(5,0)", "0d100", "0"}, {"decimal(5,0)", "1d2000000000", "error"}, {"decimal(38,10)", "-12345678901234567890.0123456789", "-12345678901234567890.0123456789"},
		{"string", `"한\n"`, `"한\n"`}, {"string", "sym", `"sym"`}, {"string", "1", "error"}, {"string", "'''a''' '''b'''", `"ab"`}, {"varchar(2)", `"한국어"`, "error"}, {"varchar(3)", `"한국어"`, `"한국어"`}, {"char(3)", `"a  "`, `"a"`},
		{"binary", "{{YWI=}}", `"ab"`}, {"binary", `{{"ab"}}`, `"ab"`}, {"binary", `"ab"`, "error"},
		{"date", "2021-02-03", "2021-02-03"}, {"date", "2021-02-03T23:30:00-01:00", "2021-02-04"}, {"date", "1969-12-31T", "1969-12-31"}, {"date", `"2021-02-03"`, "error"},
		{"timestamp", "2021-02-03T04:05:06.7895Z", "2021-02-03 04:05:06.790"}, {"timestamp", "2021-02-03T04:05+09:00", "2021-02-02 19:05:00"}, {"timestamp", "2021T", "2021-01-01 00:00:00"}, {"timestamp", "1612325106", "error"},
		{"array<int>", "[1,null,3]", "[1,NULL,3]"}, {"array<int>", "(1 2)", "[1,2]"}, {"array<int>", "1", "error"}, {"array<int>", "[1,a]", "error"},
		{"map<string,int>", "{a:1,B:null}", `{"a"=1,"B"=NULL}`}, {"map<string,int>", "{a:1,a:2}", "error"}, {"struct<a:int,b:array<string>>", "{B:[x],c:1}", `(NULL,["x"])`}, {"struct<a:int>", "{a:1,A:2}", "(2)"}, {"struct<a:int>", "[]", "error"},
	}
	for _, c := range cases {
		text := "{x: " + c.value + "}"
		for encoding, content := range map[string][]byte{"text": []byte(text), "binary": binary(t, text)} {
			got, err := readAll(content, columns(t, "x "+c.typ), formats.IonOptions{})
			if c.want == "error" {
				var value *formats.ValueError
				require.ErrorAs(t, err, &value, "%s %s %s", encoding, c.typ, c.value)
				require.Equal(t, "x", value.Column)
				require.ErrorContains(t, err, "value 1")
				continue
			}
			require.NoError(t, err, "%s %s %s", encoding, c.typ, c.value)
			require.Equal(t, []string{c.want}, got, "%s %s %s", encoding, c.typ, c.value)
		}
	}
}

// The documents of AWS's pages, and JSON over several lines.
func TestPaths(t *testing.T) {
	const document = `{identification: {name: "John Smith", driver_license: "XXXX"}, alias: "Johnny"}`
	type m = map[string]string
	cases := []struct {
		properties m
		columns    []string
		content    string
		want       []string
	}{
		{nil, []string{"identification map<string,string>", "alias string"}, document, []string{`{"name"="John Smith","driver_license"="XXXX"} "Johnny"`}},
		{m{"ion.nickname.path_extractor": "(alias)", "ion.name.path_extractor": "(identification name)", "ion.encoding": "TEXT"}, []string{"name string", "nickname string"}, document, []string{`"John Smith" "Johnny"`}},
		{nil, []string{"alias string"}, "{'ALIAS': 'value1'} {'alias': 'value2'}", []string{`"value1"`, `"value2"`}},
		{m{"ion.alias.path_extractor": "(alias)", "ion.path_extractor.case_sensitive": "true"}, []string{"alias string"}, "{'ALIAS': 'value1'} {'alias': 'value2'}", []string{"NULL", `"value2"`}},
		{m{"ion.a.path_extractor": "(foo 0)", "ion.b.path_extractor": "(foo 1)", "ion.c.path_extractor": "('b c' \"d\")"}, []string{"a string", "b string", "c int"}, `{foo:["foo1","foo2"],'b c':{d:1}} {foo:["x"]} {foo:1}`, []string{`"foo1" "foo2" 1`, `"x" NULL NULL`, `NULL NULL NULL`}},
		{m{"ion.a.path_extractor": "()"}, []string{"a struct<x:int>"}, "{x:1} null.struct {}", []string{"(1)", "NULL", "(NULL)"}},
		{nil, []string{"a int"}, "{\n  \"a\": 1,\n  \"b\": [true, 1.5]\n}\n{\"a\":2}", []string{"1", "2"}},
		{nil, []string{"a int"}, "5 [1] null {a:3} sym", []string{"NULL", "NULL", "NULL", "3", "NULL"}},
		{nil, []string{"a int"}, "{a:1,a:2}", []string{"2"}},
		{nil, []string{"a int"}, "", nil},
		{nil, nil, "{a:1} {a:2} {a:3}", []string{"", "", ""}},
	}
	for _, c := range cases {
		for encoding, content := range map[string][]byte{"text": []byte(c.content), "binary": binary(t, c.content)} {
			got, err := readAll(content, columns(t, c.columns...), options(t, c.properties))
			require.NoError(t, err, "%s %s", encoding, c.content)
			require.Equal(t, c.want, got, "%s %s", encoding, c.content)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, value := range map[string]string{
		"ion.fail_on_overflow": "false", "ion.a.fail_on_overflow": "false", "ion.ignore_malformed": "true", "ion.timestamp.serialization_offset": "+01:00", "ion.catalog.url": "x", "ion.symbol_table_imports": "x",
		"ion.a.path_extractor": "(*)", "ion.b.path_extractor": "(A::b)", "ion.c.path_extractor": "a", "ion.d.path_extractor": "('a)", "ion.e.path_extractor": "(a -2)",
	} {
		_, err := formats.Detect(formats.SerDeIon, "", map[string]string{name: value}, nil)
		var u *formats.UnsupportedError
		require.ErrorAs(t, err, &u, name)
		require.ErrorContains(t, err, name)
	}
	for _, c := range []struct {
		paths []string
		text  string
	}{{[]string{"(a)", "(a)"}, "lead to the same value"}, {[]string{"(a)", "(a b)"}, "lead to the same value"}, {[]string{"(a b)", "(a)"}, "takes a part"}} {
		o := options(t, map[string]string{"ion.x.path_extractor": c.paths[0], "ion.y.path_extractor": c.paths[1]})
		_, err := New(strings.NewReader(""), columns(t, "x int", "y int"), o)
		require.ErrorContains(t, err, c.text)
	}
	_, err := New(strings.NewReader(""), columns(t, "x map<int,int>"), formats.IonOptions{})
	require.ErrorContains(t, err, "column x: the key of a map")
}

// Broken files are errors that take no memory.
func TestBroken(t *testing.T) {
	good := binary(t, `{a:1,b:"text",c:{d:[1,2,3]}}`)
	whole := 0
	for n := 5; n < len(good); n++ {
		rows, err := readAll(good[:n], columns(t, "a int", "c struct<d:array<int>>"), formats.IonOptions{})
		require.Empty(t, rows)
		if err == nil {
			whole++
		}
	}
	require.Equal(t, 1, whole, "between the table of symbols and the value, and nowhere else")
	version := "\xE0\x01\x00\xEA"
	for _, content := range []string{
		"{a:1", `{a:"x`, "{a:1}}", version + "\x8E\x7F\x7F\x7F\x7F\xFFx", version + "\xBE\x0F\x7F\x7F\x7F\xFF", version + "\xF5", version + "\xDE\x83\x8A\x21", version + "\xD3\x8A\x8E\xFF",
	} {
		_, err := readAll([]byte(content), columns(t, "a int"), formats.IonOptions{})
		var corrupt *CorruptError
		require.ErrorAs(t, err, &corrupt, "%q", content)
	}
	_, err := readAll([]byte(`{a:"`+strings.Repeat("x", largestValue+(3<<20))+`"}`), columns(t, "b int"), formats.IonOptions{})
	require.ErrorContains(t, err, "larger than")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{a:1,b:"x",c:{d:[1,2]},e:2021-02-03T,f:1.5,g:1e0,h:{{YWI=}}}`))
	f.Add(binary(f, `{a:1,b:"x",c:{d:[1,2]},e:2021-02-03T,f:1.5,g:1e0,h:{{YWI=}}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		cols := columns(t, "a int", "b string", "c struct<d:array<int>>", "e timestamp", "f decimal(10,2)", "g double", "h binary")
		_, _ = readAll(content, cols, formats.IonOptions{})
	})
}

func BenchmarkRead(b *testing.B) {
	text := strings.Repeat(`{order_id:"6ba7b8109dad11d180b400c04fd430c8",gu:"서울특별시 강남구",product:"product number 150",quantity:3,price:12000.5e0,ordered_at:2021-01-03T10:11:12Z}`+"\n", 10_000)
	cols := columns(b, "order_id string", "gu string", "product string", "quantity int", "price double", "ordered_at timestamp")
	for encoding, content := range map[string][]byte{"text": []byte(text), "binary": binary(b, text)} {
		b.Run(encoding, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				r, err := New(bytes.NewReader(content), cols, formats.IonOptions{})
				require.NoError(b, err)
				vectors := make([]*formats.Vector, len(cols))
				for i, c := range cols {
					vectors[i] = formats.NewVector(c.Type)
				}
				for {
					for _, v := range vectors {
						v.Reset()
					}
					n, err := r.Read(vectors, formats.BatchRows)
					require.NoError(b, err)
					if n == 0 {
						break
					}
				}
			}
			b.ReportMetric(float64(10_000*b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}
