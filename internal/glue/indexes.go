package glue

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

// CreatePartitionIndex keeps an index of a table. Partitions are found fast
// without: it is ACTIVE at once and changes nothing.
func (s *Service) CreatePartitionIndex(ctx context.Context, in *glue.CreatePartitionIndexInput) (*glue.CreatePartitionIndexOutput, error) {
	if in.PartitionIndex == nil {
		return nil, violation("null", "partitionIndex", "Member must not be null")
	}
	err := s.store.AddPartitionIndex(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName), indexOf(*in.PartitionIndex))
	return &glue.CreatePartitionIndexOutput{}, apiError(err)
}

func indexOf(in types.PartitionIndex) catalog.PartitionIndex {
	return catalog.PartitionIndex{Name: aws.ToString(in.IndexName), Keys: in.Keys}
}

// DeletePartitionIndex forgets an index.
func (s *Service) DeletePartitionIndex(ctx context.Context, in *glue.DeletePartitionIndexInput) (*glue.DeletePartitionIndexOutput, error) {
	err := s.store.DropPartitionIndex(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName), aws.ToString(in.IndexName))
	return &glue.DeletePartitionIndexOutput{}, apiError(err)
}

// GetPartitionIndexes returns the indexes of a table, of which there are at most
// three.
func (s *Service) GetPartitionIndexes(ctx context.Context, in *glue.GetPartitionIndexesInput) (*glue.GetPartitionIndexesOutput, error) {
	indexes, t, err := s.store.PartitionIndexes(ctx, aws.ToString(in.DatabaseName), aws.ToString(in.TableName))
	if err != nil {
		return nil, apiError(err)
	}
	out := &glue.GetPartitionIndexesOutput{PartitionIndexDescriptorList: []types.PartitionIndexDescriptor{}}
	for _, index := range indexes {
		shape := types.PartitionIndexDescriptor{IndexName: &index.Name, IndexStatus: types.PartitionIndexStatusActive}
		for _, key := range index.Keys {
			shape.Keys = append(shape.Keys, types.KeySchemaElement{Name: &key, Type: keyType(t, key)})
		}
		out.PartitionIndexDescriptorList = append(out.PartitionIndexDescriptorList, shape)
	}
	return out, nil
}

func keyType(t *catalog.Table, key string) *string {
	for _, c := range t.PartitionKeys {
		if c.Name == key {
			return &c.Type
		}
	}
	return nil
}
