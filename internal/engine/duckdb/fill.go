package duckdb

import (
	"encoding/binary"
	"unicode/utf8"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/types"
)

// fill copies a vector of package formats, whose layout is DuckDB's, into a
// vector of a chunk.
func fill(to bindings.Vector, from *formats.Vector, t types.Type) {
	if from.Rows == 0 {
		return
	}
	fillValidity(to, from)
	data := bindings.VectorGetData(to)
	switch t.Kind {
	case types.Varchar, types.Varbinary:
		fillTexts(to, from.Data, from.Ends)
	case types.Char:
		padded, ends := paddedTexts(from, t.Precision)
		fillTexts(to, padded, ends)
	case types.Array, types.Map:
		copyBytes(data, unsafe.Slice((*byte)(unsafe.Pointer(&from.Lists[0])), len(from.Lists)*int(unsafe.Sizeof(from.Lists[0]))))
		size := bindings.IdxT(from.Children[0].Rows)
		bindings.ListVectorReserve(to, size)
		bindings.ListVectorSetSize(to, size)
		child := bindings.ListVectorGetChild(to)
		if t.Kind == types.Array {
			fill(child, from.Children[0], t.Elem())
			return
		}
		fill(bindings.StructVectorGetChild(child, 0), from.Children[0], t.Key())
		fill(bindings.StructVectorGetChild(child, 1), from.Children[1], t.Value())
	case types.Row:
		for i, c := range from.Children {
			fill(bindings.StructVectorGetChild(to, bindings.IdxT(i)), c, t.Fields[i].Type)
		}
	default:
		copyBytes(data, from.Data)
	}
}

func copyBytes(to unsafe.Pointer, from []byte) {
	copy(unsafe.Slice((*byte)(to), len(from)), from)
}

func fillValidity(to bindings.Vector, from *formats.Vector) {
	any := uint64(0)
	for _, w := range from.Nulls {
		any |= w
	}
	if any == 0 && bindings.VectorGetValidity(to) == nil {
		return
	}
	bindings.VectorEnsureValidityWritable(to)
	mask := unsafe.Slice((*uint64)(bindings.VectorGetValidity(to)), (from.Rows+63)/64)
	for i := range mask {
		mask[i] = ^uint64(0)
		if i < len(from.Nulls) {
			mask[i] = ^from.Nulls[i]
		}
	}
}

// fillTexts hands all texts to DuckDB at once and points the strings into its
// copy: a call for each text would cost more than reading it. The texts are
// valid UTF-8 already where the vector needs it.
func fillTexts(to bindings.Vector, data []byte, ends []int) {
	strings := unsafe.Slice((*byte)(bindings.VectorGetData(to)), len(ends)*stringSize)
	var arena uint64 // address of DuckDB's copy of data
	if longest(ends) > stringInline {
		bindings.UnsafeVectorAssignStringElementLen(to, 0, data)
		arena = binary.NativeEndian.Uint64(strings[stringPointer:])
	}
	begin := 0
	for i, end := range ends {
		s := strings[i*stringSize : (i+1)*stringSize]
		n := end - begin
		binary.NativeEndian.PutUint32(s, uint32(n))
		if n <= stringInline {
			clear(s[4:])
			copy(s[4:], data[begin:end])
		} else {
			copy(s[4:8], data[begin:])
			binary.NativeEndian.PutUint64(s[stringPointer:], arena+uint64(begin))
		}
		begin = end
	}
}

func longest(ends []int) int {
	most, begin := 0, 0
	for _, end := range ends {
		most = max(most, end-begin)
		begin = end
	}
	return most
}

// paddedTexts are the texts of a char column, with blanks up to its length.
func paddedTexts(v *formats.Vector, length int) (data []byte, ends []int) {
	for i := range v.Rows {
		text := v.Bytes(i)
		data = append(data, text...)
		if !v.IsNull(i) {
			for n := utf8.RuneCount(text); n < length; n++ {
				data = append(data, ' ')
			}
		}
		ends = append(ends, len(data))
	}
	return data, ends
}

// fillRuns writes the number of each row's file.
func fillRuns(to bindings.Vector, runs []formats.Run) {
	data := (*int64)(bindings.VectorGetData(to))
	at := 0
	for _, r := range runs {
		setNumbers(unsafe.Slice((*int64)(unsafe.Add(unsafe.Pointer(data), at*8)), r.Rows), r.File)
		at += r.Rows
	}
}

// fillNumber writes one number for all rows.
func fillNumber(to bindings.Vector, rows, number int) {
	setNumbers(unsafe.Slice((*int64)(bindings.VectorGetData(to)), rows), number)
}

func setNumbers(rows []int64, number int) {
	for i := range rows {
		rows[i] = int64(number)
	}
}
