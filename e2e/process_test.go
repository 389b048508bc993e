package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestRestart shows what survives kill -9, and what becomes of a query that ran.
func TestRestart(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	a, token := s.athena(), uuid.NewString()
	bucket := s.bucket()
	s.put(bucket, "t/a", []byte(`{"n":5}`))
	run(t, a, "CREATE DATABASE d")
	run(t, a, "CREATE EXTERNAL TABLE d.t (n int) "+openx+" LOCATION 's3://"+bucket+"/t/'")
	done := run(t, a, "SELECT n FROM d.t", func(in *athena.StartQueryExecutionInput) { in.ClientRequestToken = &token })
	failed := execute(t, a, "SELECT 1/0")
	u := s.queue(map[string]string{"VisibilityTimeout": "77"})
	sent, err := s.sqs().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String("survivor")})
	require.NoError(t, err)
	running, err := a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String(endless)})
	require.NoError(t, err)
	before, err := a.ListQueryExecutions(ctx, &athena.ListQueryExecutionsInput{})
	require.NoError(t, err)

	s.kill()
	s.run()
	a = s.athena()
	after, err := a.ListQueryExecutions(ctx, &athena.ListQueryExecutionsInput{})
	require.NoError(t, err)
	require.Equal(t, before.QueryExecutionIds, after.QueryExecutionIds)
	again, err := a.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: done.QueryExecutionId})
	require.NoError(t, err)
	require.Equal(t, done, again.QueryExecution)
	got, columns := results(t, a, *done.QueryExecutionId)
	require.Equal(t, [][]string{{"n"}, {"5"}}, got)
	require.Equal(t, "integer", *columns[0].Type)
	againFailed, err := a.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: failed.QueryExecutionId})
	require.NoError(t, err)
	require.Equal(t, failed, againFailed.QueryExecution)
	same, err := a.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT n FROM d.t"), ClientRequestToken: &token})
	require.NoError(t, err)
	require.Equal(t, done.QueryExecutionId, same.QueryExecutionId, "a token is remembered")
	cut, err := a.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: running.QueryExecutionId})
	require.NoError(t, err)
	requireFailed(t, cut.QueryExecution, "scops stopped while the query was running")
	require.Equal(t, [][]string{{"5"}}, values(t, a, "SELECT n FROM d.t"))
	message, err := s.sqs().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: u, WaitTimeSeconds: 5})
	require.NoError(t, err)
	require.Len(t, message.Messages, 1)
	require.Equal(t, *sent.MessageId, *message.Messages[0].MessageId)
}

// TestShutdown sends SIGTERM while requests are in flight: a query that is
// short enough ends with its rows, a long poll is answered, and all that was
// acknowledged is there after the next start.
func TestShutdown(t *testing.T) {
	t.Parallel()
	s, ctx := start(t, ""), context.Background()
	u := s.queue(nil)
	polled := make(chan error, 1)
	go func() {
		_, err := s.sender().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: s.queue(nil), WaitTimeSeconds: 20})
		polled <- err
	}()
	// About two seconds of work.
	slow := "SELECT sum((a.x * b.x) % 7) FROM UNNEST(sequence(1,10000)) a(x) CROSS JOIN UNNEST(sequence(1,10000)) b(x)"
	started, err := s.athena().StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: &slow})
	require.NoError(t, err)
	sent := make(chan int, 1)
	go func() { // until the process takes no more
		n := 0
		for {
			if _, err := s.sender().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: u, MessageBody: aws.String(fmt.Sprint(n))}); err != nil {
				sent <- n
				return
			}
			n++
		}
	}()
	<-time.After(150 * time.Millisecond)
	require.NoError(t, s.stop(), "SIGTERM is a clean end")
	require.NoError(t, <-polled, "a long poll is answered")
	acknowledged := <-sent
	require.Positive(t, acknowledged)

	s.run()
	q := await(t, s.athena(), *started.QueryExecutionId)
	require.Equal(t, types.QueryExecutionStateSucceeded, q.Status.State, aws.ToString(q.Status.StateChangeReason))
	out, err := s.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: u, AttributeNames: []sqstypes.QueueAttributeName{"ApproximateNumberOfMessages"}})
	require.NoError(t, err)
	require.Contains(t, []string{fmt.Sprint(acknowledged), fmt.Sprint(acknowledged + 1)}, out.Attributes["ApproximateNumberOfMessages"])
}

// TestTLS talks https to a self-signed certificate that clients can pin.
func TestTLS(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	found := regexp.MustCompile(`https endpoint" endpoint=(https://\S+)`).FindStringSubmatch(s.log.String())
	require.NotNil(t, found, "the log tells the https endpoint")
	pems, err := filepath.Glob(filepath.Join(s.data, "tls", "*"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	for _, p := range pems {
		text, err := os.ReadFile(p)
		require.NoError(t, err)
		if pool.AppendCertsFromPEM(text) {
			continue
		}
		info, err := os.Stat(p)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "a key is its owner's alone")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	bucket := s.bucket()
	c := s3.New(s3.Options{BaseEndpoint: &found[1], Region: region, Credentials: s.provider(), UsePathStyle: true, HTTPClient: client,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported})
	// Over https the SDK sends chunks with a checksum at their end.
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: strings.NewReader("over https")})
	require.NoError(t, err)
	require.Equal(t, "over https", string(s.get("s3://"+bucket+"/k")))
	a := athena.New(athena.Options{BaseEndpoint: &found[1], Region: region, Credentials: s.provider(), HTTPClient: client})
	require.Equal(t, [][]string{{"1"}}, values(t, a, "SELECT 1"))
	q := sqs.New(sqs.Options{BaseEndpoint: &found[1], Region: region, Credentials: s.provider(), HTTPClient: client})
	made, err := q.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(unique("tls-"))})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(*made.QueueUrl, found[1]+"/"), "the queue URL has the request's scheme and host: %s", *made.QueueUrl)
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	s := shared(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, stderr, err := s.command(ctx, "serve", "--data", s.data, "--listen", "127.0.0.1:0")
	require.Error(t, err)
	require.Contains(t, stderr, fmt.Sprintf("is in use by another scops (process %d)", s.cmd.Process.Pid))
	require.Contains(t, stderr, "--data")
}

func TestCredentialsFile(t *testing.T) {
	t.Parallel()
	s := shared(t)
	info, err := os.Stat(filepath.Join(s.data, "credentials"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NotContains(t, s.log.String(), s.secret)
	// What env prints is for a shell's eval.
	path, err := binary()
	require.NoError(t, err)
	cmd := exec.Command("sh", "-c", `eval "$("$0" env --data "$1")" && echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_REGION $AWS_DEFAULT_REGION"`, path, s.data)
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, strings.Join([]string{s.endpoint, s.keyID, s.secret, region, region}, " ")+"\n", string(out))
	_, stderr, err := s.command(context.Background(), "env", "--data", t.TempDir())
	require.Error(t, err)
	require.Contains(t, stderr, "scops serve --data")
}

func TestQueryCommand(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	sql := `SELECT 1 AS n, 'a,"b"' AS text, CAST(NULL AS varchar) AS nothing, '' AS empty, CAST(1.50 AS decimal(5,2)) AS d, ARRAY[1,2] AS l, DATE '2021-02-03' AS day`
	for format, want := range map[string]string{
		"csv":    "n,text,nothing,empty,d,l,day\n1,\"a,\"\"b\"\"\",,\"\",1.50,\"[1,2]\",2021-02-03\n",
		"ndjson": `{"n":1,"text":"a,\"b\"","nothing":null,"empty":"","d":"1.50","l":[1,2],"day":"2021-02-03"}` + "\n",
		"json":   "[\n" + `{"n":1,"text":"a,\"b\"","nothing":null,"empty":"","d":"1.50","l":[1,2],"day":"2021-02-03"}` + "\n]\n",
	} {
		stdout, stderr, err := s.command(ctx, "query", "--data", s.data, "--format", format, sql)
		require.NoError(t, err, stderr)
		require.Equal(t, want, stdout, format)
		require.Regexp(t, `^1 rows, [0-9.]+ ms, 0 of 0 partitions, 0 files, 0 bytes scanned, .*[0-9a-f-]{36}\n$`, stderr)
	}
	csv, _, err := s.command(ctx, "query", "--data", s.data, sql)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(csv, "n,text,"), "CSV in a pipe")
	table, _, err := s.command(ctx, "query", "--data", s.data, "--format", "table", sql)
	require.NoError(t, err)
	require.Contains(t, table, "│")
	require.Contains(t, table, "NULL")
	named, _, err := s.command(ctx, "query", "--data", s.data, "--database", "shared", "--parameter", "'x'", "SELECT count(*) AS n, ? AS p FROM visits WHERE day = DATE '1999-01-01'")
	require.NoError(t, err)
	require.Equal(t, "n,p\n0,x\n", named)
	show, _, err := s.command(ctx, "query", "--data", s.data, "SHOW TABLES IN shared")
	require.NoError(t, err)
	require.Equal(t, "tab_name\nvisits\n", show)
	for args, want := range map[string]string{
		"SELECT 1/0":       "DIVISION_BY_ZERO",
		"SELEC 1":          "line 1:1: mismatched input 'SELEC'",
		"SELECT * FROM no": "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.default.no' does not exist",
		"--format=xml":     "--format",
	} {
		all := []string{"query", "--data", s.data}
		if strings.HasPrefix(args, "--") {
			all = append(all, args, "SELECT 1")
		} else {
			all = append(all, args)
		}
		stdout, stderr, err := s.command(ctx, all...)
		require.Error(t, err, args)
		require.Empty(t, stdout, args)
		require.Contains(t, stderr, want)
		require.NotContains(t, stderr, "Usage:")
	}
	// An execution like any other.
	_, stderr, err := s.command(ctx, "query", "--data", s.data, "SELECT 42 AS answer")
	require.NoError(t, err)
	id := strings.TrimSpace(stderr[strings.LastIndex(stderr, " ")+1:])
	got, _ := results(t, s.athena(), id)
	require.Equal(t, [][]string{{"answer"}, {"42"}}, got)
}

// TestFlagsFromEnvironment starts with SCOPS_* alone.
func TestFlagsFromEnvironment(t *testing.T) {
	t.Parallel()
	path, err := binary()
	require.NoError(t, err)
	run := func(env ...string) string {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, "serve")
		cmd.Env = append(os.Environ(), env...)
		cmd.Dir = t.TempDir()
		out, err := cmd.CombinedOutput()
		require.Error(t, err)
		return string(out)
	}
	require.Contains(t, run("SCOPS_LISTEN=nonsense"), "--listen")
	require.Contains(t, run("SCOPS_CONFIG=/nowhere/scops.yaml"), "/nowhere/scops.yaml")
	require.Contains(t, run("SCOPS_LOG_FORMAT=xml"), "--log-format")
	require.Contains(t, run("SCOPS_LOG_LEVEL=loud"), "--log-level")
	bad := filepath.Join(t.TempDir(), "scops.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("queues:\n  - name: a\n    colour: red\n"), 0o600))
	out := run("SCOPS_CONFIG=" + bad)
	require.Contains(t, out, bad)
	require.Contains(t, out, "colour")
	require.Contains(t, out, "3:")
}

// TestBeyondLoopback listens on all addresses and says what that exposes.
func TestBeyondLoopback(t *testing.T) {
	t.Parallel()
	s := &scops{t: t, data: t.TempDir(), args: []string{"--listen", "0.0.0.0:0", "--log-format", "json"}}
	s.run()
	t.Cleanup(s.kill)
	require.Contains(t, s.log.String(), "reachable from other machines")
	for _, line := range strings.Split(strings.TrimSpace(s.log.String()), "\n") {
		if strings.HasPrefix(line, "{") {
			require.True(t, json.Valid([]byte(line)), line)
		}
	}
	require.Equal(t, [][]string{{"1"}}, values(t, s.athena(), "SELECT 1"))
}
