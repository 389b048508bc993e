package catalog

import (
	"context"
	"database/sql"
	"fmt"
)

// ColumnStatistics is what a client knows of the values of a column, in the
// form that the client's API gives it. The catalog keeps and returns it.
type ColumnStatistics struct {
	Column     string
	Definition string
}

// statisticsTable is where statistics of a table, or of the partition of
// values, are kept, and the condition that finds them.
func statisticsTable(e *tableEntry, values []string) (table, where string, args []any) {
	if values == nil {
		return "catalog_table_statistics", "table_id = ?", []any{e.id}
	}
	return "catalog_partition_statistics", "table_id = ? AND partition = ?", []any{e.id, valuesName(values)}
}

// SetColumnStatistics replaces statistics of columns of a table, or with values
// of one of its partitions.
func (s *Store) SetColumnStatistics(ctx context.Context, database, table string, values []string, statistics []ColumnStatistics) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.statisticsEntry(ctx, tx, n, values)
		if err != nil {
			return nil, err
		}
		into, _, args := statisticsTable(e, values)
		place := "table_id"
		if values != nil {
			place = "table_id, partition"
		}
		marks := "?, ?, ?"
		if values != nil {
			marks = "?, ?, ?, ?"
		}
		statement := fmt.Sprintf("INSERT INTO %s (%s, column_name, definition) VALUES (%s) ON CONFLICT DO UPDATE SET definition = excluded.definition", into, place, marks)
		for _, c := range statistics {
			if _, err := tx.ExecContext(ctx, statement, append(args[:len(args):len(args)], lowerName(c.Column), c.Definition)...); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// statisticsEntry returns the table, after a look at whether the partition of
// values is there.
func (s *Store) statisticsEntry(ctx context.Context, q querier, n tableName, values []string) (*tableEntry, error) {
	e, err := s.entry(n)
	if err != nil || values == nil {
		return e, err
	}
	rows, err := q.QueryContext(ctx, "SELECT 1 FROM catalog_partitions WHERE table_id = ? AND name = ?", e.id, valuesName(values))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return nil, err
		}
		return nil, &Error{Kind: ErrNotFound, Item: "partition", Name: n.String() + " " + PartitionName(e.table.PartitionKeys, values)}
	}
	return e, nil
}

// ColumnStatistics returns the statistics of a table, or with values of one of
// its partitions, by column.
func (s *Store) ColumnStatistics(ctx context.Context, database, table string, values []string) (map[string]string, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	n := nameOf(database, table)
	s.mu.RLock()
	e, err := s.entry(n)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	if values != nil {
		if _, err := s.Partition(ctx, database, table, values); err != nil {
			return nil, err
		}
	}
	from, where, args := statisticsTable(e, values)
	out := map[string]string{}
	err = s.query(ctx, "SELECT column_name, definition FROM "+from+" WHERE "+where, func(rows *sql.Rows) error {
		var column, definition string
		err := rows.Scan(&column, &definition)
		out[column] = definition
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("statistics of %s: %w", n, err)
	}
	return out, nil
}

// DropColumnStatistics forgets the statistics of a column of a table, or with
// values of one of its partitions. There need not be any.
func (s *Store) DropColumnStatistics(ctx context.Context, database, table string, values []string, column string) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.statisticsEntry(ctx, tx, n, values)
		if err != nil {
			return nil, err
		}
		from, where, args := statisticsTable(e, values)
		_, err = tx.ExecContext(ctx, "DELETE FROM "+from+" WHERE "+where+" AND column_name = ?", append(args, lowerName(column))...)
		return nil, err
	})
}
