package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// pattern is a type in a signature: a type variable, a type whose numbers may
// be variables, or a nested type of patterns.
type pattern struct {
	variable string     // "T"
	typ      types.Type // its kind; numbers where they are fixed
	numbers  []string   // variables for precision and scale, as in varchar(x)
	nested   []pattern  // array, map, function
	open     bool       // any precision is taken as it is: timestamp(p)
}

// bindings are what a call gives to the variables of a signature.
type bindings struct {
	types   map[string]types.Type
	numbers map[string]int
}

func newBindings() *bindings {
	return &bindings{types: map[string]types.Type{}, numbers: map[string]int{}}
}

// mustParse fills a signature's patterns from its text. The texts are in our
// own table, so a mistake in one is a defect that stops the first test.
func (s *Signature) mustParse() {
	text, bounds, _ := strings.Cut(s.Text, " [")
	params, result, ok := strings.Cut(text, " -> ")
	if !ok {
		panic("functions: signature without result: " + s.Text)
	}
	params = strings.TrimSuffix(strings.TrimPrefix(params, "("), ")")
	for _, p := range splitTypes(params) {
		if rest, ok := strings.CutSuffix(p, "..."); ok {
			p, s.variadic = rest, true
		}
		s.params = append(s.params, parsePattern(p))
	}
	s.result = parsePattern(result)
	s.bounds = map[string]string{}
	for _, b := range strings.Split(strings.TrimSuffix(bounds, "]"), ",") {
		if v, bound, ok := strings.Cut(strings.TrimSpace(b), ":"); ok {
			s.bounds[v] = bound
		}
	}
}

// splitTypes splits at the commas outside parentheses.
func splitTypes(text string) []string {
	var out []string
	depth, start := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(text[start:]); last != "" {
		out = append(out, last)
	}
	return out
}

func parsePattern(text string) pattern {
	if len(text) == 1 && text[0] >= 'A' && text[0] <= 'Z' {
		return pattern{variable: text}
	}
	name, rest, parametric := strings.Cut(text, "(")
	switch name {
	case "array", "map", "function", "row":
		return parseNested(name, strings.TrimSuffix(rest, ")"))
	}
	if !parametric {
		t, err := types.Parse(text)
		if err != nil {
			panic("functions: " + err.Error())
		}
		return pattern{typ: t}
	}
	numbers, suffix, _ := strings.Cut(rest, ")")
	if c := numbers[0]; c >= '0' && c <= '9' {
		t, err := types.Parse(text)
		if err != nil {
			panic("functions: " + err.Error())
		}
		return pattern{typ: t}
	}
	t, err := types.Parse(name + suffix)
	if err != nil {
		panic("functions: " + err.Error())
	}
	return pattern{typ: types.Type{Kind: t.Kind}, numbers: splitTypes(numbers), open: true}
}

func parseNested(name, inner string) pattern {
	kind := map[string]types.Kind{
		"array": types.Array, "map": types.Map, "function": types.Function, "row": types.Row,
	}[name]
	p := pattern{typ: types.Type{Kind: kind}}
	for _, t := range splitTypes(inner) {
		p.nested = append(p.nested, parsePattern(t))
	}
	return p
}

// bind fits an argument's type to the pattern. Without coerce the type must
// fit as it is.
func (p pattern) bind(t types.Type, b *bindings, coerce bool) bool {
	switch {
	case p.variable != "":
		return b.bindType(p.variable, t, coerce)
	case t.Kind == types.Unknown:
		p.bindNull(b)
		return coerce
	case p.nested != nil:
		return p.bindNested(t, b, coerce)
	case p.open:
		return p.bindOpen(t, b, coerce)
	case coerce:
		return types.CanCoerce(t, p.typ)
	}
	return t.Equal(p.typ)
}

// nullPrecision is that of a bare NULL where a time is due.
const nullPrecision = 3

// bindNull gives the precision of a time or decimal to the variable of a bare
// NULL that has no other.
func (p pattern) bindNull(b *bindings) {
	if !p.open {
		return
	}
	least := 0
	switch p.typ.Kind {
	case types.Timestamp, types.TimestampTZ, types.Time:
		least = nullPrecision
	case types.Decimal:
		least = 1
	default:
		return
	}
	b.numbers[p.numbers[0]] = max(least, b.numbers[p.numbers[0]])
}

func (p pattern) bindNested(t types.Type, b *bindings, coerce bool) bool {
	if t.Kind != p.typ.Kind || len(t.Fields) != len(p.nested) {
		return false
	}
	for i, n := range p.nested {
		if !n.bind(t.Fields[i].Type, b, coerce) {
			return false
		}
	}
	return true
}

// bindOpen fits a type to a pattern that takes any numbers of its kind.
func (p pattern) bindOpen(t types.Type, b *bindings, coerce bool) bool {
	if t.Kind != p.typ.Kind {
		if !coerce {
			return false
		}
		widened, ok := types.CommonSuperType(t, smallest(p.typ.Kind))
		if !ok || widened.Kind != p.typ.Kind {
			return false
		}
		t = widened
	}
	for i, v := range p.numbers {
		n := t.Precision
		if i == 1 {
			n = t.Scale
		}
		if have, ok := b.numbers[v]; ok && have != n {
			if n == types.UnboundedLength || have == types.UnboundedLength {
				n = types.UnboundedLength
			} else {
				n = max(n, have)
			}
		}
		b.numbers[v] = n
	}
	return true
}

// smallest is the smallest type of a kind, which widening to it never exceeds.
func smallest(k types.Kind) types.Type {
	switch k {
	case types.Decimal:
		return types.DecimalType(1, 0)
	case types.Varchar:
		return types.VarcharType(0)
	}
	return types.Type{Kind: k}
}

func (b *bindings) bindType(name string, t types.Type, coerce bool) bool {
	have, ok := b.types[name]
	if !ok {
		b.types[name] = t
		return true
	}
	if have.Equal(t) {
		super, _ := types.CommonSuperType(have, t) // joins zones
		b.types[name] = super
		return true
	}
	if !coerce {
		return false
	}
	super, ok := types.CommonSuperType(have, t)
	if ok {
		b.types[name] = super
	}
	return ok
}

// apply gives the type that the pattern stands for, for an argument of type t.
func (p pattern) apply(t types.Type, b *bindings) types.Type {
	switch {
	case p.variable != "":
		return b.types[p.variable]
	case p.nested != nil:
		out := types.Type{Kind: p.typ.Kind, Fields: make([]types.Field, len(p.nested))}
		for i, n := range p.nested {
			var inner types.Type
			if i < len(t.Fields) {
				inner = t.Fields[i].Type
			}
			out.Fields[i].Type = n.apply(inner, b)
		}
		return out
	case p.open:
		return p.applyNumbers(t, b)
	}
	out := p.typ
	if t.Kind == out.Kind {
		out.Zone = t.Zone
	}
	return out
}

func (p pattern) applyNumbers(t types.Type, b *bindings) types.Type {
	out := p.typ
	if t.Kind == out.Kind {
		out.Zone = t.Zone
	}
	out.Precision = b.numbers[p.numbers[0]]
	if len(p.numbers) > 1 {
		out.Scale = b.numbers[p.numbers[1]]
	}
	return out
}

// holds checks the bounds of the type variables.
func (s *Signature) holds(b *bindings) bool {
	for v, bound := range s.bounds {
		t := b.types[v]
		if bound == "orderable" && !t.IsOrderable() || bound == "comparable" && !t.IsComparable() {
			return false
		}
	}
	return true
}

// expected is the signature as Trino's messages write it.
func (s *Signature) expected(name string) string {
	text, _, _ := strings.Cut(s.Text, " -> ")
	text = name + text
	var bounds []string
	for v, bound := range s.bounds {
		bounds = append(bounds, v+":"+bound)
	}
	if len(bounds) > 0 {
		text += " " + strings.Join(bounds, ", ")
	}
	return text
}
