package formats

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// MaxLine is the longest line that is read, in bytes.
const MaxLine = 100 << 20

const linesBuffer = 256 << 10

// lineBuffers are buffers to use again: a scan of many small files would spend
// its time on clearing new ones.
var lineBuffers = sync.Pool{New: func() any { b := make([]byte, linesBuffer); return &b }}

// Lines reads the lines of a file, or of a range of an uncompressed one. A line
// ends with \n, \r or \r\n, as in Hive; the last one needs no end.
type Lines struct {
	file  *os.File
	in    io.ReadCloser
	end   int64 // offset where no line begins any more; -1 for the end of the file
	buf   []byte
	at    int   // next byte in buf
	have  int   // bytes in buf
	base  int64 // offset of buf[0] in the uncompressed file
	cr    int   // place of the next \r at or behind at, or have
	eof   bool
	count int64
	start int64
}

// OpenLines opens the lines of a file that begin in [from, to); to < 0 means
// all. A range other than the whole is for uncompressed files.
func OpenLines(path string, c Compression, from, to int64) (*Lines, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Size() == 0 { // an empty file is no gzip stream, and has no lines
		f.Close()
		return &Lines{eof: true, end: to}, nil
	}
	l := &Lines{file: f, end: to, buf: *lineBuffers.Get().(*[]byte)}
	if from > 0 {
		l.base = from - 1
		if _, err := f.Seek(l.base, io.SeekStart); err != nil {
			f.Close()
			return nil, err
		}
	}
	if l.in, err = c.NewReader(f); err != nil {
		f.Close()
		return nil, err
	}
	if from > 0 {
		_, err = l.Next() // the rest of a line that began before
		l.count = 0
		if errors.Is(err, io.EOF) {
			err = nil
		}
	} else {
		err = l.skipMark()
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// skipMark passes over a UTF-8 byte order mark.
func (l *Lines) skipMark() error {
	for l.have < 3 && !l.eof {
		if err := l.fill(); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(l.buf[:l.have], []byte("\xEF\xBB\xBF")) {
		l.at = 3
	}
	return nil
}

// Close closes the file.
func (l *Lines) Close() error {
	if l.file == nil {
		return nil
	}
	l.in.Close() // holds no resource but memory
	err := l.file.Close()
	l.file, l.eof = nil, true
	l.at, l.have = 0, 0
	if len(l.buf) == linesBuffer {
		buf := l.buf
		lineBuffers.Put(&buf)
	}
	l.buf = nil
	return err
}

// Number is the number of the line that Next returned last, from 1, counted
// from where reading began.
func (l *Lines) Number() int64 { return l.count }

// Offset is where that line began in the uncompressed file.
func (l *Lines) Offset() int64 { return l.start }

// Next returns the next line without its end, or io.EOF. It is valid until the
// next call.
func (l *Lines) Next() ([]byte, error) {
	if l.end >= 0 && l.base+int64(l.at) >= l.end {
		return nil, io.EOF
	}
	scanned := 0 // bytes from at on that have no end of line
	for {
		if i := l.lineEnd(l.at + scanned); i >= 0 {
			return l.take(i)
		}
		scanned = l.have - l.at
		if l.eof {
			if scanned == 0 {
				return nil, io.EOF
			}
			line := l.buf[l.at:l.have]
			l.start = l.base + int64(l.at)
			l.at = l.have
			l.count++
			return line, nil
		}
		if scanned > MaxLine {
			return nil, fmt.Errorf("line is longer than %d bytes", MaxLine)
		}
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
}

// take returns the line that ends at i and passes over its end.
func (l *Lines) take(i int) ([]byte, error) {
	if l.buf[i] == '\r' && i+1 == l.have && !l.eof { // is there a \n behind it?
		length := i - l.at
		if err := l.fill(); err != nil {
			return nil, err
		}
		i = l.at + length
	}
	line := l.buf[l.at:i]
	l.start = l.base + int64(l.at)
	l.at = i + 1
	if l.buf[i] == '\r' && l.at < l.have && l.buf[l.at] == '\n' {
		l.at++
	}
	l.count++
	return line, nil
}

// lineEnd is the place of the first \n or \r from i on, or -1.
func (l *Lines) lineEnd(i int) int {
	if l.cr < i {
		l.cr = l.have
		if at := bytes.IndexByte(l.buf[i:l.have], '\r'); at >= 0 {
			l.cr = i + at
		}
	}
	if at := bytes.IndexByte(l.buf[i:l.cr], '\n'); at >= 0 {
		return i + at
	}
	if l.cr < l.have {
		return l.cr
	}
	return -1
}

// fill moves what is left to the front and reads more behind it.
func (l *Lines) fill() error {
	if l.at > 0 {
		copy(l.buf, l.buf[l.at:l.have])
		l.base += int64(l.at)
		l.have -= l.at
		l.at = 0
	}
	if l.have == len(l.buf) {
		l.buf = append(l.buf, make([]byte, len(l.buf))...)
	}
	l.cr = -1
	n, err := l.in.Read(l.buf[l.have:])
	l.have += n
	if errors.Is(err, io.EOF) {
		l.eof, err = true, nil
	}
	return err
}
