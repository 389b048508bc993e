package ddl

import (
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// specText writes a partition spec as Hive's messages do: {year=2021, month=02}.
func specText(spec hive.PartitionSpec) string {
	parts := make([]string, len(spec.Values))
	for i, v := range spec.Values {
		parts[i] = v.Column + "=" + v.Value
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// specValues returns the values of a spec in the order of the table's keys; a
// key that the spec leaves out is nil.
func specValues(t *catalog.Table, spec hive.PartitionSpec) ([]*string, error) {
	if len(t.PartitionKeys) == 0 {
		return nil, semantic(spec, "table %s is not partitioned but partition spec exists: %s", t.Name, specText(spec))
	}
	out := make([]*string, len(t.PartitionKeys))
	for _, v := range spec.Values {
		i := keyPlace(t, v.Column)
		if i < 0 {
			return nil, semantic(v, "Partition spec %s contains non-partition columns", specText(spec))
		}
		if out[i] != nil {
			return nil, semantic(v, "Partition spec %s has column %s twice", specText(spec), v.Column)
		}
		if err := checkValue(t.PartitionKeys[i], v); err != nil {
			return nil, err
		}
		out[i] = &v.Value
	}
	return out, nil
}

func keyPlace(t *catalog.Table, column string) int {
	for i, k := range t.PartitionKeys {
		if k.Name == column {
			return i
		}
	}
	return -1
}

// checkValue refuses a value that queries could not read as the key's type.
func checkValue(key catalog.Column, v hive.PartitionValue) error {
	t, err := types.FromHive(key.Type)
	if err != nil {
		return semantic(v, "partition key %s: %v", key.Name, err)
	}
	if _, err := types.ParsePartitionValue(t, v.Value); err != nil {
		return semantic(v, "partition key %s: %v", key.Name, err)
	}
	if v.Value == "" {
		return semantic(v, "the value of partition key %s is empty", key.Name)
	}
	return nil
}

// fullSpec returns the values of a spec that must name every key.
func fullSpec(t *catalog.Table, spec hive.PartitionSpec) ([]string, error) {
	given, err := specValues(t, spec)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(given))
	for i, v := range given {
		if v == nil {
			return nil, semantic(spec, "partition spec %s doesn't contain all (%d) partition columns", specText(spec), len(given))
		}
		out[i] = *v
	}
	return out, nil
}

// matching returns the partitions that have the given values (nil is any), by
// their type: 2 matches 02 of an int key.
func matching(t *catalog.Table, all []catalog.Partition, given []*string) []catalog.Partition {
	var out []catalog.Partition
	for _, p := range all {
		ok := true
		for i, v := range given {
			ok = ok && (v == nil || p.Values[i] == *v || sameValue(t.PartitionKeys[i].Type, p.Values[i], *v))
		}
		if ok {
			out = append(out, p)
		}
	}
	return out
}

func sameValue(hiveType, a, b string) bool {
	t, err := types.FromHive(hiveType)
	if err != nil {
		return false
	}
	v, errV := types.ParsePartitionValue(t, a)
	w, errW := types.ParsePartitionValue(t, b)
	return errV == nil && errW == nil && v != nil && w != nil && predicate.CompareOp(v, "=", w) == predicate.True
}
