package ddl

import (
	"maps"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// storedAs is what a STORED AS word stands for.
type storedAs struct{ input, output, serde string }

const (
	textInput     = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput    = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
	parquetInput  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
	parquetOutput = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
)

// storedFormats are the STORED AS words that are read; others are refused by
// name.
var storedFormats = map[string]storedAs{
	"":            {textInput, textOutput, formats.SerDeLazySimple},
	"TEXTFILE":    {textInput, textOutput, formats.SerDeLazySimple},
	"PARQUET":     {parquetInput, parquetOutput, formats.SerDeParquet},
	"PARQUETFILE": {parquetInput, parquetOutput, formats.SerDeParquet},
}

// setStorage decides a table's SerDe and formats by its ROW FORMAT and STORED
// AS with Hive's defaults, and refuses those that cannot be read as they are
// meant.
func setStorage(t *catalog.Table, s *hive.CreateTable) error {
	as, ok := storedFormats[s.Stored.Format]
	if !ok {
		return notSupported(s.Stored, "STORED AS "+s.Stored.Format+" is not supported")
	}
	t.InputFormat, t.OutputFormat, t.SerDe.Library = as.input, as.output, as.serde
	if s.Stored.InputFormat != "" {
		t.InputFormat, t.OutputFormat = s.Stored.InputFormat, s.Stored.OutputFormat
	}
	t.SerDe.Parameters = map[string]string{"serialization.format": "1"}
	if d := s.RowFormat.Delimited; d != nil {
		if as.serde != formats.SerDeLazySimple {
			return semantic(s.RowFormat, "ROW FORMAT DELIMITED does not go with STORED AS %s", s.Stored.Format)
		}
		setDelimiters(t.SerDe.Parameters, d)
	}
	if s.RowFormat.SerDe != "" {
		t.SerDe.Library = s.RowFormat.SerDe
	}
	maps.Copy(t.SerDe.Parameters, s.RowFormat.Properties)
	var at ast.Node = s
	switch {
	case s.RowFormat.Position != (ast.Position{}):
		at = s.RowFormat
	case s.Stored.Position != (ast.Position{}):
		at = s.Stored
	}
	return checkReadable(at, t)
}

func setDelimiters(p map[string]string, d *hive.Delimited) {
	set := func(text *string, names ...string) {
		for _, name := range names {
			if text != nil {
				p[name] = *text
			}
		}
	}
	set(d.Fields, "field.delim", "serialization.format")
	set(d.Escape, "escape.delim")
	set(d.CollectionItems, "collection.delim")
	set(d.MapKeys, "mapkey.delim")
	set(d.Lines, "line.delim")
	set(d.Null, "serialization.null.format")
}

// checkReadable refuses a table whose files scops would not read as its
// definition means them. A table is what its SerDe says, whatever its
// classification.
func checkReadable(at ast.Node, t *catalog.Table) error {
	if kind := t.Parameters["table_type"]; kind != "" {
		return notSupported(at, "table_type "+kind+" is not supported")
	}
	if strings.EqualFold(t.Parameters["has_encrypted_data"], "true") {
		return notSupported(at, "has_encrypted_data=true is not supported: objects that their client encrypted cannot be read")
	}
	if _, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters); err != nil {
		return notSupported(at, err.Error())
	}
	return nil
}
