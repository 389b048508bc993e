package iceberg

import (
	"context"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Athena's defaults of what OPTIMIZE rewrites.
const (
	dataFileThreshold   = 5   // optimize_rewrite_data_file_threshold
	deleteFileThreshold = 2   // optimize_rewrite_delete_file_threshold
	smallestPart        = 75  // percent of the target: optimize_rewrite_min_data_file_size_bytes
	largestPart         = 180 // percent of the target: optimize_rewrite_max_data_file_size_bytes
	percent             = 100
)

// Rewrite is the files that OPTIMIZE merges: all that a view of them has is
// written anew.
type Rewrite struct {
	View    *View           // of these data files alone
	Removed map[string]bool // paths of the data files, and of delete files that are of no other
	// Sequence is the one of the snapshot that was read: deletes after it apply to
	// the new files.
	Sequence int64
}

// Rewrite finds the data files that are too small, too large or have too many
// deletes, of those that a predicate may keep. It is nil where there are none.
func (s *Tables) Rewrite(ctx context.Context, v *View, domains map[string]predicate.Domain) (*Rewrite, error) {
	plan, err := s.Plan(ctx, v, domains)
	if err != nil {
		return nil, err
	}
	whole, err := s.Plan(ctx, v, nil)
	if err != nil {
		return nil, err
	}
	m := v.Table.Metadata
	target := number(m, "write_target_data_file_size_bytes", targetFileSize)
	least := number(m, "optimize_rewrite_min_data_file_size_bytes", target*smallestPart/percent)
	most := number(m, "optimize_rewrite_max_data_file_size_bytes", target*largestPart/percent)
	groups := map[string][]DataFile{} // by partition: what may be rewritten for its size
	chosen := map[string]bool{}
	for _, d := range plan.Data {
		f := d.Entry
		if int64(len(d.Deletes)) >= max(1, number(m, "optimize_rewrite_delete_file_threshold", deleteFileThreshold)) || int(f.SpecID()) != m.DefaultSpecID {
			chosen[f.FilePath()] = true
		}
		if size := f.FileSizeBytes(); size < least || size > most {
			place := placeOf(*m.Spec(int(f.SpecID())), f)
			groups[place] = append(groups[place], d)
		}
	}
	for _, files := range groups {
		if int64(len(files)) < max(2, number(m, "optimize_rewrite_data_file_threshold", dataFileThreshold)) {
			continue
		}
		for _, d := range files {
			chosen[d.Entry.FilePath()] = true
		}
	}
	if len(chosen) == 0 {
		return nil, nil
	}
	view := *v
	view.only = chosen
	return &Rewrite{View: &view, Removed: removable(whole, chosen), Sequence: v.Snapshot.Sequence}, nil
}

// removable are chosen data files, and the delete files that are of no other.
func removable(plan Plan, chosen map[string]bool) map[string]bool {
	out := map[string]bool{}
	others := map[int]bool{}
	for _, d := range plan.Data {
		path := d.Entry.FilePath()
		if chosen[path] {
			out[path] = true
			continue
		}
		for _, i := range d.Deletes {
			others[i] = true
		}
	}
	for i, d := range plan.Deletes {
		if !others[i] {
			out[d.Entry.FilePath()] = true
		}
	}
	return out
}
