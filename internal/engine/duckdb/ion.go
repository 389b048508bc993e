package duckdb

import (
	"errors"
	"io"
	"os"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/ion"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// ionRelation reads Amazon Ion. A file is read by one worker: its values have no
// marks to begin at.
func (e *Engine) ionRelation(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File, keys *keyValues) (string, error) {
	columns, of, err := dataColumns(ts)
	if err != nil {
		return "", err
	}
	parts := make([]formats.Part, len(files))
	for i, file := range files {
		parts[i] = formats.Part{File: i, Open: func() (formats.FileReader, error) { return openIon(file, columns, f.Ion) }}
	}
	source, err := rowSourceMaker(q, formats.NewFileScan(columns, sourceFiles(files), parts), columns, of)
	if err != nil {
		return "", err
	}
	return e.sourceRelation(q, ts, keys, allFiles(files), source)
}

// ionFile is a file that is being read.
type ionFile struct {
	*ion.Reader
	plain io.Closer
	file  *os.File
}

func (f *ionFile) Close() error { return errors.Join(f.plain.Close(), f.file.Close()) }

func openIon(f planner.File, columns []formats.Column, o formats.IonOptions) (formats.FileReader, error) {
	compression, err := formats.CompressionOf(f.URI)
	if err != nil {
		return nil, err
	}
	in, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	plain, err := compression.NewReader(in)
	if err != nil {
		_ = in.Close() // only read
		return nil, err
	}
	r, err := ion.New(plain, columns, o)
	if err != nil {
		return nil, errors.Join(err, plain.Close(), in.Close())
	}
	return &ionFile{Reader: r, plain: plain, file: in}, nil
}
