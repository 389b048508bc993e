package javaregex

import (
	"slices"
	"unicode"
)

// runeSet is a set of code points as ascending ranges that do not touch.
type runeSet [][2]rune

func single(r rune) runeSet { return runeSet{{r, r}} }

func (s runeSet) union(t runeSet) runeSet {
	all := append(append(runeSet{}, s...), t...)
	slices.SortFunc(all, func(a, b [2]rune) int { return int(a[0]) - int(b[0]) })
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

func (s runeSet) intersect(t runeSet) runeSet { return s.negated().union(t.negated()).negated() }

func (s runeSet) contains(r rune) bool {
	_, found := slices.BinarySearchFunc(s, r, func(e [2]rune, r rune) int {
		switch {
		case e[1] < r:
			return -1
		case e[0] > r:
			return 1
		}
		return 0
	})
	return found
}

// folded adds the other case of ASCII letters, all that CASE_INSENSITIVE does
// without UNICODE_CASE.
func (s runeSet) folded() runeSet {
	out := s
	for r := 'a'; r <= 'z'; r++ {
		upper := r - 'a' + 'A'
		if s.contains(r) != s.contains(upper) {
			out = out.union(runeSet{{r, r}, {upper, upper}})
		}
	}
	return out
}

func tableSet(t *unicode.RangeTable) runeSet {
	var out runeSet
	add := func(low, high, stride rune) {
		if stride == 1 {
			out = append(out, [2]rune{low, high})
			return
		}
		for r := low; r <= high; r += stride {
			out = append(out, [2]rune{r, r})
		}
	}
	for _, r := range t.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return out.union(nil)
}

var (
	digitSet      = runeSet{{'0', '9'}}
	wordSet       = runeSet{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaceSet      = runeSet{{'\t', '\r'}, {' ', ' '}}
	verticalSet   = runeSet{{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}
	horizontalSet = runeSet{{'\t', '\t'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200a}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}}
	lineEndSet    = runeSet{{'\n', '\n'}, {'\r', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}}
)

// shorthands are the classes of one letter. Their capitals are the rest.
var shorthands = map[byte]runeSet{'d': digitSet, 'w': wordSet, 's': spaceSet, 'v': verticalSet, 'h': horizontalSet}

// posixSets are the names of \p{…} that mean ASCII characters.
var posixSets = map[string]runeSet{
	"Lower": {{'a', 'z'}}, "Upper": {{'A', 'Z'}}, "ASCII": {{0, 0x7f}}, "Alpha": {{'A', 'Z'}, {'a', 'z'}},
	"Digit": digitSet, "Alnum": {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}},
	"Punct": {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, "Graph": {{'!', '~'}}, "Print": {{' ', '~'}},
	"Blank": {{'\t', '\t'}, {' ', ' '}}, "Cntrl": {{0, 0x1f}, {0x7f, 0x7f}},
	"XDigit": {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, "Space": spaceSet,
}
