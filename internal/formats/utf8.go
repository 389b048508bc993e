package formats

import "unicode/utf8"

const replacement = "\uFFFD"

// validText is b, or where b is not UTF-8 a copy with each maximal invalid part
// replaced by U+FFFD, as Java decodes bytes.
func validText(b []byte) []byte {
	if isASCII(b) || utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			out = append(out, replacement...)
			b = b[invalidPart(b):]
			continue
		}
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return out
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// invalidPart is the length of the invalid sequence that b begins with: a lead
// byte takes the continuation bytes that could have followed it.
func invalidPart(b []byte) int {
	var most int
	low, high := byte(0x80), byte(0xBF)
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		most = 1
	case c >= 0xE0 && c <= 0xEF:
		most = 2
		if c == 0xE0 {
			low = 0xA0
		}
		if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		most = 3
		if c == 0xF0 {
			low = 0x90
		}
		if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for ; n <= most && n < len(b) && b[n] >= low && b[n] <= high; n++ {
		low, high = 0x80, 0xBF
	}
	return n
}

// cutRunes keeps the first n code points of valid text.
func cutRunes(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	i := 0
	for ; n > 0 && i < len(b); n-- {
		_, size := utf8.DecodeRune(b[i:])
		i += size
	}
	return b[:i]
}

// appendString adds valid text to a vector of type string, varchar or char:
// cut to the type's length, and char without trailing spaces.
func appendString(v *Vector, b []byte) {
	switch v.Type.Kind {
	case Varchar:
		b = cutRunes(b, v.Type.Precision)
	case Char:
		b = cutRunes(b, v.Type.Precision)
		for len(b) > 0 && b[len(b)-1] == ' ' {
			b = b[:len(b)-1]
		}
	}
	v.appendText(b)
}
