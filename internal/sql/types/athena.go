package types

// ColumnInfo is what Athena's ColumnInfo says of a type.
type ColumnInfo struct {
	Type          string // base name; "float" for real
	Precision     int
	Scale         int
	CaseSensitive bool
}

// unboundedVarcharPrecision is what Athena reports for varchar and string.
const unboundedVarcharPrecision = 2147483647

// athenaPrecision is the Precision of the types that have none of their own.
var athenaPrecision = map[Kind]int{
	TinyInt: 3, SmallInt: 5, Integer: 10, BigInt: 19, Real: 17, Double: 17,
	Time: 3, TimeTZ: 3, Timestamp: 3, TimestampTZ: 3, Varbinary: 1073741824,
}

// ColumnInfo gives the type as Athena reports it in a result's metadata.
func (t Type) ColumnInfo() ColumnInfo {
	info := ColumnInfo{Type: t.BaseName(), Precision: athenaPrecision[t.Kind]}
	switch t.Kind {
	case Real:
		info.Type = "float"
	case Decimal:
		info.Precision, info.Scale = t.Precision, t.Scale
	case Varchar, Char:
		info.CaseSensitive = true
		info.Precision = t.Precision
		if t.Precision == UnboundedLength {
			info.Precision = unboundedVarcharPrecision
		}
	}
	return info
}
