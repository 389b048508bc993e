package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// table registers partitions of one table. It remembers those that it has
// registered, for as long as the function's process lives.
type table struct {
	glue           *glue.Client
	database, name string

	mu    sync.Mutex
	known map[partition]bool
}

func newTable(c *glue.Client, database, name string) *table {
	return &table{glue: c, database: database, name: name, known: map[partition]bool{}}
}

// register adds the partition unless the table has it.
func (t *table) register(ctx context.Context, p partition) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known[p] {
		return nil
	}
	of, err := t.glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: &t.database, Name: &t.name})
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	storage := *of.Table.StorageDescriptor
	storage.Location = aws.String(strings.TrimSuffix(aws.ToString(storage.Location), "/") + "/" + p.folder())
	out, err := t.glue.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{
		DatabaseName: &t.database, TableName: &t.name,
		PartitionInputList: []types.PartitionInput{{Values: p.values(), StorageDescriptor: &storage}},
	})
	if err != nil {
		return fmt.Errorf("register partition %s: %w", p.folder(), err)
	}
	for _, e := range out.Errors {
		if code := aws.ToString(e.ErrorDetail.ErrorCode); code != "AlreadyExistsException" {
			return fmt.Errorf("register partition %s: %s: %s", p.folder(), code, aws.ToString(e.ErrorDetail.ErrorMessage))
		}
	}
	t.known[p] = true
	return nil
}
