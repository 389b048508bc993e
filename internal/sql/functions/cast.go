package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// conversion is a cast that is being written.
type conversion struct {
	from, to types.Type
	try      bool
}

// castRule gives the template of a cast, or an error where only some types of
// the two kinds can be cast.
type castRule func(c conversion) (string, *Error)

// castRules are the casts between two different kinds, and those within a kind
// whose numbers matter.
var castRules = map[[2]types.Kind]castRule{}

func init() {
	for _, table := range []map[[2]types.Kind]castRule{numberCasts(), textCasts(), addressCasts(), timeCasts(), clockCasts(), jsonCasts(), sketchCasts()} {
		for k, rule := range table {
			castRules[k] = rule
		}
	}
}

func cast(from, to types.Type, try bool) (*Resolved, error) {
	if err := checkCarried(from, to); err != nil {
		return nil, err
	}
	to = to.WithZonesOf(from)
	if from.Kind == types.Varchar && to.Kind == types.TimestampTZ {
		to.Zone = types.MixedZone
	}
	template, err := castTemplate(conversion{from: from, to: to, try: try})
	if err != nil {
		return nil, err
	}
	return &Resolved{ArgTypes: []types.Type{from}, ReturnType: to, emission: T(template)}, nil
}

func castTemplate(c conversion) (string, *Error) {
	switch {
	case c.from.Kind == types.Unknown:
		return "CAST($1 AS " + duckType(c.to) + ")", nil
	case c.from.Equal(c.to) && c.from.SameZones(c.to):
		return "$1", nil
	case c.from.Kind == c.to.Kind && nested(c.from):
		return c.nestedTemplate()
	}
	rule, ok := castRules[[2]types.Kind{c.from.Kind, c.to.Kind}]
	if !ok {
		return "", refuse(typeMismatch, "Cannot cast %s to %s", c.from, c.to)
	}
	return rule(c)
}

// fail is what the cast gives for a value that cannot be cast.
func (c conversion) fail(sql string) string {
	if c.try {
		return "NULL"
	}
	return sql
}

// plain is DuckDB's own cast of an expression to the target.
func (c conversion) plain(sql string) string {
	word := "CAST"
	if c.try {
		word = "TRY_CAST"
	}
	return word + "(" + sql + " AS " + duckType(c.to) + ")"
}

// nestedTemplate casts the parts of an array, map or row.
func (c conversion) nestedTemplate() (string, *Error) {
	if len(c.from.Fields) != len(c.to.Fields) {
		return "", refuse(typeMismatch, "Cannot cast %s to %s", c.from, c.to)
	}
	parts := make([]string, len(c.from.Fields))
	same := true
	for i, f := range c.from.Fields {
		part, err := castTemplate(conversion{from: f.Type, to: c.to.Fields[i].Type})
		if err != nil {
			return "", refuse(typeMismatch, "Cannot cast %s to %s", c.from, c.to)
		}
		parts[i] = part
		same = same && part == "$1"
	}
	if same && c.from.Kind != types.Row {
		return "$1", nil
	}
	if c.try && !same {
		c.try = false
		whole, err := c.nestedTemplate()
		return "list_transform([$1], lambda scops_c: " + Try(put(whole, "scops_c"), c.to) + ")[1]", err
	}
	switch c.from.Kind {
	case types.Array:
		return "list_transform($1, lambda scops_e: " + put(parts[0], "scops_e") + ")", nil
	case types.Map:
		return "map_from_entries(list_transform(map_entries($1), lambda scops_e: struct_pack(key := " +
			put(parts[0], "scops_e.key") + ", value := " + put(parts[1], "scops_e.value") + ")))", nil
	}
	return c.rowTemplate(parts), nil
}

// rowTemplate casts a row field by field, by position as Trino does.
func (c conversion) rowTemplate(parts []string) string {
	fields := make([]string, len(parts))
	for i, part := range parts {
		fields[i] = types.DuckDBFieldName(c.to, i) + " := " +
			put(part, "struct_extract($1, "+quoteField(c.from, i)+")")
	}
	return "(CASE WHEN $1 IS NOT NULL THEN struct_pack(" + strings.Join(fields, ", ") + ") END)"
}

// put fills the one argument of a template with SQL that may be a $1 itself.
func put(template, sql string) string { return strings.ReplaceAll(template, "$1", sql) }

// quoteField is the name of a STRUCT's field as an SQL string.
func quoteField(row types.Type, i int) string {
	name := types.DuckDBFieldName(row, i)
	return quote(strings.ReplaceAll(name[1:len(name)-1], `""`, `"`))
}
