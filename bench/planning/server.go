package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// server is a started scops with one connection.
type server struct {
	*rig.Scops
	*bench
	c *rig.Client
}

func (s *server) connect() (err error) {
	s.c, err = rig.NewClient(s.Endpoint)
	return err
}

func (s *server) post(path, service string, header map[string]string, in any) ([]byte, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	request, err := s.Signer.Request(s.ctx, s.Endpoint+path, service, header, body)
	if err != nil {
		return nil, err
	}
	return s.c.Do(request)
}

func (s *server) glue(operation string, in any) ([]byte, error) {
	return s.post("/", "glue", map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSGlue." + operation}, in)
}

// query runs a statement with one call and returns its text.
func (s *server) query(sql string) (string, error) {
	answer, err := s.post("/_scops/v1/query", "athena", map[string]string{"Content-Type": "application/json", "Accept": "text/csv"}, map[string]string{"sql": sql, "database": "lake"})
	return string(answer), err
}

// timed is how long a call takes, in milliseconds.
func timed(f func() error) (float64, error) {
	began := time.Now()
	err := f()
	return float64(time.Since(began)) / float64(time.Millisecond), err
}

// partition is one of a table of n: its values and its folder's path.
func partition(n, i int) (day string, part int, folder string) {
	day = time.Date(2021, 1, 1+i%365, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	return day, i, fmt.Sprintf("t%d/day=%s/part=%d", n, day, i)
}

// fill makes table tN with its partitions, table pN with the same as projected,
// and their objects.
func (s *server) fill(n int) error {
	columns := "(id bigint) PARTITIONED BY (day string, part int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/t" + strconv.Itoa(n) + "/'"
	for _, sql := range []string{
		"CREATE DATABASE IF NOT EXISTS lake",
		fmt.Sprintf("CREATE EXTERNAL TABLE t%d %s", n, columns),
		fmt.Sprintf(`CREATE EXTERNAL TABLE p%d %s TBLPROPERTIES ('projection.enabled'='true',
			'projection.day.type'='date', 'projection.day.format'='yyyy-MM-dd', 'projection.day.range'='2021-01-01,2021-12-31',
			'projection.part.type'='integer', 'projection.part.range'='0,%d')`, n, columns, n-1),
	} {
		if answer, err := s.query(sql); err != nil {
			return fmt.Errorf("%s: %w\n%s", sql, err, answer)
		}
	}
	objects := 1
	if n == s.partitions[len(s.partitions)-1] {
		objects = max(1, s.objects/n)
	}
	for i := range n {
		_, _, folder := partition(n, i)
		if err := s.put(folder, objects); err != nil {
			return err
		}
	}
	return s.register(n)
}

// put writes objects as the files that they are.
func (s *server) put(folder string, objects int) error {
	path := filepath.Join(s.Objects("lake"), filepath.FromSlash(folder))
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	for i := range objects {
		if err := os.WriteFile(filepath.Join(path, fmt.Sprintf("%03d.json", i)), []byte("{\"id\":1}\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

const glueBatch = 100

func (s *server) register(n int) error {
	for from := 0; from < n; from += glueBatch {
		var list []any
		for i := from; i < min(from+glueBatch, n); i++ {
			day, part, folder := partition(n, i)
			list = append(list, map[string]any{
				"Values":            []string{day, strconv.Itoa(part)},
				"StorageDescriptor": map[string]any{"Location": "s3://lake/" + folder + "/"},
			})
		}
		answer, err := s.glue("BatchCreatePartition", map[string]any{"DatabaseName": "lake", "TableName": fmt.Sprintf("t%d", n), "PartitionInputList": list})
		if err != nil || strings.Contains(string(answer), "ErrorCode") {
			return fmt.Errorf("register partitions: %w\n%s", err, answer)
		}
	}
	return nil
}
