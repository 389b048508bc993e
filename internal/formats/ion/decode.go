package ion

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/amazon-ion/ion-go/ion"

	"github.com/scopsdb/scops/internal/formats"
)

// ionTypes are the types of Ion that a type of Hive is read from, besides NULL.
// https://github.com/amazon-ion/ion-hive-serde: docs/type-mapping.md
var ionTypes = map[formats.TypeKind][]ion.Type{
	formats.Boolean: {ion.BoolType}, formats.TinyInt: {ion.IntType}, formats.SmallInt: {ion.IntType}, formats.Int: {ion.IntType}, formats.BigInt: {ion.IntType},
	formats.Float: {ion.FloatType}, formats.Double: {ion.FloatType}, formats.Decimal: {ion.DecimalType, ion.IntType},
	formats.String: {ion.StringType, ion.SymbolType}, formats.Varchar: {ion.StringType, ion.SymbolType}, formats.Char: {ion.StringType, ion.SymbolType},
	formats.Binary: {ion.BlobType, ion.ClobType}, formats.Date: {ion.TimestampType}, formats.Timestamp: {ion.TimestampType},
	formats.Array: {ion.ListType, ion.SexpType}, formats.Map: {ion.StructType}, formats.Struct: {ion.StructType},
}

func checkType(t formats.Type) error {
	if t.Kind == formats.Map {
		if k := t.Fields[0].Type.Kind; k != formats.String && k != formats.Varchar && k != formats.Char {
			return fmt.Errorf("the key of a map of Ion is a text, not %s", t.Fields[0].Type)
		}
	}
	for _, f := range t.Fields {
		if err := checkType(f.Type); err != nil {
			return err
		}
	}
	return nil
}

var errOutOfRange = errors.New("out of range")

// decode appends the reader's current value.
func decode(in ion.Reader, v *formats.Vector) error {
	t := in.Type()
	if t != ion.NullType && !slices.Contains(ionTypes[v.Type.Kind], t) {
		return fmt.Errorf("%s where %s is declared", strings.ToLower(t.String()), v.Type)
	}
	if in.IsNull() {
		v.AppendNull()
		return nil
	}
	switch v.Type.Kind {
	case formats.Array:
		return decodeArray(in, v)
	case formats.Map:
		return decodeMap(in, v)
	case formats.Struct:
		return decodeStruct(in, v)
	}
	return decodeScalar(in, v)
}

func decodeScalar(in ion.Reader, v *formats.Vector) error {
	switch v.Type.Kind {
	case formats.Boolean:
		b, err := in.BoolValue()
		if err != nil {
			return corrupt(err)
		}
		n := int64(0)
		if *b {
			n = 1
		}
		v.AppendInt(n)
		return nil
	case formats.Float, formats.Double:
		f, err := in.FloatValue()
		if err != nil {
			return corrupt(err)
		}
		if v.Type.Kind == formats.Float && !math.IsNaN(*f) && float64(float32(*f)) != *f {
			return fmt.Errorf("%v is no float: %w", *f, errOutOfRange)
		}
		v.AppendFloat(*f)
		return nil
	case formats.Decimal:
		return decodeDecimal(in, v)
	case formats.String, formats.Varchar, formats.Char:
		return decodeText(in, v)
	case formats.Binary:
		b, err := in.ByteValue()
		if err != nil {
			return corrupt(err)
		}
		v.AppendText(b)
		return nil
	case formats.Date, formats.Timestamp:
		return decodeTime(in, v)
	}
	return decodeInt(in, v)
}

// bits are those of the integer types.
var bits = map[formats.TypeKind]int{formats.TinyInt: 8, formats.SmallInt: 16, formats.Int: 32, formats.BigInt: 64}

func decodeInt(in ion.Reader, v *formats.Vector) error {
	n, err := in.BigIntValue()
	if err != nil {
		return corrupt(err)
	}
	limit := new(big.Int).Lsh(big.NewInt(1), uint(bits[v.Type.Kind]-1))
	if n.Cmp(limit) >= 0 || n.Cmp(new(big.Int).Neg(limit)) < 0 {
		return fmt.Errorf("%s is no %s: %w", shortened(n.String()), v.Type, errOutOfRange)
	}
	v.AppendInt(n.Int64())
	return nil
}

func shortened(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// decodeDecimal takes what fits exactly: digits are not rounded away.
func decodeDecimal(in ion.Reader, v *formats.Vector) error {
	var n *big.Int
	exponent := int32(0)
	if in.Type() == ion.IntType {
		var err error
		if n, err = in.BigIntValue(); err != nil {
			return corrupt(err)
		}
	} else {
		d, err := in.DecimalValue()
		if err != nil {
			return corrupt(err)
		}
		n, exponent = d.CoEx()
	}
	for ; exponent < -int32(v.Type.Scale); exponent++ {
		quotient, rest := new(big.Int).QuoRem(n, big.NewInt(10), new(big.Int))
		if rest.Sign() != 0 {
			return fmt.Errorf("more than %d digits behind the point", v.Type.Scale)
		}
		if n = quotient; n.Sign() == 0 {
			exponent = 0
			break
		}
	}
	if exponent > 38 && n.Sign() != 0 {
		return fmt.Errorf("no %s: %w", v.Type, errOutOfRange)
	}
	return v.AppendDecimal(fmt.Appendf(nil, "%se%d", n, exponent*int32(min(1, n.BitLen()))))
}

func decodeText(in ion.Reader, v *formats.Vector) error {
	var text *string
	if in.Type() == ion.SymbolType {
		s, err := in.SymbolValue()
		if err != nil {
			return corrupt(err)
		}
		if s == nil || s.Text == nil {
			return &CorruptError{errors.New("a symbol without text: shared symbol tables are not supported")}
		}
		text = s.Text
	} else {
		s, err := in.StringValue()
		if err != nil {
			return corrupt(err)
		}
		text = s
	}
	if !utf8.ValidString(*text) {
		return &CorruptError{errors.New("a text is not UTF-8")}
	}
	if v.Type.Kind != formats.String && utf8.RuneCountInString(strings.TrimRight(*text, " ")) > v.Type.Precision {
		return fmt.Errorf("%q is longer than %s", shortened(*text), v.Type)
	}
	v.AppendText([]byte(*text))
	return nil
}

// decodeTime moves timestamps to UTC. Their precision here is milliseconds.
func decodeTime(in ion.Reader, v *formats.Vector) error {
	ts, err := in.TimestampValue()
	if err != nil {
		return corrupt(err)
	}
	at := ts.GetDateTime().UTC()
	if v.Type.Kind == formats.Date {
		v.AppendInt(int64(math.Floor(float64(at.Unix()) / 86400)))
		return nil
	}
	v.AppendInt(at.Round(time.Millisecond).UnixMicro())
	return nil
}

func decodeArray(in ion.Reader, v *formats.Vector) error {
	if err := in.StepIn(); err != nil {
		return corrupt(err)
	}
	err := v.AppendList(func() error {
		for in.Next() {
			if err := decode(in, v.Children[0]); err != nil {
				return err
			}
		}
		return nil
	})
	return stepOut(in, err)
}

func stepOut(in ion.Reader, err error) error {
	if err == nil {
		err = corrupt(in.Err())
	}
	if err == nil {
		err = corrupt(in.StepOut())
	}
	return err
}

// decodeMap refuses equal keys: the SerDe takes any of them.
func decodeMap(in ion.Reader, v *formats.Vector) error {
	if err := in.StepIn(); err != nil {
		return corrupt(err)
	}
	keys, values := v.Children[0], v.Children[1]
	err := v.AppendList(func() error {
		seen := map[string]bool{}
		for in.Next() {
			name, err := fieldName(in)
			if err != nil {
				return err
			}
			if seen[name] {
				return fmt.Errorf("the key %q is there twice: which one counts would be chance", shortened(name))
			}
			seen[name] = true
			keys.AppendText([]byte(name))
			if err := decode(in, values); err != nil {
				return err
			}
		}
		return nil
	})
	return stepOut(in, err)
}

func decodeStruct(in ion.Reader, v *formats.Vector) error {
	if err := in.StepIn(); err != nil {
		return corrupt(err)
	}
	err := v.AppendStruct(func() error {
		set := make([]bool, len(v.Children))
		for in.Next() {
			name, err := fieldName(in)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(v.Type.Fields, func(f formats.Field) bool { return strings.EqualFold(f.Name, name) })
			if i < 0 {
				continue
			}
			if set[i] {
				v.Children[i].Rollback(v.Children[i].Rows - 1)
			}
			set[i] = true
			if err := decode(in, v.Children[i]); err != nil {
				return fmt.Errorf("field %s: %w", v.Type.Fields[i].Name, err)
			}
		}
		for i, c := range v.Children {
			if !set[i] {
				c.AppendNull()
			}
		}
		return nil
	})
	return stepOut(in, err)
}
