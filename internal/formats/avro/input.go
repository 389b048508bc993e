package avro

import (
	"encoding/binary"
	"math"
)

// input is a decompressed block that is being read.
type input struct{ b []byte }

var errShort = corrupt("A block ends in a value")

func (in *input) long() (int64, error) {
	if len(in.b) > 0 && in.b[0] < 0x80 {
		n := uint64(in.b[0])
		in.b = in.b[1:]
		return int64(n>>1) ^ -int64(n&1), nil
	}
	n, size := binary.Uvarint(in.b)
	if size <= 0 {
		return 0, errShort
	}
	in.b = in.b[size:]
	return int64(n>>1) ^ -int64(n&1), nil
}

// int reads a number of 32 bits.
func (in *input) int() (int64, error) {
	n, err := in.long()
	if err == nil && (n < math.MinInt32 || n > math.MaxInt32) {
		err = corrupt("An int has more than 32 bits")
	}
	return n, err
}

func (in *input) take(n int64) ([]byte, error) {
	if n < 0 || n > int64(len(in.b)) {
		return nil, errShort
	}
	b := in.b[:n]
	in.b = in.b[n:]
	return b, nil
}

// bytes reads bytes with their length.
func (in *input) bytes() ([]byte, error) {
	n, err := in.long()
	if err != nil {
		return nil, err
	}
	return in.take(n)
}

// maxItems bounds the elements of one array or map, which may be of no bytes.
const maxItems = 64 << 20

// blocks calls each for every item of an array or map.
func (in *input) blocks(each func() error) error {
	total := int64(0)
	for {
		n, err := in.long()
		if err != nil || n == 0 {
			return err
		}
		if n < 0 { // the size of the block in bytes follows
			if n == math.MinInt64 {
				return errItems
			}
			if _, err := in.long(); err != nil {
				return err
			}
			n = -n
		}
		if n > maxItems || total+n > maxItems {
			return errItems
		}
		total += n
		for range n {
			if err := each(); err != nil {
				return err
			}
		}
	}
}

var errItems = corrupt("An array or a map has too many items")

// skip passes over a value.
func skip(n *node) func(*input) error {
	switch n.kind {
	case "null":
		return func(*input) error { return nil }
	case "boolean":
		return skipBytes(1)
	case "int", "long", "enum":
		return func(in *input) error {
			_, err := in.long()
			return err
		}
	case "float":
		return skipBytes(4)
	case "double":
		return skipBytes(8)
	case "fixed":
		return skipBytes(n.size)
	case "bytes", "string":
		return func(in *input) error {
			_, err := in.bytes()
			return err
		}
	case "array":
		return skipItems(skip(n.parts[0]))
	case "map":
		value := skip(n.parts[0])
		return skipItems(func(in *input) error {
			if _, err := in.bytes(); err != nil {
				return err
			}
			return value(in)
		})
	case "union":
		return skipUnion(n)
	}
	var parts []func(*input) error
	for _, f := range n.fields {
		parts = append(parts, skip(f.typ))
	}
	return func(in *input) error {
		for _, p := range parts {
			if err := p(in); err != nil {
				return err
			}
		}
		return nil
	}
}

func skipBytes(n int) func(*input) error {
	return func(in *input) error {
		_, err := in.take(int64(n))
		return err
	}
}

func skipItems(one func(*input) error) func(*input) error {
	return func(in *input) error { return in.blocks(func() error { return one(in) }) }
}

func skipUnion(n *node) func(*input) error {
	var parts []func(*input) error
	for _, p := range n.parts {
		parts = append(parts, skip(p))
	}
	return func(in *input) error {
		i, err := in.long()
		if err != nil {
			return err
		}
		if i < 0 || i >= int64(len(parts)) {
			return errBranch
		}
		return parts[i](in)
	}
}

var errBranch = corrupt("A value is of a branch that its union does not have")
