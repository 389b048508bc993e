package formats

import "bytes"

// The class that takes delimiters of several characters between columns, with
// its older name.
const (
	serDeMultiDelimit        = "org.apache.hadoop.hive.serde2.MultiDelimitSerDe"
	serDeContribMultiDelimit = "org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe"
)

var multiDelimitParams = []string{"field.delim", "collection.delim", "colelction.delim", "mapkey.delim", "serialization.null.format", "timestamp.formats"}

// multiDelimitOptions reads the properties. Delimiters below the columns' have
// one character, and nothing is escaped.
func multiDelimitOptions(p, table map[string]string) (TextOptions, error) {
	delimiter := p["field.delim"]
	if delimiter == "" {
		return TextOptions{}, unsupported("SerDe property field.delim is missing: MultiDelimitSerDe needs one")
	}
	rest := map[string]string{}
	for name, v := range p {
		if name != "field.delim" && name != "serialization.format" {
			rest[name] = v
		}
	}
	o, err := textOptions(rest, table)
	o.MultiDelimiter = delimiter
	return o, err
}

// splitMulti cuts b at the first delimiter of several characters.
func (d *textDecoder) splitMulti(b []byte) (value, rest []byte, more bool) {
	return bytes.Cut(b, d.multi)
}
