package javaregex

import "unicode/utf8"

// byteSet is a set of characters made for looking at bytes of UTF-8.
type byteSet struct {
	// bytes says of ASCII characters whether they are in. Bytes from 0x80 on
	// are set only where every character beyond ASCII is in.
	bytes   [256]bool
	high    runeSet // the characters beyond ASCII, unless all or none are in
	some    bool    // high is to be looked at
	without int     // the one ASCII character that is not in, where all others are; or -1
}

func newByteSet(s runeSet) *byteSet {
	b := &byteSet{without: -1}
	missing := 0
	for r := range rune(0x80) {
		if b.bytes[r] = s.contains(r); !b.bytes[r] {
			missing++
			b.without = int(r)
		}
	}
	above := s.intersect(runeSet{{0x80, utf8.MaxRune}})
	all := len(above) == 1 && above[0] == [2]rune{0x80, utf8.MaxRune}
	if all {
		for i := 0x80; i < 0x100; i++ {
			b.bytes[i] = true
		}
	}
	if missing != 1 || !all {
		b.without = -1
	}
	b.some = len(above) > 0 && !all
	b.high = above
	return b
}

// at is the length of the character at i if it is in the set, or 0.
func (b *byteSet) at(in []byte, i int) int {
	c := in[i]
	if c < utf8.RuneSelf {
		if b.bytes[c] {
			return 1
		}
		return 0
	}
	if !b.bytes[c] && !b.some {
		return 0
	}
	r, n := utf8.DecodeRune(in[i:])
	if b.bytes[c] || b.high.contains(r) {
		return n
	}
	return 0
}

// first are the bytes that a match of the set can begin with.
func (b *byteSet) first() *[256]bool {
	f := b.bytes
	if b.some {
		for i := 0xC0; i < 0x100; i++ {
			f[i] = true
		}
	}
	return &f
}
