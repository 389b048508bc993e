package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"
)

// TestGlue makes a table and its partitions by Glue and reads them by Athena.
func TestGlue(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	g, a, db, bucket := s.glue(), s.athena(), unique("g_"), s.bucket()
	_, err := g.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: &db, Description: aws.String("by Glue")}})
	require.NoError(t, err)
	_, err = g.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: &db}})
	var exists *types.AlreadyExistsException
	require.ErrorAs(t, err, &exists)
	storage := func(location string) *types.StorageDescriptor {
		return &types.StorageDescriptor{
			Columns:  []types.Column{{Name: aws.String("n"), Type: aws.String("int")}},
			Location: &location, InputFormat: aws.String("org.apache.hadoop.mapred.TextInputFormat"),
			OutputFormat: aws.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			SerdeInfo:    &types.SerDeInfo{SerializationLibrary: aws.String("org.openx.data.jsonserde.JsonSerDe")},
		}
	}
	root := "s3://" + bucket + "/t/"
	input := &types.TableInput{
		Name: aws.String("t"), TableType: aws.String("EXTERNAL_TABLE"), StorageDescriptor: storage(root),
		PartitionKeys: []types.Column{{Name: aws.String("day"), Type: aws.String("string")}}, Parameters: map[string]string{"k": "v"},
	}
	_, err = g.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: &db, TableInput: input})
	require.NoError(t, err)
	var partitions []types.PartitionInput
	for i := range 7 {
		day := fmt.Sprintf("%02d", i)
		s.put(bucket, "t/day="+day+"/a", fmt.Appendf(nil, "{\"n\":%d}\n", i))
		partitions = append(partitions, types.PartitionInput{Values: []string{day}, StorageDescriptor: storage(root + "day=" + day + "/")})
	}
	batch, err := g.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{DatabaseName: &db, TableName: aws.String("t"), PartitionInputList: partitions})
	require.NoError(t, err)
	require.Empty(t, batch.Errors)
	batch, err = g.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{DatabaseName: &db, TableName: aws.String("t"), PartitionInputList: partitions[:1]})
	require.NoError(t, err)
	require.Len(t, batch.Errors, 1)
	require.Equal(t, "AlreadyExistsException", *batch.Errors[0].ErrorDetail.ErrorCode)
	require.Equal(t, [][]string{{"21"}}, values(t, a, "SELECT sum(n) FROM "+db+".t"))
	require.Equal(t, [][]string{{"5"}}, values(t, a, "SELECT sum(n) FROM "+db+".t WHERE day IN ('02','03')"))

	var found []string
	pages := glue.NewGetPartitionsPaginator(g, &glue.GetPartitionsInput{DatabaseName: &db, TableName: aws.String("t"), Expression: aws.String("day >= '02' AND day < '06'"), MaxResults: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		require.False(t, page.NextToken != nil && *page.NextToken == "")
		for _, p := range page.Partitions {
			found = append(found, p.Values[0])
		}
	}
	require.ElementsMatch(t, []string{"02", "03", "04", "05"}, found)
	_, err = g.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: &db, TableName: aws.String("t"), PartitionValues: []string{"06"}})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"15"}}, values(t, a, "SELECT sum(n) FROM "+db+".t"))

	table, err := g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("t")})
	require.NoError(t, err)
	require.Equal(t, "v", table.Table.Parameters["k"])
	require.NotNil(t, table.Table.StorageDescriptor.SerdeInfo)
	require.WithinDuration(t, time.Now(), *table.Table.CreateTime, time.Minute)
	input.StorageDescriptor.Columns = append(input.StorageDescriptor.Columns, types.Column{Name: aws.String("extra"), Type: aws.String("string")})
	_, err = g.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: &db, TableInput: input})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"0", null, "00"}}, values(t, a, "SELECT * FROM "+db+".t WHERE day = '00'"))
	tables, err := g.GetTables(ctx, &glue.GetTablesInput{DatabaseName: &db})
	require.NoError(t, err)
	require.Len(t, tables.TableList, 1)
	require.Nil(t, tables.NextToken)
	_, err = g.GetTable(ctx, &glue.GetTableInput{DatabaseName: &db, Name: aws.String("none")})
	var missing *types.EntityNotFoundException
	require.ErrorAs(t, err, &missing)
	_, err = g.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: &db, Name: aws.String("t")})
	require.NoError(t, err)
	_, err = g.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: &db})
	require.NoError(t, err)
	_, err = g.GetDatabase(ctx, &glue.GetDatabaseInput{Name: &db})
	require.ErrorAs(t, err, &missing)
}

func TestSTS(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	c := sts.New(sts.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider()})
	me, err := c.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	require.NoError(t, err)
	require.Equal(t, "000000000000", *me.Account)
	require.NotEmpty(t, *me.Arn)
	role, err := c.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/reader"), RoleSessionName: aws.String("session")})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sts::000000000000:assumed-role/reader/session", *role.AssumedRoleUser.Arn)
	k := role.Credentials
	assumed := awscredentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken)
	me, err = sts.New(sts.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: assumed}).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	require.NoError(t, err)
	require.Equal(t, *role.AssumedRoleUser.Arn, *me.Arn)
	_, err = s3.New(s3.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: assumed, UsePathStyle: true}).ListBuckets(ctx, &s3.ListBucketsInput{})
	require.NoError(t, err)
	without := awscredentials.NewStaticCredentialsProvider(*k.AccessKeyId, *k.SecretAccessKey, "")
	_, err = sts.New(sts.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: without}).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	requireAPI(t, err, "InvalidClientTokenId")
}
