package glue

import (
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// partitionFilter decides which partitions an expression leaves.
type partitionFilter struct {
	test  predicate.Predicate // nil: all
	keys  map[string]int      // places of the keys by name
	types []types.Type
}

// newPartitionFilter reads an expression; an empty one leaves all.
func newPartitionFilter(keys []catalog.Column, expression string) (*partitionFilter, error) {
	f := &partitionFilter{keys: map[string]int{}, types: make([]types.Type, len(keys))}
	if expression == "" {
		return f, nil
	}
	var err error
	if f.test, err = parseExpression(keys, expression); err != nil {
		return nil, err
	}
	for i, k := range keys {
		f.keys[k.Name] = i
		// A type that cannot be read is not in the expression: parseExpression
		// refuses those.
		f.types[i], _ = types.FromHive(hiveName(k.Type))
	}
	return f, nil
}

// keeps evaluates the expression for a partition. A value that does not fit
// its key's type is an error, as in Glue.
func (f *partitionFilter) keeps(p catalog.Partition) (bool, error) {
	if f.test == nil {
		return true, nil
	}
	var broken error
	outcome := predicate.Eval(f.test, func(column string) (any, bool) {
		i := f.keys[column]
		if f.types[i].IsString() {
			return p.Values[i], true
		}
		v, err := types.ParsePartitionValue(f.types[i], p.Values[i])
		if err != nil {
			broken = awsapi.Errorf(codeInvalidState, "The value \"%s\" of partition key %s is not a value of type %s.", p.Values[i], column, f.types[i])
		}
		return v, err == nil
	})
	return outcome.MayHold(), broken
}
