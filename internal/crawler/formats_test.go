package crawler

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
)

// written makes a file with one row of NULLs.
func written(t testing.TB, f formats.Format, columns string) (ending, body string) {
	t.Helper()
	var cols []record.Column
	for _, c := range strings.Split(columns, ", ") {
		name, kind, _ := strings.Cut(c, ":")
		col, err := record.NewColumn(name, kind)
		require.NoError(t, err)
		cols = append(cols, col)
	}
	kind, err := write.KindOf(f)
	require.NoError(t, err)
	w, err := write.New(f, cols)
	require.NoError(t, err)
	var b bytes.Buffer
	w.Reset(&b)
	require.NoError(t, w.Write(make([]record.Value, len(cols))))
	require.NoError(t, w.Close())
	return kind.Ending, b.String()
}

// TestSchemasOfFiles crawls what scops itself writes: the columns are those that
// were written.
func TestSchemasOfFiles(t *testing.T) {
	const all = "a:boolean, d:int, e:bigint, f:float, g:double, h:string, i:binary, j:date, k:timestamp, l:decimal(20,3), m:decimal(38,0), n:decimal(5,2), " +
		"o:array<int>, p:array<array<string>>, q:struct<x:int,y:array<struct<z:date>>>, r:map<string,bigint>, s:array<map<string,struct<u:double>>>"
	const small = all + ", b:tinyint, c:smallint"
	for _, c := range []struct {
		class, columns string
		format         formats.Format
	}{
		{classParquet, small, formats.Format{Kind: formats.Parquet}},
		{classParquet, all, formats.Format{Kind: formats.Parquet, Compression: "ZSTD"}},
		{classORC, small + ", t:varchar(7), u:char(3)", formats.Format{Kind: formats.ORC}},
		{classORC, all, formats.Format{Kind: formats.ORC, Compression: "NONE"}},
		{classAvro, all, formats.Format{Kind: formats.Avro}},
	} {
		ending, body := written(t, c.format, c.columns)
		store := openBucket(t)
		put(t, store, "t/x"+ending, body)
		_, found, notes, err := discover(t.Context(), store, &Target{Path: "s3://lake/t"}, Grouping{}, nil)
		require.NoError(t, err)
		require.Empty(t, notes)
		require.Len(t, found, 1)
		table := &found[0].table
		require.Equal(t, c.class, table.Parameters[paramClass])
		require.Equal(t, c.columns, columnsText(table.Columns))
		_, err = formats.Detect(table.SerDe.Library, table.InputFormat, table.SerDe.Parameters, table.Parameters)
		require.NoError(t, err, "queries read it")
	}
}

func TestCompressionsOfLines(t *testing.T) {
	for name, class := range map[string]string{
		"GZIP": "gzip", "ZSTD": "zstd", "BZIP2": "bzip2", "SNAPPY": "snappy", "LZ4": "lz4", "NONE": uncompressed,
	} {
		f := formats.Format{Kind: formats.JSON, Compression: name}
		ending, body := written(t, f, "a:int, b:string")
		store := openBucket(t)
		put(t, store, "t/x"+ending, body)
		_, found, notes, err := discover(t.Context(), store, &Target{Path: "s3://lake/t"}, Grouping{}, nil)
		require.NoError(t, err, name)
		if len(found) == 0 {
			require.Len(t, found, 1, "%s %q", name, notes)
		}
		require.Equal(t, class, found[0].table.Parameters["compressionType"], name)
		require.Equal(t, class != uncompressed, found[0].table.Storage.Compressed, name)
	}
}

func TestRecognisedLines(t *testing.T) {
	const combined = `1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /x HTTP/1.1" 200 12 "-" "curl \"7\""` + "\n" +
		`1.2.3.4 - bob [17/May/2015:10:05:03 +0000] "\x16\x03" 400 - "-" "-"` + "\n"
	const common = "clientip:string, ident:string, auth:string, timestamp:string, verb:string, request:string, httpversion:string, rawrequest:string, response:string, bytes:string"
	grok := &GrokClassifier{Classification: "app", Pattern: `%{LEVEL:level} %{NUMBER:took:int} %{GREEDYDATA:Message}`, Custom: "LEVEL (?:INFO|WARN)"}
	for _, c := range []struct {
		name, body string
		custom     []Classifier
		class      string
		columns    string
		serde      string
	}{
		{"combined", combined, nil, classCombinedApache, common + ", referrer:string, agent:string", formats.SerDeRegex},
		{"common", strings.ReplaceAll(strings.ReplaceAll(combined, ` "-" "curl \"7\""`, ""), ` "-" "-"`, ""), nil, classApache, common, formats.SerDeRegex},
		{"grok", "INFO 12 all well\nWARN 3 not so\n", []Classifier{{Grok: grok}}, "app", "level:string, took:int, message:string", formats.SerDeGrok},
		{"a classifier that knows it not", "a,b\n1,2\n", []Classifier{{Grok: grok}}, classCSV, "a:bigint, b:bigint", formats.SerDeLazySimple},
		{"quoted", "id,name\n1,\"a, b\"\n2,\"c\"\"d\"\n", nil, classCSV, "id:string, name:string", formats.SerDeOpenCSV},
		{"leading zeros", "zip,n\n00501,1\n90210,2\n", nil, classCSV, "zip:string, n:bigint", formats.SerDeLazySimple},
		{"bar", "1|2.5|x\n2||y\n", nil, classCSV, "col0:bigint, col1:double, col2:string", formats.SerDeLazySimple},
		{"control A", "1\x01a\n2\x01b\n", nil, classCSV, "col0:bigint, col1:string", formats.SerDeLazySimple},
		{"byte order mark", "\ufeffid\tv\r\n1\t2\r\n", nil, classCSV, "id:bigint, v:bigint", formats.SerDeLazySimple},
		{"dots in keys", `{"a.b":1}`, nil, classJSON, "a_b:int", formats.SerDeOpenXJSON},
		{"numbers", `{"a":2147483648,"b":1e3,"c":123456789012345678901234567890,"d":-1}`, nil, classJSON, "a:bigint, b:double, c:string, d:int", formats.SerDeOpenXJSON},
		{"cut off", `{"a":1}` + "\n" + `{"b":`, nil, "", "", ""},
		{"cut off beyond the sample", strings.Repeat(`{"a":1}`+"\n", 20) + `{"b":`, nil, classJSON, "a:int", formats.SerDeOpenXJSON},
	} {
		store := openBucket(t)
		put(t, store, "t/x", c.body)
		_, found, notes, err := discover(t.Context(), store, &Target{Path: "s3://lake/t"}, Grouping{}, c.custom)
		require.NoError(t, err, c.name)
		if c.class == "" {
			require.Empty(t, found, c.name)
			require.NotEmpty(t, notes, c.name)
			continue
		}
		require.Len(t, found, 1, "%s: %q", c.name, notes)
		table := &found[0].table
		require.Equal(t, c.class, table.Parameters[paramClass], c.name)
		require.Equal(t, c.columns, columnsText(table.Columns), c.name)
		require.Equal(t, c.serde, table.SerDe.Library, c.name)
		_, err = formats.Detect(table.SerDe.Library, table.InputFormat, table.SerDe.Parameters, table.Parameters)
		require.NoError(t, err, c.name)
	}
}

func TestCloudTrail(t *testing.T) {
	store := openBucket(t)
	put(t, store, "t/AWSLogs/1/CloudTrail/kr/2021/02/03/x.json.gz", zipped(`{"Records":[{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2021-02-03T04:05:06Z"}]}`))
	_, found, notes, err := discover(t.Context(), store, &Target{Path: "s3://lake/t"}, Grouping{}, nil)
	require.NoError(t, err)
	require.Len(t, found, 1, "%q", notes)
	table := &found[0].table
	require.Equal(t, classCloudTrail, table.Parameters[paramClass])
	require.Equal(t, "eventversion:string", columnsText(table.Columns[:1]))
	f, err := formats.Detect(table.SerDe.Library, table.InputFormat, table.SerDe.Parameters, table.Parameters)
	require.NoError(t, err)
	require.True(t, f.JSON.CloudTrail)
}

func TestBrokenFilesAreNamed(t *testing.T) {
	_, parquet := written(t, formats.Format{Kind: formats.Parquet}, "a:int")
	_, orcBody := written(t, formats.Format{Kind: formats.ORC}, "a:int")
	_, avro := written(t, formats.Format{Kind: formats.Avro}, "a:int")
	for name, body := range map[string]string{
		"cut Parquet": parquet[:len(parquet)-5], "cut ORC": orcBody[:len(orcBody)-5], "cut Avro": avro[:20], "binary": "\x00\x01\x02", "empty gzip": zipped(""),
		"framed snappy": framedSnappy + "x", "one word": "hello\n", "array": "[1,2]\n",
		"recursive Avro": "Obj\x01\x02\x16avro.schema\x9c\x01" + `{"type":"record","name":"r","fields":[{"name":"r","type":["null","r"]}]}` + strings.Repeat(" ", 5),
	} {
		store := openBucket(t)
		put(t, store, "t/x.snappy", body)
		put(t, store, "t/x", body)
		_, found, notes, err := discover(t.Context(), store, &Target{Path: "s3://lake/t"}, Grouping{}, nil)
		require.NoError(t, err, name)
		require.Empty(t, found, name)
		require.NotEmpty(t, notes, name)
	}
}

// TestAccessLog recognises a real log.
func TestAccessLog(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "apache-access.log")
	body, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("the access log is not there")
	}
	require.NoError(t, err)
	lines, _ := sampleLines(body, true)
	s, ok := apacheShape(nil, lines)
	require.True(t, ok)
	require.Equal(t, classCombinedApache, s.class)
	good, all := 0, 0
	for line := range strings.Lines(string(body)) {
		all++
		if apacheLogs[0].compiled.MatchString(strings.TrimRight(line, "\n")) {
			good++
		}
	}
	require.Equal(t, 10_000, all)
	require.Equal(t, 9_999, good, "one line of the file lacks its last quote")
}

// FuzzClassify: whatever a file begins with, it is recognised or named.
func FuzzClassify(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}]}`, "a,b\n1,\"x,y\"\n", "Obj\x01\x02\x16avro.schema\x02{}", `{"Records":[{"eventVersion":""}]}`, "[1]", "1|2\n3|4"} {
		f.Add([]byte(seed), true)
	}
	grok := Classifier{Grok: &GrokClassifier{Classification: "x", Pattern: `%{WORD:a} %{NUMBER:b}`}}
	csv := Classifier{CSV: &CSVClassifier{AllowSingleColumn: true, QuoteSymbol: "'", Header: []string{"a", "b"}}}
	f.Fuzz(func(t *testing.T, body []byte, whole bool) {
		for _, custom := range [][]Classifier{nil, {grok}, {csv}} {
			s := classify(body, whole, custom)
			if s.class == classUnknown {
				require.NotEmpty(t, s.why)
				continue
			}
			g := &grouper{bucket: "b"}
			for _, c := range g.found(&candidate{root: newRoot("b", "t/"), shape: s}).table.Columns {
				_, err := formats.ParseType(c.Type)
				require.NoError(t, err)
			}
		}
	})
}
