package glue

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
)

func TestTableVersions(t *testing.T) {
	s, _, ctx := withOrders(t)
	update := func(description string, skip *bool) {
		in := tableInput("orders")
		in.Description = &description
		_, err := s.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: shop, TableInput: in, SkipArchive: skip})
		require.NoError(t, err)
	}
	versions := func(size int32) (out []string) {
		pages := 0
		for next := (*string)(nil); ; pages++ {
			page, err := s.GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: shop, TableName: orders, MaxResults: &size, NextToken: next})
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.TableVersions), int(size))
			for _, v := range page.TableVersions {
				out = append(out, *v.VersionId+" "+aws.ToString(v.Table.Description))
				require.Equal(t, v.VersionId, v.Table.VersionId)
			}
			if next = page.NextToken; next == nil {
				return out
			}
		}
	}
	require.Equal(t, []string{"0 "}, versions(100))
	update("a", nil)
	update("b", aws.Bool(true)) // a is not kept
	update("c", aws.Bool(false))
	want := []string{"3 c", "2 b", "0 "}
	for size := int32(1); size < 5; size++ {
		require.Equal(t, want, versions(size), size)
	}

	get := func(id *string) (*glue.GetTableVersionOutput, error) {
		return s.GetTableVersion(ctx, &glue.GetTableVersionInput{DatabaseName: shop, TableName: orders, VersionId: id})
	}
	for id, description := range map[string]string{"3": "c", "2": "b", "0": ""} {
		got, err := get(&id)
		require.NoError(t, err)
		require.Equal(t, description, aws.ToString(got.TableVersion.Table.Description))
	}
	got, err := get(nil)
	require.NoError(t, err)
	require.Equal(t, "3", *got.TableVersion.VersionId)
	for id, code := range map[string]string{"1": codeNotFound, "9": codeNotFound, "x": codeInvalidInput, "-1": codeInvalidInput} {
		_, err = get(&id)
		requireCode(t, code, err)
	}

	drop := func(id string) error {
		_, err := s.DeleteTableVersion(ctx, &glue.DeleteTableVersionInput{DatabaseName: shop, TableName: orders, VersionId: &id})
		return err
	}
	require.NoError(t, drop("0"))
	requireCode(t, codeNotFound, drop("0"))
	requireCode(t, codeInvalidInput, drop("3")) // the table itself
	batch, err := s.BatchDeleteTableVersion(ctx, &glue.BatchDeleteTableVersionInput{DatabaseName: shop, TableName: orders, VersionIds: []string{"0", "2"}})
	require.NoError(t, err)
	require.Len(t, batch.Errors, 1)
	require.Equal(t, "0", *batch.Errors[0].VersionId)
	require.Equal(t, codeNotFound, *batch.Errors[0].ErrorDetail.ErrorCode)
	require.Equal(t, []string{"3 c"}, versions(100))

	// A table of the same name is another table.
	_, err = s.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: shop, Name: orders})
	require.NoError(t, err)
	_, err = s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: shop, TableInput: tableInput("orders")})
	require.NoError(t, err)
	require.Equal(t, []string{"0 "}, versions(100))
	_, err = s.GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: shop, TableName: aws.String("lost")})
	requireCode(t, codeNotFound, err)
}

func TestPartitionIndexes(t *testing.T) {
	s, _, ctx := withOrders(t)
	create := func(name string, keys ...string) error {
		_, err := s.CreatePartitionIndex(ctx, &glue.CreatePartitionIndexInput{DatabaseName: shop, TableName: orders, PartitionIndex: &types.PartitionIndex{IndexName: &name, Keys: keys}})
		return err
	}
	require.NoError(t, create("by_year", "YEAR"))
	require.NoError(t, create("by_month", "month"))
	for _, c := range []struct {
		err           error
		code, message string
	}{
		{create("x", "id"), codeInvalidInput, "IndexKeys not a part of PartitionColumns. Verify the indexKeys : [id]"},
		{create("by_year", "month", "year"), codeAlreadyExists, "Partition Index by_year already exists with the same name."},
		{create("other", "year"), codeAlreadyExists, "Partition Index other already exists with the same keys."},
	} {
		requireCode(t, c.code, c.err)
		require.ErrorContains(t, c.err, c.message)
	}
	require.NoError(t, create("both", "year", "month"))
	err := create("fourth", "month", "year")
	requireCode(t, codeLimit, err)
	require.ErrorContains(t, err, "Partition index limit exceeded. Maximum: 3")

	get := func(table string) (*glue.GetPartitionIndexesOutput, error) {
		return s.GetPartitionIndexes(ctx, &glue.GetPartitionIndexesInput{DatabaseName: shop, TableName: &table})
	}
	got, err := get("orders")
	require.NoError(t, err)
	require.Equal(t, types.PartitionIndexDescriptor{IndexName: aws.String("both"), IndexStatus: types.PartitionIndexStatusActive,
		Keys: []types.KeySchemaElement{{Name: aws.String("year"), Type: aws.String("int")}, {Name: aws.String("month"), Type: aws.String("string")}}}, got.PartitionIndexDescriptorList[0])
	require.Len(t, got.PartitionIndexDescriptorList, 3)
	drop := func(name string) error {
		_, err := s.DeletePartitionIndex(ctx, &glue.DeletePartitionIndexInput{DatabaseName: shop, TableName: orders, IndexName: &name})
		return err
	}
	require.NoError(t, drop("both"))
	requireCode(t, codeNotFound, drop("both"))
	_, err = get("lost")
	requireCode(t, codeNotFound, err)

	// With the table, all or nothing.
	with := func(name string, keys ...string) error {
		_, err := s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: shop, TableInput: tableInput(name), PartitionIndexes: []types.PartitionIndex{{IndexName: aws.String("i"), Keys: keys}}})
		return err
	}
	require.NoError(t, with("indexed", "year"))
	got, err = get("indexed")
	require.NoError(t, err)
	require.Len(t, got.PartitionIndexDescriptorList, 1)
	requireCode(t, codeInvalidInput, with("broken", "id"))
	_, err = get("broken")
	requireCode(t, codeNotFound, err)
}
