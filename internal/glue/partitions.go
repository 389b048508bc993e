package glue

import (
	"context"
	"hash/fnv"
	"iter"
	"slices"
	"sort"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

const maxSegments = 10

// CreatePartition registers a partition.
func (s *Service) CreatePartition(ctx context.Context, in *glue.CreatePartitionInput) (*glue.CreatePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	p, err := partitionOf(t, in.PartitionInput)
	if err != nil {
		return nil, err
	}
	_, err = s.store.AddPartitions(ctx, t.Database, t.Name, []catalog.Partition{p}, false)
	return &glue.CreatePartitionOutput{}, apiError(err)
}

// UpdatePartition replaces a partition's location and parameters.
func (s *Service) UpdatePartition(ctx context.Context, in *glue.UpdatePartitionInput) (*glue.UpdatePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	return &glue.UpdatePartitionOutput{}, apiError(s.updatePartition(ctx, t, in.PartitionValueList, in.PartitionInput))
}

func (s *Service) updatePartition(ctx context.Context, t *catalog.Table, values []string, in *types.PartitionInput) error {
	p, err := partitionOf(t, in)
	if err != nil {
		return err
	}
	if len(p.Values) > 0 && !slices.Equal(p.Values, values) {
		return invalid("The values of a partition cannot change: delete it and create another")
	}
	p.Values = values
	return s.store.UpdatePartition(ctx, t.Database, t.Name, p)
}

// DeletePartition unregisters a partition. Objects stay.
func (s *Service) DeletePartition(ctx context.Context, in *glue.DeletePartitionInput) (*glue.DeletePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	return &glue.DeletePartitionOutput{}, apiError(s.deletePartition(ctx, t, in.PartitionValues))
}

func (s *Service) deletePartition(ctx context.Context, t *catalog.Table, values []string) error {
	dropped, err := s.store.DropPartitions(ctx, t.Database, t.Name, [][]string{values})
	if err == nil && dropped == 0 {
		err = &catalog.Error{Kind: catalog.ErrNotFound, Item: "partition", Name: catalog.PartitionName(t.PartitionKeys, values)}
	}
	return err
}

// GetPartition returns a partition.
func (s *Service) GetPartition(ctx context.Context, in *glue.GetPartitionInput) (*glue.GetPartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	p, err := s.store.Partition(ctx, t.Database, t.Name, in.PartitionValues)
	if err != nil {
		return nil, apiError(err)
	}
	shape := partitionShape(ctx, t, p, true)
	return &glue.GetPartitionOutput{Partition: &shape}, nil
}

// GetPartitions returns a page of the partitions that an expression leaves, in
// order of values, of one segment where that is asked for.
func (s *Service) GetPartitions(ctx context.Context, in *glue.GetPartitionsInput) (*glue.GetPartitionsOutput, error) {
	if in.QueryAsOfTime != nil || in.TransactionId != nil {
		return nil, invalid("QueryAsOfTime and TransactionId are not supported")
	}
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	size, err := pageSize(in.MaxResults, maxPartitionsPage)
	if err != nil {
		return nil, err
	}
	filter, err := newPartitionFilter(t.PartitionKeys, aws.ToString(in.Expression))
	if err != nil {
		return nil, err
	}
	inSegment, err := segmentFilter(in.Segment)
	if err != nil {
		return nil, err
	}
	after, err := fromToken(in.NextToken)
	if err != nil {
		return nil, err
	}
	set, err := s.store.PartitionSet(ctx, t.Database, t.Name)
	if err != nil {
		return nil, apiError(err)
	}
	out := &glue.GetPartitionsOutput{Partitions: []types.Partition{}}
	for p := range s.among(t, set, filter, firstAfter(set.List, after)) {
		if !inSegment(p) {
			continue
		}
		switch keep, err := filter.keeps(p); {
		case err != nil:
			return nil, err
		case !keep:
			continue
		}
		if len(out.Partitions) == size { // there is one more
			out.NextToken = token(out.Partitions[size-1].Values...)
			break
		}
		out.Partitions = append(out.Partitions, partitionShape(ctx, t, p, !aws.ToBool(in.ExcludeColumnSchema)))
	}
	return out, nil
}

// among goes over the partitions from a place on for which a filter may hold.
func (s *Service) among(t *catalog.Table, set *catalog.PartitionSet, filter *partitionFilter, from int) iter.Seq[catalog.Partition] {
	var places []int
	var known bool
	if s.candidates != nil && filter.test != nil {
		places, known = s.candidates(t, set, filter.test)
	}
	if !known {
		return slices.Values(set.List[from:])
	}
	first, _ := slices.BinarySearch(places, from)
	return func(yield func(catalog.Partition) bool) {
		for _, place := range places[first:] {
			if !yield(set.List[place]) {
				return
			}
		}
	}
}

// firstAfter is the place of the first partition beyond the given values.
func firstAfter(all []catalog.Partition, values []string) int {
	if values == nil {
		return 0
	}
	return sort.Search(len(all), func(i int) bool { return slices.Compare(all[i].Values, values) > 0 })
}

// segmentFilter says which partitions are in a segment: each is in one, always
// the same.
func segmentFilter(s *types.Segment) (func(catalog.Partition) bool, error) {
	if s == nil {
		return func(catalog.Partition) bool { return true }, nil
	}
	total, number := aws.ToInt32(s.TotalSegments), s.SegmentNumber
	if total < 1 || total > maxSegments || number < 0 || number >= total {
		return nil, invalid("Segment %d of %d: TotalSegments is 1 to %d and SegmentNumber below it", number, total, maxSegments)
	}
	return func(p catalog.Partition) bool {
		h := fnv.New32a()
		for _, v := range p.Values {
			_, _ = h.Write(append([]byte(v), 0)) // never fails
		}
		return h.Sum32()%uint32(total) == uint32(number)
	}, nil
}

func (s *Service) table(ctx context.Context, database, name *string) (*catalog.Table, error) {
	t, err := s.store.Table(ctx, aws.ToString(database), aws.ToString(name))
	return t, apiError(err)
}
