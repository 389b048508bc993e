package rig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Trino is a server whose only catalog is the Glue catalog of a scops, with the
// files in its S3.
type Trino struct {
	url    string
	schema string
	cmd    *exec.Cmd
	log    *os.File
}

// StartTrino starts an unpacked trino-server that is coordinator and worker with
// a Java, and waits until it answers. schema is that of names without one.
func StartTrino(ctx context.Context, s *Scops, java, server, schema string) (_ *Trino, err error) {
	dir := filepath.Join(s.Data, "trino")
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	t := &Trino{url: fmt.Sprintf("http://127.0.0.1:%d", port), schema: schema}
	if err := configure(dir, server, t.url, port, s); err != nil {
		return nil, err
	}
	if t.log, err = os.Create(filepath.Join(dir, "server.log")); err != nil {
		return nil, err
	}
	t.cmd = exec.Command(java, "-Xmx4G", "-XX:+UseG1GC", "-Djdk.attach.allowAttachSelf=true", "--add-modules", "jdk.incubator.vector",
		"--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Dnode.environment=bench", "-Dnode.data-dir="+dir,
		"-Dconfig=etc/config.properties", "-Dlog.levels-file=etc/log.properties", "-cp", filepath.Join(server, "lib")+"/*", "io.trino.server.TrinoServer")
	t.cmd.Dir, t.cmd.Stdout, t.cmd.Stderr = dir, t.log, t.log
	if err := t.cmd.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(time.Second) {
		n, err := t.Query(ctx, "SHOW TABLES")
		if err == nil && n > 0 {
			return t, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			text, _ := os.ReadFile(t.log.Name())
			t.Stop()
			return nil, fmt.Errorf("trino does not start: %w\n%s", err, text[max(0, len(text)-4000):])
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func configure(dir, server, url string, port int, s *Scops) error {
	keys := s.Signer.Keys
	files := map[string]string{
		"etc/config.properties": fmt.Sprintf("coordinator=true\nnode-scheduler.include-coordinator=true\nhttp-server.http.port=%d\n"+
			"discovery.uri=%s\nquery.max-memory=2500MB\nquery.max-memory-per-node=2500MB\nmemory.heap-headroom-per-node=512MB\n"+
			"catalog.config-dir=etc/catalog\nplugin.dir=plugin\ncatalog.management=STATIC\n", port, url),
		"etc/log.properties": "io.trino=WARN\n",
		"etc/catalog/hive.properties": fmt.Sprintf("connector.name=hive\nhive.metastore=glue\nhive.metastore.glue.region=%[1]s\n"+
			"hive.metastore.glue.endpoint-url=%[2]s\nhive.metastore.glue.aws-access-key=%[3]s\nhive.metastore.glue.aws-secret-key=%[4]s\n"+
			"fs.native-s3.enabled=true\ns3.endpoint=%[2]s\ns3.region=%[1]s\ns3.path-style-access=true\ns3.aws-access-key=%[3]s\ns3.aws-secret-key=%[4]s\n"+
			"hive.table-statistics-enabled=false\n", Region, s.Endpoint, keys.AccessKeyID, keys.SecretAccessKey),
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "plugin"), 0o700); err != nil {
		return err
	}
	absolute, err := filepath.Abs(server)
	if err != nil {
		return err
	}
	return os.Symlink(filepath.Join(absolute, "plugin", "hive"), filepath.Join(dir, "plugin", "hive"))
}

// CPU is the processor time that the server has used.
func (t *Trino) CPU() (time.Duration, error) { return cpuOf(t.cmd.Process.Pid) }

// Stop ends the server; its files go with the folder of scops.
func (t *Trino) Stop() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait() // killed
	_ = t.log.Close()
}

// Query follows the client protocol to its last page.
func (t *Trino) Query(ctx context.Context, text string) (int, error) {
	method, next, rows := http.MethodPost, t.url+"/v1/statement", 0
	for next != "" {
		r, err := http.NewRequestWithContext(ctx, method, next, strings.NewReader(text))
		if err != nil {
			return 0, err
		}
		r.Header.Set("X-Trino-User", "bench")
		r.Header.Set("X-Trino-Catalog", "hive")
		r.Header.Set("X-Trino-Schema", t.schema)
		var page struct {
			NextURI string
			Data    []json.RawMessage
			Error   *struct{ Message string }
		}
		if err := fetch(r, &page); err != nil {
			return 0, err
		}
		if page.Error != nil {
			return 0, errors.New(page.Error.Message)
		}
		rows += len(page.Data)
		method, next, text = http.MethodGet, page.NextURI, ""
	}
	return rows, nil
}

func fetch(r *http.Request, into any) error {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %.300s", resp.Status, body)
	}
	return json.Unmarshal(body, into)
}
