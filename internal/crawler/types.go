package crawler

import (
	"slices"

	"github.com/scopsdb/scops/internal/formats"
)

// unknown is the type of a value that was never there: JSON null, an empty
// field. It yields to every other type, and becomes a string at the end.
var unknown = formats.Type{}

var stringType = formats.Type{Kind: formats.String}

// widths order the numeric types by what they can hold.
var widths = map[formats.TypeKind]int{
	formats.TinyInt: 1, formats.SmallInt: 2, formats.Int: 3, formats.BigInt: 4, formats.Float: 5, formats.Double: 6,
}

// mergeTypes is the type that holds the values of both, and string where there
// is none.
func mergeTypes(a, b formats.Type) formats.Type {
	switch {
	case a.Kind == 0:
		return b
	case b.Kind == 0:
		return a
	case a.Kind == b.Kind:
		return mergeAlike(a, b)
	case widths[a.Kind] > 0 && widths[b.Kind] > 0:
		return mergeNumbers(a, b)
	}
	return stringType
}

// mergeNumbers takes the wider type; a float does not hold an int exactly.
func mergeNumbers(a, b formats.Type) formats.Type {
	if widths[a.Kind] > widths[b.Kind] {
		a, b = b, a
	}
	if b.Kind == formats.Float && a.Kind != formats.TinyInt && a.Kind != formats.SmallInt {
		return formats.Type{Kind: formats.Double}
	}
	return b
}

func mergeAlike(a, b formats.Type) formats.Type {
	switch a.Kind {
	case formats.Struct:
		return formats.Type{Kind: formats.Struct, Fields: mergeFields(a.Fields, b.Fields)}
	case formats.Array, formats.Map:
		out := formats.Type{Kind: a.Kind, Fields: slices.Clone(a.Fields)}
		for i := range out.Fields {
			out.Fields[i].Type = mergeTypes(a.Fields[i].Type, b.Fields[i].Type)
		}
		return out
	case formats.Decimal:
		return mergeDecimals(a, b)
	case formats.Varchar, formats.Char:
		a.Precision = max(a.Precision, b.Precision)
	}
	return a
}

func mergeDecimals(a, b formats.Type) formats.Type {
	scale := max(a.Scale, b.Scale)
	precision := max(a.Precision-a.Scale, b.Precision-b.Scale) + scale
	if precision > 38 {
		return stringType
	}
	return formats.Type{Kind: formats.Decimal, Precision: precision, Scale: scale}
}

// mergeFields unites fields by name, those of a first.
func mergeFields(a, b []formats.Field) []formats.Field {
	out := slices.Clone(a)
	place := make(map[string]int, len(a))
	for i, f := range a {
		place[f.Name] = i
	}
	for _, f := range b {
		i, ok := place[f.Name]
		if !ok {
			place[f.Name] = len(out)
			out = append(out, f)
			continue
		}
		out[i].Type = mergeTypes(out[i].Type, f.Type)
	}
	return out
}

// settled is t with strings where no value told the type. A struct without
// fields is no Hive type.
func settled(t formats.Type) formats.Type {
	if t.Kind == 0 || t.Kind == formats.Struct && len(t.Fields) == 0 {
		return stringType
	}
	if len(t.Fields) == 0 {
		return t
	}
	t.Fields = slices.Clone(t.Fields)
	for i := range t.Fields {
		t.Fields[i].Type = settled(t.Fields[i].Type)
	}
	return t
}
