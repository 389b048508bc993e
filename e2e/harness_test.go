package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/scopsdb/scops/internal/client"
	"github.com/stretchr/testify/require"
)

const (
	region       = "ap-northeast-2"
	startTimeout = 60 * time.Second
)

// binary builds scops once for all tests; SCOPS_BIN gives a ready one.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("SCOPS_BIN"); path != "" {
		return filepath.Abs(path)
	}
	dir, err := os.MkdirTemp("", "scops-e2e-bin-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "scops")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/scops").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build scops: %w\n%s", err, out)
	}
	return path, nil
})

// scops is a started process.
type scops struct {
	t        testing.TB
	data     string
	args     []string
	env      []string
	binary   string   // "" is the one that all tests share
	wrapper  []string // the command that runs scops, for example a tracer
	endpoint string
	cmd      *exec.Cmd
	exited   chan struct{}
	waitErr  error
	log      *logBuffer
	keyID    string
	secret   string
}

// logBuffer keeps what a process prints.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs `scops serve` on a new data folder with a configuration (the text
// of scops.yaml; "" for none) and waits until it answers. The process ends with
// the test.
func start(t testing.TB, yaml string, args ...string) *scops {
	t.Helper()
	return startIn(t, t.TempDir(), yaml, args...)
}

// startIn is start on a given data folder.
func startIn(t testing.TB, data, yaml string, args ...string) *scops {
	t.Helper()
	s := &scops{t: t, data: data}
	if yaml != "" {
		path := filepath.Join(t.TempDir(), "scops.yaml")
		require.NoError(t, os.WriteFile(path, []byte(yaml), 0o600))
		args = append(args, "--config", path)
	}
	s.args = args
	s.run()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("log of scops:\n%s", s.log)
		}
	})
	return s
}

// run starts the process on the data folder as it is and waits until it answers.
func (s *scops) run() {
	s.t.Helper()
	s.spawn()
	s.awaitEndpoint()
	s.readCredentials()
}

// spawn starts the process on the data folder as it is.
func (s *scops) spawn() {
	s.t.Helper()
	path := s.binary
	if path == "" {
		var err error
		path, err = binary()
		require.NoError(s.t, err)
	}
	s.log = &logBuffer{}
	args := append([]string{}, s.wrapper...)
	args = append(args, path, "serve", "--data", s.data, "--listen", "127.0.0.1:0")
	args = append(args, s.args...)
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Env = append(os.Environ(), s.env...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	require.NoError(s.t, s.cmd.Start())
	s.exited = make(chan struct{})
	go func() { s.waitErr = s.cmd.Wait(); close(s.exited) }()
}

// awaitEndpoint waits until the lock file tells where this process answers.
func (s *scops) awaitEndpoint() {
	s.t.Helper()
	deadline := time.After(startTimeout)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.exited:
			s.t.Fatalf("scops ended at its start: %v\n%s", s.waitErr, s.log)
		case <-deadline:
			s.t.Fatalf("scops does not answer\n%s", s.log)
		case <-tick.C:
		}
		if s.answers() {
			return
		}
	}
}

// answers reads the lock file and reports whether the process has an endpoint.
func (s *scops) answers() bool {
	var h struct {
		PID      int    `json:"pid"`
		Endpoint string `json:"endpoint"`
	}
	text, err := os.ReadFile(filepath.Join(s.data, "lock"))
	if err != nil || json.Unmarshal(text, &h) != nil || h.PID != s.cmd.Process.Pid || h.Endpoint == "" {
		return false
	}
	s.endpoint = h.Endpoint
	return true
}

func (s *scops) readCredentials() {
	s.t.Helper()
	f, err := os.Open(filepath.Join(s.data, "credentials"))
	require.NoError(s.t, err)
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		switch strings.TrimSpace(name) {
		case "aws_access_key_id":
			s.keyID = strings.TrimSpace(value)
		case "aws_secret_access_key":
			s.secret = strings.TrimSpace(value)
		}
	}
	require.NotEmpty(s.t, s.keyID)
	require.NotEmpty(s.t, s.secret)
}

// kill ends the process as a power cut would, without a chance to tidy up.
func (s *scops) kill() {
	select {
	case <-s.exited:
		return
	default:
	}
	s.cmd.Process.Kill()
	<-s.exited
}

// stop ends the process by SIGTERM and returns its error.
func (s *scops) stop() error {
	s.t.Helper()
	require.NoError(s.t, s.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-s.exited:
	case <-time.After(60 * time.Second):
		s.t.Fatalf("scops does not stop\n%s", s.log)
	}
	return s.waitErr
}

func (s *scops) provider() aws.CredentialsProvider {
	return awscredentials.NewStaticCredentialsProvider(s.keyID, s.secret, "")
}

// awsEnv is the environment of another program's AWS client.
func (s *scops) awsEnv() []string {
	return append(os.Environ(),
		"AWS_ENDPOINT_URL="+s.endpoint, "AWS_ACCESS_KEY_ID="+s.keyID, "AWS_SECRET_ACCESS_KEY="+s.secret,
		"AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
}

func (s *scops) sqs() *sqs.Client {
	return sqs.New(sqs.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider()})
}

func (s *scops) athena() *athena.Client {
	return athena.New(athena.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider()})
}

func (s *scops) glue() *glue.Client {
	return glue.New(glue.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider()})
}

func (s *scops) s3() *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider(), UsePathStyle: true,
		// As clients are that load their configuration.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	})
}

func (s *scops) client() *client.Client {
	return &client.Client{Endpoint: s.endpoint, Region: region, Credentials: s.provider()}
}

// scopsQuery runs the `scops query` command and returns its standard output.
func (s *scops) command(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	path, err := binary()
	if err != nil {
		return "", "", err
	}
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	return out.String(), errOut.String(), err
}
