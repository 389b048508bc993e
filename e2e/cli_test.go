package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tool finds a program of .cache/venv/bin or PATH; make e2e puts it there.
// Without it the test is skipped, or fails where SCOPS_E2E_REQUIRE is set.
func tool(t testing.TB, name string) string { return toolIn(t, usual, name) }

// toolIn is tool with the name of another virtual environment.
func toolIn(t testing.TB, environment, name string) string {
	t.Helper()
	venv, err := filepath.Abs(filepath.Join("..", ".cache", environment, "bin", name))
	require.NoError(t, err)
	if _, err := os.Stat(venv); err == nil {
		return venv
	}
	if environment != usual { // its versions are the point of it
		missing(t, name+" is not in .cache/"+environment+"/bin")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name+" is neither in .cache/"+environment+"/bin nor in PATH")
	}
	return path
}

// usual is the environment in whose place the machine's own programs do as well.
const usual = "venv"

// missing skips a test for want of other people's software.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("SCOPS_E2E_REQUIRE") != "" {
		t.Fatal(what)
	}
	t.Skip(what + ": make e2e installs it")
}

// heavy skips a test that takes other people's software many seconds, but where
// make e2e runs it.
func heavy(t testing.TB) {
	t.Helper()
	if os.Getenv("SCOPS_E2E_REQUIRE") == "" {
		t.Skip("make e2e runs it")
	}
}

// python finds an interpreter with the modules.
func python(t testing.TB, environment string, modules ...string) string {
	t.Helper()
	path := toolIn(t, environment, "python3")
	if out, err := exec.Command(path, "-c", "import "+strings.Join(modules, ", ")).CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		missing(t, path+": "+lines[len(lines)-1])
	}
	return path
}

// cli runs a program as a client of scops and returns what it prints.
func (s *scops) cli(name string, args ...string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = s.awsEnv()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(s.t, err, "%s %s\n%s%s", filepath.Base(name), strings.Join(args, " "), out, &stderr)
	return string(out)
}

// awsCLI returns `aws` with its answers decoded.
func awsCLI(t *testing.T, s *scops) (text func(...string) string, answer func(...string) map[string]any) {
	path := tool(t, "aws")
	text = func(args ...string) string {
		if args[0] == "sqs" { // version 1 of the CLI does not look at AWS_ENDPOINT_URL for this service
			args = append([]string{"--endpoint-url", s.endpoint}, args...)
		}
		return strings.TrimSpace(s.cli(path, args...))
	}
	answer = func(args ...string) map[string]any {
		out := map[string]any{}
		if printed := text(append(args, "--output", "json")...); printed != "" {
			require.NoError(t, json.Unmarshal([]byte(printed), &out), printed)
		}
		return out
	}
	return text, answer
}

func TestAWSCLIQueues(t *testing.T) {
	t.Parallel()
	s := shared(t)
	text, answer := awsCLI(t, s)
	require.Equal(t, "000000000000", answer("sts", "get-caller-identity")["Account"])
	url := text("sqs", "create-queue", "--queue-name", unique("cli-"), "--attributes", "VisibilityTimeout=60", "--query", "QueueUrl", "--output", "text")
	sent := answer("sqs", "send-message", "--queue-url", url, "--message-body", `{"구":"강남구"}`, "--message-attributes", `{"k":{"DataType":"String","StringValue":"v"}}`)
	require.Equal(t, md5Of(`{"구":"강남구"}`), sent["MD5OfMessageBody"])
	got := answer("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "5", "--message-attribute-names", "All")["Messages"].([]any)[0].(map[string]any)
	require.Equal(t, `{"구":"강남구"}`, got["Body"])
	require.Equal(t, sent["MessageId"], got["MessageId"])
	text("sqs", "delete-message", "--queue-url", url, "--receipt-handle", got["ReceiptHandle"].(string))
	batch := answer("sqs", "send-message-batch", "--queue-url", url, "--entries", "Id=a,MessageBody=1", "Id=b,MessageBody=2")
	require.Len(t, batch["Successful"], 2)
	attributes := answer("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All")["Attributes"].(map[string]any)
	require.Equal(t, "2", attributes["ApproximateNumberOfMessages"])
	require.Equal(t, "60", attributes["VisibilityTimeout"])
	text("sqs", "purge-queue", "--queue-url", url)
	require.Empty(t, text("sqs", "receive-message", "--queue-url", url), "nothing is printed for an empty queue")
	text("sqs", "delete-queue", "--queue-url", url)
}

func TestAWSCLIObjects(t *testing.T) {
	t.Parallel()
	s := shared(t)
	text, answer := awsCLI(t, s)
	bucket, dir := unique("cli-"), t.TempDir()
	in := filepath.Join(dir, "in")
	require.NoError(t, os.MkdirAll(filepath.Join(in, "sub"), 0o700))
	past := time.Now().Add(-time.Hour) // S3 keeps whole seconds: sync sends again what is younger than its object
	for name, body := range map[string][]byte{"a.txt": []byte("a"), "sub/한국.txt": []byte("b"), "big.bin": bytes.Repeat([]byte("0123456789abcdef"), 10<<16)} {
		require.NoError(t, os.WriteFile(filepath.Join(in, name), body, 0o600))
		require.NoError(t, os.Chtimes(filepath.Join(in, name), past, past))
	}
	text("s3", "mb", "s3://"+bucket)
	text("s3", "cp", "--no-progress", filepath.Join(in, "big.bin"), "s3://"+bucket+"/one/big.bin")
	require.Contains(t, text("s3", "ls", "s3://"+bucket+"/one/"), "10485760 big.bin")
	require.Len(t, strings.Split(text("s3", "sync", "--no-progress", in, "s3://"+bucket+"/p/"), "\n"), 3)
	require.Empty(t, text("s3", "sync", in, "s3://"+bucket+"/p/"), "nothing is left to do")
	listed := text("s3", "ls", "--recursive", "s3://"+bucket+"/p/")
	require.Contains(t, listed, "p/sub/한국.txt")
	back := filepath.Join(dir, "back")
	text("s3", "sync", "--no-progress", "s3://"+bucket+"/p/", back)
	for _, name := range []string{"a.txt", "sub/한국.txt", "big.bin"} {
		want, err := os.ReadFile(filepath.Join(in, name))
		require.NoError(t, err)
		got, err := os.ReadFile(filepath.Join(back, name))
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), name)
	}
	link := text("s3", "presign", "s3://"+bucket+"/p/a.txt", "--expires-in", "60")
	r, err := http.NewRequest(http.MethodGet, link, nil)
	require.NoError(t, err)
	status, body := send(t, r)
	require.Equal(t, 200, status, body)
	require.Equal(t, "a", body)
	require.EqualValues(t, 1, answer("s3api", "head-object", "--bucket", bucket, "--key", "p/a.txt")["ContentLength"])
	text("s3", "mv", "--no-progress", "s3://"+bucket+"/p/a.txt", "s3://"+bucket+"/q/b.txt")
	require.Equal(t, "a", text("s3", "cp", "s3://"+bucket+"/q/b.txt", "-"))
	text("s3", "rm", "--recursive", "--quiet", "s3://"+bucket)
	text("s3", "rb", "s3://"+bucket)
}

func TestAWSCLIQueries(t *testing.T) {
	t.Parallel()
	s := shared(t)
	text, answer := awsCLI(t, s)
	bucket, db := s.bucket(), unique("cli_")
	s.put(bucket, "t/day=01/a", []byte(`{"n":1,"구":"강남구"}`+"\n"))
	query := func(sql string) string {
		id := text("athena", "start-query-execution", "--query-string", sql, "--query-execution-context", "Database="+db,
			"--result-configuration", "OutputLocation=s3://"+bucket+"/out/", "--query", "QueryExecutionId", "--output", "text")
		require.Eventually(t, func() bool {
			state := text("athena", "get-query-execution", "--query-execution-id", id, "--query", "QueryExecution.Status.[State,StateChangeReason]", "--output", "text")
			require.NotContains(t, state, "FAILED")
			return strings.HasPrefix(state, "SUCCEEDED")
		}, 60*time.Second, time.Millisecond)
		return id
	}
	query("CREATE DATABASE IF NOT EXISTS " + db)
	query("CREATE EXTERNAL TABLE t (n int, `구` string) PARTITIONED BY (day string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://" + bucket + "/t/'")
	query("MSCK REPAIR TABLE t")
	id := query(`SELECT n, "구", day FROM t`)
	got := answer("athena", "get-query-results", "--query-execution-id", id)["ResultSet"].(map[string]any)
	require.Equal(t, []any{
		map[string]any{"Data": []any{map[string]any{"VarCharValue": "n"}, map[string]any{"VarCharValue": "구"}, map[string]any{"VarCharValue": "day"}}},
		map[string]any{"Data": []any{map[string]any{"VarCharValue": "1"}, map[string]any{"VarCharValue": "강남구"}, map[string]any{"VarCharValue": "01"}}},
	}, got["Rows"])
	require.Equal(t, "\"n\",\"구\",\"day\"\n\"1\",\"강남구\",\"01\"", text("s3", "cp", "s3://"+bucket+"/out/"+id+".csv", "-"))
	tables := answer("glue", "get-tables", "--database-name", db)["TableList"].([]any)
	require.Len(t, tables, 1)
	require.Equal(t, "t", tables[0].(map[string]any)["Name"])
	partitions := answer("glue", "get-partitions", "--database-name", db, "--table-name", "t", "--expression", "day = '01'")["Partitions"].([]any)
	require.Len(t, partitions, 1)
	text("glue", "create-partition-index", "--database-name", db, "--table-name", "t", "--partition-index", "Keys=day,IndexName=by_day")
	require.Contains(t, text("glue", "get-partition-indexes", "--database-name", db, "--table-name", "t"), "ACTIVE")
	text("glue", "update-column-statistics-for-table", "--database-name", db, "--table-name", "t", "--column-statistics-list",
		`[{"ColumnName":"n","ColumnType":"int","AnalyzedTime":"2021-02-03T00:00:00Z","StatisticsData":{"Type":"LONG","LongColumnStatisticsData":{"MinimumValue":1,"MaximumValue":9007199254740993,"NumberOfNulls":0,"NumberOfDistinctValues":1}}}]`)
	statistics := text("glue", "get-column-statistics-for-table", "--database-name", db, "--table-name", "t", "--column-names", "n", "lost")
	require.Contains(t, statistics, `"MaximumValue": 9007199254740993`)
	require.Contains(t, statistics, "Statistics do not exist for this column")
	query("ALTER TABLE t SET TBLPROPERTIES ('k' = 'v')")
	require.Equal(t, "1\t0", text("glue", "get-table-versions", "--database-name", db, "--table-name", "t", "--query", "TableVersions[].VersionId", "--output", "text"))
	require.Contains(t, text("glue", "search-tables", "--filters", "Key=DatabaseName,Value="+db, "--query", "TableList[].Name"), `"t"`)
	require.Contains(t, text("athena", "list-query-executions", "--max-items", "2000"), id) // others ask as well
	require.Equal(t, "ENABLED", answer("athena", "get-work-group", "--work-group", "primary")["WorkGroup"].(map[string]any)["State"])
	require.Contains(t, text("athena", "list-table-metadata", "--catalog-name", "AwsDataCatalog", "--database-name", db), `"t"`)
}

// TestPython runs the tests of python/, which know scops by its endpoint alone.
func TestPython(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, environment string
		modules           []string
	}{
		{"test_boto3.py", usual, []string{"boto3"}},
		{"test_pyathena.py", usual, []string{"boto3", "pyathena"}},
		{"test_awswrangler.py", "venv-data", []string{"awswrangler"}},
		{"test_data_write.py", "venv-data", []string{"awswrangler", "pyathena"}},
		{"test_pyiceberg.py", "venv-data", []string{"awswrangler", "pyiceberg"}},
		{"test_boto3_query.py", "venv-old", []string{"boto3"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			if c.environment == "venv-data" {
				heavy(t)
			}
			s, path := shared(t), python(t, c.environment, c.modules...)
			t.Log(s.cli(path, filepath.Join("python", c.file)))
		})
	}
}

// TestJavaScript runs the tests of javascript/ in the same way.
func TestJavaScript(t *testing.T) {
	t.Parallel()
	s, node := shared(t), tool(t, "node")
	if _, err := os.Stat(filepath.Join("javascript", "node_modules")); err != nil {
		missing(t, "e2e/javascript has no node_modules")
	}
	t.Log(s.cli(node, "--test", filepath.Join("javascript", "sqs.test.mjs")))
}

func TestAWSCLICrawlers(t *testing.T) {
	t.Parallel()
	s := shared(t)
	text, answer := awsCLI(t, s)
	bucket, db, name := s.bucket(), unique("cli_"), unique("spider-")
	s.put(bucket, "t/day=01/a.json", []byte(`{"n":1}`+"\n"))
	text("glue", "create-crawler", "--name", name, "--role", "glue", "--database-name", db, "--targets", `{"S3Targets":[{"Path":"s3://`+bucket+`/t/"}]}`)
	text("glue", "start-crawler", "--name", name)
	require.Eventually(t, func() bool {
		return answer("glue", "get-crawler", "--name", name)["Crawler"].(map[string]any)["State"] == "READY"
	}, 60*time.Second, time.Millisecond)
	tables := answer("glue", "get-tables", "--database-name", db)["TableList"].([]any)
	require.Len(t, tables, 1)
	require.Equal(t, []any{map[string]any{"Name": "day", "Type": "string"}}, tables[0].(map[string]any)["PartitionKeys"])
	require.Len(t, answer("glue", "get-partitions", "--database-name", db, "--table-name", "t")["Partitions"], 1)
	text("glue", "delete-crawler", "--name", name)
}
