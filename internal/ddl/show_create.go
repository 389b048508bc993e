package ddl

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// showCreateTable prints the statement that makes the table again, a line a
// row, laid out as Hive does.
func (r *run) showCreateTable(s *hive.ShowCreateTable) (Result, error) {
	t, err := r.table(s.Table)
	if err != nil {
		return Result{}, err
	}
	if t.Type == catalog.VirtualView {
		return Result{}, semantic(s.Table, "%s.%s is a view: use SHOW CREATE VIEW", t.Database, t.Name)
	}
	return result(stringColumns("createtab_stmt"), strings.Split(createStatement(t), "\n")), nil
}

func createStatement(t *catalog.Table) string {
	var b strings.Builder
	b.WriteString("CREATE EXTERNAL TABLE " + createdName(t) + "(\n")
	b.WriteString(columnLines(t.Columns) + ")\n")
	if c := t.Parameters[paramComment]; c != "" {
		b.WriteString("COMMENT " + quote(c) + "\n")
	}
	if len(t.PartitionKeys) > 0 {
		b.WriteString("PARTITIONED BY ( \n" + columnLines(t.PartitionKeys) + ")\n")
	}
	b.WriteString(bucketLines(t))
	b.WriteString("ROW FORMAT SERDE \n  " + quote(cmp.Or(t.SerDe.Library, formats.SerDeLazySimple)) + " \n")
	if lines := propertyLines(t.SerDe.Parameters); lines != "" {
		b.WriteString("WITH SERDEPROPERTIES ( \n" + lines + ") \n")
	}
	b.WriteString("STORED AS INPUTFORMAT \n  " + quote(cmp.Or(t.InputFormat, textInput)) + " \n")
	b.WriteString("OUTPUTFORMAT \n  " + quote(cmp.Or(t.OutputFormat, textOutput)) + "\n")
	b.WriteString("LOCATION\n  " + quote(t.Location) + "\n")
	b.WriteString("TBLPROPERTIES (\n" + propertyLines(shownProperties(t)) + ")")
	return b.String()
}

// createdName is the table's name, with its database where a dot in it would be
// read as one between the two.
func createdName(t *catalog.Table) string {
	if strings.Contains(t.Name, ".") {
		return quoteName(t.Database) + "." + quoteName(t.Name)
	}
	return quoteName(t.Name)
}

// shownProperties leaves out what other clauses say.
func shownProperties(t *catalog.Table) map[string]string {
	p := maps.Clone(t.Parameters)
	delete(p, paramExternal)
	delete(p, paramComment)
	if len(p) == 0 {
		p = map[string]string{paramChanged: "0"} // TBLPROPERTIES () is no statement
	}
	return p
}

func columnLines(columns []catalog.Column) string {
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = "  " + quoteName(c.Name) + " " + typeText(c.Type)
		if c.Comment != "" {
			lines[i] += " COMMENT " + quote(c.Comment)
		}
	}
	return strings.Join(lines, ", \n")
}

// bucketLines is CLUSTERED BY of a table with buckets.
func bucketLines(t *catalog.Table) string {
	s := t.Storage
	if len(s.BucketColumns) == 0 || s.NumberOfBuckets < 1 {
		return ""
	}
	names := make([]string, len(s.BucketColumns))
	for i, c := range s.BucketColumns {
		names[i] = "  " + quoteName(c)
	}
	text := "CLUSTERED BY ( \n" + strings.Join(names, ", \n") + ") \n"
	if len(s.SortColumns) > 0 {
		sorted := make([]string, len(s.SortColumns))
		for i, c := range s.SortColumns {
			sorted[i] = "  " + quoteName(c.Column) + map[bool]string{true: " DESC", false: " ASC"}[c.Order == 0]
		}
		text += "SORTED BY ( \n" + strings.Join(sorted, ", \n") + ") \n"
	}
	return text + fmt.Sprintf("INTO %d BUCKETS\n", s.NumberOfBuckets)
}

// fieldName is the name of a struct's field in the text of a type.
var fieldName = regexp.MustCompile("[^<>,:()`]+:")

// typeText writes a type so that it can be read again: Hive prints the names of
// fields without backticks, also where they need them.
func typeText(typ string) string {
	return fieldName.ReplaceAllStringFunc(typ, func(field string) string {
		name := strings.TrimSuffix(field, ":")
		if hive.IsPlainName(name) {
			return field
		}
		return quoteName(name) + ":"
	})
}

func propertyLines(p map[string]string) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		lines = append(lines, "  "+quote(name)+"="+quote(p[name]))
	}
	return strings.Join(lines, ", \n")
}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// quote writes a Hive string literal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
