package crawler

import (
	"context"
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/orc"
	"github.com/scopsdb/scops/internal/objects"
)

// orc reads the schema at the end of an ORC file.
func (s *sampler) orc(ctx context.Context, o objects.Info) (shape, error) {
	f, err := orc.Open(ranges{ctx, s, o}, o.Size)
	var broken *orc.CorruptError
	if errors.As(err, &broken) {
		return unrecognised(err.Error()), nil
	}
	if err != nil {
		return shape{}, err
	}
	t, err := orcType(f.Root)
	if err == nil && t.Kind != formats.Struct {
		err = errors.New("its ORC schema is no struct")
	}
	if err != nil {
		return unrecognised(err.Error()), nil
	}
	return shape{class: classORC, compression: uncompressed, columns: t.Fields, records: f.Rows, bytes: o.Size, exact: true}, nil
}

var orcKinds = map[orc.Kind]formats.TypeKind{
	orc.Boolean: formats.Boolean, orc.Byte: formats.TinyInt, orc.Short: formats.SmallInt, orc.Int: formats.Int, orc.Long: formats.BigInt,
	orc.Float: formats.Float, orc.Double: formats.Double, orc.String: formats.String, orc.Binary: formats.Binary, orc.Timestamp: formats.Timestamp,
	orc.TimestampInstant: formats.Timestamp, orc.List: formats.Array, orc.Map: formats.Map, orc.Struct: formats.Struct, orc.Decimal: formats.Decimal,
	orc.Date: formats.Date, orc.Varchar: formats.Varchar, orc.Char: formats.Char,
}

// orcType is the Hive type of a column.
func orcType(t *orc.Type) (formats.Type, error) {
	kind, ok := orcKinds[t.Kind]
	if !ok {
		return unknown, errors.New("its ORC schema has a column of type " + t.Kind.String())
	}
	out := formats.Type{Kind: kind, Precision: t.Precision, Scale: t.Scale}
	if kind == formats.Varchar || kind == formats.Char {
		out.Precision = t.Length
	}
	for _, p := range t.Parts {
		of, err := orcType(p)
		if err != nil {
			return out, err
		}
		f := formats.Field{Type: of}
		if kind == formats.Struct {
			f.Name = strings.ToLower(p.Name)
		}
		out.Fields = append(out.Fields, f)
	}
	return out, nil
}
