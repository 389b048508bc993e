package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// CommitBatch commits what a delivery wrote, in one transaction that is on
// disk when it returns: the new partitions, the files, and the delivery's
// totals. A batch that is already committed is no error and changes nothing.
func (s *Store) CommitBatch(ctx context.Context, b Batch) error {
	if b.Delivery == "" || b.ID == "" {
		return fail(ErrInvalid, "batch", b.ID, "it needs a delivery and an id")
	}
	n := nameOf(b.Database, b.Table)
	if b.CommittedAt.IsZero() {
		b.CommittedAt = s.now()
	}
	return s.changeUnsure(ctx, &b, func(tx *sql.Tx) (func(), error) {
		res, err := tx.ExecContext(ctx, "INSERT INTO catalog_batches (delivery, id, committed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", b.Delivery, b.ID, nanos(b.CommittedAt))
		if err != nil {
			return nil, err
		}
		if fresh, err := res.RowsAffected(); err != nil || fresh == 0 {
			return b.Applied, err
		}
		e, err := s.entry(n)
		if err != nil {
			return nil, err
		}
		if e.table.Delivery != b.Delivery {
			return nil, fail(ErrConflict, "table", n.String(), "its files belong to delivery %q, not %q", e.table.Delivery, b.Delivery)
		}
		added, err := s.insertPartitions(ctx, tx, e, b.Partitions, true, b.CommittedAt)
		if err != nil {
			return nil, err
		}
		groups, err := s.insertFiles(ctx, tx, e, b.Files, b.CommittedAt)
		if err != nil {
			return nil, err
		}
		for i := range b.Errors {
			b.Errors[i].CommittedAt = b.CommittedAt.UTC()
		}
		if err := insertErrors(ctx, tx, e, b.Errors); err != nil {
			return nil, err
		}
		if err := addTotals(ctx, tx, b); err != nil {
			return nil, err
		}
		return func() {
			s.applyBatch(e, added, groups)
			e.applyErrors(b.Errors)
			if b.Applied != nil {
				b.Applied()
			}
		}, nil
	})
}

// unsureCommitted returns those of the batches whose commit failed half-way
// that did happen; the caller holds changing.
func (s *Store) unsureCommitted(ctx context.Context) ([]Batch, error) {
	var out []Batch
	for _, b := range s.unsure {
		yes, err := s.BatchCommitted(ctx, b.Delivery, b.ID)
		if err != nil {
			return nil, err
		}
		if yes {
			out = append(out, b)
		}
	}
	return out, nil
}

// fileGroup is the files of a batch in one partition.
type fileGroup struct {
	values []string
	files  []DataFile
	bytes  int64
}

// insertFiles writes the files, committed at the given time, and the counts of
// their partitions, and returns them by the partition's values name.
func (s *Store) insertFiles(ctx context.Context, tx *sql.Tx, e *tableEntry, files []DataFile, at time.Time) (map[string]*fileGroup, error) {
	groups := map[string]*fileGroup{}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO catalog_files (table_id, partition, bucket, key, size, row_count, level, committed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
	if err != nil {
		return nil, err
	}
	defer insert.Close()
	for _, f := range files {
		if err := checkFile(e.table, f); err != nil {
			return nil, err
		}
		if f.CommittedAt.IsZero() {
			f.CommittedAt = at
		}
		name := valuesName(f.Partition)
		res, err := insert.ExecContext(ctx, e.id, name, f.Bucket, f.Key, f.Size, f.Rows, f.Level, nanos(f.CommittedAt))
		if err != nil {
			return nil, err
		}
		if fresh, err := res.RowsAffected(); err != nil {
			return nil, err
		} else if fresh == 0 {
			return nil, &Error{Kind: ErrAlreadyExists, Item: "file", Name: "s3://" + f.Bucket + "/" + f.Key}
		}
		g := groups[name]
		if g == nil {
			g = &fileGroup{values: append([]string{}, f.Partition...)}
			groups[name] = g
		}
		f.Partition, f.CommittedAt = g.values, f.CommittedAt.UTC()
		g.files = append(g.files, f)
		g.bytes += f.Size
	}
	if len(e.table.PartitionKeys) == 0 {
		return groups, nil
	}
	for _, g := range groups {
		if err := countFiles(ctx, tx, e, g.values, len(g.files), g.bytes); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// countFiles adds to the counts of a partition.
func countFiles(ctx context.Context, tx *sql.Tx, e *tableEntry, values []string, files int, size int64) error {
	res, err := tx.ExecContext(ctx, "UPDATE catalog_partitions SET files = files + ?, bytes = bytes + ? WHERE table_id = ? AND name = ?", files, size, e.id, valuesName(values))
	if err != nil {
		return err
	}
	if known, err := res.RowsAffected(); err != nil {
		return err
	} else if known == 0 {
		return &Error{Kind: ErrNotFound, Item: "partition", Name: e.table.Database + "." + e.table.Name + " " + PartitionName(e.table.PartitionKeys, values), Reason: "the files are in it"}
	}
	return nil
}

func checkFile(t *Table, f DataFile) error {
	uri := "s3://" + f.Bucket + "/" + f.Key
	if f.Bucket == "" || f.Key == "" || f.Size < 0 || f.Rows < 0 {
		return fail(ErrInvalid, "file", uri, "it needs a bucket, a key, a size and a number of rows")
	}
	if len(t.PartitionKeys) == 0 && len(f.Partition) == 0 {
		return nil
	}
	return checkValues(t, f.Partition)
}

func addTotals(ctx context.Context, tx *sql.Tx, b Batch) error {
	var size int64
	for _, f := range b.Files {
		size += f.Size
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO catalog_deliveries (name, delivered, rejected, filtered, duplicates, late, future, batches, files, bytes, newest_sent_at, committed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET
			delivered = delivered + excluded.delivered,
			rejected = rejected + excluded.rejected,
			filtered = filtered + excluded.filtered,
			duplicates = duplicates + excluded.duplicates,
			late = late + excluded.late,
			future = future + excluded.future,
			batches = batches + 1,
			files = files + excluded.files,
			bytes = bytes + excluded.bytes,
			newest_sent_at = max(newest_sent_at, excluded.newest_sent_at),
			committed_at = max(committed_at, excluded.committed_at)`,
		b.Delivery, b.Delivered, b.Rejected, b.Filtered, b.Duplicates, b.Late, b.Future, len(b.Files), size, nanos(b.NewestSentAt), nanos(b.CommittedAt))
	return err
}

// applyBatch brings a committed batch into memory; the caller holds mu.
func (s *Store) applyBatch(e *tableEntry, added []Partition, groups map[string]*fileGroup) {
	if set := e.partitions; set != nil {
		next := &PartitionSet{Shape: set.Shape, names: set.names}
		if len(added) > 0 {
			next = set.with(added)
			next.Shape = s.shapes.Add(1)
			e.shape = next.Shape
		} else {
			next.List = slices.Clone(set.List)
		}
		for _, g := range groups {
			if i, ok := next.find(g.values); ok {
				next.List[i].Files += int64(len(g.files))
				next.List[i].Bytes += g.bytes
			}
		}
		e.partitions = next
	} else if len(added) > 0 {
		e.shape = s.shapes.Add(1)
	}
	for name, g := range groups {
		old, loaded := e.files[name]
		if !loaded && !e.allFiles {
			continue
		}
		list := slices.Concat(old, g.files)
		slices.SortFunc(list, compareFiles)
		e.files[name] = list
		e.fileCount += len(g.files)
	}
}

func compareFiles(a, b DataFile) int {
	if c := strings.Compare(a.Bucket, b.Bucket); c != 0 {
		return c
	}
	return strings.Compare(a.Key, b.Key)
}

// BatchCommitted reports whether the batch is committed.
func (s *Store) BatchCommitted(ctx context.Context, delivery, id string) (bool, error) {
	var yes bool
	err := s.db.Read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM catalog_batches WHERE delivery = ? AND id = ?)", delivery, id).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("batch %s of %s: %w", id, delivery, err)
	}
	return yes, nil
}

// DeliveryTotals returns the books of a delivery; one that has committed
// nothing has zero totals.
func (s *Store) DeliveryTotals(ctx context.Context, delivery string) (DeliveryTotals, error) {
	var t DeliveryTotals
	var newest, committed int64
	err := s.db.Read.QueryRowContext(ctx, "SELECT delivered, rejected, filtered, duplicates, late, future, batches, files, bytes, newest_sent_at, committed_at FROM catalog_deliveries WHERE name = ?", delivery).
		Scan(&t.Delivered, &t.Rejected, &t.Filtered, &t.Duplicates, &t.Late, &t.Future, &t.Batches, &t.Files, &t.Bytes, &newest, &committed)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("totals of delivery %s: %w", delivery, err)
	}
	t.NewestSentAt, t.CommittedAt = fromNanos(newest), fromNanos(committed)
	return t, nil
}
