package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/scopsdb/scops/internal/formats/footer"
	"github.com/scopsdb/scops/internal/objects"
)

const (
	// largestSample bounds what is read of one file. Glue reads the first
	// megabyte too.
	largestSample = 1 << 20
	sampleRecords = 1000
)

// sampler reads the beginnings of objects and recognises them.
type sampler struct {
	store  objects.Store
	custom []Classifier
	bytes  int // of each object
}

// shape recognises one object by ranged reads of its ends.
func (s *sampler) shape(ctx context.Context, o objects.Info) (shape, error) {
	head, err := s.read(ctx, o, 0, int64(s.bytes))
	if err != nil {
		return shape{}, err
	}
	whole := int64(len(head)) == o.Size
	if bytes.HasPrefix(head, []byte("PAR1")) {
		return s.parquet(ctx, o)
	}
	if bytes.HasPrefix(head, []byte("ORC")) {
		return s.orc(ctx, o)
	}
	packed := compressionOf(o.Key, head)
	content := head
	if packed != nil {
		if content, err = packed.decompressed(head, s.bytes); err != nil {
			return unrecognised(fmt.Sprintf("its %s content cannot be read: %v", packed.name, err)), nil
		}
		whole = whole && len(content) < s.bytes
	}
	out := classify(content, whole, s.custom)
	out.compression = uncompressed
	if packed != nil {
		out.compression = packed.name
		// What the records took in the file is not known before its end.
		out.bytes = out.bytes * int64(len(head)) / int64(max(len(content), 1))
	}
	return readable(out, o.Key, packed), nil
}

// readable is s, unless readers of Hive tables, who go by the ending of the
// name, would not undo the compression.
func readable(s shape, key string, packed *compression) shape {
	ending := strings.ToLower(path.Ext(key))
	if s.class == classUnknown || s.class == classAvro && packed == nil {
		return s
	}
	if s.class == classAvro {
		return unrecognised("it is an Avro file that is compressed as a whole, which queries do not read")
	}
	if packed != nil && ending != packed.ending {
		return unrecognised(fmt.Sprintf("its content is compressed with %s and its name does not end with %s, by which queries know that", packed.name, packed.ending))
	}
	for _, c := range compressions {
		if packed == nil && ending == c.ending {
			return unrecognised(fmt.Sprintf("its name ends with %s and its content is not compressed with %s", c.ending, c.name))
		}
	}
	return s
}

func (s *sampler) read(ctx context.Context, o objects.Info, off, n int64) (_ []byte, err error) {
	body, _, err := s.store.Get(ctx, o.Bucket, o.Key, off, n)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	return io.ReadAll(io.LimitReader(body, n))
}

func (s *sampler) parquet(ctx context.Context, o objects.Info) (shape, error) {
	meta, err := footer.Read(ranges{ctx, s, o}, o.Size)
	if errors.Is(err, footer.ErrNotParquet) {
		return unrecognised(err.Error()), nil
	}
	if err != nil {
		return shape{}, err
	}
	columns, err := parquetColumns(meta.Schema)
	if err != nil {
		return unrecognised(err.Error()), nil
	}
	return shape{class: classParquet, compression: uncompressed, columns: columns, records: meta.NumRows, bytes: o.Size, exact: true}, nil
}

// ranges reads an object in place.
type ranges struct {
	ctx context.Context
	s   *sampler
	o   objects.Info
}

// ReadAt reads a range.
func (r ranges) ReadAt(p []byte, off int64) (int, error) {
	b, err := r.s.read(r.ctx, r.o, off, int64(len(p)))
	n := copy(p, b)
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// classify recognises content, the beginning of a file or all of it, with the
// custom classifiers first, in the order of Glue's built-in ones then.
func classify(content []byte, whole bool, custom []Classifier) shape {
	if bytes.HasPrefix(content, []byte("Obj\x01")) {
		return avroShape(content)
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return unrecognised("it is binary, of no format that is known")
	}
	lines, used := sampleLines(content, whole)
	for i := range custom {
		if s, ok := custom[i].recognise(lines); ok {
			return counted(s, lines, used, whole)
		}
	}
	for _, builtIn := range []func([]byte, []string) (shape, bool){cloudTrailShape, jsonShape, apacheShape, csvShapeOf} {
		if s, ok := builtIn(content, lines); ok {
			return counted(s, lines, used, whole)
		}
	}
	if whole && len(lines) == 1 {
		// One line is too little to tell a delimiter, and no reason to leave it out
		// of a table that others make.
		return shape{assumed: true}
	}
	return unrecognised("no classifier knows its format")
}

func counted(s shape, lines []string, used int, whole bool) shape {
	s.records, s.bytes = int64(len(lines)), int64(used)
	if s.csv.header && s.records > 0 {
		s.records--
	}
	s.exact = whole
	return s
}

// sampleLines returns the lines that are whole, at most a thousand, without
// empty ones, and how many bytes they took.
func sampleLines(content []byte, whole bool) ([]string, int) {
	var lines []string
	used := 0
	for used < len(content) && len(lines) < sampleRecords {
		rest := content[used:]
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			if !whole {
				break
			}
			i = len(rest) - 1
		}
		line := strings.TrimRight(string(rest[:i+1]), "\r\n")
		used += i + 1
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return lines, used
}
