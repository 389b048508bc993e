package event

import (
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/stretchr/testify/require"
)

// columns builds columns from "name type" lines.
func columns(t testing.TB, defs ...string) []record.Column {
	var cs []record.Column
	for _, d := range defs {
		name, hive, _ := strings.Cut(d, " ")
		c, err := record.NewColumn(name, hive)
		require.NoError(t, err)
		cs = append(cs, c)
	}
	return cs
}

func millis(s string) int64 {
	t, err := time.Parse("2006-01-02 15:04:05.000", s)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

func TestValues(t *testing.T) {
	i := func(v int64) record.Value { return record.Value{Valid: true, Int: v} }
	f := func(v float64) record.Value { return record.Value{Valid: true, Float: v} }
	s := func(v string) record.Value { return record.Value{Valid: true, Text: v} }
	l := func(v ...record.Value) record.Value { return record.Value{Valid: true, List: v} }
	null := record.Value{}
	for _, c := range []struct {
		hive, json string
		want       record.Value
	}{
		{"boolean", "true", i(1)}, {"boolean", "false", i(0)}, {"boolean", "null", null},
		{"tinyint", "-128", i(-128)}, {"smallint", "32767", i(32767)}, {"int", "-2147483648", i(-2147483648)},
		{"bigint", "9223372036854775807", i(9223372036854775807)}, {"bigint", "-9223372036854775808", i(-9223372036854775808)},
		{"int", "1.0", i(1)}, {"int", "12e1", i(120)}, {"int", "-0", i(0)}, {"int", "0e99999999999", i(0)}, {"int", "1200e-2", i(12)},
		{"float", "1.5", f(1.5)}, {"float", "0.1", f(float64(float32(0.1)))}, {"double", "0.1", f(0.1)}, {"double", "-1E-7", f(-1e-7)},
		{"decimal(5,2)", "123.45", s("123.45")}, {"decimal(5,2)", "-1", s("-1.00")}, {"decimal(5,2)", "0.1", s("0.10")},
		{"decimal(5,2)", "1.50e2", s("150.00")}, {"decimal(5,2)", "12345e-2", s("123.45")}, {"decimal(5,2)", `"0.50"`, s("0.50")},
		{"decimal(5,2)", "-0.00", s("0.00")}, {"decimal(2,2)", "0.01", s("0.01")}, {"decimal(3,0)", "100", s("100")}, {"decimal(5,2)", "1.5000", s("1.50")},
		{"decimal(38,0)", "99999999999999999999999999999999999999", s("99999999999999999999999999999999999999")},
		{"string", `"강남구"`, s("강남구")}, {"string", `"a\"\\\/\b\f\n\r\té\ud83d\ude00"`, s("a\"\\/\b\f\n\r\té😀")}, {"string", `""`, s("")},
		{"varchar(3)", `"강남구"`, s("강남구")}, {"char(3)", `"ab"`, s("ab")}, {"binary", `"AAH/"`, s("\x00\x01\xff")},
		{"date", `"1970-01-02"`, i(1)}, {"date", `"1969-12-31"`, i(-1)}, {"date", `"2000-02-29"`, i(11016)},
		{"timestamp", `"2021-02-03 04:05:06"`, i(millis("2021-02-03 04:05:06.000"))},
		{"timestamp", `"2021-02-03T04:05:06.7"`, i(millis("2021-02-03 04:05:06.700"))},
		{"timestamp", `"2021-02-03T04:05:06.123999999Z"`, i(millis("2021-02-03 04:05:06.123"))},
		{"timestamp", `"2021-02-03T04:05+09:00"`, i(millis("2021-02-02 19:05:00.000"))},
		{"timestamp", `"2021-02-03 04:05:06-0330"`, i(millis("2021-02-03 07:35:06.000"))},
		{"timestamp", `"2021-02-03"`, i(millis("2021-02-03 00:00:00.000"))},
		{"timestamp", `1612325106`, i(millis("2021-02-03 04:05:06.000"))},
		{"timestamp", `1612325106123`, i(millis("2021-02-03 04:05:06.123"))},
		{"timestamp", `1612325106.123`, i(millis("2021-02-03 04:05:06.123"))},
		{"timestamp", `-1`, i(-1000)},
		{"array<int>", "[1, null ,3]", l(i(1), null, i(3))}, {"array<int>", "[ ]", l()},
		{"map<string,int>", `{"b":1,"a":null}`, l(s("b"), i(1), s("a"), null)},
		{"map<int,string>", `{"7":"x"}`, l(i(7), s("x"))}, {"map<boolean,int>", `{"true":1,"false":0}`, l(i(1), i(1), i(0), i(0))},
		{"struct<a:int,b:array<string>>", `{"B":["x"],"c":{"d":[1]},"A":1}`, l(i(1), l(s("x")))},
		{"struct<a:int>", `{}`, l(null)},
	} {
		rec, err := NewParser(columns(t, "c "+c.hive), Options{}).Parse(`{"c":` + c.json + `}`)
		require.NoError(t, err, c.hive+" "+c.json)
		require.Equal(t, c.want, rec.Values[0], c.hive+" "+c.json)
	}
}

func TestRejections(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, c := range []struct{ hive, body, want string }{
		{"int", "", "empty body"},
		{"int", " \n", "empty body"},
		{"int", "[1]", "not a JSON object: found an array"},
		{"int", `"x"`, `not a JSON object: found string "x"`},
		{"int", "null", "not a JSON object: found null"},
		{"int", "hello", "invalid JSON at byte 0: expected a value, found 'h'"},
		{"int", "\x00", `invalid JSON at byte 0: expected an object, found '\x00'`},
		{"int", `{"c":1`, "invalid JSON at byte 6: expected ',' or '}', found the end"},
		{"int", `{"c":1}}`, "invalid JSON at byte 7: expected the end after the object, found '}'"},
		{"int", `{"c":1,}`, "invalid JSON at byte 7: expected a field name in double quotes, found '}'"},
		{"int", `{"c" 1}`, "invalid JSON at byte 5: expected ':' behind a field name, found '1'"},
		{"int", `{"c":01}`, "invalid JSON at byte 6: expected ',' or '}', found '1'"},
		{"int", `{"c":1.}`, "invalid JSON at byte 7: expected a digit after the decimal point, found '}'"},
		{"int", `{"c":tru}`, "invalid JSON at byte 8: expected true, found '}'"},
		{"int", `{"c":NaN}`, "invalid JSON at byte 5: expected a value, found 'N'"},
		{"string", `{"c":"a` + "\n" + `"}`, `invalid JSON at byte 7: expected no control character inside a string, found '\n'`},
		{"string", `{"c":"\x"}`, "invalid JSON at byte 7: expected an escape character, found 'x'"},
		{"string", `{"c":"\ud800"}`, `invalid JSON at byte 6: expected \u with four hexadecimal digits, surrogates in pairs, found '\\'`},
		{"string", `{"c":"abc`, "invalid JSON at byte 9: expected the closing quote of a string, found the end"},
		{"string", "{\"c\":\"\xff\"}", "invalid UTF-8 at byte 6"},
		{"int", `{"z":` + deep + `}`, "nested more than 1000 deep at byte 1005"},
		{"boolean", `{"c":1}`, "column c: expected boolean, found number 1"},
		{"boolean", `{"c":"true"}`, `column c: expected boolean, found string "true"`},
		{"int", `{"c":"abc"}`, `column c: expected int, found string "abc"`},
		{"int", `{"c":"12"}`, `column c: expected int, found string "12"`},
		{"int", `{"c":true}`, "column c: expected int, found true"},
		{"int", `{"c":1.5}`, "column c: expected int, found number 1.5 (has a fraction)"},
		{"int", `{"c":2147483648}`, "column c: expected int, found number 2147483648 (out of range -2147483648 to 2147483647)"},
		{"tinyint", `{"c":200}`, "column c: expected tinyint, found number 200 (out of range -128 to 127)"},
		{"bigint", `{"c":9223372036854775808}`, "column c: expected bigint, found number 9223372036854775808 (out of range -9223372036854775808 to 9223372036854775807)"},
		{"bigint", `{"c":1e400}`, "column c: expected bigint, found number 1e400 (out of range -9223372036854775808 to 9223372036854775807)"},
		{"int", `{"c":{"a":1}}`, "column c: expected int, found an object"},
		{"string", `{"c":["a"]}`, "column c: expected string, found an array"},
		{"string", `{"c":12}`, "column c: expected string, found number 12"},
		{"string", `{"c":[1,}}`, "invalid JSON at byte 8: expected a value, found '}'"},
		{"float", `{"c":1e39}`, "column c: expected float, found number 1e39 (out of range)"},
		{"double", `{"c":1e309}`, "column c: expected double, found number 1e309 (out of range)"},
		{"decimal(5,2)", `{"c":1234.5}`, "column c: expected decimal(5,2), found number 1234.5 (more than 3 digits before the point)"},
		{"decimal(5,2)", `{"c":1.234}`, "column c: expected decimal(5,2), found number 1.234 (more than 2 digits after the point)"},
		{"decimal(5,2)", `{"c":"1,5"}`, `column c: expected decimal(5,2), found string "1,5" (not a decimal number)`},
		{"varchar(2)", `{"c":"강남구"}`, `column c: expected varchar(2), found string "강남구" (3 characters)`},
		{"binary", `{"c":"AAH"}`, `column c: expected binary, found string "AAH" (not base64)`},
		{"date", `{"c":"2021-02-30"}`, `column c: expected date, found string "2021-02-30" (no such day)`},
		{"date", `{"c":"2021-2-3"}`, `column c: expected date, found string "2021-2-3" (not a date of the form YYYY-MM-DD)`},
		{"date", `{"c":"0000-01-01"}`, `column c: expected date, found string "0000-01-01" (no such day)`},
		{"date", `{"c":18000}`, "column c: expected date, found number 18000"},
		{"timestamp", `{"c":"2021-02-03 24:00:00"}`, `column c: expected timestamp, found string "2021-02-03 24:00:00" (not a time of the form YYYY-MM-DD HH:MM:SS.fff, with an offset or without)`},
		{"timestamp", `{"c":"0001-01-01T00:00:00+09:00"}`, `column c: expected timestamp, found string "0001-01-01T00:00:00+09:00" (outside the years 0001 to 9999)`},
		{"timestamp", `{"c":1e30}`, "column c: expected timestamp, found number 1e30 (outside the years 0001 to 9999)"},
		{"array<int>", `{"c":5}`, "column c: expected array<int>, found number 5"},
		{"array<struct<p:int>>", `{"c":[{"p":1},{"p":"x"}]}`, `column c[1].p: expected int, found string "x"`},
		{"map<string,array<int>>", `{"c":{"k":[1,"x"]}}`, `column c["k"][1]: expected int, found string "x"`},
		{"map<int,int>", `{"c":{"x":1}}`, `column c: expected int as key, found "x"`},
		{"map<int,int>", `{"c":{"1":1,"1.0":1}}`, `column c: expected each key once, found "1.0" again`},
		{"struct<a:int>", `{"c":{"a":1,"A":2}}`, `column c.a: expected one value, found field "A" again`},
		{"int", `{"c":1,"C":2}`, `column c: expected one value, found field "C" again (names differ in letter case only, or not at all)`},
	} {
		_, err := NewParser(columns(t, "c "+c.hive), Options{}).Parse(c.body)
		require.EqualError(t, err, c.want, c.hive+" "+c.body)
		require.IsType(t, &Rejection{}, err)
	}
}

func TestNamesAndUnknownFields(t *testing.T) {
	p := NewParser(columns(t, "district string", "quantity int", "note string"), Options{})
	for range 2 { // the second time from the remembered pattern
		rec, err := p.Parse(` {"DISTRICT":"강남구" , "extra":{"a":[1,{}]},"Quantity":3, "other":1} `)
		require.NoError(t, err)
		require.Equal(t, "강남구", rec.Values[0].Text)
		require.Equal(t, int64(3), rec.Values[1].Int)
		require.False(t, rec.Values[2].Valid)
		require.Equal(t, 2, rec.Unknown)
	}
	rec, err := p.Parse(`{}`)
	require.NoError(t, err)
	require.False(t, rec.Values[0].Valid, "nothing is left of the last event")
	require.Zero(t, rec.Unknown)
}

func TestMappedKeys(t *testing.T) {
	p := NewParser(columns(t, "ts string", "id int"), Options{Keys: map[string]string{"ts": "Timestamp"}})
	rec, err := p.Parse(`{"timestamp":"x","ts":"y","ID":1}`)
	require.NoError(t, err)
	require.Equal(t, "x", rec.Values[0].Text)
	require.Equal(t, 1, rec.Unknown, "the column's own name is no key")
}

func TestTwoTimesInOneEvent(t *testing.T) {
	p := NewParser(columns(t, "a timestamp", "b timestamp"), Options{TimeField: "a"})
	rec, err := p.Parse(`{"a":"2021-02-03T00:00:00Z","b":"2021-02-04T00:00:00Z"}`)
	require.NoError(t, err)
	require.Equal(t, int64(86_400_000), rec.Values[1].Int-rec.Values[0].Int)
	rec, err = p.Parse(`{"b":"2021-02-03T00:00:00Z"}`)
	require.NoError(t, err)
	require.Equal(t, millis("2021-02-03 00:00:00.000"), rec.Values[1].Int)
	require.False(t, rec.HasTime)
}

func TestEventTime(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	require.NoError(t, err)
	p := NewParser(columns(t, "id int"), Options{TimeField: "Ordered_At", Zone: seoul})
	for value, want := range map[string]string{
		`"2021-02-02T15:00:00Z"`:      "2021-02-03 00:00:00.000", // midnight in Seoul
		`"2021-02-02T14:59:59.999Z"`:  "2021-02-02 23:59:59.999",
		`"2021-02-03 00:00:00"`:       "2021-02-03 00:00:00.000", // no offset: a wall clock of the zone
		`"2021-02-03T00:00:00-08:00"`: "2021-02-03 17:00:00.000",
		`"2021-02-03"`:                "2021-02-03 00:00:00.000",
		`1612278000000`:               "2021-02-03 00:00:00.000",
		`1612278000`:                  "2021-02-03 00:00:00.000",
		`"1988-06-01T14:30:00Z"`:      "1988-06-02 00:30:00.000", // Seoul had summer time
		`"0001-01-01 00:00:00"`:       "0001-01-01 00:00:00.000", // Go's zero time
	} {
		rec, err := p.Parse(`{"id":1,"ordered_at":` + value + `}`)
		require.NoError(t, err, value)
		require.True(t, rec.HasTime)
		require.Equal(t, want, rec.Time.Format("2006-01-02 15:04:05.000"), value)
		require.Zero(t, rec.Unknown)
	}
	for _, body := range []string{`{"id":1}`, `{"id":1,"ordered_at":null}`} {
		rec, err := p.Parse(body)
		require.NoError(t, err)
		require.False(t, rec.HasTime)
	}
	for value, want := range map[string]string{
		`"yesterday"`:            `column ordered_at: expected the event's time, found string "yesterday" (not a time of the form YYYY-MM-DD HH:MM:SS.fff, with an offset or without)`,
		`"2021-02-30 00:00:00"`:  `column ordered_at: expected the event's time, found string "2021-02-30 00:00:00" (no such day)`,
		`"9999-12-31T23:00:00Z"`: `column ordered_at: expected the event's time, found "9999-12-31T23:00:00Z" (outside the years 0001 to 9999 in the zone of the partitions)`,
		`[1]`:                    "column ordered_at: expected the event's time, found an array",
		`true`:                   "column ordered_at: expected the event's time, found true",
		`1,"ordered_at":2`:       `column ordered_at: expected one value, found field "ordered_at" again`,
	} {
		_, err := p.Parse(`{"id":1,"ordered_at":` + value + `}`)
		require.EqualError(t, err, want, value)
	}
}
