package functions

import (
	"slices"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Lookup finds a function by its name in any case, or nil.
func Lookup(name string) *Function { return byName[strings.ToLower(name)] }

// Resolve finds the form of a function that takes the arguments, as Trino
// does: one that takes them as they are, else the most specific of those that
// take them coerced. An error that a Lambda returns is passed through.
func Resolve(name string, args []Arg) (*Resolved, error) {
	name = strings.ToLower(name)
	f := Lookup(name)
	if f == nil {
		return nil, refuse(functionNotFound, "Function '%s' not registered", name)
	}
	if i, ok := nullAmbiguous[nullCall{name, len(args)}]; ok && isNull(args[i]) {
		return nil, ambiguous()
	}
	if name == "concat" && len(args) == 0 {
		return nil, ambiguous()
	}
	if name == "concat" && hasNull(args) && hasChar(args) {
		return nil, ambiguous() // Trino has a form for char
	}
	for _, coerce := range []bool{false, true} {
		var fits []*match
		for i := range f.Sigs {
			m, err := f.Sigs[i].match(args, coerce)
			if err != nil {
				return nil, err
			}
			if m != nil {
				m.place = i
				fits = append(fits, m)
			}
		}
		m, err := best(fits, args)
		if err != nil {
			return nil, err
		}
		if m != nil {
			return m.resolved(f, args)
		}
	}
	if err := wrongLambda(f, args); err != nil {
		return nil, err
	}
	return nil, unexpected(f, name, args)
}

// wrongLambda is the error of a lambda with another number of arguments than the
// function's only form gives it.
func wrongLambda(f *Function, args []Arg) error {
	if len(f.Sigs) != 1 || len(f.Sigs[0].params) != len(args) {
		return nil
	}
	for i, a := range args {
		p := f.Sigs[0].params[i]
		if want := len(p.nested) - 1; a.Lambda != nil && p.typ.Kind == types.Function && a.Params != want {
			err := refuse("INVALID_PARAMETER_USAGE", "Expected a lambda that takes %d argument(s) but got %d", want, a.Params)
			err.Arg = i
			return err
		}
	}
	return nil
}

// nullCall is a function and its number of arguments.
type nullCall struct {
	name string
	args int
}

// nullAmbiguous says which argument may not be a bare NULL, because Trino has
// forms of the function that are not in the table and cannot choose.
var nullAmbiguous = map[nullCall]int{
	{"date_trunc", 2}: 1, {"date_add", 3}: 2, {"avg", 1}: 0, {"concat_ws", 2}: 1,
	{"substr", 2}: 0, {"substr", 3}: 0,
}

// match is a signature with what a call gave to its variables.
type match struct {
	sig      *Signature
	argTypes []types.Type
	ret      types.Type
	place    int // of the signature in the table
}

// match returns nil where the arguments do not fit.
func (s *Signature) match(args []Arg, coerce bool) (*match, error) {
	if len(args) < len(s.params) && (!s.variadic || len(args) < len(s.params)-1) || len(args) > len(s.params) && !s.variadic {
		return nil, nil
	}
	b := newBindings()
	for i, a := range args {
		p := s.param(i)
		if (a.Lambda != nil) != (p.typ.Kind == types.Function) {
			return nil, nil
		}
		if a.Lambda == nil && !p.bind(a.Type, b, coerce) {
			return nil, nil
		}
	}
	lambdas, err := s.bindLambdas(args, b)
	if err != nil || lambdas == nil || !s.holds(b) {
		return nil, err
	}
	m := &match{sig: s}
	for i, a := range args {
		t := a.Type
		if a.Lambda != nil {
			t = lambdas[i]
		}
		m.argTypes = append(m.argTypes, s.param(i).apply(t, b))
	}
	m.ret = s.result.apply(types.Type{}, b)
	if m.ret.Kind == types.TimestampTZ && s.result.variable == "" {
		m.ret.Zone = firstZone(m.argTypes)
	}
	return m, nil
}

// firstZone is the zone that a function of times keeps.
func firstZone(args []types.Type) string {
	for _, t := range args {
		if t.Kind == types.TimestampTZ {
			return t.Zone
		}
	}
	return ""
}

func (s *Signature) param(i int) pattern { return s.params[min(i, len(s.params)-1)] }

// bindLambdas types the bodies of lambdas, in order, each with what is bound so
// far. It returns nil where one does not fit.
func (s *Signature) bindLambdas(args []Arg, b *bindings) (map[int]types.Type, error) {
	out := map[int]types.Type{}
	for i, a := range args {
		if a.Lambda == nil {
			continue
		}
		p := s.param(i)
		last := len(p.nested) - 1
		if a.Params != last {
			return nil, nil
		}
		t, ok, err := p.bindLambda(a, b)
		if err != nil || !ok {
			return nil, err
		}
		out[i] = t
	}
	return out, nil
}

// bindLambda types one lambda. A body that is wider than the variable that it
// must give, as the state of reduce, widens the variable, and the lambda is
// typed again.
func (p pattern) bindLambda(a Arg, b *bindings) (t types.Type, ok bool, err error) {
	const widenings = 3
	last := len(p.nested) - 1
	result := p.nested[last]
	for range widenings {
		params := make([]types.Type, last)
		for j := range params {
			params[j] = p.nested[j].apply(types.Type{}, b)
		}
		body, err := a.Lambda(params)
		if err != nil {
			return types.Type{}, false, err
		}
		have, bound := b.types[result.variable]
		if !bound || result.variable == "" {
			// NULL is no boolean here, but a text of any length is a text.
			coerce := result.variable != "" || body.Kind != types.Unknown
			return types.FunctionOf(params, body), result.bind(body, b, coerce), nil
		}
		if types.CanCoerce(body, have) && have.WithZonesOf(body).SameZones(have) {
			return types.FunctionOf(params, have), true, nil
		}
		super, ok := types.CommonSuperType(have, body)
		if !ok {
			return types.Type{}, false, nil
		}
		b.types[result.variable] = super
	}
	return types.Type{}, false, nil
}

// best chooses among the matches as Trino does: the most specific; where several
// are, and an argument is NULL, the one that casts NULLs alone, or any where all
// give the same type. It is nil where there is no match.
func best(fits []*match, args []Arg) (*match, error) {
	least := mostSpecific(fits)
	if len(least) < 2 {
		return firstOf(least), nil
	}
	if hasNull(args) {
		if only := castsOnlyNulls(fits, args); len(only) > 0 {
			least = only
		}
		if sameReturn(least) {
			return least[0], nil
		}
	}
	return nil, ambiguous()
}

func firstOf(ms []*match) *match {
	if len(ms) == 0 {
		return nil
	}
	return ms[0]
}

// mostSpecific are the matches for which no other takes narrower types.
func mostSpecific(fits []*match) []*match {
	var out []*match
	for _, m := range fits {
		if !slices.ContainsFunc(fits, func(o *match) bool { return o != m && narrower(o, m) }) {
			out = append(out, m)
		}
	}
	return out
}

// narrower says whether b's signature also takes what a makes of the arguments,
// and a's not what b makes of them. Of two that take both the first in the table
// is narrower.
func narrower(a, b *match) bool {
	if !b.takes(a.argTypes) {
		return false
	}
	return !a.takes(b.argTypes) || a.place < b.place
}

func (m *match) takes(ts []types.Type) bool {
	for _, t := range ts {
		if t.Kind == types.Function {
			return coercesAll(ts, m.argTypes)
		}
	}
	other, err := m.sig.match(Args(ts...), true)
	return err == nil && other != nil
}

func hasNull(args []Arg) bool {
	return slices.ContainsFunc(args, func(a Arg) bool { return isNull(a) })
}

func hasChar(args []Arg) bool {
	return slices.ContainsFunc(args, func(a Arg) bool { return a.Type.Kind == types.Char })
}

func isNull(a Arg) bool { return a.Lambda == nil && a.Type.Kind == types.Unknown }

// castsOnlyNulls are the matches that take all arguments but NULLs as they are.
func castsOnlyNulls(fits []*match, args []Arg) []*match {
	var out []*match
	for _, m := range fits {
		cast := false
		for i, a := range args {
			cast = cast || a.Lambda == nil && !isNull(a) && !a.Type.Equal(m.argTypes[i])
		}
		if !cast {
			out = append(out, m)
		}
	}
	return out
}

func sameReturn(ms []*match) bool {
	return !slices.ContainsFunc(ms, func(m *match) bool { return !m.ret.Equal(ms[0].ret) })
}

func coercesAll(from, to []types.Type) bool {
	for i := range from {
		if from[i].Kind == types.Function || to[i].Kind == types.Function {
			continue
		}
		if !types.CanCoerce(from[i], to[i]) {
			return false
		}
	}
	return true
}

func (m *match) resolved(f *Function, args []Arg) (*Resolved, error) {
	r := &Resolved{Function: f, ArgTypes: m.argTypes, ReturnType: m.ret, emission: m.sig.Emit}
	for _, a := range args {
		r.consts = append(r.consts, coerceConst(a, m.argTypes[len(r.consts)]))
		r.isConst = append(r.isConst, a.IsConst)
	}
	call := r.call(Clauses{}, nil)
	if m.sig.Check != nil {
		if err := m.sig.Check(call); err != nil {
			return nil, err
		}
	}
	if m.sig.Return != nil {
		r.ReturnType = m.sig.Return(call)
	}
	return r, nil
}

// unexpected is Trino's message where no form fits.
func unexpected(f *Function, name string, args []Arg) *Error {
	have := make([]string, len(args))
	for i, a := range args {
		have[i] = a.Type.String()
		if a.Lambda != nil {
			have[i] = "<function>"
		}
	}
	expected := make([]string, len(f.Sigs))
	for i := range f.Sigs {
		expected[i] = f.Sigs[i].expected(name)
	}
	return refuse(functionNotFound, "Unexpected parameters (%s) for function %s. Expected: %s",
		strings.Join(have, ", "), name, strings.Join(expected, ", "))
}

// coerceConst gives a constant number in the form of the type that it is
// coerced to, where a check or an emission looks at it.
func coerceConst(a Arg, to types.Type) any {
	if to.Kind != types.Double || a.Const == nil {
		return a.Const
	}
	text, _ := types.Text(a.Type, a.Const)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return a.Const
	}
	return f
}
