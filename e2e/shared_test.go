package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// sharedYAML configures the process that tests share: the delivery writes what
// TestDelivered* and the Parquet tests read.
const sharedYAML = `
buckets: [{name: shared-lake}]
queues: [{name: shared-events}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shared
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shared.visits (id int, page string, note string)
      PARTITIONED BY (day date) STORED AS PARQUET LOCATION 's3://shared-lake/visits/'
deliveries:
  - {name: visits, queue: shared-events, table: shared.visits, event_time: at, max_wait: 50ms, errors: "s3://shared-lake/errors/"}
`

// one is the process that tests share.
var one struct {
	sync.Once
	scops *scops
	dir   string
}

// shared returns the process that tests share. A test must not stop it, and
// uses queues, buckets and databases of its own.
func shared(t testing.TB) *scops {
	t.Helper()
	one.Do(func() {
		dir, err := os.MkdirTemp("", "scops-e2e-")
		require.NoError(t, err)
		one.dir = dir
		config := filepath.Join(dir, "scops.yaml")
		require.NoError(t, os.WriteFile(config, []byte(sharedYAML), 0o600))
		s := &scops{t: t, data: filepath.Join(dir, "data"), args: []string{"--config", config, "--tls-listen", "127.0.0.1:0"}}
		require.NoError(t, os.Mkdir(s.data, 0o700))
		s.run()
		one.scops = s
	})
	require.NotNil(t, one.scops, "the shared scops did not start")
	mine := *one.scops
	mine.t = t
	t.Cleanup(func() {
		select {
		case <-mine.exited:
			t.Errorf("the shared scops ended: %v\n%s", mine.waitErr, mine.log)
		default:
		}
	})
	return &mine
}

func TestMain(m *testing.M) {
	code := m.Run()
	if one.scops != nil {
		one.scops.kill()
	}
	if one.dir != "" {
		os.RemoveAll(one.dir)
	}
	os.Exit(code)
}

// unique makes a name that no other test has.
func unique(prefix string) string {
	return prefix + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
}

// bucket makes a bucket of the test's own.
func (s *scops) bucket() string {
	s.t.Helper()
	name := unique("b-")
	_, err := s.s3().CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: &name})
	require.NoError(s.t, err)
	return name
}

// database makes a database of the test's own.
func (s *scops) database() string {
	s.t.Helper()
	name := unique("d_")
	run(s.t, s.athena(), "CREATE DATABASE "+name)
	return name
}

// queue makes a queue of the test's own and returns its URL.
func (s *scops) queue(attributes map[string]string) *string {
	s.t.Helper()
	out, err := s.sqs().CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: aws.String(unique("q-")), Attributes: attributes})
	require.NoError(s.t, err)
	return out.QueueUrl
}

func (s *scops) put(bucket, key string, body []byte) {
	s.t.Helper()
	_, err := s.s3().PutObject(context.Background(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)})
	require.NoError(s.t, err)
}

func (s *scops) get(uri string) []byte {
	s.t.Helper()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	out, err := s.s3().GetObject(context.Background(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(s.t, err, uri)
	defer out.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(out.Body)
	require.NoError(s.t, err)
	return b.Bytes()
}

// table makes a table with the given columns and storage clauses over a new
// folder, and returns its name and the folder's bucket and prefix.
func (s *scops) table(columns, clauses string, files map[string][]byte) (name string) {
	s.t.Helper()
	bucket, name := s.bucket(), s.database()+".t"
	for key, body := range files {
		s.put(bucket, "t/"+key, body)
	}
	run(s.t, s.athena(), fmt.Sprintf("CREATE EXTERNAL TABLE %s (%s) %s LOCATION 's3://%s/t/'", name, columns, clauses, bucket))
	return name
}

// file is the path of an object on disk.
func (s *scops) file(bucket, key string) string {
	return filepath.Join(s.data, "objects", bucket, filepath.FromSlash(key))
}
