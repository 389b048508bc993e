package projection

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// enum is projection.<column>.values. White space is part of a value.
type enum []string

func readEnum(c column, _ types.Type, _ instant) (sequence, error) {
	list, err := c.required(valuesProperty)
	if err != nil {
		return nil, err
	}
	var out enum
	seen := map[string]bool{}
	for v := range strings.SplitSeq(list, ",") {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out, nil
}

func (e enum) length() uint64   { return uint64(len(e)) }
func (e enum) at(i uint64) text { return text{e[i], e[i]} }
func (e enum) runs() []run      { return nil }

func (e enum) find(value string) (uint64, bool) {
	i := slices.Index(e, value)
	return uint64(max(i, 0)), i >= 0
}

// readInjected takes the values from the query: there is no sequence.
func readInjected(c column, t types.Type, _ instant) (sequence, error) {
	switch t.Kind {
	case types.Varchar, types.Char, types.TinyInt, types.SmallInt, types.Integer, types.BigInt, types.Date, types.Boolean:
		return nil, nil
	}
	return nil, unsupportedType(c.name, t)
}
