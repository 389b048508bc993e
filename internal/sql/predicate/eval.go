package predicate

// Outcome is the set of truth values that a predicate may have for a
// partition. It has more than one member only where the predicate says less
// than the query (Any).
type Outcome uint8

// The single outcomes and the set of all of them.
const (
	False  Outcome = 1 << iota
	True           // the partition is read
	Null           // SQL's unknown: the partition is not read
	Unsure = False | True | Null
)

// MayHold says whether the rows of the partition may pass.
func (o Outcome) MayHold() bool { return o&True != 0 }

// Truth is the outcome of a comparison that has an answer.
func Truth(b bool) Outcome {
	if b {
		return True
	}
	return False
}

// Not is the outcome of NOT x.
func (o Outcome) Not() Outcome {
	r := o & Null
	if o&True != 0 {
		r |= False
	}
	if o&False != 0 {
		r |= True
	}
	return r
}

// And is the outcome of o AND p, for each pair of their members.
func (o Outcome) And(p Outcome) Outcome {
	r := (o | p) & False
	if o&True != 0 && p&True != 0 {
		r |= True
	}
	if o&Null != 0 && p&(True|Null) != 0 || p&Null != 0 && o&(True|Null) != 0 {
		r |= Null
	}
	return r
}

// Or is the outcome of o OR p.
func (o Outcome) Or(p Outcome) Outcome { return o.Not().And(p.Not()).Not() }

// Values gives the value of a partition column in the Go form of its type (nil
// for NULL), and false where it is not known, for example because the text of
// the partition value does not fit the type.
type Values func(column string) (value any, known bool)

// Eval evaluates p for one partition. A partition must be read exactly when the
// outcome may hold.
func Eval(p Predicate, values Values) Outcome {
	switch p := p.(type) {
	case And:
		return evalAnd(p, values)
	case Or:
		return evalOr(p, values)
	case Not:
		return Eval(p.Of, values).Not()
	case Compare:
		return onValue(p.Column, values, func(v any) Outcome { return compare(v, p.Op, p.Value) })
	case In:
		return onValue(p.Column, values, func(v any) Outcome { return in(v, p.Values) })
	case IsNull:
		v, known := values(p.Column)
		if !known {
			return False | True
		}
		return Truth(v == nil)
	case Like:
		return onValue(p.Column, values, func(v any) Outcome { return like(v, p) })
	case Test:
		return evalTest(p, values)
	default:
		return Unsure
	}
}

func evalAnd(p And, values Values) Outcome {
	r := True
	for _, q := range p {
		r = r.And(Eval(q, values))
		if r == False {
			break
		}
	}
	return r
}

func evalOr(p Or, values Values) Outcome {
	r := False
	for _, q := range p {
		r = r.Or(Eval(q, values))
		if r == True {
			break
		}
	}
	return r
}

func evalTest(p Test, values Values) Outcome {
	row := make([]any, len(p.Columns))
	for i, c := range p.Columns {
		v, known := values(c)
		if !known {
			return Unsure
		}
		row[i] = v
	}
	return p.Holds(row)
}

// onValue handles what is common to the forms on one column: an unknown value
// decides nothing, NULL gives NULL.
func onValue(column string, values Values, f func(v any) Outcome) Outcome {
	v, known := values(column)
	switch {
	case !known:
		return Unsure
	case v == nil:
		return Null
	}
	return f(v)
}

func in(v any, list []any) Outcome {
	r := False
	for _, w := range list {
		if r = r.Or(compare(v, "=", w)); r == True {
			break
		}
	}
	return r
}

func like(v any, p Like) Outcome {
	s, ok := v.(string)
	if !ok {
		return Unsure
	}
	m, ok := MatchLike(s, p.Pattern, p.Escape)
	if !ok {
		return Unsure
	}
	return Truth(m)
}
