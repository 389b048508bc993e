package orc

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/scopsdb/scops/internal/formats"
)

// Codecs are the compressions that a Writer knows, as table property
// write.compression has them.
var Codecs = map[string]bool{"NONE": true, "ZLIB": true, "SNAPPY": true, "LZ4": true, "ZSTD": true}

var codecNumbers = map[string]compression{"NONE": uncompressed, "ZLIB": zlibCodec, "SNAPPY": snappyCodec, "LZ4": lz4Codec, "ZSTD": zstdCodec}

const (
	writeBlock = 256 << 10
	// writerVersion tells readers that bounds of texts and timestamps are right.
	writerVersion = 6
	// A wall clock of ours is of the calendar that dates have in SQL.
	prolepticGregorian = 2
)

// Writer writes one file, a stripe at a time. It is not safe for concurrent use.
type Writer struct {
	columns  []formats.Column
	codec    compression
	encoder  encoder
	out      io.Writer
	at       int64
	rows     int64
	stripes  []byte // messages of the footer
	metadata []byte // statistics of the stripes
	stats    []*statistics
}

// NewWriter begins a file. The codec is one of Codecs.
func NewWriter(out io.Writer, columns []formats.Column, codec string) (*Writer, error) {
	w := &Writer{columns: columns, codec: codecNumbers[codec], out: out}
	if !Codecs[codec] {
		return nil, fmt.Errorf("ORC compression %s is not written", codec)
	}
	if w.encoder.codec = w.codec; w.codec == zstdCodec {
		var err error // of a single segment: Trino needs the size in the frame
		if w.encoder.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithSingleSegment(true)); err != nil {
			return nil, err
		}
	}
	return w, w.write([]byte(magic))
}

func (w *Writer) write(b []byte) error {
	n, err := w.out.Write(b)
	w.at += int64(n)
	return err
}

// WriteStripe writes rows, one vector a column.
func (w *Writer) WriteStripe(vectors []*formats.Vector, rows int) error {
	c := columnWriter{}
	root := &formats.Vector{Type: formats.Type{Kind: formats.Struct}, Rows: rows, Children: vectors}
	if err := c.column(root, nil); err != nil {
		return err
	}
	offset := w.at
	var footer message
	for _, s := range c.streams {
		b, err := w.encoder.chunks(s.data)
		if err != nil {
			return err
		}
		if err := w.write(b); err != nil {
			return err
		}
		var m message
		m.number(1, uint64(s.key.kind))
		m.number(2, uint64(s.key.column))
		m.number(3, uint64(len(b)))
		footer.bytes(1, m)
	}
	data := w.at - offset
	for _, e := range c.encodings {
		var m message
		m.number(1, uint64(e.kind))
		if e.dictionary() {
			m.number(2, uint64(e.size))
		}
		footer.bytes(2, m)
	}
	footer.bytes(3, []byte("UTC"))
	packed, err := w.encoder.chunks(footer)
	if err != nil {
		return err
	}
	if err := w.write(packed); err != nil {
		return err
	}
	w.rows += int64(rows)
	w.describe(offset, data, int64(len(packed)), int64(rows), c.stats)
	return nil
}

// describe adds a stripe to the footer of the file.
func (w *Writer) describe(offset, data, footer, rows int64, stats []*statistics) {
	var m message
	for number, n := range []int64{offset, 0, data, footer, rows} {
		m.number(protowire.Number(number+1), uint64(n))
	}
	w.stripes = protowire.AppendBytes(protowire.AppendTag(w.stripes, 3, protowire.BytesType), m)
	var s message
	for i, of := range stats {
		s.bytes(1, of.message())
		if i == len(w.stats) {
			w.stats = append(w.stats, newStatistics(of.typ))
		}
		w.stats[i].merge(of)
	}
	w.metadata = protowire.AppendBytes(protowire.AppendTag(w.metadata, 1, protowire.BytesType), s)
}

// Close ends the file; it does not close what it is written to.
func (w *Writer) Close() error {
	if w.encoder.zstd != nil {
		defer w.encoder.zstd.Close()
	}
	content := w.at
	metadata, err := w.encoder.chunks(w.metadata)
	if err != nil {
		return err
	}
	footer, err := w.encoder.chunks(w.footer(content))
	if err != nil {
		return err
	}
	var post message
	post.number(1, uint64(len(footer)))
	post.number(2, uint64(w.codec))
	post.number(3, writeBlock)
	post.bytes(4, []byte{0, 12}) // the version of the format
	post.number(5, uint64(len(metadata)))
	post.number(6, writerVersion)
	post.bytes(8000, []byte(magic))
	end := append(append(append(metadata, footer...), post...), byte(len(post)))
	return w.write(end)
}

func (w *Writer) footer(content int64) []byte {
	var m message
	m.number(1, uint64(len(magic)))
	m.number(2, uint64(content))
	m = append(m, w.stripes...)
	root := formats.Type{Kind: formats.Struct}
	for _, c := range w.columns {
		root.Fields = append(root.Fields, formats.Field{Name: c.Name, Type: c.Type})
	}
	next := uint32(0)
	appendType(&m, root, &next)
	m.number(6, uint64(w.rows))
	for i, s := range w.stats {
		if i == 0 {
			s.values = w.rows
		}
		m.bytes(7, s.message())
	}
	m.number(8, 0) // no row indexes
	m.number(11, prolepticGregorian)
	m.bytes(12, []byte("scops 1"))
	return m
}

// kinds are what types are called in files.
var kinds = map[formats.TypeKind]Kind{
	formats.Boolean: Boolean, formats.TinyInt: Byte, formats.SmallInt: Short, formats.Int: Int, formats.BigInt: Long, formats.Float: Float,
	formats.Double: Double, formats.Decimal: Decimal, formats.String: String, formats.Varchar: Varchar, formats.Char: Char,
	formats.Binary: Binary, formats.Date: Date, formats.Timestamp: Timestamp, formats.Array: List, formats.Map: Map, formats.Struct: Struct,
}

// appendType adds a type and its parts to the footer, in the order of their
// numbers.
func appendType(m *message, t formats.Type, next *uint32) {
	*next++
	var of, parts message
	var ids []byte
	of.number(1, uint64(kinds[t.Kind]))
	for _, f := range t.Fields {
		ids = protowire.AppendVarint(ids, uint64(*next))
		appendType(&parts, f.Type, next)
	}
	if len(ids) > 0 {
		of.bytes(2, ids)
	}
	for _, f := range t.Fields {
		if t.Kind == formats.Struct {
			of.bytes(3, []byte(f.Name))
		}
	}
	switch t.Kind {
	case formats.Varchar, formats.Char:
		of.number(4, uint64(t.Precision))
	case formats.Decimal:
		of.number(5, uint64(t.Precision))
		of.number(6, uint64(t.Scale))
	}
	m.bytes(4, of)
	*m = append(*m, parts...)
}

// encoder compresses the bytes of streams in chunks.
type encoder struct {
	codec compression
	flate *flate.Writer
	zstd  *zstd.Encoder
	lz4   lz4.Compressor
	buf   bytes.Buffer
	spare []byte
}

func (e *encoder) chunks(b []byte) ([]byte, error) {
	if e.codec == uncompressed {
		return b, nil
	}
	var out []byte
	for len(b) > 0 {
		n := min(len(b), writeBlock)
		packed, err := e.compress(b[:n])
		if err != nil {
			return nil, err
		}
		original := 0
		if len(packed) == 0 || len(packed) >= n {
			packed, original = b[:n], 1
		}
		h := len(packed)<<1 | original
		out = append(append(out, byte(h), byte(h>>8), byte(h>>16)), packed...)
		b = b[n:]
	}
	return out, nil
}

// compress compresses a chunk; what it returns is valid until the next call, and
// empty where nothing is saved.
func (e *encoder) compress(b []byte) ([]byte, error) {
	switch e.codec {
	case zlibCodec:
		e.buf.Reset()
		if e.flate == nil {
			var err error
			if e.flate, err = flate.NewWriter(&e.buf, flate.DefaultCompression); err != nil {
				return nil, err
			}
		} else {
			e.flate.Reset(&e.buf)
		}
		if _, err := e.flate.Write(b); err != nil {
			return nil, err
		}
		err := e.flate.Close()
		return e.buf.Bytes(), err
	case snappyCodec:
		e.spare = snappy.Encode(e.spare[:cap(e.spare)], b)
		return e.spare, nil
	case lz4Codec:
		if len(e.spare) < lz4.CompressBlockBound(writeBlock) {
			e.spare = make([]byte, lz4.CompressBlockBound(writeBlock))
		}
		n, err := e.lz4.CompressBlock(b, e.spare)
		return e.spare[:n], err
	}
	e.spare = e.zstd.EncodeAll(b, e.spare[:0])
	return e.spare, nil
}
