package catalog

import (
	"context"
	"database/sql"
	"slices"
)

// RenamePartition gives a partition of an external table other values; its
// location and parameters stay. ErrAlreadyExists where a partition has them
// already, ErrNotFound where none has the old ones. The files that a delivery
// committed are of their partition's values, so its tables are refused
// (ErrInvalid).
func (s *Store) RenamePartition(ctx context.Context, database, table string, from, to []string) error {
	n := nameOf(database, table)
	set, err := s.PartitionSet(ctx, database, table)
	if err != nil {
		return err
	}
	if _, ok := set.find(from); !ok {
		return s.noPartition(ctx, n, from)
	}
	if slices.Equal(from, to) {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if e.table.Delivery != "" {
			return nil, fail(ErrInvalid, "partition", PartitionName(e.table.PartitionKeys, from), "table %s belongs to delivery %s", n, e.table.Delivery)
		}
		if err := checkValues(e.table, to); err != nil {
			return nil, err
		}
		if err := renamePartition(ctx, tx, e, from, to); err != nil {
			return nil, err
		}
		return func() { s.replacePartitions(e, e.partitions.renamed(from, to)) }, nil
	})
}

// renamePartition changes the name of a partition's row, and of its statistics.
func renamePartition(ctx context.Context, tx *sql.Tx, e *tableEntry, from, to []string) error {
	named := func(kind error, values []string) error {
		return &Error{Kind: kind, Item: "partition", Name: nameOf(e.table.Database, e.table.Name).String() + " " + PartitionName(e.table.PartitionKeys, values)}
	}
	var taken bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM catalog_partitions WHERE table_id = ? AND name = ?)", e.id, valuesName(to)).Scan(&taken)
	switch {
	case err != nil:
		return err
	case taken:
		return named(ErrAlreadyExists, to)
	}
	// The statistics refer to the partition's name: they agree again at the end.
	if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, "UPDATE catalog_partitions SET name = ? WHERE table_id = ? AND name = ?", valuesName(to), e.id, valuesName(from))
	if err != nil {
		return err
	}
	switch changed, err := res.RowsAffected(); {
	case err != nil:
		return err
	case changed == 0:
		return named(ErrNotFound, from)
	}
	_, err = tx.ExecContext(ctx, "UPDATE catalog_partition_statistics SET partition = ? WHERE table_id = ? AND partition = ?", valuesName(to), e.id, valuesName(from))
	return err
}

// renamed returns a set where the partition from has the values to.
func (p *PartitionSet) renamed(from, to []string) *PartitionSet {
	if p == nil {
		return nil
	}
	i, ok := p.find(from)
	if !ok {
		return newPartitionSet(p.List, 0)
	}
	moved := p.List[i]
	moved.Values = slices.Clone(to)
	return p.without(map[string]bool{p.names[i]: true}).with([]Partition{moved})
}
