package duckdb

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	parquetfooter "github.com/scopsdb/scops/internal/formats/footer"
)

// footer is what a scan needs to know of a Parquet file.
type footer struct {
	schema *parquetSchema
	bytes  []int64 // compressed bytes of the chunks of each top-level column
	rows   int64
}

// parquetSchema is shared by all files that have it.
type parquetSchema struct {
	columns []*parquetNode
	byName  map[string][]int // lower-case name: top-level columns
}

// parquetNode is a column of a file or a part of one.
type parquetNode struct {
	name      string
	repeated  bool
	group     bool
	physical  format.Type
	logical   format.LogicalTypeValue // nil for none
	converted deprecated.ConvertedType
	annotated bool // converted is set
	precision int
	scale     int
	fieldID   int // 0 for none
	children  []*parquetNode

	alias   string // what the table calls it, where it is found by its id
	aliased bool
}

// footerCache keeps footers of files and their schemas.
type footerCache struct {
	files   *fileCache[footer]
	mu      sync.Mutex
	schemas map[string]*parquetSchema
}

// errCodec is of files whose pages DuckDB does not decompress.
var errCodec = errors.New("Parquet files are not supported with compression")

const (
	footerGeneration = 1 << 16
	schemaLimit      = 1 << 12
)

func newFooterCache() *footerCache {
	return &footerCache{files: newFileCache[footer](footerGeneration), schemas: map[string]*parquetSchema{}}
}

// footer reads a file's footer, or finds it.
func (c *footerCache) footer(path string) (*footer, error) {
	return c.files.get(path, func(fileVersion) (*footer, error) {
		meta, err := readFooter(path)
		if err != nil {
			return nil, err
		}
		return c.build(meta)
	})
}

var errNoParquet = parquetfooter.ErrNotParquet

func readFooter(path string) (*format.FileMetaData, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return parquetfooter.Read(f, info.Size())
}

func (c *footerCache) build(meta *format.FileMetaData) (*footer, error) {
	schema, err := c.schema(meta.Schema)
	if err != nil {
		return nil, err
	}
	var top []int // of each leaf
	for i, n := range schema.columns {
		for range n.leaves() {
			top = append(top, i)
		}
	}
	f := &footer{schema: schema, rows: meta.NumRows, bytes: make([]int64, len(schema.columns))}
	for _, g := range meta.RowGroups {
		if len(g.Columns) != len(top) {
			return nil, fmt.Errorf("%w: a row group has %d columns of %d", errNoParquet, len(g.Columns), len(top))
		}
		for i, chunk := range g.Columns {
			if codec := chunk.MetaData.Codec; codec == format.Lz4 || codec == format.LZO {
				return nil, fmt.Errorf("%w %s: only LZ4_RAW, SNAPPY, GZIP, ZSTD and BROTLI are", errCodec, codec)
			}
			f.bytes[top[i]] += max(0, chunk.MetaData.TotalCompressedSize)
		}
	}
	return f, nil
}

// schema builds the tree of a footer's schema, or finds the same one.
func (c *footerCache) schema(elements []format.SchemaElement) (*parquetSchema, error) {
	identity := schemaIdentity(elements)
	c.mu.Lock()
	s := c.schemas[identity]
	c.mu.Unlock()
	if s != nil {
		return s, nil
	}
	if len(elements) == 0 {
		return nil, errNoParquet
	}
	b := schemaBuilder{rest: elements[1:]}
	s = &parquetSchema{byName: map[string][]int{}}
	for range elements[0].NumChildren.V {
		n, err := b.node(0)
		if err != nil {
			return nil, err
		}
		name := strings.ToLower(n.name)
		s.byName[name] = append(s.byName[name], len(s.columns))
		s.columns = append(s.columns, n)
	}
	if len(b.rest) > 0 {
		return nil, errNoParquet
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.schemas) >= schemaLimit {
		clear(c.schemas)
	}
	c.schemas[identity] = s
	return s, nil
}

// schemaIdentity is text that two schemas share where they are the same.
func schemaIdentity(elements []format.SchemaElement) string {
	var b strings.Builder
	for i := range elements {
		e := &elements[i]
		fmt.Fprintf(&b, "%q %v %v %v %v %v %v %v %v\n", e.Name, e.FieldID, e.Type, e.NumChildren, e.RepetitionType, e.ConvertedType, e.Precision, e.Scale, e.LogicalType.String())
	}
	return b.String()
}

type schemaBuilder struct{ rest []format.SchemaElement }

const maxSchemaDepth = 64

func (b *schemaBuilder) node(depth int) (*parquetNode, error) {
	if len(b.rest) == 0 || depth > maxSchemaDepth {
		return nil, errNoParquet
	}
	e := b.rest[0]
	b.rest = b.rest[1:]
	n := &parquetNode{
		name: e.Name, repeated: e.RepetitionType.V == format.Repeated, group: !e.Type.Valid,
		physical: e.Type.V, logical: e.LogicalType.Value, converted: e.ConvertedType.V,
		annotated: e.ConvertedType.Valid, precision: int(e.Precision.V), scale: int(e.Scale.V),
		fieldID: int(e.FieldID),
	}
	if d, ok := n.logical.(*format.DecimalType); ok {
		n.precision, n.scale = int(d.Precision), int(d.Scale)
	}
	for range e.NumChildren.V {
		child, err := b.node(depth + 1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	return n, nil
}

func (n *parquetNode) leaves() int {
	if !n.group {
		return 1
	}
	count := 0
	for _, c := range n.children {
		count += c.leaves()
	}
	return count
}

// is says whether the node has a converted type.
func (n *parquetNode) is(t deprecated.ConvertedType) bool { return n.annotated && n.converted == t }
