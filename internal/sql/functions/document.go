package functions

import (
	"fmt"
	"sort"
	"strings"
)

// Document is docs/sql-functions.md, written from the table.
func Document() string {
	var b strings.Builder
	b.WriteString("# SQL functions\n\n")
	b.WriteString("Written from the table in `internal/sql/functions` by `go test ./internal/sql/functions -run TestDocument -rewrite`; do not edit.\n\n")
	fmt.Fprintf(&b, "%d functions, with the meaning that they have in Trino. A function that is not here is refused with `FUNCTION_NOT_FOUND`. Where a text says so, an argument must be a constant.\n", len(All()))
	for _, name := range familyNames() {
		fmt.Fprintf(&b, "\n## %s\n\n| function | forms | what it gives | example |\n| --- | --- | --- | --- |\n", title(name))
		for _, f := range All() {
			if f.Family == name {
				b.WriteString(f.row())
			}
		}
	}
	return b.String()
}

func familyNames() []string {
	seen := map[string]bool{}
	var out []string
	for _, f := range All() {
		if !seen[f.Family] {
			seen[f.Family] = true
			out = append(out, f.Family)
		}
	}
	sort.Strings(out)
	return out
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

func (f *Function) row() string {
	names := "`" + f.Name + "`"
	for _, a := range f.Aliases {
		names += ", `" + a + "`"
	}
	forms := make([]string, len(f.Sigs))
	for i := range f.Sigs {
		text, _, _ := strings.Cut(f.Sigs[i].Text, " [")
		forms[i] = "`" + text + "`"
	}
	doc := f.Doc
	switch f.Kind {
	case Aggregate:
		doc += " Aggregate."
	case Window:
		doc += " Needs OVER."
	}
	return fmt.Sprintf("| %s | %s | %s | `%s` |\n", names, strings.Join(forms, "<br>"), cell(doc), cell(f.Example))
}

// cell keeps the bars of a text from ending a cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
