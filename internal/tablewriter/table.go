package tablewriter

import (
	"slices"
	"strconv"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// storage are the classes of a table of a format, as Athena's CREATE TABLE AS
// makes it, and the compression that it writes where none is asked for ("" is
// that of the writer).
// https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
type storage struct{ input, output, serde, compression string }

const (
	textInput  = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
	hiveIO     = "org.apache.hadoop.hive.ql.io."
)

var storages = map[string]storage{
	"PARQUET":  {hiveIO + "parquet.MapredParquetInputFormat", hiveIO + "parquet.MapredParquetOutputFormat", hiveIO + "parquet.serde.ParquetHiveSerDe", "GZIP"},
	"ORC":      {hiveIO + "orc.OrcInputFormat", hiveIO + "orc.OrcOutputFormat", hiveIO + "orc.OrcSerde", ""},
	"AVRO":     {hiveIO + "avro.AvroContainerInputFormat", hiveIO + "avro.AvroContainerOutputFormat", "org.apache.hadoop.hive.serde2.avro.AvroSerDe", ""},
	"JSON":     {textInput, textOutput, "org.apache.hive.hcatalog.data.JsonSerDe", "GZIP"},
	"TEXTFILE": {textInput, textOutput, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "GZIP"},
}

// newTable is the table that rows of these columns are written for: a new one,
// or for UNLOAD what describes its files.
func newTable(w *analyzer.Write, p *properties, location string, now time.Time) (*catalog.Table, error) {
	columns, err := hiveColumns(w.Columns)
	if err != nil {
		return nil, err
	}
	s := storages[p.format]
	t := &catalog.Table{
		Database: w.Database, Name: w.Table, Type: catalog.ExternalTable, Owner: "hadoop", Location: location, CreateTime: now.UTC(),
		InputFormat: s.input, OutputFormat: s.output, SerDe: catalog.SerDe{Library: s.serde, Parameters: map[string]string{"serialization.format": "1"}},
		Parameters: map[string]string{"EXTERNAL": "TRUE", "transient_lastDdlTime": strconv.FormatInt(now.Unix(), 10)},
	}
	if w.Comment != "" {
		t.Parameters["comment"] = w.Comment
	}
	if p.delimiter != "" {
		t.SerDe.Parameters["field.delim"], t.SerDe.Parameters["serialization.format"] = p.delimiter, p.delimiter
	}
	if p.compression != "" {
		t.Parameters["write.compression"] = p.compression
	}
	if p.level != 0 {
		t.Parameters["compression_level"] = strconv.Itoa(p.level)
	}
	if err := setPartitions(t, columns, p.partitionedBy); err != nil {
		return nil, err
	}
	return t, setBuckets(t, w.Columns, p)
}

// hiveColumns gives columns their Hive types, or says in Trino's words that
// there are none.
func hiveColumns(in []analyzer.Column) ([]catalog.Column, error) {
	out := make([]catalog.Column, len(in))
	for i, c := range in {
		if err := storable(c.Name, c.Type); err != nil {
			return nil, err
		}
		hive, err := types.ToHive(c.Type)
		if err != nil {
			return nil, fail(errNotSupported, "%v", err)
		}
		out[i] = catalog.Column{Name: c.Name, Type: hive}
	}
	return out, nil
}

const maxVarchar = 65535

// storable refuses types that Hive's have no room for.
func storable(column string, t types.Type) error {
	switch {
	case t.Kind == types.Timestamp && t.Precision != types.DefaultTimePrecision:
		return fail(errNotSupported, "Incorrect timestamp precision for %s; the configured precision is MILLISECONDS; column name: %s", t, column)
	case t.Kind == types.Varchar && t.Precision != types.UnboundedLength && (t.Precision < 1 || t.Precision > maxVarchar):
		return fail(errNotSupported, "Unsupported Hive type: %s. Supported VARCHAR types: VARCHAR(<=%d), VARCHAR.", t, maxVarchar)
	case t.Kind == types.Char && (t.Precision < 1 || t.Precision > 255):
		return fail(errNotSupported, "Unsupported Hive type: %s. Supported CHAR types: CHAR(<=255).", t)
	}
	for _, f := range t.Fields {
		if err := storable(column, f.Type); err != nil {
			return err
		}
	}
	return nil
}

// partitionKinds are the types that a partition key can have: those whose
// values have one plain text.
var partitionKinds = map[types.Kind]bool{
	types.Varchar: true, types.Char: true, types.TinyInt: true, types.SmallInt: true, types.Integer: true,
	types.BigInt: true, types.Boolean: true, types.Real: true, types.Double: true, types.Decimal: true,
	types.Date: true, types.Timestamp: true,
}

// setPartitions takes the partition keys, which must be last, off the columns.
func setPartitions(t *catalog.Table, columns []catalog.Column, keys []string) error {
	t.Columns = columns
	if len(keys) == 0 {
		return nil
	}
	var missing []string
	for _, k := range keys {
		if !slices.ContainsFunc(columns, func(c catalog.Column) bool { return c.Name == k }) {
			missing = append(missing, k)
		}
	}
	first := len(columns) - len(keys)
	switch {
	case missing != nil:
		return fail(errInvalidProperty, "Partition columns %s not present in schema", bracketed(missing))
	case first <= 0:
		return fail(errInvalidProperty, "Table contains only partition columns")
	}
	for i, k := range keys {
		if columns[first+i].Name != k {
			return fail(errColumnOrder, "Partition keys must be the last columns in the table and in the same order as the table properties: %s", bracketed(keys))
		}
	}
	t.Columns, t.PartitionKeys = columns[:first], columns[first:]
	return nil
}

// setBuckets notes the buckets of a table.
func setBuckets(t *catalog.Table, columns []analyzer.Column, p *properties) error {
	if p.bucketCount == 0 {
		return nil
	}
	var missing []string
	for _, name := range p.bucketedBy {
		i := slices.IndexFunc(columns, func(c analyzer.Column) bool { return c.Name == name })
		switch {
		case i < 0:
			missing = append(missing, name)
		case slices.Contains(p.partitionedBy, name):
			return fail(errInvalidProperty, "Bucketing columns %s present in partition columns", bracketed([]string{name}))
		case !bucketable(columns[i].Type):
			return fail(errNotSupported, "Cannot create a table bucketed on an unsupported type")
		}
	}
	if missing != nil {
		return fail(errInvalidProperty, "Bucketing columns %s not present in schema", bracketed(missing))
	}
	t.Storage.BucketColumns, t.Storage.NumberOfBuckets = p.bucketedBy, int32(p.bucketCount)
	return nil
}

func bracketed(names []string) string {
	out := "["
	for i, n := range names {
		if i > 0 {
			out += ", "
		}
		out += n
	}
	return out + "]"
}
