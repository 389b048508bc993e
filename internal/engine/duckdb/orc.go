package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/orc"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// orcFile is what a scan needs to know of an ORC file.
type orcFile struct {
	*orc.File
	version fileVersion
	bytes   []int64 // of the values of each column of all depths
	footers int64   // bytes of the footers of file and stripes
}

// orcGeneration is how many ORC files are known at least.
const orcGeneration = 1 << 12

// orcRelation reads ORC files: a stripe is what one thread reads at once. The
// bytes are those of the streams of the needed columns, and the footers.
func (e *Engine) orcRelation(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File, keys *keyValues) (string, int64, error) {
	columns, of, err := dataColumns(ts)
	if err != nil {
		return "", 0, err
	}
	known := make([]*orcFile, len(files))
	bindings := make([][]orc.Binding, len(files))
	err = eachFile(q.ctx, files, func(i int) error {
		var err error
		if known[i], err = e.orcFiles.get(files[i].Path, func(v fileVersion) (*orcFile, error) { return readORC(v) }); err == nil {
			bindings[i], err = bindORC(known[i].File, columns, f.ByIndex)
		}
		if err != nil {
			return splitError(files[i], err)
		}
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	var parts []formats.Part
	scanned := int64(0)
	for i, file := range known {
		scanned += file.scanned(bindings[i])
		for n := range file.Stripes() {
			parts = append(parts, formats.Part{File: i, Open: func() (formats.FileReader, error) { return file.open(n, bindings[i]) }})
		}
	}
	source, err := rowSourceMaker(q, formats.NewFileScan(columns, sourceFiles(files), parts), columns, of)
	if err != nil {
		return "", 0, err
	}
	text, err := e.sourceRelation(q, ts, keys, allFiles(files), source)
	return text, scanned, err
}

func readORC(v fileVersion) (*orcFile, error) {
	in, err := os.Open(v.path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f := &orcFile{version: v}
	if f.File, err = orc.Open(in, v.size); err != nil {
		return nil, err
	}
	f.bytes, f.footers, err = f.Bytes(in)
	f.footers += f.TailBytes()
	return f, err
}

func bindORC(f *orc.File, columns []formats.Column, byIndex bool) ([]orc.Binding, error) {
	if !byIndex && !f.HasNames() {
		return nil, errNoNames
	}
	return f.Bind(columns, byIndex)
}

var errNoNames = errors.New("ORC file does not contain column names")

func (f *orcFile) scanned(columns []orc.Binding) int64 {
	n := f.footers
	for _, c := range columns {
		for _, id := range c.IDs() {
			n += f.bytes[id]
		}
	}
	return n
}

// orcStripe is a stripe that is being read.
type orcStripe struct {
	*orc.Reader
	file *os.File
}

func (s *orcStripe) Close() error { return s.file.Close() }

var errReplaced = errors.New("the file was replaced while the query ran")

// open begins to read a stripe. The file must be the one that was planned with.
func (f *orcFile) open(stripe int, columns []orc.Binding) (formats.FileReader, error) {
	in, err := os.Open(f.version.path)
	if err != nil {
		return nil, err
	}
	s := &orcStripe{file: in}
	info, err := in.Stat()
	if err == nil && versionOf(f.version.path, info) != f.version {
		err = errReplaced
	}
	if err == nil {
		s.Reader, err = f.Stripe(in, stripe, columns)
	}
	if err != nil {
		_ = in.Close() // only read
		return nil, err
	}
	return s, nil
}

// splitError is what Trino says when a file cannot be opened.
func splitError(f planner.File, err error) error {
	var unsupported *orc.UnsupportedError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &engine.Error{Name: nameCannotOpen, Message: "file does not exist: " + f.URI}
	case errors.Is(err, errNoNames):
		return &engine.Error{Name: "HIVE_FILE_MISSING_COLUMN_NAMES", Message: fmt.Sprintf("%v: %s", err, f.URI)}
	case errors.As(err, &unsupported):
		return &engine.Error{Name: nameFormat, Message: fmt.Sprintf("%v: %s", err, f.URI)}
	}
	return &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("Error opening Hive split %s (offset=0, length=%d): %v", f.URI, f.Size, err)}
}
