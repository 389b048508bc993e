package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

const lambdaExample = "../examples/fulfillment/lambda/"

// exampleZips are the example's functions as its Makefile packs them.
var exampleZips = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "scops-e2e-example-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", dir+"/", lambdaExample+"upload", lambdaExample+"statistics")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the example's functions: %w\n%s", err, out)
	}
	zips := map[string][]byte{}
	for _, name := range []string{"upload", "statistics"} {
		program, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if zips[name], err = zipOf(entry{name: "bootstrap", mode: 0o755, content: program}); err != nil {
			return nil, err
		}
	}
	return zips, nil
})

// TestLambdaFulfillment is the way from the queue to the statistics by the two
// functions of the example: a batch in S3 for each day in Seoul, its partition
// in Glue, and counts by Athena that are those of what was sent, also after
// scops was killed while messages were under way.
func TestLambdaFulfillment(t *testing.T) {
	s := start(t, "")
	f := deployLambdas(t, s)
	f.send(150)
	f.await(func() bool { return len(f.objects()) > 0 })
	s.kill()
	s.run()
	f.send(150)
	f.awaitDrained()

	for _, key := range f.objects() {
		require.Regexp(t, `^orders/year=2021/month=0[12]/day=\d\d/[0-9a-f]{32}\.json\.gz$`, key)
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(f.days)), f.partitions())
	require.Equal(t, fmt.Sprint(300), values(t, s.athena(), "SELECT count(DISTINCT order_id) FROM fulfillment.orders")[0][0])
	for _, month := range []string{"2021-01", "2021-02", "1999-01"} {
		f.checkStatistics(month)
	}

	dead := f.redrive()
	bad := []string{"no event", `{"order_id":"x","action":"order","ordered_at":"never"}`}
	f.sendBodies(bad...)
	f.send(10)
	f.awaitDrained()
	require.ElementsMatch(t, bad, f.receive(dead), "after two receipts")
	require.Equal(t, fmt.Sprint(310), values(t, s.athena(), "SELECT count(DISTINCT order_id) FROM fulfillment.orders")[0][0], "bad messages keep no others")
	out := s.invoke("fulfillment-statistics", event{"month": "yesterday"})
	require.Equal(t, "Unhandled", aws.ToString(out.FunctionError))
	require.Contains(t, string(out.Payload), "is not of the form 2021-02")
}

// lambdas is the deployed example, and what was sent to it.
type lambdas struct {
	t       *testing.T
	s       *scops
	queue   *string
	mapping *string
	sent    int
	days    map[string]bool     // partitions, as 2021/02/03
	orders  map[[3]string]int64 // by month, breakdown and label
}

func deployLambdas(t *testing.T, s *scops) *lambdas {
	t.Helper()
	ctx := context.Background()
	_, err := s.s3().CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("logs")})
	require.NoError(t, err)
	run(t, s.athena(), "CREATE DATABASE fulfillment")
	table, err := os.ReadFile(lambdaExample + "orders.sql")
	require.NoError(t, err)
	run(t, s.athena(), strings.ReplaceAll(string(table), "BUCKET", "logs"))
	q, err := s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("order-events"), Attributes: map[string]string{"VisibilityTimeout": "360"}})
	require.NoError(t, err)
	zips, err := exampleZips()
	require.NoError(t, err)
	architecture := types.ArchitectureX8664
	if runtime.GOARCH == "arm64" {
		architecture = types.ArchitectureArm64
	}
	for name, env := range map[string]map[string]string{
		"upload":     {"DATABASE": "fulfillment", "TABLE": "orders", "BUCKET": "logs", "PREFIX": "orders/"},
		"statistics": {"DATABASE": "fulfillment", "TABLE": "orders", "OUTPUT": "s3://logs/results/"},
	} {
		code := &types.FunctionCode{ZipFile: zips[name]}
		name := "fulfillment-" + name
		_, err := s.lambda().CreateFunction(ctx, &lambda.CreateFunctionInput{
			FunctionName: &name, Role: aws.String(functionRole), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
			Architectures: []types.Architecture{architecture}, Timeout: aws.Int32(60), MemorySize: aws.Int32(512),
			Environment: &types.Environment{Variables: env}, Code: code,
		})
		require.NoError(t, err)
		waiter := lambda.NewFunctionActiveV2Waiter(s.lambda())
		require.NoError(t, waiter.Wait(ctx, &lambda.GetFunctionInput{FunctionName: &name}, time.Minute))
	}
	mapping, err := s.lambda().CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: aws.String("fulfillment-upload"), EventSourceArn: aws.String("arn:aws:sqs:" + region + ":000000000000:order-events"),
		BatchSize: aws.Int32(50), MaximumBatchingWindowInSeconds: aws.Int32(1), ScalingConfig: &types.ScalingConfig{MaximumConcurrency: aws.Int32(2)},
		FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
	})
	require.NoError(t, err)
	return &lambdas{t: t, s: s, queue: q.QueueUrl, mapping: mapping.UUID, days: map[string]bool{}, orders: map[[3]string]int64{}}
}

// send sends events of four days around the end of a month in Seoul.
func (f *lambdas) send(n int) {
	f.t.Helper()
	districts, kinds, products := []string{"강남구", "종로구", "마포구"}, []string{"dawn", "same-day"}, []string{"rice", "eggs", "bread", "apples", "coffee"}
	seoul := time.FixedZone("KST", 9*60*60)
	begin := time.Date(2021, 1, 30, 12, 0, 0, 0, seoul)
	var bodies []string
	for range n {
		f.sent++
		at := begin.Add(time.Duration(f.sent) * 15 * time.Minute)
		e := map[string]any{"order_id": fmt.Sprint("order-", f.sent), "action": "visit", "ordered_at": at.UTC().Format(time.RFC3339)}
		f.days[at.Format("2006/01/02")] = true
		if f.sent%5 > 0 {
			month := at.Format("2006-01")
			for _, b := range [][2]string{{"district", districts[f.sent%3]}, {"delivery_type", kinds[f.sent%2]}, {"product_name", products[f.sent%5]}} {
				e[b[0]] = b[1]
				f.orders[[3]string{month, b[0], b[1]}]++
			}
			e["action"], e["quantity"] = "order", f.sent%9
		}
		body, err := json.Marshal(e)
		require.NoError(f.t, err)
		bodies = append(bodies, string(body))
	}
	f.sendBodies(bodies...)
}

func (f *lambdas) sendBodies(bodies ...string) {
	f.t.Helper()
	for batch := range slices.Chunk(bodies, 10) {
		in := &sqs.SendMessageBatchInput{QueueUrl: f.queue}
		for i, body := range batch {
			in.Entries = append(in.Entries, sqstypes.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: aws.String(body)})
		}
		out, err := f.s.sqs().SendMessageBatch(context.Background(), in)
		require.NoError(f.t, err)
		require.Empty(f.t, out.Failed)
	}
}

func (f *lambdas) await(holds func() bool) {
	f.t.Helper()
	require.Eventually(f.t, holds, 60*time.Second, 20*time.Millisecond)
}

// awaitDrained waits until the queue is empty.
func (f *lambdas) awaitDrained() {
	f.t.Helper()
	f.await(func() bool {
		out, err := f.s.sqs().GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{QueueUrl: f.queue, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
		require.NoError(f.t, err)
		return out.Attributes["ApproximateNumberOfMessages"] == "0" && out.Attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
	})
}

// redrive has the queue move messages to another after two receipts, and returns
// that one.
func (f *lambdas) redrive() *string {
	f.t.Helper()
	ctx := context.Background()
	dead, err := f.s.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("order-events-dead")})
	require.NoError(f.t, err)
	_, err = f.s.sqs().SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: f.queue, Attributes: map[string]string{
		"VisibilityTimeout": "1",
		"RedrivePolicy":     `{"deadLetterTargetArn":"arn:aws:sqs:` + region + `:000000000000:order-events-dead","maxReceiveCount":2}`,
	}})
	require.NoError(f.t, err)
	// A receive that waits since before has the old visibility timeout.
	_, err = f.s.lambda().UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: f.mapping, BatchSize: aws.Int32(20)})
	require.NoError(f.t, err)
	f.await(func() bool {
		out, err := f.s.lambda().GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: f.mapping})
		return err == nil && *out.State == "Enabled"
	})
	return dead.QueueUrl
}

func (f *lambdas) receive(queue *string) []string {
	f.t.Helper()
	out, err := f.s.sqs().ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 10})
	require.NoError(f.t, err)
	var bodies []string
	for _, m := range out.Messages {
		bodies = append(bodies, *m.Body)
	}
	return bodies
}

func (f *lambdas) objects() []string {
	f.t.Helper()
	out, err := f.s.s3().ListObjectsV2(context.Background(), &s3.ListObjectsV2Input{Bucket: aws.String("logs"), Prefix: aws.String("orders/")})
	require.NoError(f.t, err)
	var keys []string
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

func (f *lambdas) partitions() []string {
	f.t.Helper()
	out, err := f.s.glue().GetPartitions(context.Background(), &glue.GetPartitionsInput{DatabaseName: aws.String("fulfillment"), TableName: aws.String("orders")})
	require.NoError(f.t, err)
	var days []string
	for _, p := range out.Partitions {
		days = append(days, strings.Join(p.Values, "/"))
	}
	return days
}

func (f *lambdas) checkStatistics(month string) {
	f.t.Helper()
	type count struct {
		Label  string
		Orders int64
	}
	var got struct {
		Month        string
		District     []count
		DeliveryType []count `json:"delivery_type"`
		Product      []count
	}
	out := f.s.invoke("fulfillment-statistics", event{"month": month})
	require.Nil(f.t, out.FunctionError, string(out.Payload))
	require.NoError(f.t, json.Unmarshal(out.Payload, &got))
	require.Equal(f.t, month, got.Month)
	for column, counts := range map[string][]count{"district": got.District, "delivery_type": got.DeliveryType, "product_name": got.Product} {
		want := []count{}
		for key, n := range f.orders {
			if key[0] == month && key[1] == column {
				want = append(want, count{key[2], n})
			}
		}
		slices.SortFunc(want, func(a, b count) int {
			return cmp.Or(cmp.Compare(b.Orders, a.Orders), cmp.Compare(a.Label, b.Label))
		})
		require.Equal(f.t, want, counts, "%s %s", month, column)
	}
}
