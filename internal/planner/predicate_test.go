package planner

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// readPredicate reads the notation of testdata: (and P…), (or P…), (not P),
// (= key value), (< …), (in key value…), (null key), (like key pattern),
// (test key key…) which holds where all values are the same, and any.
func readPredicate(t *testing.T, table *catalog.Table, text string) predicate.Predicate {
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	r := &predicateReader{t: t, table: table, words: strings.Fields(text)}
	p := r.predicate()
	require.Empty(t, r.words)
	return p
}

type predicateReader struct {
	t     *testing.T
	table *catalog.Table
	words []string
}

func (r *predicateReader) next() string {
	require.NotEmpty(r.t, r.words)
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

func (r *predicateReader) predicate() predicate.Predicate {
	if w := r.next(); w != "(" {
		require.Equal(r.t, "any", w)
		return predicate.Any{}
	}
	form := r.next()
	if form == "and" || form == "or" || form == "not" {
		var ps []predicate.Predicate
		for r.words[0] == "(" || r.words[0] == "any" {
			ps = append(ps, r.predicate())
		}
		r.next()
		switch form {
		case "and":
			return predicate.And(ps)
		case "or":
			return predicate.Or(ps)
		}
		return predicate.Not{Of: ps[0]}
	}
	var args []string
	for w := r.next(); w != ")"; w = r.next() {
		args = append(args, w)
	}
	return r.leaf(form, args)
}

func (r *predicateReader) leaf(form string, args []string) predicate.Predicate {
	switch form {
	case "null":
		return predicate.IsNull{Column: args[0]}
	case "like":
		return predicate.Like{Column: args[0], Pattern: args[1]}
	case "test":
		return predicate.Test{Columns: args, Holds: func(values []any) predicate.Outcome {
			for _, v := range values {
				if v == nil {
					return predicate.Null
				}
				if v != values[0] {
					return predicate.False
				}
			}
			return predicate.True
		}}
	}
	var values []any
	for _, text := range args[1:] {
		v, err := types.ParsePartitionValue(r.typeOf(args[0]), text)
		require.NoError(r.t, err)
		values = append(values, v)
	}
	if form == "in" {
		return predicate.In{Column: args[0], Values: values}
	}
	return predicate.Compare{Column: args[0], Op: predicate.Op(form), Value: values[0]}
}

func (r *predicateReader) typeOf(key string) types.Type {
	for _, k := range r.table.PartitionKeys {
		if k.Name == key {
			t, err := types.FromHive(k.Type)
			require.NoError(r.t, err)
			return t
		}
	}
	require.Fail(r.t, "no key "+key)
	return types.Type{}
}
