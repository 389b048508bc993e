package duckdbudf

import (
	"context"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// textFunc is a function of a text that is never NULL. It gives false for
// NULL.
type textFunc func(text string) (string, bool, error)

// textChunks runs a textFunc over chunks without boxing their values.
func textChunks(f textFunc) duckdb.ChunkContextExecutorFn {
	return func(_ context.Context, state *duckdb.ChunkIteratorState) error {
		input, err := textColumn(state, 0)
		if err != nil {
			return err
		}
		output, err := duckdb.GetVectorWriter[string](state.GetResultVector())
		if err != nil {
			return err
		}
		for row := range input.Len() {
			text, valid, err := input.GetValueBorrowed(row)
			if err != nil {
				return err
			}
			if !valid {
				continue
			}
			if err := setText(output, row, text, f); err != nil {
				return err
			}
		}
		return nil
	}
}

// compiledChunk runs the textFunc of the second argument over a chunk. It is
// made anew when the argument changes.
func (u *udf) compiledChunk(_ context.Context, state *duckdb.ChunkIteratorState) error {
	input, err := textColumn(state, 0)
	if err != nil {
		return err
	}
	arguments, err := textColumn(state, 1)
	if err != nil {
		return err
	}
	output, err := duckdb.GetVectorWriter[string](state.GetResultVector())
	if err != nil {
		return err
	}
	var argument string
	var f textFunc
	for row := range input.Len() {
		text, valid1, err1 := input.GetValueBorrowed(row)
		wanted, valid2, err2 := arguments.GetValueBorrowed(row)
		if err1 != nil || err2 != nil {
			return firstError(err1, err2)
		}
		if !valid1 || !valid2 {
			continue
		}
		if f == nil || wanted != argument {
			argument = strings.Clone(wanted) // what is compiled outlives the chunk
			if f, err = u.compile(argument); err != nil {
				return err
			}
		}
		if err := setText(output, row, text, f); err != nil {
			return err
		}
	}
	return nil
}

func setText(output duckdb.VectorWriter[string], row int, text string, f textFunc) error {
	out, ok, err := f(text)
	switch {
	case err != nil:
		return err
	case !ok:
		return output.SetNull(row)
	}
	return output.Set(row, out)
}
