package ddl

import (
	"maps"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// setStorage decides a table's SerDe and formats by its ROW FORMAT and STORED
// AS with Hive's defaults. As in Athena a SerDe must be one that it knows;
// whether the files can be read with it and its properties, the first query
// says.
func setStorage(t *catalog.Table, s *hive.CreateTable) error {
	as, ok := storedFormats[s.Stored.Format]
	if !ok {
		return semantic(s.Stored, "Unrecognized file format in STORED AS clause: '%s'", s.Stored.Format)
	}
	t.InputFormat, t.OutputFormat, t.SerDe.Library = as.input, as.output, as.serde
	if s.Stored.InputFormat != "" {
		t.InputFormat, t.OutputFormat = s.Stored.InputFormat, s.Stored.OutputFormat
	}
	t.SerDe.Parameters = map[string]string{"serialization.format": "1"}
	if d := s.RowFormat.Delimited; d != nil {
		setDelimiters(t.SerDe.Parameters, d)
	}
	if s.RowFormat.SerDe != "" {
		t.SerDe.Library = s.RowFormat.SerDe
	}
	if !knownSerDes[t.SerDe.Library] {
		return execution(nil, "Cannot validate serde: %s", t.SerDe.Library)
	}
	maps.Copy(t.SerDe.Parameters, s.RowFormat.Properties)
	return setBuckets(t, s.Buckets)
}

// setBuckets keeps CLUSTERED BY. Without, Hive keeps -1 buckets.
func setBuckets(t *catalog.Table, b hive.Buckets) error {
	t.Storage.NumberOfBuckets = -1
	if b.Count == 0 {
		return nil
	}
	t.Storage.NumberOfBuckets = b.Count
	for _, c := range b.Columns {
		if err := needsColumn(t, c); err != nil {
			return err
		}
		t.Storage.BucketColumns = append(t.Storage.BucketColumns, c.Name)
	}
	for _, c := range b.Sorted {
		if err := needsColumn(t, c.ColumnName); err != nil {
			return err
		}
		order := int32(1)
		if c.Descending {
			order = 0
		}
		t.Storage.SortColumns = append(t.Storage.SortColumns, catalog.SortColumn{Column: c.Name, Order: order})
	}
	return nil
}

func needsColumn(t *catalog.Table, c hive.ColumnName) error {
	if columnPlace(t, c.Name) < 0 {
		return semantic(c, "[Error 10002]: Invalid column reference %s", c.Name)
	}
	return nil
}

// refuseTableType refuses to call a table Iceberg's, Delta's or Hudi's by a
// property: its files would not be what the format says.
func refuseTableType(at ast.Node, properties map[string]string) error {
	if kind, ok := properties["table_type"]; ok {
		return notSupported(at, "table property table_type="+kind+" is not supported here")
	}
	return nil
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

// checkReadable refuses a change after which the files of a delivered table
// would not be read as they were written. Other tables say so when queried.
func checkReadable(at ast.Node, t *catalog.Table) error {
	if t.Delivery == "" {
		return nil
	}
	if _, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters); err != nil {
		return notSupported(at, err.Error())
	}
	return nil
}
