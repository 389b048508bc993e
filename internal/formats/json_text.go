package formats

import (
	"bytes"
	"strings"
)

// canonicalWord is the text that a bare word has in a string column of the
// OpenX SerDe: booleans in lower case, numbers in plain decimal.
func canonicalWord(w []byte) []byte {
	if isPlainInteger(w) {
		return w
	}
	if bytes.EqualFold(w, []byte("true")) || bytes.EqualFold(w, []byte("false")) {
		return bytes.ToLower(w)
	}
	if n, err := parseOpenXLong(w); err == nil {
		return []byte(itoa(n))
	}
	if d, err := parseBigDecimal(w); err == nil {
		return []byte(d.String())
	}
	return validText(w)
}

// isPlainInteger says whether w is its own canonical form.
func isPlainInteger(w []byte) bool {
	digits := w
	if len(w) > 1 && w[0] == '-' {
		digits = w[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(w) > 1 {
		return false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// appendJSONText writes a value as the compact JSON text that a string column
// shows for an object or array.
func (d *jsonDecoder) appendJSONText(out []byte, t token) []byte {
	switch t.kind {
	case nullToken:
		return append(out, "null"...)
	case stringToken:
		return appendJSONString(out, d.copyText(t))
	case literalToken:
		if w := canonicalWord(t.raw); isCanonical(t.raw) {
			return append(out, w...)
		}
		return appendJSONString(out, validText(t.raw))
	case arrayToken:
		out = append(out, '[')
		d.scan.elements(t.raw, 0, 0, func(n int, value token) {
			if n > 0 {
				out = append(out, ',')
			}
			out = d.appendJSONText(out, value)
		})
		return append(out, ']')
	}
	out = append(out, '{')
	for n, m := range d.distinctMembers(t) {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(appendJSONString(out, m.key), ':')
		out = d.appendJSONText(out, m.value)
	}
	return append(out, '}')
}

// isCanonical says whether a bare word is a boolean or a number, which are
// written without quotes.
func isCanonical(w []byte) bool {
	if bytes.EqualFold(w, []byte("true")) || bytes.EqualFold(w, []byte("false")) {
		return true
	}
	if _, err := parseOpenXLong(w); err == nil {
		return true
	}
	_, err := parseBigDecimal(w)
	return err == nil
}

type member struct {
	key   []byte
	value token
}

// distinctMembers are the members of an object in order; of equal keys the
// last one counts, in its own place.
func (d *jsonDecoder) distinctMembers(t token) []member {
	var all []member
	d.scan.members(t.raw, 0, 0, func(_ int, key, value token) {
		all = append(all, member{d.copyText(key), value})
	})
	last := make(map[string]int, len(all))
	for i, m := range all {
		last[d.keyIdentity(m.key)] = i
	}
	if len(last) == len(all) {
		return all
	}
	kept := all[:0]
	for i, m := range all {
		if last[d.keyIdentity(m.key)] == i {
			kept = append(kept, m)
		}
	}
	return kept
}

func (d *jsonDecoder) keyIdentity(key []byte) string {
	if d.options.Hive || d.options.CaseSensitive {
		return string(key)
	}
	return strings.ToLower(string(key))
}
