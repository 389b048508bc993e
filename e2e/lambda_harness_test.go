package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// functionZip builds testdata/function once and packs it as for AWS.
var functionZip = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "scops-e2e-function-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-o", path, "./testdata/function")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the function: %w\n%s", err, out)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return zipOf(entry{name: "bootstrap", mode: 0o755, content: program})
})

// entry is a file of an archive.
type entry struct {
	name    string
	mode    os.FileMode
	content []byte
}

func zipOf(entries ...entry) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode)
		f, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(e.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

const functionRole = "arn:aws:iam::000000000000:role/function"

func (s *scops) lambda() *lambda.Client {
	return lambda.New(lambda.Options{BaseEndpoint: &s.endpoint, Region: region, Credentials: s.provider()})
}

// function makes a function of testdata/function and waits until it is active.
func (s *scops) function(changes ...func(*lambda.CreateFunctionInput)) string {
	s.t.Helper()
	code, err := functionZip()
	require.NoError(s.t, err)
	in := &lambda.CreateFunctionInput{
		FunctionName: aws.String(unique("f-")), Role: aws.String(functionRole), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: code}, Timeout: aws.Int32(30),
	}
	for _, change := range changes {
		change(in)
	}
	_, err = s.lambda().CreateFunction(context.Background(), in)
	require.NoError(s.t, err)
	waiter := lambda.NewFunctionActiveV2Waiter(s.lambda())
	require.NoError(s.t, waiter.Wait(context.Background(), &lambda.GetFunctionInput{FunctionName: in.FunctionName}, time.Minute))
	return *in.FunctionName
}

// event is what testdata/function takes.
type event map[string]any

// invoke runs a function and requires an answer of the service.
func (s *scops) invoke(name string, e event, changes ...func(*lambda.InvokeInput)) *lambda.InvokeOutput {
	s.t.Helper()
	payload, err := json.Marshal(e)
	require.NoError(s.t, err)
	in := &lambda.InvokeInput{FunctionName: &name, Payload: payload}
	for _, change := range changes {
		change(in)
	}
	out, err := s.lambda().Invoke(context.Background(), in)
	require.NoError(s.t, err)
	return out
}
