package glue_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/scopsdb/scops/internal/glue"
	"github.com/scopsdb/scops/internal/sqlite"
)

// recorder keeps the body of the last response.
type recorder struct{ last []byte }

func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	r.last, err = io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(r.last))
	return res, err
}

// client serves a catalog on the gateway and returns the SDK's client of it.
func client(t *testing.T) (*sdk.Client, *recorder) {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	store, err := catalog.Open(db)
	require.NoError(t, err)
	root := credentials.Pair{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	keys := credentials.NewKeyring(root, "000000000000", time.Now)
	g, err := gateway.New(gateway.Config{Region: "ap-northeast-2", AccountID: "000000000000", Keys: keys, Log: slog.New(slog.DiscardHandler)},
		[]awsapi.Service{glue.New(store, nil).API()}, func(*fasthttp.RequestCtx) {}, func(context.Context, *fasthttp.RequestCtx) {})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- g.Serve(l) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, g.Shutdown(ctx))
		require.NoError(t, <-served)
		require.NoError(t, db.Close())
	})
	r := &recorder{}
	return sdk.New(sdk.Options{
		Region: "ap-northeast-2", BaseEndpoint: aws.String("http://" + l.Addr().String()), HTTPClient: r,
		Credentials: awscredentials.NewStaticCredentialsProvider(root.AccessKeyID, root.SecretAccessKey, ""),
	}), r
}

// TestOnTheWire calls the service with the SDK, as its users do.
func TestOnTheWire(t *testing.T) {
	c, wire := client(t)
	ctx := t.Context()
	shop, orders := aws.String("shop"), aws.String("orders")
	_, err := c.CreateDatabase(ctx, &sdk.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: shop}})
	require.NoError(t, err)
	_, err = c.CreateTable(ctx, &sdk.CreateTableInput{DatabaseName: shop, TableInput: &types.TableInput{
		Name:              orders,
		PartitionKeys:     []types.Column{{Name: aws.String("day"), Type: aws.String("date")}},
		StorageDescriptor: &types.StorageDescriptor{Location: aws.String("s3://lake/orders/"), SerdeInfo: &types.SerDeInfo{}, Columns: []types.Column{{Name: aws.String("구"), Type: aws.String("string")}}},
	}})
	require.NoError(t, err)
	_, err = c.GetTable(ctx, &sdk.GetTableInput{DatabaseName: shop, Name: orders})
	require.NoError(t, err)
	// The Hive client of Spark fails on a table without these.
	for _, field := range []string{`"Retention":0`, `"Compressed":false`, `"NumberOfBuckets":0`, `"StoredAsSubDirectories":false`, `"SerdeInfo":{`, `"Parameters":{}`, `"VersionId":"0"`, `"CreateTime":1`} {
		require.Contains(t, string(wire.last), field)
	}
	for _, day := range []string{"2021-02-01", "2021-02-02", "2021-02-03"} {
		_, err = c.CreatePartition(ctx, &sdk.CreatePartitionInput{DatabaseName: shop, TableName: orders, PartitionInput: &types.PartitionInput{
			Values: []string{day}, StorageDescriptor: &types.StorageDescriptor{Location: aws.String("s3://lake/orders/day=" + day + "/")},
		}})
		require.NoError(t, err)
	}
	var days []string
	pages := sdk.NewGetPartitionsPaginator(c, &sdk.GetPartitionsInput{DatabaseName: shop, TableName: orders, Expression: aws.String("day >= '2021-02-02'"), MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		days = append(days, page.Partitions[0].Values...)
	}
	require.Equal(t, []string{"2021-02-02", "2021-02-03"}, days)
	require.NotContains(t, string(wire.last), "NextToken")

	_, err = c.GetTable(ctx, &sdk.GetTableInput{DatabaseName: shop, Name: aws.String("lost")})
	var missing *types.EntityNotFoundException
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "Table lost not found.", *missing.Message)
	_, err = c.StartJobRun(ctx, &sdk.StartJobRunInput{JobName: aws.String("x")})
	require.ErrorContains(t, err, "StartJobRun")
}
