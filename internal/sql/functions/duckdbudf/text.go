package duckdbudf

import (
	"database/sql/driver"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var stringUDFs = []udf{
	{name: "scops_levenshtein", in: in(text, text), out: bigint, run: func(a []driver.Value) (any, error) {
		return levenshtein([]rune(a[0].(string)), []rune(a[1].(string)))
	}},
	{name: "scops_hamming", in: in(text, text), out: bigint, run: func(a []driver.Value) (any, error) {
		return hamming(a[0].(string), a[1].(string))
	}},
	{name: "scops_soundex", in: in(text), out: text, run: func(a []driver.Value) (any, error) { return soundex(a[0].(string)) }},
	{name: "scops_normalize", in: in(text, text), out: text, run: normalize},
	{name: "scops_luhn_check", in: in(text), out: boolean, run: func(a []driver.Value) (any, error) { return luhn(a[0].(string)) }},
	{name: "scops_word_stem", in: in(text, text), out: text, run: wordStem},
	{name: "scops_strpos", in: in(text, text, bigint), out: bigint, run: strpos},
	{name: "scops_from_utf8", in: in(blob, text), out: text, run: fromUTF8},
	{name: "scops_join", in: in(text, list(text)), out: text, run: func(a []driver.Value) (any, error) {
		return join(a[0].(string), a[1].([]any)), nil
	}},
	{name: "scops_translate", in: in(text, text, text), out: text, run: func(a []driver.Value) (any, error) {
		return translate(a[0].(string), a[1].(string), a[2].(string)), nil
	}},
}

// longestLevenshtein bounds the product of the lengths, as Trino does.
const longestLevenshtein = 1_000_000

// levenshtein counts code points.
func levenshtein(a, b []rune) (int64, error) {
	if len(a) == 0 || len(b) == 0 {
		return int64(len(a) + len(b)), nil
	}
	if len(a)*(len(b)-1) > longestLevenshtein {
		return 0, failure("INVALID_FUNCTION_ARGUMENT", "The combined inputs for Levenshtein distance are too large")
	}
	row := make([]int64, len(b)+1)
	for j := range row {
		row[j] = int64(j)
	}
	for i := range a {
		diagonal := row[0]
		row[0] = int64(i + 1)
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)], nil
}

func hamming(s, t string) (int64, error) {
	a, b := []rune(s), []rune(t)
	if len(a) != len(b) {
		return 0, failure("INVALID_FUNCTION_ARGUMENT", "The input strings to hamming_distance function must have the same length")
	}
	n := int64(0)
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n, nil
}

// soundexDigits are the digits of A to Z; 0 separates.
const soundexDigits = "01230120022455012623010202"

// soundex is the American Soundex, as Apache Commons Codec computes it.
func soundex(s string) (string, error) {
	letters := strings.Map(func(r rune) rune {
		if r > math.MaxUint16 || !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, s)
	letters = strings.ReplaceAll(strings.ToUpper(letters), "ß", "SS")
	if letters == "" {
		return "", nil
	}
	code := make([]byte, 0, 4)
	last := byte(0)
	for i, r := range letters {
		if len(code) == 4 {
			break
		}
		if i > 0 && (r == 'H' || r == 'W') {
			continue
		}
		if r < 'A' || r > 'Z' {
			return "", failure("INVALID_FUNCTION_ARGUMENT", "The character is not mapped: %c (index=%d)", r, r-'A')
		}
		digit := soundexDigits[r-'A']
		switch {
		case i == 0:
			code = append(code, byte(r))
		case digit != '0' && digit != last:
			code = append(code, digit)
		}
		last = digit
	}
	return (string(code) + "000")[:4], nil
}

var normalForms = map[string]norm.Form{"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD}

func normalize(a []driver.Value) (any, error) {
	form, ok := normalForms[a[1].(string)]
	if !ok {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Normalization form must be one of [NFD, NFC, NFKD, NFKC]")
	}
	return form.String(a[0].(string)), nil
}

// luhn says whether the last digit is the check digit of the others.
func luhn(s string) (bool, error) {
	if s == "" {
		return false, nil
	}
	sum, double := 0, false
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			return false, failure("INVALID_FUNCTION_ARGUMENT", "Input contains non-digit character")
		}
		digit := int(s[i] - '0')
		if double {
			digit *= 2
			if digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		double = !double
	}
	return sum%10 == 0, nil
}

// strpos is the position of the nth occurrence, from the end where n < 0.
// Occurrences may overlap.
func strpos(a []driver.Value) (any, error) {
	s, sub, n := a[0].(string), a[1].(string), a[2].(int64)
	switch {
	case n == 0 || n == math.MinInt64:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "'instance' must be a positive or negative number.")
	case sub == "":
		return int64(1), nil
	case n > 0:
		return nthFromStart(s, sub, n), nil
	}
	return nthFromEnd(s, sub, -n), nil
}

func nthFromStart(s, sub string, n int64) int64 {
	for at := -1; ; n-- {
		next := strings.Index(s[at+1:], sub)
		if next < 0 {
			return 0
		}
		if at += 1 + next; n == 1 {
			return int64(utf8.RuneCountInString(s[:at])) + 1
		}
	}
}

func nthFromEnd(s, sub string, n int64) int64 {
	for end := len(s); ; n-- {
		at := strings.LastIndex(s[:end], sub)
		if at < 0 {
			return 0
		}
		if n == 1 {
			return int64(utf8.RuneCountInString(s[:at])) + 1
		}
		// The next may overlap this one, but begins before it.
		end = min(len(s), at+len(sub)-1)
	}
}

// fromUTF8 puts the replacement, one character or none, for each sequence of
// bytes that is no UTF-8.
func fromUTF8(a []driver.Value) (any, error) {
	b, replacement := a[0].([]byte), a[1].(string)
	if utf8.RuneCountInString(replacement) > 1 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Replacement character string must empty or a single character")
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	var out strings.Builder
	for len(b) > 0 {
		if r, size := utf8.DecodeRune(b); r != utf8.RuneError || size > 1 {
			out.Write(b[:size])
			b = b[size:]
			continue
		}
		out.WriteString(replacement)
		b = b[invalidLength(b):]
	}
	return out.String(), nil
}

// invalidLength is how many bytes of an invalid sequence Trino takes for one:
// the leading byte with the continuation bytes that it asks for.
func invalidLength(b []byte) int {
	want := 0
	switch c := b[0]; {
	case c >= 0xc0 && c < 0xe0:
		want = 1
	case c >= 0xe0 && c < 0xf0:
		want = 2
	case c >= 0xf0 && c < 0xf8:
		want = 3
	case c >= 0xf8 && c < 0xfc:
		want = 4
	case c >= 0xfc && c < 0xfe:
		want = 5
	}
	n := 1
	for n <= want && n < len(b) && b[n]&0xc0 == 0x80 {
		n++
	}
	return n
}

// join joins the texts of a list, without NULL.
func join(separator string, list []any) string {
	var texts []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, separator)
}

// translate maps characters of from to those of to at the same place, the
// first where one stands twice; those without one go.
func translate(s, from, to string) string {
	target := []rune(to)
	places := map[rune]rune{}
	for i, r := range []rune(from) {
		if _, known := places[r]; known {
			continue
		}
		places[r] = -1
		if i < len(target) {
			places[r] = target[i]
		}
	}
	return strings.Map(func(r rune) rune {
		if to, ok := places[r]; ok {
			return to
		}
		return r
	}, s)
}
