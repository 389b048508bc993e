package functions

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// longArg is the length from which an argument that an emission uses more than
// once is computed once, in a lambda, so that nested calls do not grow without
// bound.
const longArg = 1500

// placeholder is $1, $2, … or $* (all arguments) in a template.
var placeholder = regexp.MustCompile(`\$(\d+|\*)`)

// T is an Emission from a template with $1, $2, … and $* for the arguments.
func T(template string) Emission {
	return func(c *Call) string { return expand(template, c.Args) }
}

// expand fills a template. An argument that stands in it more than once, and
// is long or volatile, is bound once by a one-element list_transform.
func expand(template string, args []string) string {
	args = append([]string(nil), args...)
	var wrap []string
	for i, a := range args {
		if needsBinding(template, i, a) {
			name := "scops_" + strconv.Itoa(i)
			wrap = append(wrap, "list_transform(["+a+"], lambda "+name+": ")
			args[i] = name
		}
	}
	out := fill(template, args)
	return strings.Join(wrap, "") + out + strings.Repeat(")[1]", len(wrap))
}

func needsBinding(template string, i int, arg string) bool {
	if strings.Count(template, "$"+strconv.Itoa(i+1)) < 2 || strings.HasPrefix(arg, "lambda ") {
		return false
	}
	return len(arg) > longArg || changes(arg)
}

// aggregateCall is name<args> or name<args|condition> in a template of A.
var aggregateCall = regexp.MustCompile(`(\w+)<([^|<>]*)(?:\|([^<>]*))?>`)

// A is an Emission of an aggregate or window function: in its template,
// name<args> is a call that takes the clauses, name<args|condition> one that
// sees only the rows for which the condition holds.
func A(template string) Emission {
	return func(c *Call) string {
		var b strings.Builder
		end := 0
		// The clauses hold texts of users: they are never searched for places.
		for _, m := range aggregateCall.FindAllStringSubmatchIndex(template, -1) {
			b.WriteString(fill(template[end:m[0]], c.Args))
			condition := ""
			if m[6] >= 0 {
				condition = template[m[6]:m[7]]
			}
			b.WriteString(c.Clauses.around(template[m[2]:m[3]], fill(template[m[4]:m[5]], c.Args), fill(condition, c.Args)))
			end = m[1]
		}
		b.WriteString(fill(template[end:], c.Args))
		return b.String()
	}
}

// fill puts arguments in their places. What is inside quotes stays: it may be the
// name of a field or a path of a user's.
func fill(template string, args []string) string {
	return outsideQuotes(template, func(part string) string {
		return placeholder.ReplaceAllStringFunc(part, func(p string) string {
			if p == "$*" {
				return strings.Join(args, ", ")
			}
			i, _ := strconv.Atoi(p[1:])
			return args[i-1]
		})
	})
}

// outsideQuotes rewrites the parts of SQL that are not quoted strings or names.
func outsideQuotes(sql string, rewrite func(string) string) string {
	var b strings.Builder
	for {
		begin := strings.IndexAny(sql, `'"`)
		if begin < 0 {
			return b.String() + rewrite(sql)
		}
		b.WriteString(rewrite(sql[:begin]))
		end := strings.IndexByte(sql[begin+1:], sql[begin])
		if end < 0 {
			return b.String() + sql[begin:]
		}
		b.WriteString(sql[begin : begin+end+2])
		sql = sql[begin+end+2:]
	}
}

// around writes a call with its clauses.
func (c Clauses) around(name, args, condition string) string {
	var b strings.Builder
	b.WriteString(name + "(")
	if c.Distinct {
		b.WriteString("DISTINCT ")
	}
	b.WriteString(args)
	if c.IgnoreNulls {
		b.WriteString(" IGNORE NULLS")
	}
	if c.OrderBy != "" {
		b.WriteString(" ORDER BY " + c.OrderBy)
	}
	b.WriteString(")")
	switch {
	case c.Filter != "" && condition != "":
		b.WriteString(" FILTER (WHERE (" + c.Filter + ") AND (" + condition + "))")
	case c.Filter != "" || condition != "":
		b.WriteString(" FILTER (WHERE " + c.Filter + condition + ")")
	}
	if c.Over != "" {
		b.WriteString(" OVER " + c.Over)
	}
	return b.String()
}

// ErrorPrefix begins every error that emitted SQL raises.
const ErrorPrefix = "scops:"

// raise is SQL that fails with Trino's error when a row reaches it; its type
// fits any other branch of a CASE. The message is constant text.
func raise(name, message string) string {
	return "error(" + quote(ErrorPrefix+name+": "+message) + ")"
}

// raiseWith is raise with an SQL expression of VARCHAR put in at each %s.
func raiseWith(name, format string, args ...string) string {
	parts := strings.Split(format, "%s")
	out := quote(ErrorPrefix + name + ": " + parts[0])
	for i, a := range args {
		out += ", CAST(" + a + " AS VARCHAR), " + quote(parts[i+1])
	}
	return "error(concat(" + out + "))"
}

// quote writes an SQL string.
func quote(s string) string {
	if strings.ContainsRune(s, 0) {
		parts := strings.Split(s, "\x00")
		for i := range parts {
			parts[i] = quote(parts[i])
		}
		return "concat(" + strings.Join(parts, ", chr(0), ") + ")"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// duckType is types.DuckDBType for types that are known to be carried.
func duckType(t types.Type) string {
	name, err := types.DuckDBType(t)
	if err != nil {
		panic("functions: " + err.Error())
	}
	return name
}

// checkCarried refuses a type that DuckDB has no form for.
func checkCarried(ts ...types.Type) *Error {
	for _, t := range ts {
		if t.Kind == types.Function {
			continue
		}
		if _, err := types.DuckDBType(t); err != nil {
			return refuse(notSupported, "Type %s is not supported", t)
		}
	}
	return nil
}

// powerOfTen is 10^n as text.
func powerOfTen(n int) string { return "1" + strings.Repeat("0", n) }

// scaleUnit is 10^-s as a decimal(s,s) constant, 1 for s = 0.
func scaleUnit(s int) string {
	if s == 0 {
		return "CAST(1 AS DECIMAL(1,0))"
	}
	return fmt.Sprintf("CAST('0.%s1' AS DECIMAL(%d,%d))", strings.Repeat("0", s-1), s, s)
}

// unscaled is a decimal's integer without its point, as HUGEINT.
func unscaled(sql string, t types.Type) string {
	if t.Scale == 0 {
		return "CAST(" + sql + " AS HUGEINT)"
	}
	return fmt.Sprintf("CAST(%s * CAST(%s AS DECIMAL(%d,0)) AS HUGEINT)", sql, powerOfTen(t.Scale), t.Scale+1)
}

// rescaled makes a decimal of an unscaled HUGEINT.
func rescaled(sql string, t types.Type) string {
	if t.Scale == 0 {
		return fmt.Sprintf("CAST(%s AS DECIMAL(%d,0))", sql, t.Precision)
	}
	return fmt.Sprintf("CAST(CAST(%s AS DECIMAL(38,0)) * %s AS DECIMAL(%d,%d))", sql, scaleUnit(t.Scale), t.Precision, t.Scale)
}
