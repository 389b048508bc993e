package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Function is a user-defined function that clients of Glue keep in a database
// for each other (Hive its Java classes, Trino its SQL functions). Nothing here
// runs it.
type Function struct {
	Database         string
	Name             string // lower-case
	ClassName        string
	OwnerName        string
	OwnerType        string // USER, ROLE or GROUP
	Type             string
	GovernanceMode   string
	ArtifactLocation string
	Resources        []FunctionResource
	CreateTime       time.Time
}

// FunctionResource is a file of a function.
type FunctionResource struct {
	Type         string // JAR, FILE or ARCHIVE
	URI          string
	LastModified time.Time
}

func (f Function) String() string { return f.Database + "." + f.Name }

// CreateFunction keeps a function in an existing database.
func (s *Store) CreateFunction(ctx context.Context, f Function) error {
	return s.putFunction(ctx, f, func(old *Function) (Function, error) {
		if old != nil {
			return f, &Error{Kind: ErrAlreadyExists, Item: "function", Name: old.Name}
		}
		f.CreateTime = s.now().UTC()
		return f, nil
	})
}

// UpdateFunction replaces a function; it keeps its creation time.
func (s *Store) UpdateFunction(ctx context.Context, f Function) error {
	return s.putFunction(ctx, f, func(old *Function) (Function, error) {
		if old == nil {
			return f, &Error{Kind: ErrNotFound, Item: "function", Name: f.Name}
		}
		f.CreateTime = old.CreateTime
		return f, nil
	})
}

func (s *Store) putFunction(ctx context.Context, f Function, decide func(old *Function) (Function, error)) error {
	if err := checkName("function", f.Name); err != nil {
		return err
	}
	f.Database, f.Name = lowerName(f.Database), lowerName(f.Name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if _, ok := s.databases[f.Database]; !ok {
			return nil, &Error{Kind: ErrNotFound, Item: "database", Name: f.Database}
		}
		have, err := functions(ctx, tx, "WHERE database_name = ? AND name = ?", f.Database, f.Name)
		if err != nil {
			return nil, err
		}
		var old *Function
		if len(have) > 0 {
			old = &have[0]
		}
		kept, err := decide(old)
		if err != nil {
			return nil, err
		}
		kept.Database, kept.Name = f.Database, f.Name
		definition, err := toJSON(kept)
		if err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO catalog_functions (database_name, name, definition) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET definition = excluded.definition", f.Database, f.Name, definition)
		return nil, err
	})
}

func functions(ctx context.Context, q querier, where string, args ...any) ([]Function, error) {
	rows, err := q.QueryContext(ctx, "SELECT definition FROM catalog_functions "+where+" ORDER BY database_name, name", args...)
	if err != nil {
		return nil, fmt.Errorf("functions: %w", err)
	}
	defer rows.Close()
	var out []Function
	for rows.Next() {
		var definition string
		if err := rows.Scan(&definition); err != nil {
			return nil, err
		}
		var f Function
		if err := json.Unmarshal([]byte(definition), &f); err != nil {
			return nil, fmt.Errorf("function: %w", err)
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Function returns one function.
func (s *Store) Function(ctx context.Context, database, name string) (Function, error) {
	if _, err := s.Database(ctx, database); err != nil {
		return Function{}, err
	}
	have, err := functions(ctx, s.db.Read, "WHERE database_name = ? AND name = ?", lowerName(database), lowerName(name))
	if err == nil && len(have) == 0 {
		err = &Error{Kind: ErrNotFound, Item: "function", Name: lowerName(name)}
	}
	if err != nil {
		return Function{}, err
	}
	return have[0], nil
}

// Functions returns the functions of a database, or of all where it is "", by
// database and name.
func (s *Store) Functions(ctx context.Context, database string) ([]Function, error) {
	if database == "" {
		return functions(ctx, s.db.Read, "")
	}
	if _, err := s.Database(ctx, database); err != nil {
		return nil, err
	}
	return functions(ctx, s.db.Read, "WHERE database_name = ?", lowerName(database))
}

// DropFunction forgets a function.
func (s *Store) DropFunction(ctx context.Context, database, name string) error {
	database, name = lowerName(database), lowerName(name)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		if _, ok := s.databases[database]; !ok {
			return nil, &Error{Kind: ErrNotFound, Item: "database", Name: database}
		}
		missing := &Error{Kind: ErrNotFound, Item: "function", Name: name}
		return nil, deleteOne(ctx, tx, missing, "DELETE FROM catalog_functions WHERE database_name = ? AND name = ?", database, name)
	})
}
