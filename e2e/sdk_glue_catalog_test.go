package e2e

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
)

// TestOneCatalog changes tables by Glue and by Athena's DDL in turn: what one
// writes the other and information_schema see at once.
func TestOneCatalog(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	g, a, db, bucket := s.glue(), s.athena(), unique("one_"), s.bucket()
	s.put(bucket, "t/a", []byte(`{"n":1,"extra":"x"}`+"\n"))
	columns := func() [][]string {
		return values(t, a, "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = '"+db+"' AND table_name = 't' ORDER BY ordinal_position")
	}
	get := func() *types.Table {
		out, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("t")})
		require.NoError(t, err)
		return out.Table
	}
	input := func(of *types.Table) *types.TableInput {
		return &types.TableInput{Name: of.Name, TableType: of.TableType, Parameters: of.Parameters, PartitionKeys: of.PartitionKeys, StorageDescriptor: of.StorageDescriptor, Owner: of.Owner}
	}

	run(t, a, "CREATE DATABASE "+db+" COMMENT 'by Athena'")
	d, err := g.GetDatabase(ctx, &glue.GetDatabaseInput{Name: &db})
	require.NoError(t, err)
	require.Equal(t, "by Athena", *d.Database.Description)
	run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s.t (N int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://%s/t/'", db, bucket))
	table := get()
	require.Equal(t, "n", *table.StorageDescriptor.Columns[0].Name)
	require.Equal(t, "0", *table.VersionId)

	change := input(table)
	change.StorageDescriptor.Columns = append(change.StorageDescriptor.Columns, types.Column{Name: aws.String("Extra"), Type: aws.String("STRING")})
	_, err = g.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: &db, TableInput: change, VersionId: table.VersionId})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"n", "integer"}, {"extra", "varchar"}}, columns())
	require.Equal(t, [][]string{{"1", "x"}}, values(t, a, "SELECT * FROM "+db+".t"))

	run(t, a, "ALTER TABLE "+db+".t ADD COLUMNS (later date)")
	run(t, a, "ALTER TABLE "+db+".t SET TBLPROPERTIES ('k' = 'v')")
	require.Equal(t, "v", get().Parameters["k"])
	require.Equal(t, [][]string{{"n", "integer"}, {"extra", "varchar"}, {"later", "date"}}, columns())
	versions, err := g.GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: &db, TableName: aws.String("t")})
	require.NoError(t, err)
	var counts []string
	for _, v := range versions.TableVersions {
		counts = append(counts, fmt.Sprint(*v.VersionId, ":", len(v.Table.StorageDescriptor.Columns)))
	}
	require.Equal(t, []string{"3:3", "2:3", "1:2", "0:1"}, counts)

	// A view of another engine, and one of Athena's.
	run(t, a, fmt.Sprintf("CREATE VIEW %s.v AS SELECT n FROM %s.t", db, db))
	v, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("v")})
	require.NoError(t, err)
	other := input(v.Table)
	other.Name, other.ViewOriginalText, other.ViewExpandedText = aws.String("w"), v.Table.ViewOriginalText, v.Table.ViewExpandedText
	_, err = g.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: &db, TableInput: other})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"1"}}, values(t, a, "SELECT * FROM "+db+".w"))
	require.Equal(t, [][]string{{"t"}, {"v"}, {"w"}}, rows(t, a, "SHOW TABLES IN "+db))

	_, err = g.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: &db, Name: aws.String("T")})
	require.NoError(t, err)
	require.Empty(t, columns())
	run(t, a, "DROP VIEW "+db+".w")
	_, err = g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("w")})
	var missing *types.EntityNotFoundException
	require.ErrorAs(t, err, &missing)
	run(t, a, "DROP DATABASE "+db+" CASCADE")
	_, err = g.GetDatabase(ctx, &glue.GetDatabaseInput{Name: &db})
	require.ErrorAs(t, err, &missing)
}

// TestGlueVersionIsALock has many clients update a table at once from the
// version that they read, as Iceberg's do: each update is seen by the next.
func TestGlueVersionIsALock(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	g, db := s.glue(), s.database()
	_, err := g.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: &db, TableInput: &types.TableInput{Name: aws.String("t"), Retention: 0}})
	require.NoError(t, err)
	const clients, updates = 8, 10
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for done := 0; done < updates; {
				read, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("t")})
				if err != nil {
					t.Error(err)
					return
				}
				_, err = g.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: &db, VersionId: read.Table.VersionId, SkipArchive: aws.Bool(true),
					TableInput: &types.TableInput{Name: aws.String("t"), Retention: read.Table.Retention + 1}})
				var conflict *types.ConcurrentModificationException
				switch {
				case err == nil:
					done++
				case !errors.As(err, &conflict):
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	out, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("t")})
	require.NoError(t, err)
	require.EqualValues(t, clients*updates, out.Table.Retention)
	require.Equal(t, fmt.Sprint(clients*updates), *out.Table.VersionId)
	versions, err := g.GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: &db, TableName: aws.String("t")})
	require.NoError(t, err)
	require.Len(t, versions.TableVersions, 1)
}
