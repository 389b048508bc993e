package duckdbudf

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

// runeSet is a set of code points as ascending ranges that do not touch.
type runeSet [][2]rune

func (s runeSet) union(t runeSet) runeSet {
	all := append(append(runeSet{}, s...), t...)
	sort.Slice(all, func(i, j int) bool { return all[i][0] < all[j][0] })
	var out runeSet
	for _, r := range all {
		if n := len(out); n > 0 && r[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], r[1])
			continue
		}
		out = append(out, r)
	}
	return out
}

func (s runeSet) negated() runeSet {
	var out runeSet
	next := rune(0)
	for _, r := range s {
		if r[0] > next {
			out = append(out, [2]rune{next, r[0] - 1})
		}
		next = r[1] + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, [2]rune{next, unicode.MaxRune})
	}
	return out
}

func (s runeSet) both(t runeSet) runeSet { return s.negated().union(t.negated()).negated() }

// largestFold bounds the sets whose members are folded one by one; a larger one
// has both cases of its letters as a rule.
const largestFold = 3000

// folded adds the other cases of each member.
func (s runeSet) folded() runeSet {
	size := 0
	for _, r := range s {
		size += int(r[1]-r[0]) + 1
	}
	if size > largestFold {
		return s
	}
	out := s
	for _, r := range s {
		for c := r[0]; c <= r[1]; c++ {
			for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
				out = append(out, [2]rune{f, f})
			}
		}
	}
	return runeSet{}.union(out)
}

// pattern writes the set as a class of regexp2.
func (s runeSet) pattern() string {
	if len(s) == 0 {
		return `(?!)`
	}
	var b strings.Builder
	b.WriteByte('[')
	for _, r := range s {
		writeRune(&b, r[0])
		if r[1] > r[0] {
			b.WriteByte('-')
			writeRune(&b, r[1])
		}
	}
	b.WriteByte(']')
	return b.String()
}

// writeRune escapes what is no letter or digit of ASCII.
func writeRune(b *strings.Builder, r rune) {
	switch {
	case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		b.WriteRune(r)
	case r < 0x80:
		fmt.Fprintf(b, `\x%02x`, r)
	default:
		b.WriteRune(r)
	}
}

func ofTables(tables ...*unicode.RangeTable) runeSet {
	var all runeSet
	for _, t := range tables {
		for _, r := range t.R16 {
			all = appendRange(all, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			all = appendRange(all, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return runeSet{}.union(all)
}

func appendRange(s runeSet, low, high, stride rune) runeSet {
	if stride == 1 {
		return append(s, [2]rune{low, high})
	}
	for c := low; c <= high; c += stride {
		s = append(s, [2]rune{c, c})
	}
	return s
}

var (
	asciiDigit = runeSet{{'0', '9'}}
	asciiWord  = runeSet{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	asciiSpace = runeSet{{'\t', '\r'}, {' ', ' '}}
)

// shorthand is the set of \d, \w, \s and their opposites, of ASCII alone.
func shorthand(c byte) (runeSet, bool) {
	switch c {
	case 'd':
		return asciiDigit, true
	case 'w':
		return asciiWord, true
	case 's':
		return asciiSpace, true
	case 'D':
		return asciiDigit.negated(), true
	case 'W':
		return asciiWord.negated(), true
	case 'S':
		return asciiSpace.negated(), true
	}
	return nil, false
}

// property is the set of a name in \p{…} or [:…:], as Joni knows it.
func property(name string) (runeSet, bool) {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
	if posix, ok := posixSet(plain); ok {
		return posix, true
	}
	for n, t := range unicode.Categories {
		if strings.ToLower(n) == plain {
			return ofTables(t), true
		}
	}
	for n, t := range unicode.Scripts {
		if strings.ToLower(strings.ReplaceAll(n, "_", "")) == plain {
			return ofTables(t), true
		}
	}
	return nil, false
}

func posixSet(name string) (runeSet, bool) {
	alpha := []*unicode.RangeTable{unicode.L, unicode.Nl, unicode.Other_Alphabetic}
	switch name {
	case "alpha":
		return ofTables(alpha...), true
	case "digit":
		return ofTables(unicode.Nd), true
	case "alnum":
		return ofTables(append(alpha, unicode.Nd)...), true
	case "lower":
		return ofTables(unicode.Ll, unicode.Other_Lowercase), true
	case "upper":
		return ofTables(unicode.Lu, unicode.Other_Uppercase), true
	case "space":
		return ofTables(unicode.White_Space), true
	case "blank":
		return ofTables(unicode.Zs).union(runeSet{{'\t', '\t'}}), true
	case "cntrl":
		return ofTables(unicode.Cc), true
	case "punct":
		return ofTables(unicode.P).union(runeSet{{'$', '$'}, {'+', '+'}, {'<', '>'}, {'^', '^'}, {'`', '`'}, {'|', '|'}, {'~', '~'}}), true
	case "xdigit":
		return runeSet{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, true
	case "ascii":
		return runeSet{{0, 0x7f}}, true
	case "any":
		return runeSet{{0, unicode.MaxRune}}, true
	}
	return nil, false
}

// foldsToSeveral says whether a character's case folding is several characters,
// which Joni matches and this does not.
func foldsToSeveral(r rune) bool {
	switch {
	case r < 0xdf:
		return false
	case r == 0xdf, r == 0x130, r == 0x149, r == 0x1f0, r == 0x390, r == 0x3b0, r == 0x587, r >= 0x1e96 && r <= 0x1e9e,
		r >= 0x1f50 && r <= 0x1fff, r >= 0xfb00 && r <= 0xfb17:
		return true
	}
	return false
}
