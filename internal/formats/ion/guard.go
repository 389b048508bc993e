package ion

import (
	"bufio"
	"fmt"
	"io"

	"github.com/scopsdb/scops/internal/formats"
)

// largestValue bounds a row, as for lines: the library takes a text or a blob
// into memory as a whole, and believes the length that a file claims.
const largestValue = formats.MaxLine

// guard lets a stream through and fails where a value at the top grows too
// large, in binary already by what it claims.
type guard struct {
	in     *bufio.Reader
	binary bool
	since  int // bytes since the last row
	left   int // binary: of the value under way
	head   []byte
}

func newGuard(r io.Reader) (*guard, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	begin, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	return &guard{in: in, binary: len(begin) == 4 && begin[0] == 0xE0 && begin[3] == 0xEA}, nil
}

// row says that a row was read.
func (g *guard) row() { g.since = 0 }

// Read implements io.Reader.
func (g *guard) Read(to []byte) (int, error) {
	if g.since > largestValue+1<<20 { // what the library has read ahead
		return 0, errTooLarge
	}
	if !g.binary {
		n, err := g.in.Read(to)
		g.since += n
		return n, err
	}
	if len(g.head) == 0 && g.left == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	if len(g.head) > 0 {
		n := copy(to, g.head)
		g.head = g.head[n:]
		return n, nil
	}
	n, err := g.in.Read(to[:min(len(to), g.left)])
	g.left -= n
	g.since += n
	if err == io.EOF && g.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

var errTooLarge = &CorruptError{fmt.Errorf("a value is larger than %d bytes", largestValue)}

// next reads the head of a binary value at the top: a type, and a length that
// is in the same byte or follows in groups of seven bits.
// https://amazon-ion.github.io/ion-docs/docs/binary.html
func (g *guard) next() error {
	c, err := g.in.ReadByte()
	if err != nil {
		return err
	}
	g.head = append(g.head[:0], c)
	kind, length := c>>4, int(c&15)
	switch {
	case c == 0xE0: // version marker
		g.left = 3
		return nil
	case length == 15, kind == 1: // NULL; a boolean
		return nil
	case length < 14 && (kind != 13 || length != 1):
		g.left = length
		return nil
	}
	n := 0
	for {
		if c, err = g.in.ReadByte(); err != nil {
			return io.ErrUnexpectedEOF
		}
		g.head = append(g.head, c)
		if n = n<<7 | int(c&0x7F); n > largestValue {
			return errTooLarge
		}
		if c&0x80 != 0 {
			g.left = n
			return nil
		}
	}
}
