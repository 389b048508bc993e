package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// PartitionSet is the partitions of a table at one moment, immutable.
type PartitionSet struct {
	List []Partition // in order of values
	// Shape is new whenever a partition comes, goes or moves, and stays where
	// only file counts change: what is derived from values, order and locations
	// holds as long as Shape does. No two tables share one.
	Shape uint64
	names []string // the values names of List
}

func newPartitionSet(list []Partition, shape uint64) *PartitionSet {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = valuesName(p.Values)
	}
	return &PartitionSet{List: list, Shape: shape, names: names}
}

// find returns the place of values in the list.
func (p *PartitionSet) find(values []string) (int, bool) {
	return slices.BinarySearchFunc(p.List, values, func(p Partition, v []string) int { return compareValues(p.Values, v) })
}

// Partitions returns the partitions of a table in order of values, shared:
// callers must not change the list.
func (s *Store) Partitions(ctx context.Context, database, table string) ([]Partition, error) {
	set, err := s.PartitionSet(ctx, database, table)
	if err != nil {
		return nil, err
	}
	return set.List, nil
}

// Partition returns the partition of the values.
func (s *Store) Partition(ctx context.Context, database, table string, values []string) (Partition, error) {
	set, err := s.PartitionSet(ctx, database, table)
	if err != nil {
		return Partition{}, err
	}
	i, ok := set.find(values)
	if !ok {
		return Partition{}, s.noPartition(ctx, nameOf(database, table), values)
	}
	return set.List[i], nil
}

func (s *Store) noPartition(ctx context.Context, n tableName, values []string) error {
	t, err := s.Table(ctx, n.database, n.table)
	if err != nil {
		return err
	}
	return &Error{Kind: ErrNotFound, Item: "partition", Name: n.String() + " " + PartitionName(t.PartitionKeys, values)}
}

// PartitionSet returns the partitions of a table. The first call for a table
// reads them from the database, later ones find them in memory.
func (s *Store) PartitionSet(ctx context.Context, database, table string) (*PartitionSet, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	n := nameOf(database, table)
	s.mu.RLock()
	e, err := s.entry(n)
	var set *PartitionSet
	if err == nil {
		set = e.partitions
		e.used.Store(s.clock.Add(1))
	}
	s.mu.RUnlock()
	if err != nil || set != nil {
		return set, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.loadPartitions(ctx, n)
}

// loadPartitions reads a table's partitions; the caller holds changing.
func (s *Store) loadPartitions(ctx context.Context, n tableName) (*PartitionSet, error) {
	e, err := s.entry(n)
	if err != nil || e.partitions != nil {
		return e.set(), err
	}
	list, err := s.readPartitions(ctx, e.id)
	if err != nil {
		return nil, fmt.Errorf("partitions of %s: %w", n, err)
	}
	s.mu.Lock()
	if e.shape == 0 {
		e.shape = s.shapes.Add(1)
	}
	set := newPartitionSet(list, e.shape)
	e.partitions = set
	s.evict(e)
	s.mu.Unlock()
	return set, nil
}

func (e *tableEntry) set() *PartitionSet {
	if e == nil {
		return nil
	}
	return e.partitions
}

func sortPartitions(ps []Partition) {
	byValues := func(a, b Partition) int { return compareValues(a.Values, b.Values) }
	if !slices.IsSortedFunc(ps, byValues) {
		slices.SortFunc(ps, byValues)
	}
}

// AddPartitions registers partitions in one transaction. An existing one is
// ErrAlreadyExists, and nothing is added; with ifNotExists it stays as it is
// and is not counted. A delivered table takes partitions at their own folders
// only: files elsewhere would not be read (ErrInvalid).
func (s *Store) AddPartitions(ctx context.Context, database, table string, ps []Partition, ifNotExists bool) (int, error) {
	n := nameOf(database, table)
	added := 0
	err := s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			if err := checkOwnFolder(e.table, p); err != nil {
				return nil, err
			}
		}
		fresh, err := s.insertPartitions(ctx, tx, e, ps, ifNotExists, s.now())
		if err != nil {
			return nil, err
		}
		added = len(fresh)
		return func() {
			if len(fresh) > 0 {
				s.replacePartitions(e, e.partitions.with(fresh))
			}
		}, nil
	})
	return added, err
}

// AddEachPartition registers those partitions that can be, in one transaction,
// and returns for each why it was not (an *Error), or nil.
func (s *Store) AddEachPartition(ctx context.Context, database, table string, ps []Partition) ([]error, error) {
	n := nameOf(database, table)
	refused := make([]error, len(ps))
	err := s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		var fresh []Partition
		for i, p := range ps {
			added, err := s.addPartition(ctx, tx, e, p)
			var why *Error
			if err != nil && !errors.As(err, &why) {
				return nil, err
			}
			refused[i] = err
			fresh = append(fresh, added...)
		}
		return func() { s.replacePartitions(e, e.partitions.with(fresh)) }, nil
	})
	return refused, err
}

func (s *Store) addPartition(ctx context.Context, tx *sql.Tx, e *tableEntry, p Partition) ([]Partition, error) {
	if err := checkOwnFolder(e.table, p); err != nil {
		return nil, err
	}
	return s.insertPartitions(ctx, tx, e, []Partition{p}, false, s.now())
}

// insertPartitions writes those of ps that are new, without files, and returns
// them.
func (s *Store) insertPartitions(ctx context.Context, tx *sql.Tx, e *tableEntry, ps []Partition, ifNotExists bool, now time.Time) ([]Partition, error) {
	if len(ps) == 0 {
		return nil, nil
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO catalog_partitions (table_id, name, location, parameters, details, create_time, files, bytes) VALUES (?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING")
	if err != nil {
		return nil, err
	}
	defer insert.Close()
	var fresh []Partition
	for _, p := range ps {
		if err := checkPartition(e.table, p); err != nil {
			return nil, err
		}
		if p.CreateTime.IsZero() {
			p.CreateTime = now.UTC()
		}
		p.Values, p.Files, p.Bytes = slices.Clone(p.Values), 0, 0
		parameters, err := parametersText(p.Parameters)
		if err != nil {
			return nil, err
		}
		details, err := detailsText(p.Details)
		if err != nil {
			return nil, err
		}
		res, err := insert.ExecContext(ctx, e.id, valuesName(p.Values), p.Location, parameters, details, nanos(p.CreateTime))
		if err != nil {
			return nil, err
		}
		switch added, err := res.RowsAffected(); {
		case err != nil:
			return nil, err
		case added == 1:
			fresh = append(fresh, p)
		case !ifNotExists:
			return nil, &Error{Kind: ErrAlreadyExists, Item: "partition", Name: nameOf(e.table.Database, e.table.Name).String() + " " + PartitionName(e.table.PartitionKeys, p.Values)}
		}
	}
	return fresh, nil
}

func checkPartition(t *Table, p Partition) error {
	if err := checkValues(t, p.Values); err != nil {
		return err
	}
	if p.Location == "" || len(p.Location) > maxLocationLength {
		return fail(ErrInvalid, "partition", PartitionName(t.PartitionKeys, p.Values), "it needs a location of 1 to %d bytes", maxLocationLength)
	}
	return nil
}

// checkOwnFolder refuses to point a partition of a delivered table elsewhere.
func checkOwnFolder(t *Table, p Partition) error {
	if t.Delivery == "" || SameLocation(p.Location, PartitionLocation(t, p.Values)) {
		return nil
	}
	return fail(ErrInvalid, "partition", PartitionName(t.PartitionKeys, p.Values), "table %s.%s belongs to delivery %s, and files at %s would not be read", t.Database, t.Name, t.Delivery, p.Location)
}

func parametersText(p map[string]string) (string, error) {
	if len(p) == 0 {
		return "", nil
	}
	return toJSON(p)
}

func detailsText(d *PartitionDetails) (string, error) {
	if d == nil {
		return "", nil
	}
	return toJSON(d)
}

// UpdatePartition replaces the location, parameters and details of a partition.
func (s *Store) UpdatePartition(ctx context.Context, database, table string, p Partition) error {
	n := nameOf(database, table)
	return s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if err := checkPartition(e.table, p); err != nil {
			return nil, err
		}
		if err := checkOwnFolder(e.table, p); err != nil {
			return nil, err
		}
		parameters, err := parametersText(p.Parameters)
		if err != nil {
			return nil, err
		}
		details, err := detailsText(p.Details)
		if err != nil {
			return nil, err
		}
		res, err := tx.ExecContext(ctx, "UPDATE catalog_partitions SET location = ?, parameters = ?, details = ? WHERE table_id = ? AND name = ?", p.Location, parameters, details, e.id, valuesName(p.Values))
		if err != nil {
			return nil, err
		}
		if changed, err := res.RowsAffected(); err != nil || changed == 0 {
			if err == nil {
				err = &Error{Kind: ErrNotFound, Item: "partition", Name: n.String() + " " + PartitionName(e.table.PartitionKeys, p.Values)}
			}
			return nil, err
		}
		return func() { s.replacePartitions(e, e.partitions.moved(p)) }, nil
	})
}

// DropPartitions unregisters the partitions of the values; of a delivered
// table their files leave the table too. Unknown values are passed over. The
// objects stay where they are.
func (s *Store) DropPartitions(ctx context.Context, database, table string, values [][]string) (int, error) {
	n := nameOf(database, table)
	dropped := 0
	err := s.change(ctx, func(tx *sql.Tx) (func(), error) {
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		gone, err := deletePartitions(ctx, tx, e, values)
		if err != nil {
			return nil, err
		}
		dropped = len(gone)
		if dropped == 0 {
			return nil, nil
		}
		return func() {
			s.replacePartitions(e, e.partitions.without(gone))
			for name := range gone {
				e.fileCount -= len(e.files[name])
				delete(e.files, name)
			}
		}, nil
	})
	return dropped, err
}

// deletePartitions deletes the partitions of the values with their files and
// returns the values names of those that were there.
func deletePartitions(ctx context.Context, tx *sql.Tx, e *tableEntry, values [][]string) (map[string]bool, error) {
	partition, err := tx.PrepareContext(ctx, "DELETE FROM catalog_partitions WHERE table_id = ? AND name = ?")
	if err != nil {
		return nil, err
	}
	defer partition.Close()
	files, err := tx.PrepareContext(ctx, "DELETE FROM catalog_files WHERE table_id = ? AND partition = ?")
	if err != nil {
		return nil, err
	}
	defer files.Close()
	gone := map[string]bool{}
	for _, v := range values {
		name := valuesName(v)
		res, err := partition.ExecContext(ctx, e.id, name)
		if err != nil {
			return nil, err
		}
		switch count, err := res.RowsAffected(); {
		case err != nil:
			return nil, err
		case count == 0:
			continue
		}
		if _, err := files.ExecContext(ctx, e.id, name); err != nil {
			return nil, err
		}
		gone[name] = true
	}
	return gone, nil
}

// replacePartitions puts a new list in memory where one was loaded, with a
// shape of its own; the caller holds mu.
func (s *Store) replacePartitions(e *tableEntry, next *PartitionSet) {
	e.shape = s.shapes.Add(1)
	if e.partitions != nil {
		next.Shape = e.shape
		e.partitions = next
	}
}

// with returns a set with fresh partitions in their places; Shape is for the
// caller to give.
func (p *PartitionSet) with(fresh []Partition) *PartitionSet {
	if p == nil {
		return nil
	}
	fresh = slices.Clone(fresh)
	sortPartitions(fresh)
	size := len(p.List) + len(fresh)
	out := &PartitionSet{List: make([]Partition, 0, size), names: make([]string, 0, size)}
	from := 0
	for _, f := range fresh {
		at, _ := p.find(f.Values)
		out.List = append(append(out.List, p.List[from:at]...), f)
		out.names = append(append(out.names, p.names[from:at]...), valuesName(f.Values))
		from = at
	}
	out.List = append(out.List, p.List[from:]...)
	out.names = append(out.names, p.names[from:]...)
	return out
}

func (p *PartitionSet) without(gone map[string]bool) *PartitionSet {
	if p == nil {
		return nil
	}
	out := &PartitionSet{}
	for i, q := range p.List {
		if !gone[p.names[i]] {
			out.List = append(out.List, q)
			out.names = append(out.names, p.names[i])
		}
	}
	return out
}

func (p *PartitionSet) moved(to Partition) *PartitionSet {
	if p == nil {
		return nil
	}
	out := &PartitionSet{List: slices.Clone(p.List), names: p.names}
	if i, ok := p.find(to.Values); ok {
		out.List[i].Location, out.List[i].Parameters, out.List[i].Details = to.Location, to.Parameters, to.Details
	}
	return out
}
