package catalog

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// The table types that the catalog keeps.
const (
	ExternalTable = "EXTERNAL_TABLE"
	VirtualView   = "VIRTUAL_VIEW"
)

// CreateTable makes a table in an existing database, as version 1 and owned by
// no delivery, with partition indexes where any are given. With ifNotExists an
// existing one is no error and stays as it is.
func (s *Store) CreateTable(ctx context.Context, t Table, ifNotExists bool, indexes ...PartitionIndex) error {
	t, err := s.newTable(t)
	if err != nil {
		return err
	}
	n := nameOf(t.Database, t.Name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if _, ok := s.tables[n]; ok && ifNotExists {
			return nil, nil
		}
		e, err := s.insertTable(ctx, tx, t)
		if err != nil {
			return nil, err
		}
		for _, index := range indexes {
			if err := putIndex(ctx, tx, e, index); err != nil {
				return nil, err
			}
		}
		return func() { s.tables[n] = e }, nil
	})
}

// newTable is a table to be made, in the catalog's form.
func (s *Store) newTable(t Table) (Table, error) {
	t, err := normalTable(t)
	if err != nil {
		return t, err
	}
	if t.OfErrors() {
		return t, fail(ErrInvalid, "table", nameOf(t.Database, t.Name).String(), "names that end with %s are of the rejected records of delivered tables", errorsSuffix)
	}
	t.Version, t.Delivery = 1, ""
	if t.CreateTime.IsZero() {
		t.CreateTime = s.now().UTC()
	}
	t.UpdateTime = t.CreateTime
	return t, nil
}

// insertTable writes a table that is not there yet.
func (s *Store) insertTable(ctx context.Context, tx *sql.Tx, t Table) (*tableEntry, error) {
	n := nameOf(t.Database, t.Name)
	if _, ok := s.databases[t.Database]; !ok {
		return nil, &Error{Kind: ErrNotFound, Item: "database", Name: t.Database}
	}
	if _, ok := s.tables[n]; ok {
		return nil, &Error{Kind: ErrAlreadyExists, Item: "table", Name: n.String()}
	}
	definition, err := toJSON(t)
	if err != nil {
		return nil, err
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO catalog_tables (database_name, name, version, delivery, definition) VALUES (?, ?, ?, ?, ?)", t.Database, t.Name, t.Version, t.Delivery, definition)
	if err != nil {
		return nil, err
	}
	id, err := res.LastInsertId()
	return &tableEntry{id: id, table: &t}, err
}

// UpdateTable replaces a table's definition and keeps the one before as an old
// version. t.Version must be the one that the caller read (ErrConflict
// otherwise). The delivery and the creation time stay, and so do the
// partitions: the names of the partition keys cannot change while there are any.
func (s *Store) UpdateTable(ctx context.Context, t Table) error {
	t, err := normalTable(t)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		apply, err := s.updateTable(ctx, tx, t)
		if err != nil {
			return nil, err
		}
		return apply, archive(ctx, tx, s.tables[nameOf(t.Database, t.Name)])
	})
}

// UpdateTableOnly is UpdateTable without an old version: for clients that
// update often and keep the history of their tables themselves, as Iceberg's.
func (s *Store) UpdateTableOnly(ctx context.Context, t Table) error {
	t, err := normalTable(t)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) { return s.updateTable(ctx, tx, t) })
}

func (s *Store) updateTable(ctx context.Context, tx *sql.Tx, t Table) (func(), error) {
	n := nameOf(t.Database, t.Name)
	e, err := s.entry(n)
	if err != nil {
		return nil, err
	}
	if e.table.Version != t.Version {
		return nil, fail(ErrConflict, "table", n.String(), "it is at version %d, not %d", e.table.Version, t.Version)
	}
	if !slices.EqualFunc(t.PartitionKeys, e.table.PartitionKeys, func(a, b Column) bool { return a.Name == b.Name }) {
		if err := noPartitions(ctx, tx, e, n); err != nil {
			return nil, err
		}
	}
	if old := e.table; old.Delivery != "" && (t.SerDe.Library != old.SerDe.Library || t.InputFormat != old.InputFormat) {
		return nil, fail(ErrInvalid, "table", n.String(), "it belongs to delivery %s, and the files that it wrote cannot be read with another SerDe or input format", old.Delivery)
	}
	t.Delivery, t.CreateTime, t.UpdateTime = e.table.Delivery, e.table.CreateTime, s.now().UTC()
	t.Version++
	return s.putTable(ctx, tx, e, t)
}

// noPartitions reports an error where e has partitions or files, which would
// no longer fit changed partition keys.
func noPartitions(ctx context.Context, tx *sql.Tx, e *tableEntry, n tableName) error {
	var some bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM catalog_partitions WHERE table_id = ?1) OR EXISTS (SELECT 1 FROM catalog_files WHERE table_id = ?1)", e.id).Scan(&some)
	if err == nil && some {
		err = fail(ErrInvalid, "table", n.String(), "the partition keys cannot change while it has partitions or files")
	}
	return err
}

func (s *Store) putTable(ctx context.Context, tx *sql.Tx, e *tableEntry, t Table) (func(), error) {
	definition, err := toJSON(t)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, "UPDATE catalog_tables SET version = ?, delivery = ?, definition = ? WHERE id = ?", t.Version, t.Delivery, definition, e.id)
	return func() { e.table = &t }, err
}

// DropTable removes a table with its partitions and the list of its files. The
// objects stay where they are, and so do the totals of its delivery.
func (s *Store) DropTable(ctx context.Context, database, name string, ifExists bool) error {
	n := nameOf(database, name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, ok := s.tables[n]
		if !ok {
			if ifExists {
				return nil, nil
			}
			_, err := s.entry(n)
			return nil, err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM catalog_tables WHERE id = ?", e.id)
		return func() { delete(s.tables, n) }, err
	})
}

// ClaimTable makes a delivery the owner of a table's files. Claiming again is
// no error; a table has one delivery (ErrConflict). Partitions may be there
// already, in their own folders; objects in them that the delivery did not
// commit are not read.
func (s *Store) ClaimTable(ctx context.Context, database, table, delivery string) error {
	if err := checkName("delivery", delivery); err != nil {
		return err
	}
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		switch e.table.Delivery {
		case delivery:
			return nil, nil
		case "":
		default:
			return nil, fail(ErrConflict, "table", n.String(), "its files belong to delivery %s, not %s", e.table.Delivery, delivery)
		}
		if e.table.Type == VirtualView {
			return nil, fail(ErrInvalid, "table", n.String(), "nothing can be delivered into a view")
		}
		if err := ownFoldersOnly(ctx, tx, e, delivery); err != nil {
			return nil, err
		}
		t := *e.table
		t.Delivery, t.UpdateTime = delivery, s.now().UTC()
		t.Version++
		return s.putTable(ctx, tx, e, t)
	})
}

// ownFoldersOnly refuses partitions that were registered elsewhere: of a
// delivered table, files there are not read.
func ownFoldersOnly(ctx context.Context, tx *sql.Tx, e *tableEntry, delivery string) error {
	rows, err := tx.QueryContext(ctx, "SELECT name, location FROM catalog_partitions WHERE table_id = ?", e.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	t := *e.table
	t.Delivery = delivery
	for rows.Next() {
		var name string
		var p Partition
		if err := rows.Scan(&name, &p.Location); err != nil {
			return err
		}
		p.Values = namedValues(name)
		if err := checkOwnFolder(&t, p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Table returns one table, shared: callers must not change it.
func (s *Store) Table(ctx context.Context, database, name string) (*Table, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, hidden := withErrors(name); hidden {
		return s.hiddenTable(database, name)
	}
	e, err := s.entry(nameOf(database, name))
	if err != nil {
		return nil, err
	}
	return e.table, nil
}

// Tables returns the tables and views of a database by name, shared: callers
// must not change them.
func (s *Store) Tables(ctx context.Context, database string) ([]*Table, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	database = lowerName(database)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.databases[database]; !ok {
		return nil, &Error{Kind: ErrNotFound, Item: "database", Name: database}
	}
	var out []*Table
	for n, e := range s.tables {
		if n.database == database {
			out = append(out, e.table)
		}
	}
	slices.SortFunc(out, func(a, b *Table) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// normalTable returns t in the catalog's form, or why it cannot be kept.
func normalTable(t Table) (Table, error) {
	if err := checkName("database", t.Database); err != nil {
		return t, err
	}
	if err := checkName("table", t.Name); err != nil {
		return t, err
	}
	t.Database, t.Name = lowerName(t.Database), lowerName(t.Name)
	if t.Type == "" {
		t.Type = ExternalTable
	}
	if len(t.Location) > maxLocationLength {
		return t, fail(ErrInvalid, "table", t.Name, "a location has at most %d bytes", maxLocationLength)
	}
	seen := map[string]bool{}
	var err error
	if t.Columns, err = normalColumns(t.Name, t.Columns, seen); err != nil {
		return t, err
	}
	t.PartitionKeys, err = normalColumns(t.Name, t.PartitionKeys, seen)
	return t, err
}
