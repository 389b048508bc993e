package merge

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/scopsdb/scops/internal/formats"
)

const (
	lineBuffer = 64 << 10 // bytes read at once
	// gzipLevel is higher than that of deliveries: merged files are read often.
	gzipLevel = 6
	stepBytes = 1 << 20 // text between two steps
)

// lines merges files of JSON lines, text for text.
type lines struct {
	inputs  []Input
	options Options
	kind    formats.Compression

	at     int // input that is read
	reader io.ReadCloser
	text   *bufio.Reader
	read   int64 // rows of the input
	since  int64 // bytes since the last step
	failed bool
}

func openLines(inputs []Input, o Options) (*lines, error) {
	l := &lines{inputs: inputs, options: o, text: bufio.NewReaderSize(nil, lineBuffer)}
	for i, in := range inputs {
		kind, err := formats.CompressionOf(in.Name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrIncompatible, err)
		}
		if i > 0 && kind != l.kind {
			return nil, incompatible("%s is compressed in another way than %s", in.Name, inputs[0].Name)
		}
		l.kind = kind
	}
	return l, l.open()
}

func (l *lines) open() (err error) {
	in := l.inputs[l.at]
	if l.reader, err = l.kind.NewReader(io.NewSectionReader(in.Reader, 0, in.Size)); err != nil {
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
	out, err := l.compressor(w)
	if err != nil {
		return err
	}
	for range rows {
		if err := l.line(out); err != nil {
			return errors.Join(err, out.Close())
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (l *lines) compressor(w io.Writer) (io.WriteCloser, error) {
	switch l.kind {
	case formats.Gzip:
		return gzip.NewWriterLevel(w, gzipLevel)
	case formats.Zstd:
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	}
	return nopCloser{w}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// line copies the next line, however long.
func (l *lines) line(out io.Writer) error {
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
		if _, werr := out.Write(part); werr != nil {
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
