package awsjson

import (
	"encoding/binary"
	"math/bits"
)

// plainPrefix returns how many bytes of b come before the first that a JSON
// string cannot have as it is: a quote, a backslash, a control character. It
// looks at eight at a time.
func plainPrefix(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if found := special(binary.LittleEndian.Uint64(b[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < 0x20 || c == '"' || c == '\\' {
			return i
		}
	}
	return i
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special sets the high bit of the lowest byte of x that is special; bits above
// it may be set as well. (x-n*ones)&^x has the high bit set where a byte is less
// than n, up to borrows from below.
func special(x uint64) uint64 {
	quote, slash := x^('"'*ones), x^('\\'*ones)
	return ((x-0x20*ones)&^x | (quote-ones)&^quote | (slash-ones)&^slash) & highs
}
