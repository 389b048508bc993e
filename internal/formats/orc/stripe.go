package orc

import (
	"io"
	"time"
)

// streamKind is what a stream holds of its column, by its number in files.
type streamKind uint32

const (
	presentStream streamKind = iota
	dataStream
	lengthStream
	dictionaryStream
	_ // DICTIONARY_COUNT, which no writer has used
	secondaryStream
	rowIndexStream
)

// encoding is how the values of a column lie in a stripe.
type encoding struct {
	kind uint32 // 0 direct, 1 dictionary, 2 and 3 the same with runs of version 2
	size int    // of the dictionary
}

func (e encoding) dictionary() bool { return e.kind&1 != 0 }
func (e encoding) v2() bool         { return e.kind >= 2 }

type place struct{ at, length int64 }

type streamKey struct {
	column int
	kind   streamKind
}

// layout is where the streams of a stripe lie.
type layout struct {
	streams   map[streamKey]place
	encodings []encoding
	zone      *time.Location // of the writer; nil: UTC
	footer    int64
}

// layout reads the footer of a stripe.
func (f *File) layout(r io.ReaderAt, i int) (*layout, error) {
	s := f.stripes[i]
	if s.footer > maxTail {
		return nil, corrupt("Invalid stripe footer length %d", s.footer)
	}
	raw := make([]byte, s.footer)
	if err := readAt(r, raw, s.offset+s.index+s.data); err != nil {
		return nil, err
	}
	b, err := f.decompressed(raw)
	if err != nil {
		return nil, err
	}
	l := &layout{streams: map[streamKey]place{}, footer: s.footer}
	at, end := s.offset, s.offset+s.index+s.data
	zone := ""
	err = eachField(b, func(p field) error {
		switch p.number {
		case 1:
			key, length, err := readStream(p.b)
			if err != nil {
				return err
			}
			if at+length > end {
				return corrupt("A stream lies outside its stripe")
			}
			l.streams[key] = place{at, length}
			at += length
		case 2:
			e, err := readEncoding(p.b)
			l.encodings = append(l.encodings, e)
			return err
		case 3:
			zone = string(p.b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(l.encodings) < len(f.columns) {
		return nil, corrupt("A stripe has encodings of %d columns of %d", len(l.encodings), len(f.columns))
	}
	l.zone, err = writerZone(zone)
	return l, err
}

func readStream(b []byte) (key streamKey, length int64, err error) {
	err = eachField(b, func(p field) error {
		switch p.number {
		case 1:
			key.kind = streamKind(p.n)
		case 2:
			key.column = int(uint32(p.n))
		case 3:
			return p.length(&length)
		}
		return nil
	})
	return key, length, err
}

func readEncoding(b []byte) (e encoding, err error) {
	err = eachField(b, func(p field) error {
		switch p.number {
		case 1:
			if e.kind = uint32(p.n); p.n > 3 {
				return corrupt("Unknown encoding %d", p.n)
			}
		case 2:
			e.size = int(uint32(p.n))
		}
		return nil
	})
	return e, err
}

// writerZone is where the times of a stripe were written. Old files say nothing
// and are read as UTC, Athena's zone.
func writerZone(name string) (*time.Location, error) {
	switch name {
	case "", "UTC", "GMT", "Etc/UTC":
		return nil, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, corrupt("Unknown time zone %s", name)
	}
	return zone, nil
}

// bytesOf are the bytes of the values of a column; the indexes are not read.
func (l *layout) bytesOf(column int) int64 {
	n := int64(0)
	for k := presentStream; k < rowIndexStream; k++ {
		n += l.streams[streamKey{column, k}].length
	}
	return n
}

// Bytes are the bytes of the values of each column of all depths, by its ID,
// and of the footers of the stripes.
func (f *File) Bytes(r io.ReaderAt) (columns []int64, footers int64, err error) {
	columns = make([]int64, len(f.columns))
	for i := range f.stripes {
		l, err := f.layout(r, i)
		if err != nil {
			return nil, 0, err
		}
		footers += l.footer
		for id := range columns {
			columns[id] += l.bytesOf(id)
		}
	}
	return columns, footers, nil
}
