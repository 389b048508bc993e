package iceberg

import (
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// Properties of the metadata that Athena's table properties become.
const (
	propFormat      = "write.format.default"
	propCompression = "write.parquet.compression-codec"
	propDataPath    = "write.data.path"
)

// codecs are the compressions of data files, by Iceberg's names.
var codecs = map[string]compress.Codec{
	"zstd": &parquet.Zstd, "gzip": &parquet.Gzip, "snappy": &parquet.Snappy, "uncompressed": &parquet.Uncompressed, "none": &parquet.Uncompressed,
}

// defaultCodec is Athena's.
const defaultCodec = "zstd"

// codecOf is what data files of a table are compressed with, or why none can be
// written.
func codecOf(m *Metadata) (compress.Codec, error) {
	p := m.Properties
	if format := p[propFormat]; format != "" && !strings.EqualFold(format, "parquet") {
		return nil, fail(errNotSupported, nil, "Data files of %s=%s cannot be written: use PARQUET", propFormat, format)
	}
	name := strings.ToLower(p[propCompression])
	if name == "" {
		name = defaultCodec
	}
	codec, ok := codecs[name]
	if !ok {
		return nil, fail(errNotSupported, nil, "Data files of %s=%s cannot be written: use zstd, gzip, snappy or uncompressed", propCompression, p[propCompression])
	}
	return codec, nil
}

// number is a property as a number, or its default.
func number(m *Metadata, name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(m.Properties[name], 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}
