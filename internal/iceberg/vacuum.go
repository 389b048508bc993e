package iceberg

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// Athena's defaults of what VACUUM keeps.
const (
	maxSnapshotAge   = 432_000 // seconds: vacuum_max_snapshot_age_seconds
	minSnapshotsKept = 1       // vacuum_min_snapshots_to_keep
)

// orphanAge is how old a file is that no snapshot names before VACUUM removes
// it: a younger one may be of a statement that has not committed yet.
const orphanAge = 3 * 24 * time.Hour

// Vacuum forgets the snapshots that the table's properties do not keep, and
// deletes the files that only they named and old files that none names.
func (s *Tables) Vacuum(ctx context.Context, base *Table) error {
	for range attempts {
		t, err := s.reload(ctx, base)
		if err != nil {
			return err
		}
		before, err := s.reachable(ctx, t.Metadata, t.Location)
		if err != nil {
			return err
		}
		expired := s.expired(t.Metadata)
		var after *Metadata
		if len(expired) > 0 {
			err = s.update(ctx, t, func(m *Metadata) error {
				m.removeSnapshots(expired)
				after = m
				return nil
			})
			if errors.Is(err, catalog.ErrConflict) {
				continue
			}
			if err != nil {
				return err
			}
		}
		if after == nil {
			after = t.Metadata
		}
		kept, err := s.reachable(ctx, after, t.Location)
		if err != nil {
			return err
		}
		var gone []string
		for uri := range before {
			if !kept[uri] && !strings.HasSuffix(uri, ".metadata.json") {
				gone = append(gone, uri)
			}
		}
		s.remove(ctx, gone)
		return s.removeOrphans(ctx, t, kept)
	}
	return conflict(base, "other statements commit all the time")
}

// expired are the snapshots to forget: those that are too old, but for the
// newest ones of the main branch and what branches and tags name.
func (s *Tables) expired(m *Metadata) map[int64]bool {
	age := time.Duration(number(m, "vacuum_max_snapshot_age_seconds", maxSnapshotAge)) * time.Second
	least := max(1, number(m, "vacuum_min_snapshots_to_keep", minSnapshotsKept))
	limit := s.now().Add(-age).UnixMilli()
	keep := map[int64]bool{}
	for _, ref := range m.Refs {
		keep[ref.SnapshotID] = true
	}
	n := int64(0)
	for snap := m.Current(); snap != nil; {
		if n++; n <= least || snap.Timestamp >= limit {
			keep[snap.ID] = true
		}
		if snap.ParentID == nil {
			break
		}
		snap = m.Snapshot(*snap.ParentID)
	}
	out := map[int64]bool{}
	for _, snap := range m.Snapshots {
		if !keep[snap.ID] && snap.Timestamp < limit {
			out[snap.ID] = true
		}
	}
	return out
}

const listPage = 1000

// removeOrphans deletes old files in the table's own folders that no snapshot
// names: of statements that failed or were killed.
func (s *Tables) removeOrphans(ctx context.Context, t *Table, kept map[string]bool) error {
	limit := s.now().Add(-orphanAge)
	for _, folder := range []string{t.folder() + "/data/", t.folder() + "/metadata/"} {
		bucket, prefix, err := objects.SplitURI(folder)
		if err != nil {
			return fail(errInvalidMetadata, err, "%v", err)
		}
		for after, more := "", true; more; {
			var page []objects.Info
			if page, more, err = s.objects.List(ctx, bucket, prefix, after, listPage); err != nil {
				return fail(errFilesystem, err, "Failed to list %s: %v", folder, err)
			}
			for _, o := range page {
				after = o.Key
				if o.LastModified.Before(limit) && !s.named(kept, o) {
					s.remove(ctx, []string{"s3://" + o.Bucket + "/" + o.Key})
				}
			}
			more = more && len(page) > 0
		}
	}
	return nil
}

// named says whether a file is one of some, whatever scheme they name it with.
// Metadata files and statistics are not looked at.
func (s *Tables) named(files map[string]bool, o objects.Info) bool {
	if !strings.HasSuffix(o.Key, ".parquet") && !strings.HasSuffix(o.Key, ".avro") {
		return true
	}
	for _, scheme := range []string{"s3://", "s3a://", "s3n://"} {
		if files[scheme+o.Bucket+"/"+o.Key] {
			return true
		}
	}
	return false
}
