package catalog

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// CreateDatabase makes a database. With ifNotExists an existing one is no
// error and stays as it is.
func (s *Store) CreateDatabase(ctx context.Context, d Database, ifNotExists bool) error {
	return s.createDatabase(ctx, d, ifNotExists, func(*sql.Tx) error { return nil })
}

// createDatabase runs also in the transaction that makes a database.
func (s *Store) createDatabase(ctx context.Context, d Database, ifNotExists bool, also func(*sql.Tx) error) error {
	if err := checkName("database", d.Name); err != nil {
		return err
	}
	d.Name = lowerName(d.Name)
	if d.CreateTime.IsZero() {
		d.CreateTime = s.now().UTC()
	}
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if _, ok := s.databases[d.Name]; ok {
			if ifNotExists {
				return nil, nil
			}
			return nil, &Error{Kind: ErrAlreadyExists, Item: "database", Name: d.Name}
		}
		apply, err := s.putDatabase(ctx, tx, d)
		if err != nil {
			return nil, err
		}
		return apply, also(tx)
	})
}

// UpdateDatabase replaces what is known of a database; it keeps its creation
// time.
func (s *Store) UpdateDatabase(ctx context.Context, d Database) error {
	d.Name = lowerName(d.Name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		old, ok := s.databases[d.Name]
		if !ok {
			return nil, &Error{Kind: ErrNotFound, Item: "database", Name: d.Name}
		}
		d.CreateTime = old.CreateTime
		return s.putDatabase(ctx, tx, d)
	})
}

func (s *Store) putDatabase(ctx context.Context, tx *sql.Tx, d Database) (func(), error) {
	definition, err := toJSON(d)
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO catalog_databases (name, definition) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition", d.Name, definition)
	return func() { s.databases[d.Name] = d }, err
}

// DropDatabase removes a database. One with tables is ErrNotEmpty unless
// cascade is set, which drops them too; objects stay where they are.
func (s *Store) DropDatabase(ctx context.Context, name string, ifExists, cascade bool) error {
	name = lowerName(name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if _, ok := s.databases[name]; !ok {
			if ifExists {
				return nil, nil
			}
			return nil, &Error{Kind: ErrNotFound, Item: "database", Name: name}
		}
		var inside []tableName
		for n := range s.tables {
			if n.database == name {
				inside = append(inside, n)
			}
		}
		if len(inside) > 0 && !cascade {
			return nil, fail(ErrNotEmpty, "database", name, "one or more tables exist")
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM catalog_tables WHERE database_name = ?", name); err != nil {
			return nil, err
		}
		if err := forgetTags(ctx, tx, DatabaseResource(name)); err != nil {
			return nil, err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM catalog_databases WHERE name = ?", name)
		return func() {
			for _, n := range inside {
				delete(s.tables, n)
			}
			delete(s.databases, name)
		}, err
	})
}

// Database returns one database.
func (s *Store) Database(ctx context.Context, name string) (Database, error) {
	if err := s.fresh(ctx); err != nil {
		return Database{}, err
	}
	name = lowerName(name)
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, ok := s.databases[name]
	if !ok {
		return Database{}, &Error{Kind: ErrNotFound, Item: "database", Name: name}
	}
	return d, nil
}

// Databases returns all databases by name.
func (s *Store) Databases(ctx context.Context) ([]Database, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	out := make([]Database, 0, len(s.databases))
	for _, d := range s.databases {
		out = append(out, d)
	}
	s.mu.RUnlock()
	slices.SortFunc(out, func(a, b Database) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
