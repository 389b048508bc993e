package glue

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

func open(t testing.TB) (*Service, *catalog.Store, context.Context) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	store, err := catalog.Open(db)
	require.NoError(t, err)
	return New(store, planner.New(store, nil, tail.New()).Candidates), store, awsapi.WithRequest(t.Context(), awsapi.Request{AccountID: "000000000000"})
}

func tableInput(name string) *types.TableInput {
	return &types.TableInput{
		Name:          &name,
		TableType:     aws.String("EXTERNAL_TABLE"),
		Parameters:    map[string]string{"classification": "json"},
		PartitionKeys: []types.Column{{Name: aws.String("year"), Type: aws.String("int")}, {Name: aws.String("month"), Type: aws.String("string")}},
		StorageDescriptor: &types.StorageDescriptor{
			Columns:     []types.Column{{Name: aws.String("ID"), Type: aws.String("bigint"), Parameters: map[string]string{"iceberg.field.id": "1"}}},
			Location:    aws.String("s3://lake/orders"),
			InputFormat: aws.String("org.apache.hadoop.mapred.TextInputFormat"),
			SerdeInfo:   &types.SerDeInfo{SerializationLibrary: aws.String("org.openx.data.jsonserde.JsonSerDe"), Parameters: map[string]string{"serialization.format": "1"}},
		},
	}
}

func partitionInput(values ...string) types.PartitionInput {
	return types.PartitionInput{Values: values, StorageDescriptor: &types.StorageDescriptor{Location: aws.String(fmt.Sprintf("s3://lake/orders/%v/", values))}}
}

func withOrders(t testing.TB) (*Service, *catalog.Store, context.Context) {
	s, store, ctx := open(t)
	_, err := s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("shop")}})
	require.NoError(t, err)
	_, err = s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("shop"), TableInput: tableInput("orders")})
	require.NoError(t, err)
	return s, store, ctx
}

func requireCode(t *testing.T, code string, err error) {
	t.Helper()
	var e *awsapi.Error
	require.True(t, errors.As(err, &e), "%v", err)
	require.Equal(t, code, e.Code, e.Message)
}

func TestEveryModelledOperationIsKnown(t *testing.T) {
	s, _, _ := open(t)
	known := map[string]bool{}
	for _, op := range s.WithCrawlers(NewCrawlers(nil)).API().Operations {
		require.False(t, known[op.Name], op.Name)
		known[op.Name] = true
	}
	for _, name := range s.API().NotImplemented {
		require.False(t, known[name], name)
		known[name] = true
	}
	client := reflect.TypeFor[*glue.Client]()
	count := 0
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if name == "Options" {
			continue
		}
		require.True(t, known[name], name)
		count++
	}
	require.Len(t, known, count)
}

func TestDatabases(t *testing.T) {
	s, _, ctx := open(t)
	create := func(name string) error {
		_, err := s.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: &name, Description: aws.String("d")}})
		return err
	}
	for i := range 5 {
		require.NoError(t, create(fmt.Sprintf("DB%d", i)))
	}
	requireCode(t, codeAlreadyExists, create("db1"))
	requireCode(t, codeInvalidInput, create(""))
	got, err := s.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("Db1")})
	require.NoError(t, err)
	require.Equal(t, "db1", *got.Database.Name)
	require.Equal(t, "000000000000", *got.Database.CatalogId)
	require.NotNil(t, got.Database.CreateTime)

	var names []string
	var next *string
	for {
		page, err := s.GetDatabases(ctx, &glue.GetDatabasesInput{MaxResults: aws.Int32(2), NextToken: next})
		require.NoError(t, err)
		for _, d := range page.DatabaseList {
			names = append(names, *d.Name)
		}
		if next = page.NextToken; next == nil {
			break
		}
	}
	require.Equal(t, []string{"db0", "db1", "db2", "db3", "db4"}, names)

	_, err = s.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: aws.String("db1"), DatabaseInput: &types.DatabaseInput{Name: aws.String("db1"), LocationUri: aws.String("s3://x/")}})
	require.NoError(t, err)
	got, err = s.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("db1")})
	require.NoError(t, err)
	require.Equal(t, "s3://x/", *got.Database.LocationUri)
	require.Nil(t, got.Database.Description)
	_, err = s.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: aws.String("db1")})
	require.NoError(t, err)
	_, err = s.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("db1")})
	requireCode(t, codeNotFound, err)
	_, err = s.GetDatabases(ctx, &glue.GetDatabasesInput{MaxResults: aws.Int32(101)})
	requireCode(t, codeValidation, err)
	_, err = s.GetDatabases(ctx, &glue.GetDatabasesInput{NextToken: aws.String("!")})
	requireCode(t, codeInvalidInput, err)
}

func TestTableHasWhatClientsTakeForGranted(t *testing.T) {
	s, _, ctx := withOrders(t)
	_, err := s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("shop"), TableInput: &types.TableInput{
		Name: aws.String("v"), TableType: aws.String("VIRTUAL_VIEW"), ViewOriginalText: aws.String("/* Presto View: e30= */"), ViewExpandedText: aws.String("/* Presto View */"),
	}})
	require.NoError(t, err)
	for _, name := range []string{"orders", "v"} {
		got, err := s.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String("shop"), Name: &name})
		require.NoError(t, err)
		table := got.Table
		require.NotNil(t, table.Parameters)
		require.NotNil(t, table.StorageDescriptor)
		require.NotNil(t, table.StorageDescriptor.SerdeInfo)
		require.NotNil(t, table.StorageDescriptor.Columns)
		require.Equal(t, "0", *table.VersionId)
		require.NotNil(t, table.CreateTime)
	}
	got, err := s.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String("shop"), Name: aws.String("ORDERS")})
	require.NoError(t, err)
	require.Equal(t, []types.Column{{Name: aws.String("id"), Type: aws.String("bigint"), Parameters: map[string]string{"iceberg.field.id": "1"}}}, got.Table.StorageDescriptor.Columns)
}

func TestUpdateTableLocksOptimistically(t *testing.T) {
	s, _, ctx := withOrders(t)
	update := func(version *string, description string) error {
		in := tableInput("orders")
		in.Description = &description
		_, err := s.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: aws.String("shop"), TableInput: in, VersionId: version})
		return err
	}
	require.NoError(t, update(aws.String("0"), "a"))
	err := update(aws.String("0"), "b")
	requireCode(t, codeConflict, err)
	require.ErrorContains(t, err, "Update table failed due to concurrent modifications.")
	requireCode(t, codeInvalidInput, update(aws.String("x"), "b"))
	require.NoError(t, update(nil, "c"))
	got, err := s.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String("shop"), Name: aws.String("orders")})
	require.NoError(t, err)
	require.Equal(t, "c", *got.Table.Description)
	name, err := s.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String("shop"), Name: aws.String("orders"), AttributesToGet: []types.TableAttributes{types.TableAttributesName, types.TableAttributesTableType}})
	require.NoError(t, err)
	require.Equal(t, &types.Table{Name: aws.String("orders"), DatabaseName: aws.String("shop"), TableType: aws.String("EXTERNAL_TABLE")}, name.Table)
	require.Equal(t, "2", *got.Table.VersionId)
}

func TestGetTables(t *testing.T) {
	s, _, ctx := withOrders(t)
	for _, name := range []string{"orders_2021", "returns", "returns_2021"} {
		_, err := s.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("shop"), TableInput: tableInput(name)})
		require.NoError(t, err)
	}
	for expression, want := range map[string][]string{
		"":             {"orders", "orders_2021", "returns", "returns_2021"},
		".*":           {"orders", "orders_2021", "returns", "returns_2021"},
		"*":            {"orders", "orders_2021", "returns", "returns_2021"},
		"orders*":      {"orders", "orders_2021"},
		"*_2021":       {"orders_2021", "returns_2021"},
		"*turn*":       {"returns", "returns_2021"},
		"ORDERS":       {"orders"},
		"orders|ret.*": {"orders", "returns", "returns_2021"},
		"nothing":      {},
	} {
		got, err := s.GetTables(ctx, &glue.GetTablesInput{DatabaseName: aws.String("shop"), Expression: &expression})
		require.NoError(t, err)
		names := []string{}
		for _, table := range got.TableList {
			names = append(names, *table.Name)
		}
		require.Equal(t, want, names, expression)
	}
	_, err := s.GetTables(ctx, &glue.GetTablesInput{DatabaseName: aws.String("shop"), Expression: aws.String("(")})
	requireCode(t, codeInvalidInput, err)
	_, err = s.GetTables(ctx, &glue.GetTablesInput{DatabaseName: aws.String("nowhere")})
	requireCode(t, codeNotFound, err)

	got, err := s.GetTables(ctx, &glue.GetTablesInput{DatabaseName: aws.String("shop"), AttributesToGet: []types.TableAttributes{types.TableAttributesName}, MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	require.Equal(t, []types.Table{{Name: aws.String("orders"), DatabaseName: aws.String("shop")}}, got.TableList)
	require.NotNil(t, got.NextToken)

	deleted, err := s.BatchDeleteTable(ctx, &glue.BatchDeleteTableInput{DatabaseName: aws.String("shop"), TablesToDelete: []string{"returns", "lost"}})
	require.NoError(t, err)
	require.Len(t, deleted.Errors, 1)
	require.Equal(t, "lost", *deleted.Errors[0].TableName)
	require.Equal(t, codeNotFound, *deleted.Errors[0].ErrorDetail.ErrorCode)
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	s, _, ctx := withOrders(t)
	sd := func(change func(*types.StorageDescriptor)) *types.TableInput {
		in := tableInput("other")
		change(in.StorageDescriptor)
		return in
	}
	for _, in := range []*glue.CreateTableInput{
		{OpenTableFormatInput: &types.OpenTableFormatInput{}},
		{PartitionIndexes: []types.PartitionIndex{{}}, TableInput: tableInput("x")},
		{TableInput: sd(func(d *types.StorageDescriptor) { d.SchemaReference = &types.SchemaReference{} })},
		{TableInput: &types.TableInput{Name: aws.String("x"), TargetTable: &types.TableIdentifier{}}},
		{TableInput: sd(func(d *types.StorageDescriptor) { d.AdditionalLocations = []string{"s3://b/"} })},
		{TableInput: sd(func(d *types.StorageDescriptor) {
			d.Columns = append(d.Columns, types.Column{Name: aws.String("year"), Type: aws.String("int")})
		})},
	} {
		in.DatabaseName = aws.String("shop")
		_, err := s.CreateTable(ctx, in)
		requireCode(t, codeInvalidInput, err)
	}
}

// A partition may be of another format than its table, and of other columns.
func TestPartitionKeepsItsDescriptor(t *testing.T) {
	s, _, ctx := withOrders(t)
	own := partitionInput("2021", "02")
	own.StorageDescriptor.InputFormat = aws.String("org.apache.hadoop.hive.ql.io.orc.OrcInputFormat")
	own.StorageDescriptor.SerdeInfo = &types.SerDeInfo{SerializationLibrary: aws.String("org.apache.hadoop.hive.ql.io.orc.OrcSerde"), Parameters: map[string]string{"orc.column.index.access": "false"}}
	own.StorageDescriptor.Columns = []types.Column{{Name: aws.String("other"), Type: aws.String("int")}}
	_, err := s.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: aws.String("shop"), TableName: aws.String("orders"), PartitionInput: &own})
	require.NoError(t, err)
	got, err := s.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: aws.String("shop"), TableName: aws.String("orders"), PartitionValues: own.Values})
	require.NoError(t, err)
	sd := got.Partition.StorageDescriptor
	require.Equal(t, own.StorageDescriptor.InputFormat, sd.InputFormat)
	require.Equal(t, own.StorageDescriptor.SerdeInfo.SerializationLibrary, sd.SerdeInfo.SerializationLibrary)
	require.Equal(t, own.StorageDescriptor.SerdeInfo.Parameters, sd.SerdeInfo.Parameters)
	require.Len(t, sd.Columns, 1)
	require.Equal(t, "other", *sd.Columns[0].Name)
}
