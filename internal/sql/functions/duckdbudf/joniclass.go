package duckdbudf

import (
	_ "embed"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"
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

//go:embed joniclasses.txt
var classTable string

// classes are the sets of Joni's names, in lower case. Joni is of an older
// Unicode than Go.
var classes = sync.OnceValue(func() map[string]runeSet {
	out := map[string]runeSet{"ascii": {{0, 0x7f}}, "any": {{0, unicode.MaxRune}}, "xdigit": {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}}
	for line := range strings.Lines(classTable) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		set := make(runeSet, 0, len(fields))
		for _, f := range fields[1:] {
			low, high, ranged := strings.Cut(f, "-")
			if !ranged {
				high = low
			}
			a, _ := strconv.ParseInt(low, 16, 32)
			b, _ := strconv.ParseInt(high, 16, 32)
			set = append(set, [2]rune{rune(a), rune(b)})
		}
		out[fields[0]] = set
		if fields[0] != "co" && len(fields[0]) == 2 && strings.ContainsRune("lmnpszc", rune(fields[0][0])) {
			out[fields[0][:1]] = out[fields[0][:1]].union(set)
		}
	}
	out["c"] = out["c"].union(out["co"])
	for name, of := range map[string]string{"digit": "nd", "cntrl": "cc", "punct": "p"} {
		out[name] = out[of]
	}
	out["alnum"] = out["alpha"].union(out["digit"])
	return out
})

// property is the set of a name in \p{…}, letters in any case. refused says that
// Joni may know the name, but its set is not known here: scripts, their codes of
// four letters, long names.
func property(name string) (set runeSet, ok, refused bool) {
	plain := strings.ToLower(name)
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return nil, false, false
	}
	if set, ok = classes()[plain]; ok {
		return set, true, false
	}
	for alias, short := range unicode.CategoryAliases {
		if strings.ReplaceAll(strings.ToLower(alias), "_", "") == plain {
			set, ok = classes()[strings.ToLower(short)]
			return set, ok, !ok
		}
	}
	for n := range unicode.Scripts {
		if strings.ReplaceAll(strings.ToLower(n), "_", "") == plain {
			return nil, false, true
		}
	}
	return nil, false, len(plain) == 4 || len(plain) > 8 || plain == "cased"
}

// posixSet is the set of a name in [:…:].
func posixSet(name string) (runeSet, bool) {
	switch name {
	case "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit":
		return classes()[name], true
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
