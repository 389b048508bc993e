package formats

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDetect(t *testing.T) {
	type m = map[string]string
	text := func(change func(*Format)) Format {
		f := Format{Kind: Text, Text: TextOptions{Delimiter: 1, CollectionDelimiter: 2, MapKeyDelimiter: 3, NullFormat: `\N`}}
		if change != nil {
			change(&f)
		}
		return f
	}
	cases := []struct {
		name, library, input string
		serde, table         m
		want                 Format
	}{
		{"openx", SerDeOpenXJSON, inputText, m{"ignore.malformed.json": "TRUE", "mapping.at": "@t", "case.insensitive": "false", "dots.in.keys": "true", "serialization.format": "1"}, m{"classification": "csv"},
			Format{Kind: JSON, JSON: JSONOptions{IgnoreMalformed: true, CaseSensitive: true, DotsInKeys: true, Mapping: m{"at": "@t"}}}},
		{"hive json", SerDeHiveJSON, "", nil, nil, Format{Kind: JSON, JSON: JSONOptions{Hive: true}}},
		{"hive 3 json", SerDeHive3JSON, "", nil, nil, Format{Kind: JSON, JSON: JSONOptions{Hive: true}}},
		{"text defaults", SerDeLazySimple, inputText, m{"serialization.format": "1"}, nil, text(nil)},
		{"text by default", "", "", nil, nil, text(nil)},
		{"text", SerDeLazySimple, "", m{"field.delim": ",", "serialization.format": ",", "colelction.delim": "|", "mapkey.delim": `\004`, "escape.delim": `\`, "line.delim": "\n"},
			m{"skip.header.line.count": "2", "serialization.null.format": "", "EXTERNAL": "TRUE"},
			text(func(f *Format) {
				f.Text = TextOptions{Delimiter: ',', CollectionDelimiter: '|', MapKeyDelimiter: 4, Escape: '\\', NullFormat: ""}
				f.SkipHeader = 2
			})},
		{"opencsv", SerDeOpenCSV, "", nil, nil, Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: ',', Quote: '"', Escape: '\\', WriteEscape: '"'}}},
		{"opencsv roles", SerDeOpenCSV, "", m{"separatorChar": `\t`, "quoteChar": "'", "escapeChar": "'"}, m{"skip.header.line.count": "1"}, Format{Kind: OpenCSV, OpenCSV: OpenCSVOptions{Separator: '\t', Quote: '\'', WriteEscape: '\''}, SkipHeader: 1}},
		{"parquet", SerDeParquet, inputParquet, m{"serialization.format": "1"}, m{"parquet.compression": "ZSTD"}, Format{Kind: Parquet, Compression: "ZSTD"}},
		{"parquet by index", SerDeParquet, "", m{"parquet.column.index.access": "true"}, nil, Format{Kind: Parquet, ByIndex: true}},
		{"orc", SerDeORC, inputORC, m{"serialization.format": "1"}, m{"orc.compress": "snappy"}, Format{Kind: ORC, ByIndex: true, Compression: "SNAPPY"}},
		{"avro", SerDeAvro, inputAvro, m{"avro.schema.literal": " {} "}, nil, Format{Kind: Avro, AvroSchema: "{}"}},
		{"avro of columns", SerDeAvro, "", nil, m{"avro.schema.literal": "none"}, Format{Kind: Avro}},
		{"orc by name", SerDeORC, "", m{"orc.column.index.access": "FALSE"}, nil, Format{Kind: ORC}},
		{"write.compression", SerDeOpenXJSON, "", nil, m{"write.compression": "zstd", "parquet.compression": "GZIP"}, Format{Kind: JSON, Compression: "ZSTD"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Detect(c.library, c.input, c.serde, c.table)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// What would change the meaning of rows and is not known is refused by name.
func TestDetectRefuses(t *testing.T) {
	type m = map[string]string
	cases := []struct {
		library, input string
		serde, table   m
		text           string
	}{
		{"org.apache.hadoop.hive.serde2.thrift.ThriftDeserializer", "", nil, nil, "ThriftDeserializer"},
		{SerDeParquet, inputText, nil, nil, inputText},
		{SerDeRegex, "", nil, nil, "input.regex is missing"},
		{SerDeRegex, "", m{"input.regex": "(a"}, nil, "unclosed group"},
		{SerDeRegex, "", m{"input.regex": `\Ga`}, nil, `\G`},
		{SerDeGrok, "", nil, nil, "input.format is missing"},
		{SerDeGrok, "", m{"input.format": "%{NOPE}"}, nil, "pattern NOPE is not defined"},
		{SerDeLazySimple, "org.apache.hadoop.mapred.SequenceFileInputFormat", nil, nil, "SequenceFileInputFormat"},
		{SerDeLazySimple, "", m{"field.delim": "||"}, nil, `field.delim="||"`},
		{SerDeLazySimple, "", m{"line.delim": ";"}, nil, `line.delim=";"`},
		{SerDeLazySimple, "", m{"serialization.encoding": "UTF-16"}, nil, "serialization.encoding"},
		{SerDeLazySimple, "", nil, m{"skip.footer.line.count": "-1"}, "skip.footer.line.count"},
		{SerDeLazySimple, "", nil, m{"compression_level": "23"}, "compression_level"},
		{SerDeLazySimple, "", nil, m{"skip.header.line.count": "x"}, "skip.header.line.count"},
		{SerDeOpenXJSON, "", m{"timestamp.formats": "yyyy"}, nil, "timestamp.formats"},
		{SerDeOpenCSV, "", m{"separatorChar": "\""}, nil, "separatorChar"},
		{SerDeParquet, "", nil, m{"parquet.column.index.access": "yes"}, `parquet.column.index.access="yes"`},
		{SerDeAvro, "", nil, m{"avro.schema.url": "s3://b/k"}, `avro.schema.url="s3://b/k" is not supported: use avro.schema.literal`},
		{SerDeORC, inputParquet, nil, nil, "is not supported for ORC"},
		{SerDeORC, "", m{"orc.other": "1"}, nil, `orc.other="1"`},
	}
	for _, c := range cases {
		_, err := Detect(c.library, c.input, c.serde, c.table)
		var u *UnsupportedError
		require.ErrorAs(t, err, &u, c.text)
		require.Contains(t, err.Error(), c.text)
	}
}

func TestParseType(t *testing.T) {
	for in, want := range map[string]string{
		"INT": "int", " integer ": "int", "decimal": "decimal(10,0)", "decimal(5)": "decimal(5,0)", "DECIMAL( 38 , 2 )": "decimal(38,2)",
		"varchar(10)": "varchar(10)", "array< struct<A:int, `b`:map<string,array<double>>> >": "array<struct<a:int,b:map<string,array<double>>>>",
		"struct<a:int comment 'x, y>',b:date>": "struct<a:int,b:date>",
	} {
		got, err := ParseType(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got.String())
	}
	for _, in := range []string{"", "uniontype<int>", "array<int", "map<int>", "decimal(39,0)", "decimal(2,3)", "varchar", "int x", "struct<>", "struct<:int>", "array<int>>"} {
		_, err := ParseType(in)
		require.Error(t, err, in)
	}
}
