package ddl

import (
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// specText writes a partition spec as Hive's messages do: {year=2021, month=02}.
func specText(spec hive.PartitionSpec) string {
	parts := make([]string, len(spec.Values))
	for i, v := range spec.Values {
		op := v.Operator
		if op == "" {
			op = "="
		}
		parts[i] = v.Column + op + v.Value
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// needsKeys refuses a spec of a table without partition keys.
func needsKeys(t *catalog.Table, spec hive.PartitionSpec) error {
	if len(t.PartitionKeys) > 0 {
		return nil
	}
	return semantic(spec, "table %s is not partitioned but partition spec exists: %s", t.Name, specText(spec))
}

func foreignColumn(v hive.PartitionValue, spec hive.PartitionSpec) error {
	return semantic(v, "Partition spec %s contains non-partition columns", specText(spec))
}

func keyPlace(t *catalog.Table, column string) int {
	for i, k := range t.PartitionKeys {
		if k.Name == column {
			return i
		}
	}
	return -1
}

// keyValue reads a value as its key's type, and refuses one that queries could
// not read so.
func keyValue(key catalog.Column, v hive.PartitionValue) (types.Type, any, error) {
	t, err := types.FromHive(key.Type)
	if err != nil {
		return t, nil, semantic(v, "partition key %s: %v", key.Name, err)
	}
	value, err := types.ParsePartitionValue(t, v.Value)
	if err != nil {
		return t, nil, semantic(v, "partition key %s: %v", key.Name, err)
	}
	if v.Value == "" {
		return t, nil, semantic(v, "the value of partition key %s is empty", key.Name)
	}
	return t, value, nil
}

// fullSpec returns the values of a spec that must name every key once, in the
// order of the table's keys.
func fullSpec(t *catalog.Table, spec hive.PartitionSpec) ([]string, error) {
	if err := needsKeys(t, spec); err != nil {
		return nil, err
	}
	out, seen := make([]string, len(t.PartitionKeys)), make([]bool, len(t.PartitionKeys))
	for _, v := range spec.Values {
		i := keyPlace(t, v.Column)
		if i < 0 {
			return nil, foreignColumn(v, spec)
		}
		if seen[i] {
			return nil, semantic(v, "Partition spec %s has column %s twice", specText(spec), v.Column)
		}
		if _, _, err := keyValue(t.PartitionKeys[i], v); err != nil {
			return nil, err
		}
		out[i], seen[i] = v.Value, true
	}
	for _, ok := range seen {
		if !ok {
			return nil, semantic(spec, "partition spec %s doesn't contain all (%d) partition columns", specText(spec), len(seen))
		}
	}
	return out, nil
}
