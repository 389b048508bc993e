package duckdb

import (
	"errors"
	"fmt"
	"os"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/avro"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// avroSplit is the part of an Avro file that one thread reads at once.
const avroSplit = 8 << 20

// avroRelation reads Avro files, of which all bytes are scanned.
func (e *Engine) avroRelation(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File, keys *keyValues) (string, error) {
	columns, of, err := dataColumns(ts)
	if err != nil {
		return "", err
	}
	var declared *avro.Schema
	if f.AvroSchema != "" {
		if declared, err = avro.ParseSchema(f.AvroSchema); err != nil {
			return "", &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("Unable to load or parse schema: %v", err)}
		}
	}
	var parts []formats.Part
	for i, file := range files {
		for from := int64(0); from < file.Size; from += avroSplit {
			to := from + avroSplit
			if to >= file.Size {
				to = -1
			}
			parts = append(parts, formats.Part{File: i, Open: func() (formats.FileReader, error) {
				return openAvro(file, from, to, columns, declared)
			}})
		}
	}
	source, err := rowSourceMaker(q, formats.NewFileScan(columns, sourceFiles(files), parts), columns, of)
	if err != nil {
		return "", err
	}
	return e.sourceRelation(q, ts, keys, allFiles(files), source)
}

// avroPart is a part of a file that is being read.
type avroPart struct {
	*avro.Reader
	file *os.File
}

func (p *avroPart) Close() error { return p.file.Close() }

func openAvro(f planner.File, from, to int64, columns []formats.Column, declared *avro.Schema) (formats.FileReader, error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	p := &avroPart{file: in}
	info, err := in.Stat()
	if err == nil && info.Size() != f.Size {
		err = errReplaced
	}
	if err == nil {
		p.Reader, err = avro.Open(in, f.Size, from, to, columns, declared)
	}
	if err != nil {
		_ = in.Close() // only read
		var unsupported *avro.UnsupportedError
		if errors.As(err, &unsupported) {
			return nil, &engine.Error{Name: nameFormat, Message: fmt.Sprintf("%v: %s", err, f.URI)}
		}
		return nil, splitError(f, err)
	}
	return p, nil
}
