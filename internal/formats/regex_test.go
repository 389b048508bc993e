package formats

import (
	"bytes"
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func detectRegex(t testing.TB, properties map[string]string) Format {
	t.Helper()
	f, err := Detect(SerDeRegex, inputText, properties, nil)
	require.NoError(t, err)
	return f
}

func TestRegexLines(t *testing.T) {
	type m = map[string]string
	cases := []struct {
		properties  m
		types, line string
		want        string
	}{
		{m{"input.regex": `(\d+) (.*)`}, "int,string", "12 rest of it", `12 "rest of it"`},
		{m{"input.regex": `(\d+) (.*)`}, "int,string", "x12 rest", `NULL NULL`}, // the whole line must match
		{m{"input.regex": `(\d+) (.*)`}, "int,string,string", "1 x", `1 "x" NULL`},
		{m{"input.regex": `(\d+) (.*)`}, "int", "1 x", `1`},
		{m{"input.regex": `(a)|(b)`}, "string,string", "b", `NULL "b"`},
		{m{"input.regex": `(a)()`}, "string,string", "a", `"a" ""`},
		{m{"input.regex": `get (.*)`}, "string", "GET x", `NULL`},
		{m{"input.regex": `get (.*)`, "input.regex.case.insensitive": "TRUE"}, "string", "GET x", `"x"`},
		{m{"input.regex": `(.*)`, "output.format.string": "%1$s"}, "string", "a\u2028b", `"a\u2028b"`}, // DOTALL
		{m{"input.regex": `(.*),(.*),(.*)`}, "tinyint,bigint,double", "128,+7,1e3", `NULL 7 1000`},
		{m{"input.regex": `(.*),(.*),(.*)`}, "int,float,decimal(4,2)", " 1, 1.5 ,1.005", `NULL 1.5 101e-2`},
		{m{"input.regex": `(.*),(.*),(.*)`}, "date,timestamp,boolean", "2021-02-03,2021-02-03 04:05:06,TRUE", `2021-02-03 2021-02-03 04:05:06 true`},
		{m{"input.regex": `(.*),(.*),(.*)`}, "date,timestamp,varchar(2)", "x,y,한국어", `NULL NULL "한국"`},
		{m{"input.regex": `(.)`}, "string", "\xff", "\"\uFFFD\""},
		{m{"input.regex": `(?<name>a)(?=b)b`}, "string", "ab", `"a"`},
	}
	for _, c := range cases {
		got := decodeLines(t, detectRegex(t, c.properties), typesOf(t, c.types), c.line)
		require.Equal(t, c.want, got[0], "%v %s", c.properties, c.line)
	}
	f := detectRegex(t, m{"input.regex": `(.*)`})
	require.Contains(t, decodeLines(t, f, typesOf(t, "boolean"), "yes")[0], "error: column c0")
	_, err := f.NewRowDecoder(typesOf(t, "array<int>"), 1)
	require.ErrorContains(t, err, "array<int>")
	old, err := Detect(serDeContribRegex, "", m{"input.regex": "(.*)"}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{`"x"`}, decodeLines(t, old, typesOf(t, "string"), "x"))
	_, err = old.NewRowDecoder(typesOf(t, "int"), 1)
	require.ErrorContains(t, err, "column c0: type int")
	d, err := detectRegex(t, m{"input.regex": `(?:(?:a+)+)+b`}).NewRowDecoder(nil, 0)
	require.NoError(t, err)
	require.ErrorContains(t, d.Decode([]byte(strings.Repeat("a", 100)), nil), "too many steps")
}

// typesOf makes columns c0, c1 ... of types.
func typesOf(t testing.TB, types string) []Column {
	t.Helper()
	var out []Column
	for i, text := range splitTypes(types) {
		typ, err := ParseType(text)
		require.NoError(t, err)
		out = append(out, Column{Name: "c" + itoa(int64(i)), Type: typ, Index: i})
	}
	return out
}

func TestGrokLines(t *testing.T) {
	type m = map[string]string
	cases := []struct {
		properties  m
		types, line string
		want        string
	}{
		{m{"input.format": "%{WORD:word} %{NUMBER:number}"}, "string,int", "hello 123", `"hello" 123`},
		{m{"input.format": "%{WORD:word} %{NUMBER:number}"}, "string,int", "say: hello 123!", `"hello" 123`}, // found anywhere
		{m{"input.format": "%{NUMBER:n} %{WORD:w}"}, "string,string", "foo bar", `NULL NULL`},
		{m{"input.format": "%{DATA:d}"}, "string", "  ", `NULL`},
		// What Athena makes of the first example of its documentation: values count, not names.
		{m{"input.format": "%{SYSLOGBASE} %{POSTFIX_QUEUEID:queue_id}: %{GREEDYDATA:syslog_message}", "input.grokCustomPatterns": "POSTFIX_QUEUEID [0-9A-F]{7,12}"}, "string,string,string",
			"Feb  9 07:15:00 m4eastmail postfix/smtpd[19305]: B88C4120838: connect from unknown[192.168.55.4]", `"Feb  9 07:15:00" "m4eastmail" "postfix/smtpd"`},
		{m{"input.format": "(?:%{INT:a}|%{WORD:b}) %{WORD:c}"}, "string,string", "x y", `"x" "y"`}, // a has no text
		{m{"input.format": "%{QS:a} %{NOTSPACE:b}"}, "string,string", `"quoted" '`, `"quoted" ""`},
		{m{"input.format": "%{NOTSPACE:a:int} %{NOTSPACE:b;float} %{NOTSPACE:c:boolean} %{NOTSPACE:d:double}"}, "string,string,string,double", "007 1.10 TRUE 1e7", `"7" "1.1" "true" 1e+07`},
		{m{"input.format": "%{NOTSPACE:a} %{NOTSPACE:b}"}, "tinyint,boolean", "300 false", `NULL false`},
	}
	for _, c := range cases {
		f, err := Detect(SerDeGrok, inputText, c.properties, nil)
		require.NoError(t, err)
		require.Equal(t, c.want, decodeLines(t, f, typesOf(t, c.types), c.line)[0], "%v %s", c.properties, c.line)
	}
	f, err := Detect(SerDeGrok, inputText, m{"input.format": "%{WORD:a}( %{INT:b:int})?"}, nil)
	require.NoError(t, err)
	require.Contains(t, decodeLines(t, f, typesOf(t, "string,int"), "x")[0], "error: the Grok pattern gives 1 values, none for column c1")
	require.Contains(t, decodeLines(t, f, typesOf(t, "string,string"), "x 99999999999")[0], "error: Grok key b: ")
	for _, typ := range []string{"date", "timestamp", "decimal(4,2)", "array<int>", "binary"} {
		_, err := f.NewRowDecoder(typesOf(t, typ), 1)
		require.ErrorContains(t, err, typ)
	}
	require.Equal(t, []string{"1.0", "0.001", "1.0E-4", "1.0E7", "1.234567E7", "0.1", "-Infinity", "NaN", "0.0"},
		javaFloats("1", "0.001", "1e-4", "1e7", "12345670", "0.1", "-1e999", "NaN", "0"))
}

func javaFloats(texts ...string) (out []string) {
	for _, text := range texts {
		f, _ := parseFloat([]byte(text), 64)
		out = append(out, string(AppendFloat(nil, f, 64)))
	}
	return out
}

const apacheRegex = `^([^ ]*) ([^ ]*) ([^ ]*) \[([^\]]*)\] "([^"]*)" (-|[0-9]*) (-|[0-9]*) "([^"]*)" "(.*)"$`

func accessLog(t testing.TB) []byte {
	text, err := os.ReadFile("../../../shared/data/apache-access.log")
	if err != nil {
		t.Skip("the access log of ../shared/data is not there")
	}
	return text
}

// A real log, read with a regular expression and with Grok: the same values.
func TestAccessLog(t *testing.T) {
	var lines []string
	for line := range strings.Lines(string(accessLog(t))) {
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
	require.Len(t, lines, 10_000)
	columns := typesOf(t, "string,string,string,string,string,int,string,string,string")
	byRegex := decodeLines(t, detectRegex(t, map[string]string{"input.regex": apacheRegex}), columns, lines...)
	const apacheGrok = `^%{NOTSPACE:ip} %{NOTSPACE:ident} %{NOTSPACE:auth} \[%{HTTPDATE:time}\] %{QS:request} %{NUMBER:status} %{NOTSPACE:bytes} %{QS:referrer} %{QS:agent}$`
	grok, err := Detect(SerDeGrok, "", map[string]string{"input.format": apacheGrok}, nil)
	require.NoError(t, err)
	byGrok := decodeLines(t, grok, columns, lines...)
	nulls := strings.TrimSuffix(strings.Repeat("NULL ", len(columns)), " ")
	unmatched := 0
	for i, line := range lines {
		if byRegex[i] == nulls || byGrok[i] == nulls {
			unmatched++
			continue
		}
		require.Equal(t, byRegex[i], byGrok[i], line)
	}
	require.Equal(t, 1, unmatched)
	require.Equal(t, `"83.149.9.216" "-" "-" "17/May/2015:10:05:03 +0000" "GET /presentations/logstash-monitorama-2013/images/kibana-search.png HTTP/1.1" 200 "203023" "http://semicomplete.com/presentations/logstash-monitorama-2013/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36"`, byRegex[0])
}

func FuzzRegexLine(f *testing.F) {
	f.Add(`(a*)(b|c)+(?<!d)`, []byte("aab"))
	f.Fuzz(func(t *testing.T, pattern string, line []byte) {
		format, err := Detect(SerDeRegex, "", map[string]string{"input.regex": pattern}, nil)
		if err != nil {
			return
		}
		_, _ = decodeAny(t, format, columnsOf(t, everyType[:14]...), line)
	})
}

func FuzzGrokLine(f *testing.F) {
	f.Add(`%{COMBINEDAPACHELOG}`, []byte(`1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 3 "-" "x"`))
	f.Add(`%{WORD:a;int}(%{DATA:b})?%{A:c=x*}`, []byte("12 x"))
	f.Fuzz(func(t *testing.T, pattern string, line []byte) {
		format, err := Detect(SerDeGrok, "", map[string]string{"input.format": pattern}, nil)
		if err != nil {
			return
		}
		_, _ = decodeAny(t, format, columnsOf(t, "a string", "b int", "c boolean"), line)
	})
}

// A real CSV file gives what encoding/csv reads in it.
func TestRetailCSV(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/online-retail.csv")
	if err != nil {
		t.Skip("the CSV file of ../shared/data is not there")
	}
	want, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, strings.TrimRight(line, "\r\n"))
	}
	require.Len(t, want, len(lines))
	f, err := Detect(SerDeOpenCSV, "", nil, nil)
	require.NoError(t, err)
	got := decodeLines(t, f, typesOf(t, strings.TrimSuffix(strings.Repeat("string,", len(want[0])), ",")), lines...)
	for i, row := range want {
		cells := make([]string, len(row))
		for k, cell := range row {
			cells[k] = strconv.Quote(cell)
		}
		require.Equal(t, strings.Join(cells, " "), got[i])
	}
}
