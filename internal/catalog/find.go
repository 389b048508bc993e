package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// findLimit bounds the look-ups and rows of one FindPartitions. Beyond it the
// whole list is soon the better way.
const findLimit = 2000

// errFindMore says that the limit is reached.
var errFindMore = errors.New("too many to look up")

// Wanted says which partitions are looked for.
type Wanted struct {
	// Exact has for each key the texts of its values, nil where it may have any.
	Exact [][]string
	// May says whether partitions whose first values are these may be wanted.
	May func(values []string) bool
}

// FindPartitions looks partitions up in the database where the partitions of a
// table are not in memory, so that the first query of a process does not wait
// for all of them: key by key, passing over what cannot be wanted. found is
// false where they are in memory, or too many would be looked at; then
// PartitionSet is the way. total is how many the table has.
func (s *Store) FindPartitions(ctx context.Context, database, table string, w Wanted) (list []Partition, total int, found bool, err error) {
	if err := s.fresh(ctx); err != nil {
		return nil, 0, false, err
	}
	n := nameOf(database, table)
	s.mu.RLock()
	e, err := s.entry(n)
	loaded := err == nil && e.partitions != nil
	s.mu.RUnlock()
	if err != nil || loaded {
		return nil, 0, false, err
	}
	tx, err := s.db.Read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, 0, false, err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	f := &finder{ctx: ctx, tx: tx, table: e.id, wanted: w}
	switch err := f.below("", nil); {
	case errors.Is(err, errFindMore):
		return nil, 0, false, nil
	case err != nil:
		return nil, 0, false, fmt.Errorf("partitions of %s: %w", n, err)
	}
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM catalog_partitions WHERE table_id = ?", e.id).Scan(&total); err != nil {
		return nil, 0, false, fmt.Errorf("partitions of %s: %w", n, err)
	}
	sortPartitions(f.found)
	return f.found, total, true, nil
}

type finder struct {
	ctx    context.Context
	tx     *sql.Tx
	table  int64
	wanted Wanted
	looked int
	next   *sql.Stmt // the first name from one on
	found  []Partition
}

// below looks among the names that begin with a prefix, which are those of
// partitions with the given first values.
func (f *finder) below(prefix string, values []string) error {
	level := len(values)
	last := level == len(f.wanted.Exact)-1
	exact := f.wanted.Exact[level]
	switch {
	case exact == nil && last:
		return f.rows(prefix, pastNames(prefix))
	case exact == nil:
		return f.each(prefix, values)
	}
	for _, v := range exact {
		name := prefix + EscapePath(v)
		var err error
		if last {
			err = f.rows(name, name+"\x00")
		} else {
			err = f.below(name+"/", append(slices.Clone(values), v))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pastNames is the end of the names that begin with a prefix: "" or one that
// ends with "/".
func pastNames(prefix string) string {
	if prefix == "" {
		return "\xff" // beyond all UTF-8
	}
	return prefix[:len(prefix)-1] + string('/'+1)
}

// each goes from value to value of the key below a prefix.
func (f *finder) each(prefix string, values []string) (err error) {
	if f.next == nil {
		if f.next, err = f.tx.PrepareContext(f.ctx, "SELECT name FROM catalog_partitions WHERE table_id = ? AND name >= ? AND name < ? ORDER BY name LIMIT 1"); err != nil {
			return err
		}
	}
	for from := prefix; ; {
		if f.looked++; f.looked > findLimit {
			return errFindMore
		}
		var name string
		switch err := f.next.QueryRowContext(f.ctx, f.table, from, pastNames(prefix)).Scan(&name); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		escaped, _, _ := strings.Cut(name[len(prefix):], "/")
		below := prefix + escaped + "/"
		known := append(slices.Clone(values), UnescapePath(escaped))
		if f.wanted.May(known) {
			if err := f.below(below, known); err != nil {
				return err
			}
		}
		from = pastNames(below)
	}
}

// rows reads the partitions with names from one to before another.
func (f *finder) rows(from, to string) error {
	list, err := readRange(f.ctx, f.tx, f.table, from, to, findLimit-f.looked+1)
	if err != nil {
		return err
	}
	if f.looked += len(list) + 1; f.looked > findLimit {
		return errFindMore
	}
	for _, p := range list {
		if f.wanted.May(p.Values) {
			f.found = append(f.found, p)
		}
	}
	return nil
}
