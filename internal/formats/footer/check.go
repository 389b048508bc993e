package footer

import (
	"encoding/binary"
	"fmt"
)

// footerElements bounds the list elements of a footer. The decoder makes a list
// of the length that the file claims before it reads the elements: without a
// check first, a few broken bytes could take all memory.
const footerElements = 4 << 20

const footerDepth = 32

// Types of Thrift's compact protocol.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactByte   = 3
	compactI16    = 4
	compactI64    = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
)

// footerCheck walks a footer without keeping anything.
type footerCheck struct {
	rest     []byte
	elements uint64
}

func check(b []byte) error {
	c := footerCheck{rest: b}
	if !c.structure(0) {
		return fmt.Errorf("%w: broken footer", ErrNotParquet)
	}
	return nil
}

func (c *footerCheck) byte() (byte, bool) {
	if len(c.rest) == 0 {
		return 0, false
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b, true
}

func (c *footerCheck) varint() (uint64, bool) {
	n, size := binary.Uvarint(c.rest)
	if size <= 0 {
		return 0, false
	}
	c.rest = c.rest[size:]
	return n, true
}

func (c *footerCheck) skip(n uint64) bool {
	if n > uint64(len(c.rest)) {
		return false
	}
	c.rest = c.rest[n:]
	return true
}

func (c *footerCheck) structure(depth int) bool {
	for depth < footerDepth {
		header, ok := c.byte()
		if !ok || header == 0 {
			return ok
		}
		if header>>4 == 0 { // the field's number follows
			if _, ok := c.varint(); !ok {
				return false
			}
		}
		if t := header & 15; t != compactTrue && t != compactFalse && !c.value(t, depth) {
			return false
		}
	}
	return false
}

func (c *footerCheck) value(t byte, depth int) bool {
	switch {
	case t == compactTrue || t == compactFalse || t == compactByte:
		return c.skip(1)
	case t >= compactI16 && t <= compactI64:
		_, ok := c.varint()
		return ok
	case t == compactDouble:
		return c.skip(8)
	case t == compactBinary:
		n, ok := c.varint()
		return ok && c.skip(n)
	case t == compactList || t == compactSet:
		return c.list(depth)
	case t == compactMap:
		return c.mapping(depth)
	case t == compactStruct:
		return c.structure(depth + 1)
	}
	return false
}

// count takes n elements, each of a byte at least.
func (c *footerCheck) count(n uint64) bool {
	c.elements += n
	return n <= uint64(len(c.rest)) && c.elements <= footerElements
}

func (c *footerCheck) list(depth int) bool {
	header, ok := c.byte()
	n := uint64(header >> 4)
	if ok && n == 15 {
		n, ok = c.varint()
	}
	if !ok || !c.count(n) {
		return false
	}
	for range n {
		if !c.value(header&15, depth+1) {
			return false
		}
	}
	return true
}

func (c *footerCheck) mapping(depth int) bool {
	n, ok := c.varint()
	if !ok || n == 0 {
		return ok
	}
	types, ok := c.byte()
	if !ok || !c.count(n) {
		return false
	}
	for range n {
		if !c.value(types>>4, depth+1) || !c.value(types&15, depth+1) {
			return false
		}
	}
	return true
}
