package tablewriter

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// properties are those of CREATE TABLE AS and UNLOAD, read.
// https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
type properties struct {
	format        string // PARQUET, ORC, AVRO, JSON, TEXTFILE
	compression   string // in capitals; "" for the format's default
	level         int    // of ZSTD; 0 for the default
	delimiter     string
	location      string // external_location; "" without
	partitionedBy []string
	bucketedBy    []string
	bucketCount   int
	tableType     string // HIVE or ICEBERG
}

type setter func(p *properties, value any) error

// ctasProperties and unloadProperties are the properties by their names.
var (
	ctasProperties = map[string]setter{
		"format": setFormat, "write_compression": setCompression(""),
		"parquet_compression": setCompression("PARQUET"), "orc_compression": setCompression("ORC"),
		"compression_level": setLevel, "field_delimiter": setDelimiter, "external_location": setLocation,
		"partitioned_by": setNames(func(p *properties) *[]string { return &p.partitionedBy }),
		"bucketed_by":    setNames(func(p *properties) *[]string { return &p.bucketedBy }),
		"bucket_count":   setBucketCount, "is_external": setExternal, "table_type": setTableType,
	}
	unloadProperties = map[string]setter{
		"format": setFormat, "compression": setCompression(""), "compression_level": setLevel, "field_delimiter": setDelimiter,
		"partitioned_by": setNames(func(p *properties) *[]string { return &p.partitionedBy }),
	}
)

// readProperties reads a list against the properties of a statement.
func readProperties(kind analyzer.WriteKind, list []analyzer.Property) (*properties, error) {
	known, what := ctasProperties, "table property"
	if kind == analyzer.UnloadTo {
		known, what = unloadProperties, "UNLOAD property"
	}
	p := &properties{}
	for _, given := range list {
		set, ok := known[given.Name]
		if !ok {
			return nil, fail(errInvalidProperty, "line %s: Catalog 'awsdatacatalog' %s '%s' does not exist", given.At, what, given.Name)
		}
		if err := set(p, given.Value); err != nil {
			return nil, fail(errInvalidProperty, "line %s: Invalid value for catalog 'awsdatacatalog' %s '%s': %v", given.At, what, given.Name, err)
		}
	}
	if p.format == "" && kind == analyzer.UnloadTo {
		return nil, fail(errInvalidProperty, "UNLOAD needs the property format")
	}
	p.format = cmp.Or(p.format, "PARQUET")
	return p, p.check()
}

// check refuses properties that do not go together.
func (p *properties) check() error {
	switch {
	case p.delimiter != "" && p.format != "TEXTFILE":
		return fail(errInvalidProperty, "field_delimiter goes with the format TEXTFILE alone, not with %s", p.format)
	case p.level != 0 && p.compression != "ZSTD":
		return fail(errInvalidProperty, "compression_level goes with the compression ZSTD alone")
	case (len(p.bucketedBy) == 0) != (p.bucketCount == 0):
		return fail(errInvalidProperty, "bucketed_by and bucket_count must be specified together")
	case p.bucketCount > maxBuckets:
		return fail(errInvalidProperty, "bucket_count should be no more than %d", maxBuckets)
	}
	return nil
}

// maxBuckets is Trino's.
const maxBuckets = 1_000_000

func text(value any) (string, error) {
	s, ok := value.(string)
	if !ok {
		return "", fmt.Errorf("%v is not a text", value)
	}
	return s, nil
}

func setFormat(p *properties, value any) error {
	s, err := text(value)
	if err != nil {
		return err
	}
	s = strings.ToUpper(s)
	if s == "TEXT" {
		s = "TEXTFILE"
	}
	if _, ok := storages[s]; !ok {
		return fmt.Errorf("%s is none of PARQUET, ORC, AVRO, JSON, TEXTFILE", s)
	}
	p.format = s
	return nil
}

// setCompression sets the compression; the older names go with one format.
func setCompression(format string) setter {
	return func(p *properties, value any) error {
		s, err := text(value)
		if err != nil {
			return err
		}
		if format != "" && p.format != format && (p.format != "" || format != "PARQUET") {
			return fmt.Errorf("it goes with the format %s", format)
		}
		if p.compression != "" {
			return fmt.Errorf("the compression is given twice")
		}
		p.compression = strings.ToUpper(s)
		return nil
	}
}

func setLevel(p *properties, value any) error {
	n, ok := value.(int64)
	if !ok || n < 1 || n > 22 {
		return fmt.Errorf("%v is not a level from 1 to 22", value)
	}
	p.level = int(n)
	return nil
}

func setDelimiter(p *properties, value any) error {
	s, err := text(value)
	if err != nil {
		return err
	}
	if unescaped, ok := map[string]string{`\t`: "\t", `\001`: "\x01"}[s]; ok {
		s = unescaped
	}
	if len(s) != 1 {
		return fmt.Errorf("%q is not a single character", s)
	}
	p.delimiter = s
	return nil
}

func setLocation(p *properties, value any) error {
	s, err := text(value)
	if err != nil {
		return err
	}
	_, key, err := objects.SplitURI(s)
	if err != nil {
		return err
	}
	if strings.Contains(key, "//") {
		return fmt.Errorf("%s has an empty folder name (//)", s)
	}
	p.location = catalog.FolderURI(s)
	return nil
}

func setNames(field func(*properties) *[]string) setter {
	return func(p *properties, value any) error {
		names, ok := value.([]string)
		if !ok {
			return fmt.Errorf("%v is not an array of names", value)
		}
		for _, n := range names {
			*field(p) = append(*field(p), strings.ToLower(n))
		}
		return nil
	}
}

func setBucketCount(p *properties, value any) error {
	n, ok := value.(int64)
	if !ok || n < 1 || n > 1<<31-1 {
		return fmt.Errorf("%v is not a number of buckets", value)
	}
	p.bucketCount = int(n)
	return nil
}

// setExternal takes is_external: tables of Athena that are not Iceberg's are
// external.
func setExternal(_ *properties, value any) error {
	external, ok := value.(bool)
	if !ok {
		return fmt.Errorf("%v is not true or false", value)
	}
	if !external {
		return fmt.Errorf("false goes with Iceberg tables alone")
	}
	return nil
}

func setTableType(p *properties, value any) error {
	s, err := text(value)
	if err != nil {
		return err
	}
	p.tableType = strings.ToUpper(s)
	if p.tableType != "HIVE" {
		return fmt.Errorf("%s is not supported", s)
	}
	return nil
}
