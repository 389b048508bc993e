package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// HiveDefaultPartition is the partition value that stands for NULL.
const HiveDefaultPartition = "__HIVE_DEFAULT_PARTITION__"

// PartitionName returns a partition's name as Hive writes it and lays it out in
// folders: year=2021/month=02, with special characters as %2F. It has no final
// slash.
func PartitionName(keys []Column, values []string) string {
	var b strings.Builder
	for i, k := range keys {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(EscapePath(k.Name))
		b.WriteByte('=')
		if i < len(values) {
			b.WriteString(EscapePath(values[i]))
		}
	}
	return b.String()
}

// escaped are the characters that Hive escapes in a partition path, beside the
// control characters (FileUtils.charToEscape).
const escaped = "\"#%'*/:=?\\{[]^\x7f"

func mustEscape(c byte) bool { return c < 0x20 || strings.IndexByte(escaped, c) >= 0 }

// EscapePath escapes a key or value for a partition path as Hive does.
func EscapePath(s string) string {
	special := 0
	for i := range len(s) {
		if mustEscape(s[i]) {
			special++
		}
	}
	if special == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*special)
	for i := range len(s) {
		if mustEscape(s[i]) {
			b = fmt.Appendf(b, "%%%02X", s[i])
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// UnescapePath undoes EscapePath. A % that no two hexadecimal digits follow
// stands for itself, as in Hive.
func UnescapePath(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// valuesName is the name of a partition in the store: its escaped values.
func valuesName(values []string) string {
	if len(values) == 1 {
		return EscapePath(values[0])
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = EscapePath(v)
	}
	return strings.Join(parts, "/")
}

func namedValues(name string) []string { return appendValues(nil, name) }

// appendValues adds the values that a name in the store has.
func appendValues(values []string, name string) []string {
	for v := range strings.SplitSeq(name, "/") {
		values = append(values, UnescapePath(v))
	}
	return values
}

func compareValues(a, b []string) int { return slices.Compare(a, b) }

// checkValues says why values cannot be those of a partition of t.
func checkValues(t *Table, values []string) error {
	name := t.Database + "." + t.Name
	if len(t.PartitionKeys) == 0 {
		return fail(ErrInvalid, "table", name, "it has no partition keys")
	}
	if len(values) != len(t.PartitionKeys) {
		return fail(ErrInvalid, "partition", strings.Join(values, "/"), "table %s has %d partition keys and %d values were given", name, len(t.PartitionKeys), len(values))
	}
	for i, v := range values {
		switch {
		case v == "":
			return fail(ErrInvalid, "partition", PartitionName(t.PartitionKeys, values), "the value of key %s is empty", t.PartitionKeys[i].Name)
		case len(v) > maxValueLength:
			return fail(ErrInvalid, "partition", t.PartitionKeys[i].Name, "a value has at most %d bytes", maxValueLength)
		case !utf8.ValidString(v):
			return fail(ErrInvalid, "partition", t.PartitionKeys[i].Name, "a value must be UTF-8")
		}
	}
	return nil
}
