package iceberg

import (
	"fmt"
	"strings"
	"time"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Definition is a table to be made.
type Definition struct {
	Database, Name string
	Columns        []NewColumn
	Partitioning   []PartitionField
	Location       string            // s3://bucket/folder
	Properties     map[string]string // Athena's, see TableProperties
	Comment        string
}

// NewColumn is a column of a table to be made.
type NewColumn struct {
	Name     string // lower-case
	Type     types.Type
	Comment  string
	Required bool
}

// PartitionField is what a table is partitioned by: a column, or a transform of
// one.
type PartitionField struct {
	Column    string // lower-case
	Transform string // identity, year, month, day, hour, bucket, truncate, void
	Width     int    // buckets, or the length of truncate
}

// transforms that take nothing but a column, and the endings of the names of
// their fields.
var transforms = map[string]struct {
	of     ice.Transform
	ending string
}{
	"identity": {ice.IdentityTransform{}, ""},
	"void":     {ice.VoidTransform{}, "_null"},
	"year":     {ice.YearTransform{}, "_year"},
	"month":    {ice.MonthTransform{}, "_month"},
	"day":      {ice.DayTransform{}, "_day"},
	"hour":     {ice.HourTransform{}, "_hour"},
}

// transform gives a field's transform and its name, as Iceberg's Java library
// names it.
func (f PartitionField) transform() (ice.Transform, string, error) {
	if t, ok := transforms[f.Transform]; ok {
		return t.of, f.Column + t.ending, nil
	}
	if f.Width <= 0 {
		return nil, "", fmt.Errorf("the width of %s must be positive", f.Transform)
	}
	switch f.Transform {
	case "bucket":
		return ice.BucketTransform{NumBuckets: f.Width}, f.Column + "_bucket", nil
	case "truncate":
		return ice.TruncateTransform{Width: f.Width}, f.Column + "_trunc", nil
	}
	return nil, "", fmt.Errorf("no partition transform %s", f.Transform)
}

// metadata is that of a new table without rows.
func (d Definition) metadata(now time.Time) (*Metadata, error) {
	var n ids
	fields := make([]ice.NestedField, len(d.Columns))
	for i, c := range d.Columns {
		fields[i] = ice.NestedField{ID: n.next(), Name: c.Name, Doc: c.Comment, Required: c.Required}
	}
	for i, c := range d.Columns {
		var err error
		if fields[i].Type, err = typeOf(c.Type, &n); err != nil {
			return nil, fail(errNotSupported, err, "column %s: %v", c.Name, err)
		}
	}
	schema := ice.NewSchema(0, fields...)
	var options []ice.PartitionOption
	for _, f := range d.Partitioning {
		tr, name, err := f.transform()
		if err != nil {
			return nil, fail(errArguments, err, "%v", err)
		}
		source, ok := schema.FindFieldByName(f.Column)
		if !ok {
			return nil, fail("COLUMN_NOT_FOUND", nil, "Column '%s' not found", f.Column)
		}
		if !tr.CanTransform(source.Type) {
			return nil, fail(errArguments, nil, "Invalid source type %s for transform: %s", source.Type, tr)
		}
		options = append(options, ice.AddPartitionFieldByName(f.Column, name, tr, schema, nil))
	}
	spec, err := ice.NewPartitionSpecOpts(options...)
	if err == nil { // the ids of its fields
		before := firstPartitionID - 1
		spec, err = spec.BindToSchema(schema, &before, nil)
	}
	if err != nil {
		return nil, fail(errArguments, err, "%v", err)
	}
	properties, err := metadataProperties(d.Properties)
	if err != nil {
		return nil, err
	}
	return newMetadata(schema, spec, int(n), folder(d.Location), properties, now), nil
}

// TableProperties are Athena's properties of Iceberg tables, and what the
// metadata calls those that it knows under another name.
// https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
var TableProperties = map[string]string{
	"format":                                    propFormat,
	"write_compression":                         propCompression,
	"optimize_rewrite_data_file_threshold":      "",
	"optimize_rewrite_delete_file_threshold":    "",
	"optimize_rewrite_min_data_file_size_bytes": "",
	"optimize_rewrite_max_data_file_size_bytes": "",
	"write_target_data_file_size_bytes":         "",
	"vacuum_min_snapshots_to_keep":              "",
	"vacuum_max_snapshot_age_seconds":           "",
	"vacuum_max_metadata_files_to_keep":         "",
}

// compressions are Athena's names of Iceberg's codecs.
var compressions = map[string]string{
	"ZSTD": "zstd", "GZIP": "gzip", "SNAPPY": "snappy", "NONE": "uncompressed", "UNCOMPRESSED": "uncompressed",
}

// metadataProperties checks table properties and names them as the metadata
// does.
func metadataProperties(in map[string]string) (ice.Properties, error) {
	out := ice.Properties{}
	for k, v := range in {
		key := strings.ToLower(k)
		name, known := TableProperties[key]
		switch {
		case key == ParamTableType || key == "comment":
			continue
		case !known:
			return nil, fail(errNotSupported, nil, "Unsupported table property key: %s", k)
		case key == "format":
			if !strings.EqualFold(v, "parquet") {
				return nil, fail(errNotSupported, nil, "format '%s' is not supported for Iceberg tables: use PARQUET", v)
			}
			v = "parquet"
		case key == "write_compression":
			codec, ok := compressions[strings.ToUpper(v)]
			if !ok {
				return nil, fail(errNotSupported, nil, "write_compression '%s' is not supported for Iceberg tables: use ZSTD, GZIP, SNAPPY or NONE", v)
			}
			v = codec
		default:
			var n int64
			if _, err := fmt.Sscanf(v, "%d", &n); err != nil || n < 0 || fmt.Sprint(n) != strings.TrimSpace(v) {
				return nil, fail("INVALID_TABLE_PROPERTY", nil, "table property %s: '%s' is no number", k, v)
			}
		}
		if name == "" {
			name = key
		}
		out[name] = v
	}
	return out, nil
}
