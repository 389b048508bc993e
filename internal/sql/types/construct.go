package types

// The types without parameters.
var (
	UnknownType           = Type{Kind: Unknown}
	BooleanType           = Type{Kind: Boolean}
	TinyIntType           = Type{Kind: TinyInt}
	SmallIntType          = Type{Kind: SmallInt}
	IntegerType           = Type{Kind: Integer}
	BigIntType            = Type{Kind: BigInt}
	RealType              = Type{Kind: Real}
	DoubleType            = Type{Kind: Double}
	VarcharUnbounded      = Type{Kind: Varchar, Precision: UnboundedLength}
	VarbinaryType         = Type{Kind: Varbinary}
	DateType              = Type{Kind: Date}
	IntervalDaySecondType = Type{Kind: IntervalDaySecond}
	IntervalYearMonthType = Type{Kind: IntervalYearMonth}
	JSONType              = Type{Kind: JSON}
	UUIDType              = Type{Kind: UUID}
	IPAddressType         = Type{Kind: IPAddress}
	HyperLogLogType       = Type{Kind: HyperLogLog}
	P4HyperLogLogType     = Type{Kind: P4HyperLogLog}
	TDigestType           = Type{Kind: TDigest}
	SetDigestType         = Type{Kind: SetDigest}
	ColorType             = Type{Kind: Color}
	GeometryType          = Type{Kind: Geometry}
	GeographyType         = Type{Kind: SphericalGeography}
	BingTileType          = Type{Kind: BingTile}
)

// The limits of Trino's types.
const (
	MaxDecimalPrecision = 38
	MaxCharLength       = 65536
	MaxVarcharLength    = 2147483646
	MaxTimePrecision    = 12
	// DefaultTimePrecision is that of time and timestamp without a number.
	DefaultTimePrecision = 3
)

// VarcharType is varchar(n); n may be UnboundedLength.
func VarcharType(n int) Type { return Type{Kind: Varchar, Precision: n} }

// CharType is char(n).
func CharType(n int) Type { return Type{Kind: Char, Precision: n} }

// DecimalType is decimal(p,s).
func DecimalType(p, s int) Type { return Type{Kind: Decimal, Precision: p, Scale: s} }

// TimeType is time(p).
func TimeType(p int) Type { return Type{Kind: Time, Precision: p} }

// TimeTZType is time(p) with time zone.
func TimeTZType(p int) Type { return Type{Kind: TimeTZ, Precision: p} }

// TimestampType is timestamp(p).
func TimestampType(p int) Type { return Type{Kind: Timestamp, Precision: p} }

// TimestampTZType is timestamp(p) with time zone, its values in UTC.
func TimestampTZType(p int) Type { return Type{Kind: TimestampTZ, Precision: p} }

// ArrayOf is array(element).
func ArrayOf(element Type) Type { return Type{Kind: Array, Fields: []Field{{Type: element}}} }

// MapOf is map(key, value).
func MapOf(key, value Type) Type {
	return Type{Kind: Map, Fields: []Field{{Type: key}, {Type: value}}}
}

// RowOf is row(fields…).
func RowOf(fields ...Field) Type { return Type{Kind: Row, Fields: fields} }

// FunctionOf is the type of a lambda.
func FunctionOf(params []Type, result Type) Type {
	t := Type{Kind: Function}
	for _, p := range params {
		t.Fields = append(t.Fields, Field{Type: p})
	}
	t.Fields = append(t.Fields, Field{Type: result})
	return t
}

// Elem is the element type of an array.
func (t Type) Elem() Type { return t.Fields[0].Type }

// Key is the key type of a map.
func (t Type) Key() Type { return t.Fields[0].Type }

// Value is the value type of a map.
func (t Type) Value() Type { return t.Fields[1].Type }

// Result is the result type of a function type.
func (t Type) Result() Type { return t.Fields[len(t.Fields)-1].Type }

// Params are the parameter types of a function type.
func (t Type) Params() []Type {
	var out []Type
	for _, f := range t.Fields[:len(t.Fields)-1] {
		out = append(out, f.Type)
	}
	return out
}

// Equal says whether two types are the same Trino type. Field names count.
func (t Type) Equal(u Type) bool {
	if t.Kind != u.Kind || t.Precision != u.Precision || t.Scale != u.Scale || len(t.Fields) != len(u.Fields) {
		return false
	}
	for i := range t.Fields {
		if t.Fields[i].Name != u.Fields[i].Name || !t.Fields[i].Type.Equal(u.Fields[i].Type) {
			return false
		}
	}
	return true
}

// IsInteger holds for tinyint, smallint, integer and bigint.
func (t Type) IsInteger() bool { return t.Kind >= TinyInt && t.Kind <= BigInt }

// IsFloating holds for real and double.
func (t Type) IsFloating() bool { return t.Kind == Real || t.Kind == Double }

// IsNumeric holds for integers, real, double and decimal.
func (t Type) IsNumeric() bool { return t.Kind >= TinyInt && t.Kind <= Decimal }

// IsString holds for varchar and char.
func (t Type) IsString() bool { return t.Kind == Varchar || t.Kind == Char }

// IsSketch holds for the digests of sets and numbers, which are bytes.
func (t Type) IsSketch() bool { return t.Kind >= HyperLogLog && t.Kind <= SetDigest }

// IsComparable says whether = and GROUP BY take the type in Trino.
func (t Type) IsComparable() bool {
	if t.Kind == Function || t.IsSketch() || t.Kind == SphericalGeography {
		return false
	}
	return t.all(Type.IsComparable)
}

// IsOrderable says whether < and ORDER BY take the type in Trino.
func (t Type) IsOrderable() bool {
	switch t.Kind {
	case Map, JSON, Function, HyperLogLog, P4HyperLogLog, TDigest, SetDigest, Color, Geometry, SphericalGeography, BingTile:
		return false
	}
	return t.all(Type.IsOrderable)
}

// WithZonesOf is the type that a conversion of values of from to t gives: where t
// does not take values of several zones they keep the zone that they have.
func (t Type) WithZonesOf(from Type) Type {
	if t.Kind != from.Kind {
		return t
	}
	if t.Kind == TimestampTZ && t.Zone != MixedZone {
		t.Zone = from.Zone
	}
	if len(t.Fields) == 0 || len(t.Fields) != len(from.Fields) {
		return t
	}
	fields := make([]Field, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = Field{Name: f.Name, Type: f.Type.WithZonesOf(from.Fields[i].Type)}
	}
	t.Fields = fields
	return t
}

// SameZones says whether values of two types that are Equal are carried alike.
func (t Type) SameZones(u Type) bool {
	if t.Zone != u.Zone {
		return false
	}
	for i := range t.Fields {
		if i < len(u.Fields) && !t.Fields[i].Type.SameZones(u.Fields[i].Type) {
			return false
		}
	}
	return true
}

func (t Type) all(ok func(Type) bool) bool {
	for _, f := range t.Fields {
		if !ok(f.Type) {
			return false
		}
	}
	return true
}
