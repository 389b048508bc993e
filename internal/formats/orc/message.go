package orc

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a message of Protocol Buffers.
type field struct {
	number protowire.Number
	n      uint64 // of a number
	b      []byte // of a text or message
}

// eachField calls f with every field of a message.
func eachField(b []byte, f func(field) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return corrupt("broken metadata")
		}
		b = b[n:]
		fd := field{number: number}
		switch kind {
		case protowire.VarintType:
			fd.n, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			fd.n, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			fd.b, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return corrupt("broken metadata")
		}
		b = b[n:]
		if err := f(fd); err != nil {
			return err
		}
	}
	return nil
}

// numbers reads a repeated number, packed or not.
func (f field) numbers(to []uint32) ([]uint32, error) {
	if f.b == nil {
		return append(to, uint32(f.n)), nil
	}
	for b := f.b; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 || v > math.MaxUint32 {
			return nil, corrupt("broken metadata")
		}
		to, b = append(to, uint32(v)), b[n:]
	}
	return to, nil
}

// length is a number of bytes or rows, which must not be so large that sums of
// a few overflow.
func (f field) length(to *int64) error {
	if f.n > 1<<48 {
		return corrupt("a length of %d in the metadata", f.n)
	}
	*to = int64(f.n)
	return nil
}

// CorruptError says what in a file is not ORC.
type CorruptError struct{ message string }

func (e *CorruptError) Error() string { return "Malformed ORC file. " + e.message }

// BadData tells package formats that the content is to blame.
func (e *CorruptError) BadData() {}

func corrupt(format string, args ...any) error {
	return &CorruptError{fmt.Sprintf(format, args...)}
}
