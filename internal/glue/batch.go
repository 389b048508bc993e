package glue

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

// BatchCreatePartition registers the partitions that can be, and says which
// could not.
func (s *Service) BatchCreatePartition(ctx context.Context, in *glue.BatchCreatePartitionInput) (*glue.BatchCreatePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	refused := make([]error, len(in.PartitionInputList))
	var ps []catalog.Partition
	var places []int // of ps in the input
	for i, input := range in.PartitionInputList {
		p, err := partitionOf(t, &input)
		if err != nil {
			refused[i] = err
			continue
		}
		ps, places = append(ps, p), append(places, i)
	}
	errs, err := s.store.AddEachPartition(ctx, t.Database, t.Name, ps)
	if err != nil {
		return nil, apiError(err)
	}
	for i, err := range errs {
		refused[places[i]] = err
	}
	out := &glue.BatchCreatePartitionOutput{}
	for i, input := range in.PartitionInputList {
		if out.Errors, err = appendError(out.Errors, input.Values, refused[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// BatchDeletePartition unregisters partitions and says which it could not.
func (s *Service) BatchDeletePartition(ctx context.Context, in *glue.BatchDeletePartitionInput) (*glue.BatchDeletePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	out := &glue.BatchDeletePartitionOutput{}
	for _, p := range in.PartitionsToDelete {
		if out.Errors, err = appendError(out.Errors, p.Values, s.deletePartition(ctx, t, p.Values)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendError(list []types.PartitionError, values []string, err error) ([]types.PartitionError, error) {
	detail, err := errorDetail(err)
	if detail != nil {
		list = append(list, types.PartitionError{PartitionValues: values, ErrorDetail: detail})
	}
	return list, err
}

// BatchUpdatePartition updates partitions and says which it could not.
func (s *Service) BatchUpdatePartition(ctx context.Context, in *glue.BatchUpdatePartitionInput) (*glue.BatchUpdatePartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	out := &glue.BatchUpdatePartitionOutput{}
	for _, e := range in.Entries {
		detail, err := errorDetail(s.updatePartition(ctx, t, e.PartitionValueList, e.PartitionInput))
		if err != nil {
			return nil, err
		}
		if detail != nil {
			out.Errors = append(out.Errors, types.BatchUpdatePartitionFailureEntry{PartitionValueList: e.PartitionValueList, ErrorDetail: detail})
		}
	}
	return out, nil
}

// BatchGetPartition returns those of the partitions that exist.
func (s *Service) BatchGetPartition(ctx context.Context, in *glue.BatchGetPartitionInput) (*glue.BatchGetPartitionOutput, error) {
	t, err := s.table(ctx, in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	out := &glue.BatchGetPartitionOutput{Partitions: []types.Partition{}, UnprocessedKeys: []types.PartitionValueList{}}
	for _, key := range in.PartitionsToGet {
		p, err := s.store.Partition(ctx, t.Database, t.Name, key.Values)
		if errors.Is(err, catalog.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, apiError(err)
		}
		out.Partitions = append(out.Partitions, partitionShape(ctx, t, p, true))
	}
	return out, nil
}
