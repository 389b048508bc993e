package formats

import (
	"strconv"
	"strings"
)

var (
	openXParams    = []string{"ignore.malformed.json", "case.insensitive", "dots.in.keys", "ConvertDotsInJsonKeysToUnderscores", "mapping.", nullInvalid}
	hiveJSONParams = []string{"timestamp.formats"}
	textParams     = []string{"field.delim", "serialization.format", "collection.delim", "colelction.delim", "mapkey.delim", "escape.delim", "serialization.null.format", "serialization.last.column.takes.rest", extendedNesting, furtherNesting, "timestamp.formats"}
	openCSVParams  = []string{"separatorChar", "quoteChar", "escapeChar", nullInvalid}
	parquetParams  = []string{"parquet.column.index.access", "parquet.compress", "parquet.compression"}
	avroParams     = []string{"avro.schema.literal", "avro.schema.url"}
	orcParams      = []string{"orc.column.index.access", "orc.compress"}
)

// Properties that give delimited text more levels of nesting than eight.
const (
	extendedNesting = "hive.serialization.extend.nesting.levels"
	furtherNesting  = "hive.serialization.extend.additional.nesting.levels"
)

func openXOptions(p, table map[string]string) (JSONOptions, error) {
	o := JSONOptions{
		IgnoreMalformed: isTrue(p["ignore.malformed.json"]),
		DotsInKeys:      isTrue(p["dots.in.keys"]) || isTrue(p["ConvertDotsInJsonKeysToUnderscores"]), // the older name
		NullInvalid:     nullsInvalid(p, table),
	}
	if v, ok := p["case.insensitive"]; ok {
		o.CaseSensitive = !isTrue(v)
	}
	for name, key := range p {
		column, ok := strings.CutPrefix(name, "mapping.")
		if !ok {
			continue
		}
		if o.Mapping == nil {
			o.Mapping = map[string]string{}
		}
		o.Mapping[strings.ToLower(column)] = key
	}
	return o, nil
}

// textOptions reads the delimiters. Hive 1 spelled collection.delim wrongly,
// and tables still carry that name.
func textOptions(p, table map[string]string) (TextOptions, error) {
	o := TextOptions{NullFormat: `\N`}
	var err error
	set := func(to *byte, byDefault byte, names ...string) {
		*to = byDefault
		for _, name := range names {
			if v, ok := p[name]; ok && v != "" && err == nil {
				*to, err = delimiter(name, v)
				return
			}
		}
	}
	set(&o.Delimiter, 1, "field.delim", "serialization.format")
	set(&o.CollectionDelimiter, 2, "collection.delim", "colelction.delim")
	set(&o.MapKeyDelimiter, 3, "mapkey.delim")
	if _, ok := p["escape.delim"]; ok {
		set(&o.Escape, '\\', "escape.delim")
	}
	if v, ok := table["serialization.null.format"]; ok {
		o.NullFormat = v
	}
	if v, ok := p["serialization.null.format"]; ok {
		o.NullFormat = v
	}
	switch {
	case isTrue(p[furtherNesting]) || isTrue(table[furtherNesting]):
		o.Levels = 3 + len(deeperSeparators)
	case isTrue(p[extendedNesting]) || isTrue(table[extendedNesting]):
		o.Levels = extendedLevels
	}
	if o.TimestampFormats, err = textFormats(err, p); err != nil {
		return o, err
	}
	o.LastTakesRest = isTrue(p["serialization.last.column.takes.rest"])
	return o, err
}

// textFormats reads timestamp.formats, unless an error came before.
func textFormats(before error, p map[string]string) ([]string, error) {
	if before != nil {
		return nil, before
	}
	texts, err := splitFormats(p["timestamp.formats"])
	if err == nil {
		_, err = parseFormats(texts)
	}
	return texts, err
}

func openCSVOptions(p map[string]string) (o OpenCSVOptions, err error) {
	o = OpenCSVOptions{Separator: ',', Quote: '"', Escape: '\\'}
	defer func() {
		if o.WriteEscape = o.Quote; p["escapeChar"] != "" && o.Escape != 0 {
			o.WriteEscape = o.Escape
		}
	}()
	for name, to := range map[string]*byte{"separatorChar": &o.Separator, "quoteChar": &o.Quote, "escapeChar": &o.Escape} {
		v, ok := p[name]
		if !ok || v == "" {
			continue
		}
		c, ok := oneByte(v)
		if !ok {
			return o, unsupported("SerDe property %s=%q is not one ASCII character", name, v)
		}
		*to = c
	}
	// Quotes are doubled inside quotes in any case, so an escape that equals
	// the quote means no other escape.
	if o.Escape == o.Quote {
		o.Escape = 0
	}
	if o.Separator == 0 || o.Separator == o.Quote || o.Separator == o.Escape {
		return o, unsupported("SerDe property separatorChar=%q is also the quote or escape character", p["separatorChar"])
	}
	return o, nil
}

// delimiter reads a delimiter as Hive does: the number of a byte, or a
// character.
func delimiter(name, v string) (byte, error) {
	if n, err := strconv.ParseInt(v, 10, 8); err == nil {
		return byte(n), nil
	}
	if c, ok := oneByte(v); ok {
		return c, nil
	}
	return 0, unsupported("SerDe property %s=%q is not one ASCII character", name, v)
}

// oneByte reads one ASCII character, also written as \t, \001 or \u0001.
func oneByte(v string) (byte, bool) {
	if len(v) == 1 && v[0] < 0x80 {
		return v[0], true
	}
	if len(v) < 2 || v[0] != '\\' {
		return 0, false
	}
	switch v[1:] {
	case "t":
		return '\t', true
	case "\\":
		return '\\', true
	case "\"", "'":
		return v[1], true
	}
	digits, base := v[1:], 8
	if v[1] == 'u' {
		digits, base = v[2:], 16
	}
	n, err := strconv.ParseUint(digits, base, 8)
	return byte(n), err == nil && n < 0x80
}

// columnAccess reads whether columns of files are found by their places: by the
// SerDe's property, or the table's.
// https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
func columnAccess(serde, table map[string]string, name string, byDefault bool) (bool, error) {
	v, ok := serde[name]
	if !ok {
		v, ok = table[name]
	}
	if !ok {
		return byDefault, nil
	}
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, unsupported("SerDe property %s=%q is neither true nor false", name, v)
}

// isTrue is Java's Boolean.parseBoolean.
func isTrue(v string) bool { return strings.EqualFold(v, "true") }

// avroSchema is the schema that a table declares, by the SerDe's property or the
// table's. Athena does not take a URL either.
// https://docs.aws.amazon.com/athena/latest/ug/avro-serde.html
func avroSchema(serde, table map[string]string) (string, error) {
	for _, properties := range []map[string]string{serde, table} {
		if url := strings.TrimSpace(properties["avro.schema.url"]); url != "" {
			return "", unsupported("SerDe property avro.schema.url=%q is not supported: use avro.schema.literal", url)
		}
	}
	for _, properties := range []map[string]string{serde, table} {
		if text := strings.TrimSpace(properties["avro.schema.literal"]); text != "" && text != "none" {
			return text, nil
		}
	}
	return "", nil
}
