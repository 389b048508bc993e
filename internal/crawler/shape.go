package crawler

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

// Classifications that crawlers give, as Glue's built-in classifiers name them.
// https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
const (
	classJSON           = "json"
	classCSV            = "csv"
	classParquet        = "parquet"
	classORC            = "orc"
	classAvro           = "avro"
	classCombinedApache = "combined_apache"
	classApache         = "apache"
	classCloudTrail     = "cloudtrail"
	classUnknown        = "UNKNOWN"
)

// shape is what a file, or all files of a folder, look like.
type shape struct {
	class       string
	compression string          // Glue's compressionType
	columns     []formats.Field // names in lower case; the type of one that was always null is unknown
	csv         csvShape
	grok        string   // input.format of GrokSerDe
	regex       string   // input.regex of RegexSerDe
	custom      string   // the patterns that grok uses besides the built-in ones
	paths       []string // JSON keys of the rows, in order of appearance
	avroSchema  string   // of the newest file
	// records of the sample, and the bytes of the files that they took there;
	// exact where the whole file was seen.
	records, bytes int64
	exact          bool
	why            string // an UNKNOWN file is not recognised
	ending         string // of the files' names
	assumed        bool   // no file was read; the ending is all that is known
}

// csvShape says how fields lie in a line.
type csvShape struct {
	delimiter byte
	quoted    bool
	header    bool
	quote     byte   // 0 is "
	serde     string // that a custom classifier asks for: "" is chosen by quoted

	first []string       // the first line
	rest  []formats.Type // of the columns in the lines after it
}

func unrecognised(why string) shape { return shape{class: classUnknown, why: why} }

// positional says whether readers find columns by their place in a line.
func (s *shape) positional() bool {
	return s.class == classCSV || s.grok != "" || s.regex != ""
}

// samePlace says whether files of both can be read by one SerDe with the same
// parameters.
func samePlace(a, b *shape) bool {
	return a.class == b.class && a.csv.delimiter == b.csv.delimiter && a.csv.header == b.csv.header && a.grok == b.grok && a.regex == b.regex
}

// compatible says whether the files of both can be one table: of the same format
// and, where columns are found by their place, with the same ones up to some at
// the end.
func compatible(a, b *shape) bool {
	if a.assumed || b.assumed {
		return a.ending == b.ending
	}
	if !samePlace(a, b) {
		return false
	}
	if !a.positional() {
		return true
	}
	for i := range min(len(a.columns), len(b.columns)) {
		if a.columns[i].Name != b.columns[i].Name {
			return false
		}
	}
	return true
}

// alike is the part of the columns that two schemas must share to be one table.
const alike = 0.7

// similar says whether most columns are the same by name and of types that have
// a common one.
func similar(a, b *shape) bool {
	if a.assumed || b.assumed {
		return true
	}
	larger := max(len(a.columns), len(b.columns))
	if larger == 0 {
		return true
	}
	return float64(shared(a, b)) >= alike*float64(larger)
}

// within says whether all columns of one are also the other's.
func within(a, b *shape) bool { return shared(a, b) == min(len(a.columns), len(b.columns)) }

// shared counts the columns of both by name with types that have a common one.
func shared(a, b *shape) int {
	types := make(map[string]formats.Type, len(a.columns))
	for _, c := range a.columns {
		types[c.Name] = c.Type
	}
	n := 0
	for _, c := range b.columns {
		if t, ok := types[c.Name]; ok && agree(t, c.Type) {
			n++
		}
	}
	return n
}

// agree says whether a common type loses nothing of either.
func agree(a, b formats.Type) bool {
	return a.Kind == b.Kind || mergeTypes(a, b).Kind != formats.String || a.Kind == 0 || b.Kind == 0
}

// merge is the shape of the files of both; a came first.
func merge(a, b *shape) shape {
	switch {
	case b.assumed:
		return *a
	case a.assumed:
		return *b
	}
	out := *a
	out.csv.quoted = a.csv.quoted || b.csv.quoted
	out.columns = mergeFields(a.columns, b.columns)
	out.paths = union(a.paths, b.paths)
	out.records, out.bytes = a.records+b.records, a.bytes+b.bytes
	out.exact = a.exact && b.exact
	if b.avroSchema != "" {
		out.avroSchema = b.avroSchema
	}
	return out
}

func union(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	seen := make(map[string]bool, len(a))
	for _, s := range a {
		seen[s] = true
	}
	out := a[:len(a):len(a)]
	for _, s := range b {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// reconcile tells a header from data where one file alone cannot: a file of texts
// whose first line is the header of another has one too.
func reconcile(a, b *shape) {
	if a.class != classCSV || b.class != classCSV || a.csv.delimiter != b.csv.delimiter || a.csv.header == b.csv.header {
		return
	}
	if b.csv.header {
		a, b = b, a
	}
	if len(b.csv.first) != len(a.columns) {
		return
	}
	for i, c := range a.columns {
		if !strings.EqualFold(strings.TrimSpace(b.csv.first[i]), c.Name) {
			return
		}
	}
	b.csv.header = true
	b.columns = slices.Clone(a.columns)
	for i := range b.columns {
		b.columns[i].Type = b.csv.rest[i]
	}
	b.records--
}
