package merge

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/write"
)

const (
	lineBuffer = 64 << 10 // bytes read at once
	stepBytes  = 1 << 20  // text between two steps
)

// lines merges files of JSON lines, text for text.
type lines struct {
	inputs  []Input
	options Options
	out     write.Compressor

	at     int // input that is read
	reader io.ReadCloser
	text   *bufio.Reader
	read   int64 // rows of the input
	since  int64 // bytes since the last step
	failed bool
}

func openLines(f formats.Format, inputs []Input, o Options) (*lines, error) {
	out, err := write.NewCompressor(f)
	if err != nil {
		return nil, err
	}
	l := &lines{inputs: inputs, options: o, out: out, text: bufio.NewReaderSize(nil, lineBuffer)}
	return l, l.open()
}

func (l *lines) open() error {
	in := l.inputs[l.at]
	kind, err := formats.CompressionOf(in.Name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrIncompatible, err)
	}
	if l.reader, err = kind.NewReader(io.NewSectionReader(in.Reader, 0, in.Size)); err != nil {
		return fmt.Errorf("read %s: %w", in.Name, err)
	}
	l.text.Reset(l.reader)
	l.read = 0
	return nil
}

// Write implements Merger.
func (l *lines) Write(w io.Writer, rows int64) error {
	err := l.write(w, rows)
	l.failed = l.failed || err != nil
	return err
}

func (l *lines) write(w io.Writer, rows int64) error {
	l.out.Reset(w)
	for range rows {
		if err := l.line(); err != nil {
			return err
		}
	}
	if err := l.out.Close(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// line copies the next line, however long.
func (l *lines) line() error {
	for l.read == l.inputs[l.at].Rows {
		if err := l.next(); err != nil {
			return err
		}
	}
	for {
		part, err := l.text.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("it ends after %d lines of %d", l.read, l.inputs[l.at].Rows)
			}
			return fmt.Errorf("read %s: %w", l.inputs[l.at].Name, err)
		}
		if _, werr := l.out.Write(part); werr != nil {
			return fmt.Errorf("write JSON: %w", werr)
		}
		l.since += int64(len(part))
		if err == nil {
			break
		}
	}
	l.read++
	if l.since < stepBytes {
		return nil
	}
	n := l.since
	l.since = 0
	return l.options.step(n)
}

// next goes on to the next input.
func (l *lines) next() error {
	if err := l.end(); err != nil {
		return err
	}
	if l.at+1 == len(l.inputs) {
		return errors.New("there are no more rows")
	}
	l.at++
	return l.open()
}

// end checks that the input has no more lines than it should.
func (l *lines) end() error {
	in := l.inputs[l.at]
	if l.read != in.Rows {
		return fmt.Errorf("%s: %d of %d rows were merged", in.Name, l.read, in.Rows)
	}
	if _, err := l.text.ReadByte(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = fmt.Errorf("it has more than %d lines", in.Rows)
		}
		return fmt.Errorf("read %s: %w", in.Name, err)
	}
	return l.reader.Close()
}

// Close implements Merger.
func (l *lines) Close() error {
	if l.failed {
		return l.reader.Close()
	}
	for {
		if err := l.end(); err != nil {
			return err
		}
		if l.at+1 == len(l.inputs) {
			return nil
		}
		l.at++
		if err := l.open(); err != nil {
			return err
		}
	}
}
