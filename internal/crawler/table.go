package crawler

import (
	"crypto/md5" //nolint:gosec // names tables apart, as Glue does
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// storage are the classes that Glue's crawler writes for a classification.
type storage struct{ serde, input, output string }

const (
	textInput  = "org.apache.hadoop.mapred.TextInputFormat"
	textOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
)

var storages = map[string]storage{
	classJSON: {formats.SerDeOpenXJSON, textInput, textOutput},
	classCSV:  {formats.SerDeLazySimple, textInput, textOutput},
	classParquet: {
		formats.SerDeParquet, "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
		"org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
	},
	classORC: {
		formats.SerDeORC, "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
		"org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
	},
	classCloudTrail: {formats.SerDeHiveJSON, "com.amazon.emr.cloudtrail.CloudTrailInputFormat", textOutput},
	classAvro: {
		formats.SerDeAvro, "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
		"org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
	},
}

// found is a table that a crawl found, and where its partitions are.
type found struct {
	table      catalog.Table // without a database; its name is the folder's
	partitions []catalog.Partition
	partial    bool // not all of the objects were read: there may be more columns, and wider types
}

// tables turns candidates into definitions.
func (g *grouper) tables(candidates []candidate) []found {
	var out []found
	for i := range candidates {
		c := &candidates[i]
		if c.shape.assumed {
			g.note("%s was not read, or holds one line alone, and is like no folder beside it", g.uri(c.root))
			continue
		}
		out = append(out, g.found(c))
	}
	return out
}

func (g *grouper) found(c *candidate) found {
	t := catalog.Table{
		Name: tableName(c.root.name), Type: catalog.ExternalTable, Owner: "owner", Location: g.uri(c.root),
		PartitionKeys: partitionKeys(c.keys),
	}
	g.describe(&t, &c.shape)
	var objects, bytes, read int64
	for _, f := range c.leaves {
		f.each(func(x *folder) {
			objects, bytes = objects+x.objects, bytes+x.bytes
			if !x.unread {
				read += int64(len(x.kept))
			}
		})
	}
	t.Parameters = tableParameters(&c.shape, objects, bytes)
	t.Storage = catalog.Storage{Compressed: c.shape.compression != uncompressed, NumberOfBuckets: -1, Parameters: t.Parameters}
	out := found{table: t, partial: read < objects || !c.shape.exact}
	if len(c.keys) > 0 {
		for _, f := range c.leaves {
			out.partitions = append(out.partitions, catalog.Partition{Values: valuesOf(f, len(c.keys)), Location: g.uri(f)})
		}
	}
	return out
}

// describe gives t its columns and SerDe.
func (g *grouper) describe(t *catalog.Table, s *shape) {
	st, ok := storages[s.class]
	switch {
	case s.grok != "":
		st, ok = storage{formats.SerDeGrok, textInput, textOutput}, true
	case s.regex != "":
		st, ok = storage{formats.SerDeRegex, textInput, textOutput}, true
	}
	if !ok {
		st = storage{formats.SerDeLazySimple, textInput, textOutput}
	}
	params := map[string]string{}
	switch {
	case s.grok != "":
		params["input.format"] = s.grok
		if s.custom != "" {
			params["input.grokCustomPatterns"] = s.custom
		}
	case s.regex != "":
		params["input.regex"] = s.regex
	case s.class == classCSV && s.openCSV():
		st.serde = formats.SerDeOpenCSV
		params["separatorChar"], params["quoteChar"], params["escapeChar"] = string(s.csv.delimiter), `"`, `\`
		if s.csv.quote != 0 {
			params["quoteChar"] = string(s.csv.quote)
		}
	case s.class == classCSV:
		params["field.delim"] = string(s.csv.delimiter)
	case s.class == classJSON:
		paths := slices.Clone(s.paths)
		slices.Sort(paths)
		params[paramPaths] = strings.Join(paths, ",")
	default:
		params["serialization.format"] = "1"
	}
	if s.avroSchema != "" {
		params["avro.schema.literal"] = s.avroSchema
	}
	t.InputFormat, t.OutputFormat = st.input, st.output
	t.SerDe = catalog.SerDe{Library: st.serde, Parameters: params}
	t.Columns = g.columns(t, s)
}

// openCSV says whether the fields need the SerDe that knows quotes. It reads all
// columns as text.
func (s *shape) openCSV() bool {
	switch s.csv.serde {
	case "OpenCSVSerDe":
		return true
	case "LazySimpleSerDe":
		return false
	}
	return s.csv.quoted
}

// columns are those of the files without those that partition keys stand for.
func (g *grouper) columns(t *catalog.Table, s *shape) []catalog.Column {
	taken := map[string]bool{}
	for _, k := range t.PartitionKeys {
		taken[k.Name] = true
	}
	var out []catalog.Column
	for i, f := range s.columns {
		name := f.Name
		if s.class == classJSON && strings.Contains(name, ".") {
			name = strings.ReplaceAll(name, ".", "_")
			t.SerDe.Parameters["mapping."+name] = originalKey(s.paths, f.Name)
		}
		if taken[name] {
			if !s.positional() {
				g.note("%s: column %s is left out, as it is also a partition key", t.Location, name)
				continue
			}
			name += "_col" + strconv.Itoa(i)
		}
		taken[name] = true
		kind := settled(f.Type)
		if s.class == classCSV && s.openCSV() {
			kind = stringType
		}
		out = append(out, catalog.Column{Name: name, Type: kind.String()})
	}
	return out
}

func originalKey(keys []string, lower string) string {
	for _, k := range keys {
		if strings.ToLower(k) == lower {
			return k
		}
	}
	return lower
}

// partitionKeys names the levels of folders: the key that they name, and
// partition_0, partition_1, … by their place.
func partitionKeys(keys []string) []catalog.Column {
	out := make([]catalog.Column, len(keys))
	seen := map[string]bool{}
	for i, name := range keys {
		if name == "" || seen[name] {
			name = "partition_" + strconv.Itoa(i)
		}
		seen[name] = true
		out[i] = catalog.Column{Name: name, Type: "string"}
	}
	return out
}

// valuesOf are the partition values of a folder n levels below its table.
func valuesOf(f *folder, n int) []string {
	out := make([]string, n)
	for i := n - 1; i >= 0; i-- {
		out[i] = valueOf(f.name)
		f = f.parent
	}
	return out
}

// Parameters that Glue's crawler writes. Its name for the crawler is
// UPDATED_BY_CRAWLER.
const (
	paramUpdatedBy  = "UPDATED_BY_CRAWLER"
	paramDeprecated = "DEPRECATED_BY_CRAWLER"
	paramClass      = "classification"
	paramHeader     = "skip.header.line.count"
	paramPaths      = "paths" // of JSON
)

// statistics are the parameters that change with the data alone.
var statistics = []string{"objectCount", "sizeKey", "recordCount", "averageRecordSize"}

func tableParameters(s *shape, objects, bytes int64) map[string]string {
	average := int64(1)
	if s.records > 0 {
		average = max(1, s.bytes/s.records)
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	p := map[string]string{
		"CrawlerSchemaSerializerVersion": "1.0", "CrawlerSchemaDeserializerVersion": "1.0",
		paramClass: s.class, "compressionType": s.compression, "typeOfData": "file",
		"objectCount": number(objects), "sizeKey": number(bytes), "recordCount": number(bytes / average), "averageRecordSize": number(average),
	}
	if s.class == classCSV {
		p["areColumnsQuoted"], p["columnsOrdered"], p["delimiter"] = strconv.FormatBool(s.csv.quoted), "true", string(s.csv.delimiter)
		if s.csv.header {
			p[paramHeader] = "1"
		}
	}
	if s.grok != "" {
		p["grokPattern"] = s.grok
	}
	return p
}

// tableName is the name that a folder gives: letters, digits and underscores in
// lower case.
func tableName(folder string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f {
			return r
		}
		return '_'
	}, strings.ToLower(folder))
	return name[:min(len(name), 200)]
}

// hashedName tells apart tables whose folders have the same name.
func hashedName(name, location string) string {
	sum := md5.Sum([]byte(location)) //nolint:gosec // not for security
	return name + "_" + hex.EncodeToString(sum[:])
}
