package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the Glue Data Catalog.
const (
	maxNameLength     = 255 // bytes
	maxTypeLength     = 131072
	maxLocationLength = 2056
	maxValueLength    = 1024
)

// lowerName returns a database, table or column name as the catalog keeps it.
func lowerName(name string) string { return strings.ToLower(name) }

// checkName applies Glue's rule: 1 to 255 bytes on one line.
func checkName(item, name string) error {
	switch {
	case name == "":
		return fail(ErrInvalid, item, `""`, "a name is needed")
	case len(name) > maxNameLength:
		return fail(ErrInvalid, item, name[:32]+"…", "a name has at most %d bytes", maxNameLength)
	case !utf8.ValidString(name):
		return fail(ErrInvalid, item, strings.ToValidUTF8(name, "?"), "a name must be UTF-8")
	case strings.ContainsFunc(name, unicode.IsControl):
		return fail(ErrInvalid, item, strings.Map(printable, name), "a name must not have control characters")
	}
	return nil
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return '?'
	}
	return r
}

// lowerType lower-cases a Hive type outside quotes and trims it.
func lowerType(t string) string {
	var b strings.Builder
	quote := rune(0)
	for _, r := range strings.TrimSpace(t) {
		switch {
		case quote == 0 && strings.ContainsRune("`'\"", r):
			quote = r
		case quote == r:
			quote = 0
		case quote == 0:
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// normalColumns returns a copy of columns in the catalog's form, or why they
// cannot be kept. seen gathers the names of a table's columns and keys: none
// may come twice.
func normalColumns(table string, columns []Column, seen map[string]bool) ([]Column, error) {
	out := make([]Column, len(columns))
	for i, c := range columns {
		if err := checkName("column", c.Name); err != nil {
			return nil, err
		}
		c.Name = lowerName(c.Name)
		if seen[c.Name] {
			return nil, fail(ErrInvalid, "table", table, "column %s comes twice", c.Name)
		}
		seen[c.Name] = true
		c.Type = lowerType(c.Type)
		if c.Type == "" || len(c.Type) > maxTypeLength {
			return nil, fail(ErrInvalid, "table", table, "column %s needs a type of 1 to %d bytes", c.Name, maxTypeLength)
		}
		out[i] = c
	}
	return out, nil
}
