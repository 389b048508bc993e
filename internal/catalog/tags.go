package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
)

// maxTags is how many tags AWS keeps of a resource.
const maxTags = 50

// DatabaseResource names a database among the resources that have tags.
func DatabaseResource(name string) string { return "database/" + lowerName(name) }

// Tag adds tags to a resource and takes others away. That the resource is there
// is for the caller to know.
func (s *Store) Tag(ctx context.Context, resource string, add map[string]string, remove []string) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		return nil, tag(ctx, tx, resource, add, remove)
	})
}

func tag(ctx context.Context, tx *sql.Tx, resource string, add map[string]string, remove []string) error {
	for _, key := range remove {
		if _, err := tx.ExecContext(ctx, "DELETE FROM catalog_tags WHERE resource = ? AND key = ?", resource, key); err != nil {
			return err
		}
	}
	for key, value := range add {
		if _, err := tx.ExecContext(ctx, "INSERT INTO catalog_tags (resource, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", resource, key, value); err != nil {
			return err
		}
	}
	var count int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM catalog_tags WHERE resource = ?", resource).Scan(&count); err != nil {
		return err
	}
	if count > maxTags {
		return fail(ErrInvalid, "resource", resource, "it would have %d tags, and %d are the most", count, maxTags)
	}
	return nil
}

// Tags returns the tags of a resource.
func (s *Store) Tags(ctx context.Context, resource string) (map[string]string, error) {
	out := map[string]string{}
	err := s.query(ctx, "SELECT key, value FROM catalog_tags WHERE resource = ?", func(rows *sql.Rows) error {
		var key, value string
		err := rows.Scan(&key, &value)
		out[key] = value
		return err
	}, resource)
	if err != nil {
		return nil, fmt.Errorf("tags of %s: %w", resource, err)
	}
	return out, nil
}

// ForgetTags takes all tags of a resource away, as when it is deleted.
func (s *Store) ForgetTags(ctx context.Context, resource string) error {
	return s.change(ctx, func(tx *sql.Tx) (func(), error) { return nil, forgetTags(ctx, tx, resource) })
}

func forgetTags(ctx context.Context, tx *sql.Tx, resource string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM catalog_tags WHERE resource = ?", resource)
	return err
}

// CreateTaggedDatabase makes a database with tags.
func (s *Store) CreateTaggedDatabase(ctx context.Context, d Database, tags map[string]string) error {
	tags = maps.Clone(tags)
	return s.createDatabase(ctx, d, false, func(tx *sql.Tx) error {
		return tag(ctx, tx, DatabaseResource(d.Name), tags, nil)
	})
}
