package duckdbudf

import (
	"context"

	"github.com/duckdb/duckdb-go/v2"
)

// pathFunc gives the text at the value that a scanner stands at, or false for
// NULL.
type pathFunc func(s *scanner) (string, bool)

// pathChunk runs a function of JSON and a path over a chunk without boxing its
// values. The path is nearly always a constant: it is read when it changes.
func (u *udf) pathChunk(_ context.Context, state *duckdb.ChunkIteratorState) error {
	json, err := textColumn(state, 0)
	if err != nil {
		return err
	}
	paths, err := textColumn(state, 1)
	if err != nil {
		return err
	}
	output, err := duckdb.GetVectorWriter[string](state.GetResultVector())
	if err != nil {
		return err
	}
	var path string
	var steps []string
	known := false
	for row := range json.Len() {
		text, valid1, err1 := json.GetValueBorrowed(row)
		wanted, valid2, err2 := paths.GetValueBorrowed(row)
		if err1 != nil || err2 != nil {
			return firstError(err1, err2)
		}
		if !valid1 || !valid2 {
			continue
		}
		if !known || wanted != path {
			if steps, err = parsePath(wanted); err != nil {
				return err
			}
			path, known = wanted, true
		}
		if err := setAtPath(output, row, text, steps, u.atPath); err != nil {
			return err
		}
	}
	return nil
}

func setAtPath(output duckdb.VectorWriter[string], row int, text string, steps []string, f pathFunc) error {
	s := scanner{in: text}
	if found, err := s.find(steps); !found || err != nil {
		return output.SetNull(row) // no JSON is NULL
	}
	value, ok := f(&s)
	if !ok {
		return output.SetNull(row)
	}
	return output.Set(row, value)
}

func textColumn(state *duckdb.ChunkIteratorState, i int) (duckdb.VectorView[string], error) {
	vector, err := state.GetInputChunk().GetVector(i)
	if err != nil {
		return duckdb.VectorView[string]{}, err
	}
	return duckdb.GetVectorView[string](vector)
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
