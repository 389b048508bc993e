package record

import (
	"fmt"

	"github.com/scopsdb/scops/internal/formats"
)

// microseconds in the milliseconds of a timestamp.
const microseconds = 1000

// Append adds a value to a vector of its type: the value that a reader finds in
// a file that the record was written to.
func Append(to *formats.Vector, v *Value) error {
	if !v.Valid {
		to.AppendNull()
		return nil
	}
	switch k := to.Type.Kind; {
	case k == formats.Struct:
		return to.AppendStruct(func() error { return appendParts(to, v.List) })
	case k == formats.Array || k == formats.Map:
		return to.AppendList(func() error { return appendParts(to, v.List) })
	case k == formats.Decimal:
		if err := to.AppendDecimal(v.Bytes()); err != nil {
			return fmt.Errorf("decimal %q: %w", v.Text, err)
		}
	case k == formats.Float || k == formats.Double:
		to.AppendFloat(v.Float)
	case k == formats.Timestamp:
		to.AppendInt(v.Int * microseconds)
	case k >= formats.String && k <= formats.Binary:
		to.AppendText(v.Bytes())
	default:
		to.AppendInt(v.Int)
	}
	return nil
}

// appendParts adds elements, keys and values in turn, or fields to the children.
func appendParts(to *formats.Vector, list []Value) error {
	for i := range list {
		if err := Append(to.Children[i%len(to.Children)], &list[i]); err != nil {
			return err
		}
	}
	return nil
}
