package ddl

import (
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
		ps[i] = catalog.Partition{Values: values, Location: n.Location}
		if n.Location == "" {
			ps[i].Location = catalog.PartitionLocation(t, values)
		} else if err := r.checkLocation(n, n.Location); err != nil {
			return err
		}
	}
	_, err = r.Catalog.AddPartitions(r.ctx, t.Database, t.Name, ps, s.IfNotExists)
	return refused(err)
}

// dropPartitions drops the partitions of each spec, which may leave keys out.
// Without IF EXISTS each spec must match one, or nothing is dropped.
func (r *run) dropPartitions(s *hive.DropPartitions) error {
	t, err := r.baseTable(s.Table)
	if err != nil {
		return err
	}
	all, err := r.Catalog.Partitions(r.ctx, t.Database, t.Name)
	if err != nil {
		return refused(err)
	}
	var gone [][]string
	for _, spec := range s.Partitions {
		given, err := specValues(t, spec)
		if err != nil {
			return err
		}
		found := matching(t, all, given)
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
