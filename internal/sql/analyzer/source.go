package analyzer

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// source is where the rows of a table about the catalog come from (of
// information_schema, or t$partitions). They are fetched once the conditions of
// the whole query are known, so that it costs what the query asks for.
type source struct {
	columns []sourceColumn
	fetch   rowsOf
	filter  predicate.Predicate // of all places that read it
	seen    bool
	rows    [][]Expr // once fetched
}

type sourceColumn struct {
	name   string
	typ    types.Type
	hidden bool // * leaves it out
}

// rowsOf gives rows in the Go forms of package types, at least those for which
// the filter on the source's columns may hold.
type rowsOf func(filter predicate.Predicate) ([][]any, error)

// sourced is a relation of a source's rows.
func (a *analyzer) sourced(origin []string, columns []sourceColumn, fetch rowsOf) plan {
	a.unrepeatable(origin[len(origin)-1])
	s := &source{columns: columns, fetch: fetch, filter: predicate.And{}}
	a.sources = append(a.sources, s)
	node := &Values{source: s}
	p := plan{rel: node}
	for _, c := range columns {
		symbol := a.symbol(c.name, c.typ)
		node.Out = append(node.Out, symbol)
		p.fields = append(p.fields, field{name: c.name, origin: origin, expr: &Ref{symbol}, hidden: c.hidden})
	}
	return p
}

// require notes conditions on the rows of a source, as pusher.scan does for a
// table.
func (s *source) require(out []*Symbol, conds []Expr) {
	names := map[*Symbol]string{}
	for i, c := range s.columns {
		names[out[i]] = c.name
	}
	var all predicate.And
	for _, c := range conds {
		all = append(all, toPredicate(c, names))
	}
	filter := conditions(all)
	if s.seen {
		filter = simplifyOr(predicate.Or{s.filter, filter})
	}
	s.filter, s.seen = filter, true
}

// fill fetches the rows.
func (s *source) fill() error {
	rows, err := s.fetch(s.filter)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !s.mayHold(r) {
			continue
		}
		row := make([]Expr, len(r))
		for i, v := range r {
			row[i] = &Literal{Value: v, Typ: s.columns[i].typ}
		}
		s.rows = append(s.rows, row)
	}
	return nil
}

func (s *source) mayHold(row []any) bool {
	return predicate.Eval(s.filter, func(column string) (any, bool) {
		i := slices.IndexFunc(s.columns, func(c sourceColumn) bool { return c.name == column })
		return row[i], true
	}).MayHold()
}

// knownOnly evaluates a filter where some columns are known.
func knownOnly(filter predicate.Predicate, known map[string]any) bool {
	return predicate.Eval(filter, func(column string) (any, bool) {
		v, ok := known[column]
		return v, ok
	}).MayHold()
}

// only are the texts that a filter leaves a column, if it names them all.
func only(filter predicate.Predicate, column string) (texts []string, ok bool) {
	domains, some := predicate.Domains(filter)
	if !some {
		return nil, true
	}
	d, ok := domains[column]
	if !ok || d.Null {
		return nil, false
	}
	for _, r := range d.Ranges {
		text, isText := r.Low.Value.(string)
		if !isText || r.Low.Open || r.High.Open || r.High.Value != r.Low.Value {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

// optimize finds what the conditions of a tree say of tables and sources,
// fetches the rows of the sources and leaves what the output needs.
func (a *analyzer) optimize(root Relation, output []*Symbol) (Relation, []*TableScan, error) {
	pushPredicates(root, a.scans)
	for _, s := range a.sources {
		if err := s.fill(); err != nil {
			return nil, nil, err
		}
	}
	a.sources = nil
	root, scans := prune(root, output, a.scans)
	return root, scans, nil
}
