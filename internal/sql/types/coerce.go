package types

// CommonSuperType is the type to which Trino coerces both types implicitly,
// for example in a CASE, a UNION or a comparison. It is false where there is
// none.
func CommonSuperType(a, b Type) (Type, bool) {
	super, _, ok := compatibility(a, b)
	return super, ok
}

// CanCoerce says whether from becomes to implicitly, without a CAST.
func CanCoerce(from, to Type) bool {
	_, coercible, ok := compatibility(from, to)
	return ok && coercible
}

// compatibility follows TypeCoercion of Trino: the common super type, and
// whether it is b itself.
func compatibility(a, b Type) (super Type, coercible, ok bool) {
	switch {
	case a.Kind == Unknown:
		return b, true, true
	case b.Kind == Unknown:
		return a, false, true
	case a.Kind == b.Kind:
		return sameKind(a, b)
	}
	if c, ok := coerceBase(a, b.Kind); ok {
		return compatibility(c, b)
	}
	if c, ok := coerceBase(b, a.Kind); ok {
		super, _, ok := compatibility(a, c)
		return super, false, ok
	}
	return Type{}, false, false
}

// sameKind joins two types of one kind.
func sameKind(a, b Type) (super Type, coercible, ok bool) {
	switch a.Kind {
	case Array, Map, Row, Function:
		return joinFields(a, b)
	case Decimal:
		super = joinDecimal(a, b)
	case Varchar:
		super = VarcharType(joinLength(a.Precision, b.Precision))
	default:
		super = b
		super.Precision = max(a.Precision, b.Precision)
	}
	if a.Zone != b.Zone {
		super.Zone = MixedZone
	}
	return super, super.Equal(b), true
}

func joinLength(a, b int) int {
	if a == UnboundedLength || b == UnboundedLength {
		return UnboundedLength
	}
	return max(a, b)
}

// joinDecimal keeps all digits on both sides of the point, up to 38.
func joinDecimal(a, b Type) Type {
	s := max(a.Scale, b.Scale)
	p := max(a.Precision-a.Scale, b.Precision-b.Scale) + s
	return DecimalType(min(MaxDecimalPrecision, p), s)
}

func joinFields(a, b Type) (Type, bool, bool) {
	if len(a.Fields) != len(b.Fields) {
		return Type{}, false, false
	}
	out := Type{Kind: a.Kind, Fields: make([]Field, len(a.Fields))}
	coercible := true
	for i := range a.Fields {
		t, c, ok := compatibility(a.Fields[i].Type, b.Fields[i].Type)
		if !ok {
			return Type{}, false, false
		}
		coercible = coercible && c
		out.Fields[i].Type = t
		if a.Fields[i].Name == b.Fields[i].Name {
			out.Fields[i].Name = a.Fields[i].Name
		}
	}
	return out, coercible, true
}

// decimalOf is the decimal that holds every value of an integer kind.
var decimalOf = map[Kind]int{TinyInt: 3, SmallInt: 5, Integer: 10, BigInt: 19}

// coerceBase widens t to the smallest type of the given kind, where Trino does
// so implicitly.
func coerceBase(t Type, to Kind) (Type, bool) {
	if p, ok := decimalOf[t.Kind]; ok {
		switch {
		case to > t.Kind && to <= Double:
			return Type{Kind: to}, true
		case to == Decimal:
			return DecimalType(p, 0), true
		}
		return Type{}, false
	}
	switch [2]Kind{t.Kind, to} {
	case [2]Kind{Decimal, Real}, [2]Kind{Decimal, Double}, [2]Kind{Real, Double}:
		return Type{Kind: to}, true
	case [2]Kind{P4HyperLogLog, HyperLogLog}:
		return Type{Kind: to}, true
	case [2]Kind{Date, Timestamp}, [2]Kind{Date, TimestampTZ}:
		return Type{Kind: to}, true
	case [2]Kind{Timestamp, TimestampTZ}, [2]Kind{Time, TimeTZ}:
		return Type{Kind: to, Precision: t.Precision}, true
	case [2]Kind{Varchar, Char}:
		if t.Precision == UnboundedLength {
			return CharType(MaxCharLength), true
		}
		return CharType(min(MaxCharLength, t.Precision)), true
	}
	return Type{}, false
}
