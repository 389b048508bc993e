package analyzer

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// field is a column that a name may resolve to.
type field struct {
	name   string   // "" for an anonymous column
	origin []string // what may stand before the name: [catalog schema table] or [alias], lower-case; nil for none
	expr   Expr     // what the name stands for; a *Ref except in an ORDER BY scope
	hidden bool     // only its name gives it: * does not
}

// withoutHidden is a relation of the fields that are not hidden.
func (a *analyzer) withoutHidden(p plan) plan {
	fields := visible(p.fields)
	if len(fields) == len(p.fields) {
		return p
	}
	node := &Project{Input: p.rel}
	for i, f := range fields {
		out := a.symbol(f.name, f.expr.Type())
		node.Exprs, node.Out = append(node.Exprs, f.expr), append(node.Out, out)
		fields[i].expr = &Ref{out}
	}
	return plan{rel: node, fields: fields}
}

// visible are the fields that are not hidden.
func visible(fields []field) []field {
	return slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return f.hidden })
}

// matches says whether the qualified name (lower-case parts) names the field.
func (f *field) matches(name []string) bool {
	last := len(name) - 1
	if f.name == "" || !strings.EqualFold(f.name, name[last]) {
		return false
	}
	prefix := name[:last]
	if len(prefix) > len(f.origin) {
		return false
	}
	from := len(f.origin) - len(prefix)
	for i, p := range prefix {
		if f.origin[from+i] != p {
			return false
		}
	}
	return true
}

// hasOrigin says whether `name.*` covers the field.
func (f *field) hasOrigin(name []string) bool {
	if len(name) > len(f.origin) {
		return false
	}
	from := len(f.origin) - len(name)
	for i, p := range name {
		if f.origin[from+i] != p {
			return false
		}
	}
	return true
}

// scope is the set of names that an expression sees. Names are looked for in
// fields, then in outer.
type scope struct {
	fields []field
	outer  *scope
	with   *withScope
	kind   scopeKind
	join   JoinKind // of a lateralScope: its columns may not be referred to in a RIGHT or FULL join
}

// scopeKind says what a scope's fields belong to.
type scopeKind uint8

const (
	queryScope     scopeKind = iota // the relations of a query; outer is the query around it
	lambdaScope                     // the arguments of a lambda; outer is around it
	aliasScope                      // the select list, before the FROM clause, in ORDER BY
	lateralScope                    // the items of FROM left of a lateral one
	outerJoinScope                  // both sides of an outer join, in its condition: subqueries may not refer to them
	constantScope                   // none: the outermost scope of an expression that sees no columns
)

// withScope is a named query of a WITH.
type withScope struct {
	name   string // lower-case
	query  *ast.WithQuery
	around *scope     // what the named query itself sees
	outer  *withScope // the named queries before it
	used   bool       // something refers to it

	recursive bool
	before    *Recursion // inside its step: the recursion whose last step so far is meant
}

// find looks for a named query.
func (w *withScope) find(name string) *withScope {
	for ; w != nil; w = w.outer {
		if w.name == name {
			return w
		}
	}
	return nil
}

// resolve finds the field of a qualified name in lower case, and the kind of
// scope that it is in; nil where there is none.
func (s *scope) resolve(name []string, at ast.Node) (*field, scopeKind, error) {
	inner := false // s is not of the query that the name stands in
	for ; s != nil; s = s.outer {
		var found *field
		for i := range s.fields {
			f := &s.fields[i]
			if !f.matches(name) {
				continue
			}
			if found != nil {
				return nil, 0, ambiguous(at, name)
			}
			found = f
		}
		if found != nil && at != nil && s.kind == lateralScope && (s.join == RightJoin || s.join == FullJoin) {
			return nil, 0, errorAt(at, "INVALID_COLUMN_REFERENCE", "LATERAL reference not allowed in %s JOIN", s.join)
		}
		if found != nil && at != nil && inner && s.kind == outerJoinScope {
			return nil, 0, notSupported(at, "Reference to column '%s' from outer scope not allowed in this context", strings.Join(name, "."))
		}
		if found != nil {
			return found, s.kind, nil
		}
		inner = inner || s.kind == queryScope
	}
	return nil, 0, nil
}

// isConstant says whether an expression sees no columns at all.
func (s *scope) isConstant() bool {
	for ; s != nil; s = s.outer {
		if s.kind == constantScope {
			return true
		}
	}
	return false
}

// ambiguous is the error of a name that two columns have; at may be nil where
// only the fact matters.
func ambiguous(at ast.Node, name []string) error {
	if at == nil {
		at = ast.Position{}
	}
	return errorAt(at, "AMBIGUOUS_NAME", "Column '%s' is ambiguous", strings.Join(name, "."))
}
