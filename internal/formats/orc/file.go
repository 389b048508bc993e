package orc

import (
	"bytes"
	"errors"
	"io"
)

// Kind is the type of a column of a file, without its parts.
type Kind uint32

// The kinds, with their numbers in files.
const (
	Boolean Kind = iota
	Byte
	Short
	Int
	Long
	Float
	Double
	String
	Binary
	Timestamp
	List
	Map
	Struct
	Union
	Decimal
	Date
	Varchar
	Char
	TimestampInstant
)

var kindNames = [...]string{
	"BOOLEAN", "BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "STRING", "BINARY", "TIMESTAMP", "LIST", "MAP", "STRUCT", "UNION",
	"DECIMAL", "DATE", "VARCHAR", "CHAR", "TIMESTAMP_INSTANT",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "UNKNOWN"
}

// Type is a column of a file or a part of one.
type Type struct {
	ID        int // the number of the column in the file
	Kind      Kind
	Path      string // .a.b, as in Trino's messages
	Name      string // of a field
	Length    int    // varchar, char
	Precision int
	Scale     int
	Parts     []*Type // fields; element; key and value; variants
}

// stripe is a number of rows that lie together.
type stripe struct {
	offset, index, data, footer int64 // bytes
	rows                        int64
}

// File is what the end of a file says of it. It is not changed by reading.
type File struct {
	Root *Type // a struct
	Rows int64
	// Columns of all depths; a column's number is its place.
	columns   []*Type
	stripes   []stripe
	codec     compression
	blockSize int
	size      int64
	tail      int64 // bytes of the footer and what follows
}

// Stripes is how many parts the file has that can be read side by side.
func (f *File) Stripes() int { return len(f.stripes) }

// TailBytes is the size of what Open reads: footer and postscript.
func (f *File) TailBytes() int64 { return f.tail }

const (
	magic        = "ORC"
	maxTail      = 256 << 20
	maxBlockSize = 64 << 20
	firstRead    = 16 << 10
)

// Open reads the end of a file. Errors about the content are *CorruptError.
func Open(r io.ReaderAt, size int64) (*File, error) {
	if size <= int64(len(magic)) {
		return nil, corrupt("Invalid file size %d", size)
	}
	end := make([]byte, min(size, firstRead))
	if err := readAt(r, end, size-int64(len(end))); err != nil {
		return nil, err
	}
	n := int64(end[len(end)-1])
	if n+1 > int64(len(end)) {
		return nil, corrupt("Invalid postscript length %d", n)
	}
	f := &File{size: size}
	footer, metadata, err := f.postscript(end[int64(len(end))-1-n : len(end)-1])
	if err != nil {
		return nil, err
	}
	f.tail = 1 + n + footer
	if footer > maxTail || f.tail+metadata > size {
		return nil, corrupt("Invalid footer length %d", footer)
	}
	if f.tail > int64(len(end)) {
		end = make([]byte, f.tail)
		if err := readAt(r, end, size-f.tail); err != nil {
			return nil, err
		}
	}
	raw := end[int64(len(end))-f.tail : int64(len(end))-1-n]
	plain, err := f.decompressed(raw)
	if err != nil {
		return nil, err
	}
	return f, f.footer(plain)
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return corrupt("Unexpected end of the file")
	}
	return err
}

func (f *File) postscript(b []byte) (footer, metadata int64, err error) {
	var found []byte
	err = eachField(b, func(p field) error {
		switch p.number {
		case 1:
			return p.length(&footer)
		case 2:
			f.codec = compression(p.n)
		case 3:
			if p.n > maxBlockSize {
				return corrupt("Compression block size %d is too large", p.n)
			}
			f.blockSize = int(p.n)
		case 5:
			return p.length(&metadata)
		case 8000:
			found = p.b
		}
		return nil
	})
	// The first version of the format has the magic at the beginning alone.
	if err == nil && found != nil && !bytes.Equal(found, []byte(magic)) {
		err = corrupt("Invalid postscript")
	}
	if err != nil {
		return 0, 0, corrupt("Not an ORC file")
	}
	if f.codec != uncompressed && f.blockSize == 0 {
		f.blockSize = 256 << 10
	}
	return footer, metadata, f.codec.check()
}

// decompressed is a whole section of the file.
func (f *File) decompressed(raw []byte) ([]byte, error) {
	in := f.stream(bytes.NewReader(raw), 0, int64(len(raw)))
	var out []byte
	for {
		chunk, err := in.some()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if out = append(out, chunk...); len(out) > maxTail {
			return nil, corrupt("The footer is too large")
		}
	}
}

func (f *File) footer(b []byte) error {
	var types []rawType
	content := int64(0)
	err := eachField(b, func(p field) error {
		switch p.number {
		case 2:
			return p.length(&content)
		case 3:
			s, err := readStripe(p.b)
			f.stripes = append(f.stripes, s)
			return err
		case 4:
			t, err := readType(p.b)
			types = append(types, t)
			return err
		case 6:
			return p.length(&f.Rows)
		case 10:
			return &UnsupportedError{"encrypted ORC files are not supported"}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var rows int64
	for _, s := range f.stripes {
		rows += s.rows
		if s.offset < int64(len(magic)) || s.offset+s.index+s.data+s.footer > f.size {
			return corrupt("A stripe lies outside the file")
		}
	}
	if rows != f.Rows {
		return corrupt("The stripes have %d rows of %d", rows, f.Rows)
	}
	return f.typeTree(types)
}

func readStripe(b []byte) (s stripe, err error) {
	err = eachField(b, func(p field) error {
		to := [...]*int64{1: &s.offset, 2: &s.index, 3: &s.data, 4: &s.footer, 5: &s.rows}
		if p.number < 1 || int(p.number) >= len(to) {
			return nil
		}
		return p.length(to[p.number])
	})
	return s, err
}

// UnsupportedError names what a file has that is not read.
type UnsupportedError struct{ message string }

func (e *UnsupportedError) Error() string { return e.message }
