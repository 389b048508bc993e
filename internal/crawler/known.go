package crawler

import (
	"context"
	"database/sql"
	"path"
	"slices"
	"strings"
)

// knownFolder is a folder with objects at or below it that a crawler has seen.
type knownFolder struct {
	parent, name string
	leaf         bool   // it has objects itself and no folders: all of it was seen
	version      string // as the store names the state in which its folders were listed
}

func (k *knownFolder) prefix() string {
	if k.name == "" {
		return k.parent
	}
	return k.parent + k.name + "/"
}

// splitPrefix is the parent and the name of a folder; a bucket has neither.
func splitPrefix(prefix string) (parent, name string) {
	if prefix == "" {
		return "", ""
	}
	name = path.Base(prefix)
	return strings.TrimSuffix(prefix, name+"/"), name
}

// branches are the known folders of a crawler in a bucket that are no leaves.
func (s *store) branches(ctx context.Context, crawler, bucket string) (map[string]knownFolder, error) {
	out := map[string]knownFolder{}
	err := s.each(ctx, func(rows *sql.Rows) error {
		var k knownFolder
		if err := rows.Scan(&k.parent, &k.name, &k.version); err != nil {
			return err
		}
		out[k.prefix()] = k
		return nil
	}, "SELECT parent, name, version FROM crawler_folders WHERE crawler = ? AND bucket = ? AND leaf = 0", crawler, bucket)
	return out, err
}

// knownIn are the names of the known folders in a folder.
func (s *store) knownIn(ctx context.Context, crawler, bucket, parent string) (map[string]bool, error) {
	out := map[string]bool{}
	err := s.each(ctx, func(rows *sql.Rows) error {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		out[name] = true
		return nil
	}, "SELECT name FROM crawler_folders WHERE crawler = ? AND bucket = ? AND parent = ? AND name <> ''", crawler, bucket, parent)
	return out, err
}

// know remembers folders, and forgets all others first where it is told to.
func (s *store) know(ctx context.Context, crawler string, folders map[string][]knownFolder, alone bool) error {
	tx, err := s.db.Write.BeginTx(ctx, nil)
	if err != nil {
		return wrapped(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if alone {
		if _, err := tx.ExecContext(ctx, "DELETE FROM crawler_folders WHERE crawler = ?", crawler); err != nil {
			return wrapped(err)
		}
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO crawler_folders (crawler, bucket, parent, name, leaf, version) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET leaf = excluded.leaf, version = excluded.version`)
	if err != nil {
		return wrapped(err)
	}
	defer insert.Close()
	for bucket, list := range folders {
		for _, k := range list {
			if _, err := insert.ExecContext(ctx, crawler, bucket, k.parent, k.name, k.leaf, k.version); err != nil {
				return wrapped(err)
			}
		}
	}
	return wrapped(tx.Commit())
}

// knownOf are the folders of a tree that have objects at or below them.
func knownOf(root *folder) []knownFolder {
	var out []knownFolder
	root.each(func(f *folder) {
		if f.objects == 0 && len(f.children) == 0 {
			return
		}
		parent, name := splitPrefix(f.prefix)
		out = append(out, knownFolder{parent: parent, name: name, leaf: len(f.children) == 0 && f.parent != nil})
	})
	return slices.Clip(out)
}
