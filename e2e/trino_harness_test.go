package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// trino is a started Trino whose catalogs hive and iceberg are on the Glue and
// S3 endpoint of a scops (e2e/trino/start.sh).
type trino struct {
	url     string
	session string // a session property, name=value
}

// startTrino runs a Trino on s until the test ends. `make trino` runs the tests
// that need it; others skip them.
func startTrino(t testing.TB, s *scops) *trino {
	t.Helper()
	if os.Getenv("SCOPS_TRINO") == "" {
		t.Skip("make trino runs the tests with a Trino")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	require.NoError(t, l.Close())
	log := &logBuffer{}
	cmd := exec.Command("trino/start.sh", fmt.Sprint(port), t.TempDir())
	cmd.Env, cmd.Stdout, cmd.Stderr = s.awsEnv(), log, log
	require.NoError(t, cmd.Start())
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }() // killed below, so always an error
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		<-exited
		if t.Failed() {
			text := log.String()
			t.Logf("end of Trino's log:\n%s", text[max(0, len(text)-20_000):])
		}
	})
	tr := &trino{url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(3 * time.Minute); !tr.ready(); {
		select {
		case <-exited:
			t.Fatalf("Trino ended at its start\n%s", log)
		case <-deadline:
			t.Fatalf("Trino does not answer\n%s", log)
		case <-tick.C:
		}
	}
	return tr
}

func (tr *trino) ready() bool {
	res, err := http.Get(tr.url + "/v1/info")
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var info struct{ Starting bool }
	return json.NewDecoder(res.Body).Decode(&info) == nil && !info.Starting
}

// trinoPage is an answer of Trino's client protocol
// (https://trino.io/docs/current/develop/client-protocol.html).
type trinoPage struct {
	NextURI string `json:"nextUri"`
	Data    [][]any
	Error   *struct{ ErrorName, Message string }
}

// query runs a statement, whose names without a catalog are in hive, and returns
// its rows as Athena writes values: NULL is null.
func (tr *trino) query(t testing.TB, sql string) [][]string {
	t.Helper()
	rows, err := tr.try(sql)
	require.NoError(t, err, sql)
	return rows
}

// try is query with its error. A server that has just started refuses what needs
// a worker, itself, for some seconds; nothing was done then.
func (tr *trino) try(sql string) ([][]string, error) {
	for deadline := time.Now().Add(time.Minute); ; {
		rows, err := tr.once(sql)
		if err == nil || !strings.Contains(err.Error(), "NO_NODES_AVAILABLE") || time.Now().After(deadline) {
			return rows, err
		}
	}
}

func (tr *trino) once(sql string) ([][]string, error) {
	out := [][]string{}
	for method, next, body := http.MethodPost, tr.url+"/v1/statement", sql; next != ""; {
		page, err := tr.fetch(method, next, body)
		if err != nil {
			return nil, err
		}
		if e := page.Error; e != nil {
			return nil, fmt.Errorf("%s: %s", e.ErrorName, e.Message)
		}
		for _, row := range page.Data {
			texts := make([]string, len(row))
			for i, v := range row {
				texts[i] = trinoText(v)
			}
			out = append(out, texts)
		}
		method, next, body = http.MethodGet, page.NextURI, ""
	}
	return out, nil
}

func (tr *trino) fetch(method, url, body string) (*trinoPage, error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	for k, v := range map[string]string{"User": "scops", "Time-Zone": "UTC", "Catalog": "hive", "Client-Capabilities": "PARAMETRIC_DATETIME"} {
		req.Header.Set("X-Trino-"+k, v)
	}
	if tr.session != "" {
		req.Header.Set("X-Trino-Session", tr.session)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	decoder := json.NewDecoder(res.Body)
	decoder.UseNumber()
	page := &trinoPage{}
	if err := decoder.Decode(page); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", url, res.Status, err)
	}
	return page, nil
}

// trinoText writes a value of the client protocol as Athena's results have it.
// Rows and maps are not told apart there: tests cast them.
func trinoText(v any) string {
	list, ok := v.([]any)
	switch {
	case v == nil:
		return null
	case !ok:
		return fmt.Sprint(v)
	}
	texts := make([]string, len(list))
	for i, item := range list {
		if texts[i] = trinoText(item); item == nil {
			texts[i] = "null"
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}
