package athena

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
	"golang.org/x/sync/errgroup"
)

// resultSuffix is the ending of the result object: .csv for rows of a query,
// .txt for everything else.
func resultSuffix(stmt *sql.Statement) string {
	switch stmt.Query.(type) {
	case *ast.Query, *ast.Execute, *ast.ExecuteImmediate, *ast.ShowFunctions, *ast.ShowCatalogs, *ast.DescribeInput, *ast.DescribeOutput:
		return ".csv"
	}
	return ".txt"
}

// resultName is the path of the result object below the output location. Of a
// statement that writes there is none; clients know its name all the same.
func resultName(stmt *sql.Statement, id QueryID) string {
	switch stmt.Query.(type) {
	case *ast.CreateTableAs:
		return "tables/" + string(id)
	case *ast.Insert, *ast.Unload:
		return string(id)
	}
	return string(id) + resultSuffix(stmt)
}

// resultText renders rows as they stand in the result object.
type resultText interface {
	header() []byte
	row(values []any) []byte // valid until the next call
}

func newResultText(stmt *sql.Statement, columns []analyzer.Column) resultText {
	if resultSuffix(stmt) == ".txt" {
		return &plainText{columns: columns}
	}
	return &csvText{columns: columns}
}

// csvText is Athena's CSV: the header and every value quoted, NULL nothing at
// all, so that it differs from the empty string.
type csvText struct {
	columns []analyzer.Column
	line    []byte
	cell    []byte
}

func (c *csvText) header() []byte {
	var line []byte
	for i, column := range c.columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendQuoted(line, []byte(column.Name))
	}
	return append(line, '\n')
}

func (c *csvText) row(values []any) []byte {
	c.line = c.line[:0]
	for i, v := range values {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		if v == nil {
			continue
		}
		c.cell = types.AppendText(c.cell[:0], c.columns[i].Type, v)
		c.line = appendQuoted(c.line, c.cell)
	}
	c.line = append(c.line, '\n')
	return c.line
}

func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '"')
	for {
		i := bytes.IndexByte(text, '"')
		if i < 0 {
			break
		}
		dst = append(append(dst, text[:i]...), '"', '"')
		text = text[i+1:]
	}
	return append(append(dst, text...), '"')
}

// plainText is the form of EXPLAIN: its column name, then its lines.
type plainText struct {
	columns []analyzer.Column
	line    []byte
}

func (p *plainText) header() []byte { return []byte(p.columns[0].Name) }

func (p *plainText) row(values []any) []byte {
	p.line = append(p.line[:0], '\n')
	for i, v := range values {
		if i > 0 {
			p.line = append(p.line, '\t')
		}
		if v != nil {
			p.line = types.AppendText(p.line, p.columns[i].Type, v)
		}
	}
	return p.line
}

// spool takes a result on its way to the object store, which wants to know the
// size first: in memory while it is small, in a file after that.
type spool struct {
	dir  string
	mem  bytes.Buffer
	file *os.File
	size int64
}

const spoolMemory = 4 << 20 // bytes

func newSpool(dir string) *spool { return &spool{dir: dir} }

func (s *spool) write(p []byte) error {
	s.size += int64(len(p))
	s.mem.Write(p)
	if s.mem.Len() < spoolMemory {
		return nil
	}
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "result-*")
		if err != nil {
			return fmt.Errorf("keep a large result: %w", err)
		}
		s.file = f
	}
	return s.flush()
}

func (s *spool) flush() error {
	if _, err := s.file.Write(s.mem.Bytes()); err != nil {
		return fmt.Errorf("keep a large result: %w", err)
	}
	s.mem.Reset()
	return nil
}

// reader returns the whole content.
func (s *spool) reader() (io.Reader, error) {
	if s.file == nil {
		return bytes.NewReader(s.mem.Bytes()), nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("keep a large result: %w", err)
	}
	return s.file, nil
}

func (s *spool) close() {
	if s.file == nil {
		return
	}
	s.file.Close()
	os.Remove(s.file.Name())
}

// writeResult puts the result object and, where the statement has columns, its
// .metadata beside it. It returns the ETag of the result object.
func (s *Service) writeResult(ctx context.Context, r *record, out *spool) (etag string, err error) {
	bucket, key, err := objects.SplitURI(r.OutputLocation)
	if err != nil {
		return "", &outputError{location: r.OutputLocation, cause: err}
	}
	if err := s.ensureOwnBucket(ctx, bucket); err != nil {
		return "", &outputError{location: r.OutputLocation, cause: err}
	}
	body, err := out.reader()
	if err != nil {
		return "", err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		info, err := s.cfg.Objects.Put(ctx, bucket, key, body, out.size, objects.PutOptions{ContentType: "text/csv"})
		etag = info.ETag
		return err
	})
	if r.Columns != nil {
		meta := encodeMetadata(r)
		g.Go(func() error {
			_, err := s.cfg.Objects.Put(ctx, bucket, key+".metadata", bytes.NewReader(meta), int64(len(meta)),
				objects.PutOptions{ContentType: "application/octet-stream"})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return "", &outputError{location: r.OutputLocation, cause: err}
	}
	return etag, nil
}

// ensureOwnBucket makes the bucket of the configured output location, which is
// scops's own, also where somebody deleted it; a bucket that a client names
// must exist, as on AWS.
func (s *Service) ensureOwnBucket(ctx context.Context, bucket string) error {
	if bucket != bucketOf(s.cfg.OutputLocation) {
		return nil
	}
	s.bucketMu.Lock()
	defer s.bucketMu.Unlock()
	exists, err := s.cfg.Objects.BucketExists(ctx, bucket)
	if err != nil || exists {
		return err
	}
	return s.cfg.Objects.CreateBucket(ctx, bucket)
}
