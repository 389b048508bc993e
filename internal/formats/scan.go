package formats

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// BatchRows is the most rows of a batch: the vector size of the engine.
const BatchRows = 2048

// A batch also ends at this size, so that long lines do not fill the memory.
const batchBytes = 8 << 20

// splitBytes is the part of an uncompressed file that one worker takes.
const splitBytes = 8 << 20

// SourceFile is a file of a row format.
type SourceFile struct {
	Path string
	URI  string // for messages, and its ending for the compression
	Size int64
}

// DataError is a place in a file whose content cannot be read.
type DataError struct {
	URI  string
	Line int64 // from 1; 0 where no line is to blame
	Err  error
}

func (e *DataError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%v: file %s", e.Err, e.URI)
	}
	return fmt.Sprintf("%v: file %s, line %d", e.Err, e.URI, e.Line)
}

func (e *DataError) Unwrap() error { return e.Err }

// Scan is the plan of reading many files of one row format.
type Scan struct {
	format       Format
	columns      []Column
	tableColumns int
	files        []SourceFile
	splits       []split
	parts        []Part // what the splits read, where the files are no lines
}

// Reading is one run over a Scan by workers side by side: each takes the next
// split until none is left.
type Reading struct {
	*Scan
	next   atomic.Int64
	active atomic.Int64 // workers that have not reached the end
}

// Begin starts a reading from the first file.
func (s *Scan) Begin() *Reading { return &Reading{Scan: s} }

// Drained says whether all rows were read.
func (r *Reading) Drained() bool {
	return r.next.Load() >= int64(len(r.splits)) && r.active.Load() == 0
}

type split struct {
	file     int
	from, to int64
	skip     int // header lines to pass over
}

// NewScan plans the reading. It reads from a file only to find where the header
// of a big one ends.
func NewScan(f Format, columns []Column, tableColumns int, files []SourceFile) (*Scan, error) {
	s := &Scan{format: f, columns: columns, tableColumns: tableColumns, files: files}
	if _, err := f.NewRowDecoder(columns, tableColumns); err != nil {
		return nil, err
	}
	for i, file := range files {
		c, err := CompressionOf(file.URI)
		if err != nil {
			return nil, err
		}
		if c != Uncompressed || file.Size <= splitBytes || f.SkipFooter > 0 {
			s.splits = append(s.splits, split{i, 0, -1, f.SkipHeader})
			continue
		}
		if err := s.splitFile(i, file); err != nil {
			return nil, &DataError{URI: file.URI, Err: err}
		}
	}
	return s, nil
}

func (s *Scan) splitFile(i int, file SourceFile) error {
	from := int64(0)
	if s.format.SkipHeader > 0 {
		l, err := OpenLines(file.Path, Uncompressed, 0, -1)
		if err != nil {
			return err
		}
		defer l.Close()
		for range s.format.SkipHeader {
			if _, err := l.Next(); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		}
		from = l.base + int64(l.at)
	}
	for ; from < file.Size; from += splitBytes {
		to := from + splitBytes
		if to >= file.Size {
			to = -1
		}
		s.splits = append(s.splits, split{i, from, to, 0})
	}
	return nil
}

// Splits is how many workers can be busy at once.
func (s *Scan) Splits() int { return len(s.splits) }

// Worker reads splits for one thread.
type Worker struct {
	scan    *Reading
	ended   bool
	decoder RowDecoder
	lines   *Lines
	file    FileReader // instead of lines and decoder
	split   split
	Vectors []*Vector // the batch: one for each column of the scan
	Runs    []Run     // which file the rows of the batch are of

	records records   // CloudTrail: what the line holds
	held    heldLines // the last lines that were read, which may be a footer
}

// Run is a number of successive rows of one file.
type Run struct{ File, Rows int }

// NewWorker makes a worker. Close it.
func (r *Reading) NewWorker() (*Worker, error) {
	w := &Worker{scan: r}
	if r.parts == nil {
		var err error
		if w.decoder, err = r.format.NewRowDecoder(r.columns, r.tableColumns); err != nil {
			return nil, err
		}
	}
	for _, c := range r.columns {
		w.Vectors = append(w.Vectors, NewVector(c.Type))
	}
	r.active.Add(1)
	return w, nil
}

// Close closes the file that the worker has open.
func (w *Worker) Close() error {
	if w.file != nil {
		err := w.file.Close()
		w.file = nil
		return err
	}
	if w.lines == nil {
		return nil
	}
	err := w.lines.Close()
	w.lines = nil
	w.held.reset()
	return err
}

// Next reads the next batch and returns its rows, 0 at the end. Errors about
// the content are *DataError.
func (w *Worker) Next(ctx context.Context) (int, error) {
	for _, v := range w.Vectors {
		v.Reset()
	}
	w.Runs = w.Runs[:0]
	rows := 0
	for rows < BatchRows {
		if w.lines == nil && w.file == nil {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			more, err := w.open()
			if err != nil {
				return 0, err
			}
			if !more {
				w.end()
				break
			}
		}
		n, err := w.read(ctx, rows)
		if n > 0 {
			w.Runs = append(w.Runs, Run{w.split.file, n})
			rows += n
		}
		if err != nil {
			return 0, err
		}
		if w.size() > batchBytes {
			break
		}
	}
	return rows, nil
}

func (w *Worker) end() {
	if !w.ended {
		w.ended = true
		w.scan.active.Add(-1)
	}
}

func (w *Worker) size() int {
	n := 0
	for _, v := range w.Vectors {
		n += v.size()
	}
	return n
}

// open takes the next split, and says whether there was one.
func (w *Worker) open() (bool, error) {
	i := int(w.scan.next.Add(1)) - 1
	if i >= len(w.scan.splits) {
		return false, nil
	}
	w.split = w.scan.splits[i]
	if w.scan.parts != nil {
		return w.openPart()
	}
	file := w.scan.files[w.split.file]
	c, err := CompressionOf(file.URI)
	if err != nil {
		return false, err
	}
	if w.lines, err = OpenLines(file.Path, c, w.split.from, w.split.to); err != nil {
		return false, &DataError{URI: file.URI, Err: err}
	}
	for range w.split.skip {
		if _, err := w.lines.Next(); err != nil && !errors.Is(err, io.EOF) {
			return false, &DataError{URI: file.URI, Err: err}
		}
	}
	return true, nil
}

// read decodes lines of the open split until the batch is full or the split
// ends, and returns how many.
func (w *Worker) read(ctx context.Context, rows int) (int, error) {
	if w.file != nil {
		return w.readFile(rows)
	}
	n := 0
	for rows+n < BatchRows {
		line, err := w.row()
		if errors.Is(err, io.EOF) {
			return n, w.Close()
		}
		if data := (*DataError)(nil); errors.As(err, &data) {
			return n, err
		}
		if err != nil {
			return n, &DataError{URI: w.scan.files[w.split.file].URI, Err: err}
		}
		if err := w.decoder.Decode(line, w.Vectors); err != nil {
			return n, w.lineError(err)
		}
		n++
		if n%64 == 0 {
			if err := ctx.Err(); err != nil {
				return n, err
			}
			if w.size() > batchBytes {
				break
			}
		}
	}
	return n, nil
}

// row is the text of the next row.
func (w *Worker) row() ([]byte, error) {
	if !w.scan.format.JSON.CloudTrail {
		return w.line()
	}
	for {
		if record, ok := w.records.next(); ok {
			return record, nil
		}
		line, err := w.line()
		if err != nil {
			return nil, err
		}
		if err := w.records.open(line); err != nil {
			return nil, w.lineError(err)
		}
	}
}

// line is the next line that is not in the file's footer.
func (w *Worker) line() ([]byte, error) {
	footer := w.scan.format.SkipFooter
	if footer == 0 {
		return w.lines.Next()
	}
	for {
		line, err := w.lines.Next()
		if err != nil {
			return nil, err
		}
		if earlier, ok := w.held.swap(line, footer); ok {
			return earlier, nil
		}
	}
}

// lineError says where the line is. In a range the lines before it are counted
// now, since a query meets one error at most.
func (w *Worker) lineError(cause error) error {
	file := w.scan.files[w.split.file]
	e := &DataError{URI: file.URI, Line: w.lines.Number() - int64(len(w.held.lines)), Err: cause}
	if w.split.from == 0 {
		return e
	}
	l, err := OpenLines(file.Path, Uncompressed, 0, w.lines.Offset())
	if err != nil {
		return errors.Join(e, err)
	}
	defer l.Close()
	for {
		if _, err := l.Next(); errors.Is(err, io.EOF) {
			e.Line = l.Number() + 1
			return e
		} else if err != nil {
			return errors.Join(e, err)
		}
	}
}
