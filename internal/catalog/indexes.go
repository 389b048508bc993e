package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxPartitionIndexes is Glue's limit for a table.
const maxPartitionIndexes = 3

// PartitionIndex names partition keys by which clients of Glue want partitions
// found fast. All are found fast here: it is kept and given back.
type PartitionIndex struct {
	Name string
	Keys []string // in order, in lower case
}

// AddPartitionIndex adds an index to a table.
func (s *Store) AddPartitionIndex(ctx context.Context, database, table string, index PartitionIndex) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		return nil, putIndex(ctx, tx, e, index)
	})
}

func putIndex(ctx context.Context, tx *sql.Tx, e *tableEntry, index PartitionIndex) error {
	if err := checkName("partition index", index.Name); err != nil {
		return err
	}
	index.Keys = slices.Clone(index.Keys)
	for i, k := range index.Keys {
		index.Keys[i] = lowerName(k)
	}
	if strange := notKeys(e.table, index.Keys); len(strange) > 0 || len(index.Keys) == 0 {
		return fail(ErrInvalid, "index keys", index.Name, "[%s]", strings.Join(strange, ", "))
	}
	all, err := indexesOf(ctx, tx, e.id)
	if err != nil {
		return err
	}
	for _, have := range all {
		switch {
		case strings.EqualFold(have.Name, index.Name):
			return fail(ErrAlreadyExists, "partition index", index.Name, "name")
		case slices.Equal(have.Keys, index.Keys):
			return fail(ErrAlreadyExists, "partition index", index.Name, "keys")
		}
	}
	if len(all) >= maxPartitionIndexes {
		return fail(ErrLimit, "partition index", index.Name, "%d", maxPartitionIndexes)
	}
	keys, err := toJSON(index.Keys)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO catalog_partition_indexes (table_id, name, keys) VALUES (?, ?, ?)", e.id, index.Name, keys)
	return err
}

// notKeys returns those of names that are no partition keys of t.
func notKeys(t *Table, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(t.PartitionKeys, func(c Column) bool { return c.Name == name })
	})
}

// querier is what reads can run in: a transaction or a connection.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func indexesOf(ctx context.Context, q querier, id int64) ([]PartitionIndex, error) {
	rows, err := q.QueryContext(ctx, "SELECT name, keys FROM catalog_partition_indexes WHERE table_id = ? ORDER BY name", id)
	if err != nil {
		return nil, fmt.Errorf("partition indexes: %w", err)
	}
	defer rows.Close()
	var out []PartitionIndex
	for rows.Next() {
		var index PartitionIndex
		var keys string
		if err := rows.Scan(&index.Name, &keys); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(keys), &index.Keys); err != nil {
			return nil, fmt.Errorf("partition index %s: %w", index.Name, err)
		}
		out = append(out, index)
	}
	return out, rows.Err()
}

// PartitionIndexes returns the indexes of a table by name, with the table.
func (s *Store) PartitionIndexes(ctx context.Context, database, table string) ([]PartitionIndex, *Table, error) {
	e, t, err := s.current(ctx, database, table)
	if err != nil {
		return nil, nil, err
	}
	out, err := indexesOf(ctx, s.db.Read, e.id)
	return out, t, err
}

// DropPartitionIndex removes an index.
func (s *Store) DropPartitionIndex(ctx context.Context, database, table, name string) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		missing := &Error{Kind: ErrNotFound, Item: "partition index", Name: name}
		return nil, deleteOne(ctx, tx, missing, "DELETE FROM catalog_partition_indexes WHERE table_id = ? AND name = ? COLLATE NOCASE", e.id, name)
	})
}
