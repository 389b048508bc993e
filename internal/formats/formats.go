package formats

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Kind is how rows lie in a file.
type Kind uint8

const (
	JSON    Kind = iota + 1 // one JSON object a line
	Text                    // delimited text as LazySimpleSerDe reads it: no quotes
	OpenCSV                 // CSV with quotes as OpenCSVSerde reads it
	Parquet
	ORC
	Regex // the groups of a regular expression are the columns
	Grok  // the keys of a Grok pattern are the columns
	Ion   // each value of a file is a row
	Avro
)

// String names the kind as error messages do.
func (k Kind) String() string {
	switch k {
	case JSON:
		return "JSON"
	case Text:
		return "delimited text"
	case OpenCSV:
		return "CSV"
	case Parquet:
		return "Parquet"
	case ORC:
		return "ORC"
	case Regex:
		return "text of a regular expression"
	case Grok:
		return "text of a Grok pattern"
	case Ion:
		return "Amazon Ion"
	case Avro:
		return "Avro"
	}
	return "unknown"
}

// Format says how to read the files of a table. It follows from the SerDe
// alone, never from a file's name or the table's classification.
type Format struct {
	Kind    Kind
	JSON    JSONOptions
	Text    TextOptions
	OpenCSV OpenCSVOptions
	// AvroSchema is the schema that the table declares, as JSON; "" where it
	// follows from the columns.
	AvroSchema string
	// ByIndex finds columns of Parquet and ORC files by their places, not their
	// names.
	ByIndex bool
	Regex   RegexOptions
	Grok    GrokOptions
	Ion     IonOptions
	// SkipHeader and SkipFooter are how many lines at the start and the end of
	// each file are no rows.
	SkipHeader, SkipFooter int
	// Encoding of lines, a name of encodings; "" is UTF-8.
	Encoding string
	// Compression of files that are written, in capitals as table property
	// write.compression has it; "" is the format's default. Files that are read
	// say themselves.
	Compression string
	// CompressionLevel is that of ZSTD, 1 to 22; 0 is the default.
	CompressionLevel int
}

// JSONOptions are those of the two JSON SerDes.
type JSONOptions struct {
	// Hive is the strict org.apache.hive.hcatalog.data.JsonSerDe; otherwise
	// org.openx.data.jsonserde.JsonSerDe.
	Hive            bool
	IgnoreMalformed bool              // a malformed line is a row of NULLs
	CaseSensitive   bool              // keys match columns by exact case
	DotsInKeys      bool              // a key a.b matches a column a_b
	Mapping         map[string]string // column or field (lower-case) to JSON key
	NullInvalid     bool              // a value that does not fit its column is NULL
	// TimestampFormats are Joda's patterns, which the Hive SerDe tries first.
	TimestampFormats []string
	// CloudTrail has an object with an array of records a line, not an object.
	CloudTrail bool
}

// TextOptions are those of LazySimpleSerDe.
type TextOptions struct {
	Delimiter           byte   // between columns
	CollectionDelimiter byte   // between elements of an array, fields of a struct, entries of a map
	MapKeyDelimiter     byte   // between key and value of a map entry
	Escape              byte   // 0 for none
	NullFormat          string // the text of NULL, by default \N
	LastTakesRest       bool   // the last column takes the rest of the line
	// Levels is how many separators there are, one a level of nesting; 0 is 8.
	Levels int
	// TimestampFormats are Joda's patterns, which are tried first.
	TimestampFormats []string
	// MultiDelimiter is between columns instead of Delimiter, if it is set.
	MultiDelimiter string
}

// OpenCSVOptions are those of OpenCSVSerde. 0 means that the role is empty.
type OpenCSVOptions struct {
	Separator byte
	Quote     byte
	Escape    byte
	// WriteEscape stands before quotes in what is written: Escape where the
	// table names one, otherwise the quote.
	WriteEscape byte
	NullInvalid bool // a value that does not fit its column is NULL
}

// SerDe and input format classes that are read.
const (
	SerDeOpenXJSON  = "org.openx.data.jsonserde.JsonSerDe"
	SerDeHiveJSON   = "org.apache.hive.hcatalog.data.JsonSerDe"
	SerDeHive3JSON  = "org.apache.hadoop.hive.serde2.JsonSerDe"
	SerDeLazySimple = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
	SerDeOpenCSV    = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
	SerDeParquet    = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	SerDeAvro       = "org.apache.hadoop.hive.serde2.avro.AvroSerDe"
	SerDeORC        = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"

	inputText    = "org.apache.hadoop.mapred.TextInputFormat"
	inputParquet = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
	inputAvro    = "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat"
	inputORC     = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat"
)

// UnsupportedError says which SerDe, input format or property of a table is not
// read. It is better than rows that are quietly wrong.
type UnsupportedError struct{ Message string }

func (e *UnsupportedError) Error() string { return e.Message }

func unsupported(format string, args ...any) error {
	return &UnsupportedError{Message: fmt.Sprintf(format, args...)}
}

// Detect reads a table's SerDe: its class, its input format class ("" where the
// catalog has none), its parameters and the table's parameters. A class, or a
// parameter that changes what rows mean, that is not implemented is an
// *UnsupportedError with its name.
func Detect(serdeLibrary, inputFormat string, serdeParams, tableParams map[string]string) (Format, error) {
	f, known, err := detectKind(serdeLibrary, serdeParams, tableParams)
	if err != nil {
		return Format{}, err
	}
	if f.JSON.CloudTrail = f.JSON.Hive && inputFormat == inputCloudTrail; !f.JSON.CloudTrail {
		if err := checkInputFormat(f.Kind, inputFormat); err != nil {
			return Format{}, err
		}
	}
	if serdeLibrary == SerDeCloudTrail && !f.JSON.CloudTrail {
		return Format{}, unsupported("SerDe %s goes with the input format %s alone", SerDeCloudTrail, inputCloudTrail)
	}
	if err := checkSerDeParams(f.Kind, serdeParams, known); err != nil {
		return Format{}, err
	}
	if err := checkTableParams(tableParams); err != nil {
		return Format{}, err
	}
	if f.Kind.rowsInLines() {
		if f.Encoding, err = encodingOf(f.Kind, serdeParams, tableParams); err != nil {
			return Format{}, err
		}
		if f.SkipHeader, err = skippedLines("skip.header.line.count", serdeParams, tableParams); err != nil {
			return Format{}, err
		}
		if f.SkipFooter, err = skippedLines("skip.footer.line.count", serdeParams, tableParams); err != nil {
			return Format{}, err
		}
	}
	f.Compression = writeCompression(f.Kind, tableParams)
	f.CompressionLevel, err = compressionLevel(tableParams)
	return f, err
}

// compressionLevel reads the property that goes with ZSTD.
// https://docs.aws.amazon.com/athena/latest/ug/compression-support-zstd-levels.html
func compressionLevel(params map[string]string) (int, error) {
	text := strings.TrimSpace(params["compression_level"])
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 22 {
		return 0, unsupported("table property compression_level=%q is not a level from 1 to 22", text)
	}
	return n, nil
}

// CheckWritable refuses properties of files of lines by which written rows would
// not be read back.
func (f Format) CheckWritable() error {
	switch {
	case f.JSON.CloudTrail:
		return unsupported("CloudTrail logs are not written")
	case len(f.JSON.TimestampFormats)+len(f.Text.TimestampFormats) > 0:
		return unsupported("SerDe property timestamp.formats: timestamps are not written by patterns")
	case f.SkipHeader > 0 && f.Kind == JSON:
		return unsupported("table property skip.header.line.count=%d: JSON is not written with a header", f.SkipHeader)
	case f.SkipHeader > 1:
		return unsupported("table property skip.header.line.count=%d: a header of more than one line is not written", f.SkipHeader)
	case f.Encoding != "":
		return unsupported("property serialization.encoding=%s: text is written as UTF-8 alone", f.Encoding)
	case f.Text.MultiDelimiter != "":
		return unsupported("delimited text with a delimiter of several characters is not written")
	case f.SkipFooter > 0:
		return unsupported("table property skip.footer.line.count=%d: a footer is not written", f.SkipFooter)
	}
	return nil
}

// writeCompression reads the property that Athena writes by, or the older one of
// the format.
// https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
func writeCompression(k Kind, params map[string]string) string {
	v := params["write.compression"]
	if older := olderCompression[k]; v == "" && older != "" {
		v = params[older]
	}
	return strings.ToUpper(strings.TrimSpace(v))
}

var olderCompression = map[Kind]string{Parquet: "parquet.compression", ORC: "orc.compress", Avro: "avro.output.codec"}

// rowsInLines says whether files are lines of text.
func (k Kind) rowsInLines() bool { return k != Parquet && k != ORC && k != Avro && k != Ion }

// detectKind gives the format and the SerDe parameters that it understands.
func detectKind(library string, serde, table map[string]string) (Format, []string, error) {
	switch library {
	case SerDeOpenXJSON:
		o, err := openXOptions(serde, table)
		return Format{Kind: JSON, JSON: o}, openXParams, err
	case SerDeHiveJSON, SerDeHive3JSON, SerDeCloudTrail:
		texts, err := textFormats(nil, serde)
		return Format{Kind: JSON, JSON: JSONOptions{Hive: true, TimestampFormats: texts}}, hiveJSONParams, err
	case SerDeLazySimple, "":
		o, err := textOptions(serde, table)
		return Format{Kind: Text, Text: o}, textParams, err
	case serDeMultiDelimit, serDeContribMultiDelimit:
		o, err := multiDelimitOptions(serde, table)
		return Format{Kind: Text, Text: o}, multiDelimitParams, err
	case SerDeOpenCSV:
		o, err := openCSVOptions(serde)
		o.NullInvalid = nullsInvalid(serde, table)
		return Format{Kind: OpenCSV, OpenCSV: o}, openCSVParams, err
	case SerDeParquet:
		byIndex, err := columnAccess(serde, table, "parquet.column.index.access", false)
		return Format{Kind: Parquet, ByIndex: byIndex}, parquetParams, err
	case SerDeORC:
		byIndex, err := columnAccess(serde, table, "orc.column.index.access", true)
		return Format{Kind: ORC, ByIndex: byIndex}, orcParams, err
	case SerDeRegex, serDeContribRegex:
		o, err := regexOptions(serde, library == serDeContribRegex)
		return Format{Kind: Regex, Regex: o}, regexParams, err
	case SerDeIon:
		o, known, err := ionOptions(serde)
		return Format{Kind: Ion, Ion: o}, known, err
	case SerDeGrok:
		o, err := grokOptions(serde)
		return Format{Kind: Grok, Grok: o}, grokParams, err
	case SerDeAvro:
		schema, err := avroSchema(serde, table)
		return Format{Kind: Avro, AvroSchema: schema}, avroParams, err
	}
	return Format{}, nil, unsupported("SerDe %s is not supported", library)
}

var inputFormats = map[Kind]string{Parquet: inputParquet, ORC: inputORC, Avro: inputAvro, Ion: inputIon}

func checkInputFormat(k Kind, inputFormat string) error {
	want := inputText
	if w, ok := inputFormats[k]; ok {
		want = w
	}
	if inputFormat == "" || inputFormat == want {
		return nil
	}
	return unsupported("input format %s is not supported for %s", inputFormat, k)
}

// harmlessParams are SerDe parameters that say nothing about how rows are read.
var harmlessParams = map[string]bool{
	"serialization.format": true, // a separator for SerDes that have no field.delim; see textOptions
	"paths":                true, // left by Glue crawlers
	encodingProperty:       true, // checked by encodingOf
}

func checkSerDeParams(k Kind, params map[string]string, known []string) error {
	names := make([]string, 0, len(params))
	for name := range params {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if harmlessParams[name] || knownParam(name, known) || benignValue(name, params[name]) {
			continue
		}
		return unsupported("SerDe property %s=%q is not supported for %s", name, params[name], k)
	}
	return nil
}

func knownParam(name string, known []string) bool {
	for _, k := range known {
		if name == k || strings.HasSuffix(k, ".") && strings.HasPrefix(name, k) {
			return true
		}
	}
	return name == "skip.header.line.count" || name == "skip.footer.line.count"
}

// benignValues are parameters of which one value is how every file is read.
var benignValues = map[string][]string{
	"ignore.malformed.json":   {"false"},
	"case.insensitive":        {"true"},
	"dots.in.keys":            {"false"},
	"explicit.null":           {"true", "false"}, // of writing
	"strict.parsing":          {"true"},
	"parquet.ignore.metadata": {"true", "false"},
	"line.delim":              {"\n", "10", "\\n"},
}

func benignValue(name, value string) bool {
	for _, v := range benignValues[name] {
		if strings.EqualFold(v, value) {
			return true
		}
	}
	return false
}

// meaningfulTableParams change how rows are read; other table parameters are
// descriptions (classification, statistics, projection).
var meaningfulTableParams = []string{
	"timestamp.formats", "textinputformat.record.delimiter",
}

func checkTableParams(params map[string]string) error {
	for _, name := range meaningfulTableParams {
		value, ok := params[name]
		if !ok || benignValue(name, value) {
			continue
		}
		return unsupported("table property %s=%q is not supported", name, value)
	}
	return nil
}

func skippedLines(name string, serde, table map[string]string) (int, error) {
	text := table[name]
	if text == "" {
		text = serde[name]
	}
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > mostSkipped {
		return 0, unsupported("table property %s=%q is not a count of lines up to %d", name, text, mostSkipped)
	}
	return n, nil
}

// mostSkipped bounds what is held back of a file's end.
const mostSkipped = 100_000
