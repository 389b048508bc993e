package duckdb

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

const cloudTrailInput = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"

func columnNames(tb *catalog.Table) (names []string) {
	for _, c := range tb.Columns {
		names = append(names, c.Name)
	}
	return names
}

// Each SerDe's rows, its whole compressed bytes as bytes scanned, and its errors.
func TestTextSerDes(t *testing.T) {
	w := newWorld(t)
	type m = map[string]string
	cases := []struct {
		name, library, input string
		params               m
		columns              []string
		content              string
		want                 []string
	}{
		{"regex", formats.SerDeRegex, "", m{"input.regex": `(\S+) \[([^\]]*)\] (\d+)`}, []string{"ip string", "at string", "status int"},
			"10.0.0.1 [now] 200\nother\n10.0.0.2 [then] 99999999999\n", []string{"10.0.0.1|now|200", "NULL|NULL|NULL", "10.0.0.2|then|NULL"}},
		{"grok", formats.SerDeGrok, "", m{"input.format": "%{IP:ip} %{WORD:verb} %{NUMBER:n:int}"}, []string{"ip string", "verb string", "n bigint"},
			"10.0.0.1 GET 5\nx\n", []string{"10.0.0.1|GET|5", "NULL|NULL|NULL"}},
		{"cloudtrail", formats.SerDeCloudTrail, cloudTrailInput, nil, []string{"eventname string", "requestparameters string"},
			`{"Records":[{"eventName":"PutObject","requestParameters":{"key":"k"}},{"eventName":"ListBuckets","requestParameters":null}]}`, []string{`PutObject|{"key":"k"}`, "ListBuckets|NULL"}},
		{"ion", formats.SerDeIon, "com.amazon.ionhiveserde.formats.IonInputFormat", m{"ion.city.path_extractor": "(address city)"}, []string{"id int", "city string", "tags array<string>"},
			"{id:1,address:{city:\"서울\"},tags:[a,\"b\"]}\n{\"id\":2,\n \"tags\":[]}", []string{"1|서울|[a, b]", "2|NULL|[]"}},
		{"encoded", formats.SerDeLazySimple, "", m{"field.delim": ",", "serialization.encoding": "EUC-KR"}, []string{"a string", "b int"}, "\xbc\xad\xbf\xef,1\n", []string{"서울|1"}},
		{"multi", "org.apache.hadoop.hive.serde2.MultiDelimitSerDe", "", m{"field.delim": "~|~"}, []string{"a string", "b int"}, "x~y~|~1\n", []string{"x~y|1"}},
		{"footer", formats.SerDeOpenCSV, "", m{"skip.header.line.count": "1", "skip.footer.line.count": "1"}, []string{"a int"}, "a\n1\n2\ntotal 2\n", []string{"1", "2"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tb := table(c.library, c.columns...)
			tb.InputFormat = c.input
			for k, v := range c.params {
				tb.SerDe.Parameters[k] = v
			}
			for ending, content := range map[string]string{"": c.content, ".gz": gzipped(t, c.content), ".zst": zstded(t, c.content)} {
				file := w.write(c.name+ending, content)
				got, stats, err := w.read(tb, files(file), columnNames(tb)...)
				require.NoError(t, err)
				require.ElementsMatch(t, c.want, got, "ending %q", ending)
				require.EqualValues(t, len(content), stats.BytesScanned)
				// Whichever columns: all the bytes are read.
				got, stats, err = w.read(tb, files(file), tb.Columns[0].Name)
				require.NoError(t, err)
				require.Len(t, got, len(c.want))
				require.EqualValues(t, len(content), stats.BytesScanned)
			}
		})
	}
}

func TestTextSerDesReportBadData(t *testing.T) {
	w := newWorld(t)
	of := func(library string, params map[string]string, columns ...string) *catalog.Table {
		tb := table(library, columns...)
		tb.SerDe.Parameters = params
		return tb
	}
	for _, c := range []struct {
		tb            *catalog.Table
		file, content string
		name          string
		texts         []string
	}{
		{of(formats.SerDeRegex, map[string]string{"input.regex": "(.*)"}, "a boolean"), "f", "true\nyes\n", "HIVE_BAD_DATA", []string{"column a", "line 2", "s3://bucket/f"}},
		{of(formats.SerDeRegex, map[string]string{"input.regex": "((a|b)*)c"}, "a string"), "f", "abc\n" + string(make([]byte, 3)) + "\n", "", nil},
		{of(formats.SerDeRegex, map[string]string{"input.regex": `(.*)\G`}, "a string"), "f", "x", "HIVE_UNSUPPORTED_FORMAT", []string{`\G`}},
		{of(formats.SerDeGrok, map[string]string{"input.format": "%{WORD:a}"}, "a string", "b string"), "f", "x\n", "HIVE_CURSOR_ERROR", []string{"none for column b", "line 1"}},
		{of(formats.SerDeIon, map[string]string{}, "a int"), "f", "{a:1}\n{a:\"x\"}", "HIVE_BAD_DATA", []string{"column a", "value 2", "s3://bucket/f"}},
		{of(formats.SerDeIon, map[string]string{}, "a int"), "f", "{a:1", "HIVE_BAD_DATA", []string{"invalid Ion", "s3://bucket/f"}},
		{of(formats.SerDeIon, map[string]string{}, "a map<int,int>"), "f", "{}", "HIVE_UNSUPPORTED_FORMAT", []string{"column a"}},
		{of(formats.SerDeLazySimple, map[string]string{}, "a int"), "f.snappy", "not snappy", "HIVE_CURSOR_ERROR", []string{"Hadoop", "s3://bucket/f.snappy"}},
		{of(formats.SerDeLazySimple, map[string]string{}, "a int"), "f.bz2", "not bzip2", "HIVE_CURSOR_ERROR", []string{"bzip2", "s3://bucket/f.bz2"}},
		{of(formats.SerDeIon, map[string]string{}, "a int"), "f.lzo", "x", "HIVE_UNSUPPORTED_FORMAT", []string{"lzo"}},
	} {
		_, _, err := w.read(c.tb, files(w.write(c.file, c.content)), columnNames(c.tb)...)
		if c.name == "" {
			require.NoError(t, err)
			continue
		}
		requireEngineError(t, err, c.name, c.texts...)
	}
}
