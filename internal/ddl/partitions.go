package ddl

import (
	"errors"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
)

func (r *run) addPartitions(s *hive.AddPartitions) error {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return err
	}
	ps := make([]catalog.Partition, len(s.Partitions))
	for i, n := range s.Partitions {
		values, err := fullSpec(t, n.PartitionSpec)
		if err != nil {
			return err
		}
		ps[i] = catalog.Partition{Values: values, Location: n.Location, CreateTime: r.now().UTC()}
		if n.Location == "" {
			ps[i].Location = catalog.PartitionLocation(t, values)
		} else if err := r.checkLocation(n, n.Location); err != nil {
			return err
		}
	}
	_, err = r.Catalog.AddPartitions(r.ctx, t.Database, t.Name, ps, s.IfNotExists)
	return refused(err)
}

// renamePartition gives a partition other values. Its location stays, as that of
// an external table's partition does in Hive.
func (r *run) renamePartition(s *hive.RenamePartition) error {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return err
	}
	from, err := fullSpec(t, s.From)
	if err != nil {
		return err
	}
	to, err := fullSpec(t, s.To)
	if err != nil {
		return err
	}
	if t.Delivery != "" {
		return semantic(s, "table %s belongs to delivery %s, whose files are of the partitions that they were written for", t.Name, t.Delivery)
	}
	err = r.Catalog.RenamePartition(r.ctx, t.Database, t.Name, from, to)
	if errors.Is(err, catalog.ErrNotFound) {
		return noPartition(s.From, err)
	}
	return refused(err)
}

// dropPartitions drops the partitions that each spec finds.
// Without IF EXISTS each spec must match one, or nothing is dropped.
func (r *run) dropPartitions(s *hive.DropPartitions) error {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return err
	}
	set, err := r.Catalog.PartitionSet(r.ctx, t.Database, t.Name)
	if err != nil {
		return refused(err)
	}
	var gone [][]string
	for _, spec := range s.Partitions {
		given, err := conditions(t, spec)
		if err != nil {
			return err
		}
		found := matching(r.candidates(t, set, given), given)
		if len(found) == 0 && !s.IfExists {
			return noPartition(spec, nil)
		}
		for _, p := range found {
			gone = append(gone, p.Values)
		}
	}
	_, err = r.Catalog.DropPartitions(r.ctx, t.Database, t.Name, gone)
	return refused(err)
}
