package gateway_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tool returns a program of the virtual environment that SCOPS_AWS_VENV names,
// with awscli and boto3 from PyPI. The CLI takes most of a second to start,
// hence it is not looked for elsewhere.
func tool(t *testing.T, name string) string {
	t.Helper()
	venv := os.Getenv("SCOPS_AWS_VENV")
	if venv == "" {
		t.Skip("SCOPS_AWS_VENV names no virtual environment with awscli and boto3")
	}
	return filepath.Join(venv, "bin", name)
}

func (s *server) run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_ENDPOINT_URL=" + s.url, "AWS_REGION=ap-northeast-2", "AWS_DEFAULT_REGION=ap-northeast-2",
		"AWS_ACCESS_KEY_ID=" + root.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + root.SecretAccessKey, "AWS_PAGER=",
	}, env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %v: %s", name, args, stderr.String())
	return string(out)
}

func TestAWSCLI(t *testing.T) {
	t.Parallel()
	aws := tool(t, "aws")
	s := start(t)
	dir := t.TempDir()
	var who struct{ Account, Arn string }
	require.NoError(t, json.Unmarshal([]byte(s.run(t, nil, aws, "sts", "get-caller-identity")), &who))
	require.Equal(t, "000000000000", who.Account)

	s.run(t, nil, aws, "s3", "mb", "s3://cli")
	big := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "in", "sub"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in", "big.bin"), big, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in", "sub", "small.txt"), []byte("small"), 0o644))
	// S3 keeps whole seconds: what is younger than its object is sent again.
	for _, name := range []string{"big.bin", "sub/small.txt"} {
		past := time.Now().Add(-time.Hour)
		require.NoError(t, os.Chtimes(filepath.Join(dir, "in", name), past, past))
	}
	s.run(t, nil, aws, "s3", "sync", filepath.Join(dir, "in"), "s3://cli/p/")
	require.Contains(t, s.run(t, nil, aws, "s3", "ls", "--recursive", "s3://cli/"), "p/sub/small.txt")
	require.Empty(t, s.run(t, nil, aws, "s3", "sync", filepath.Join(dir, "in"), "s3://cli/p/"), "nothing is left to do")
	s.run(t, nil, aws, "s3", "cp", "s3://cli/p/big.bin", filepath.Join(dir, "back.bin"))
	back, err := os.ReadFile(filepath.Join(dir, "back.bin"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(big, back))
	for _, region := range []string{"us-east-1", "ap-northeast-2"} {
		link := s.run(t, []string{"AWS_DEFAULT_REGION=" + region, "AWS_REGION=" + region}, aws, "s3", "presign", "s3://cli/p/sub/small.txt")
		resp, err := http.Get(strings.TrimSpace(link))
		require.NoError(t, err)
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, "small", string(text), link)
	}
	s.run(t, nil, aws, "s3", "mv", "s3://cli/p/sub/small.txt", "s3://cli/moved")
	s.run(t, nil, aws, "s3", "rb", "--force", "s3://cli")
	require.Empty(t, s.run(t, nil, aws, "s3", "ls"))
}

const boto = `
import boto3, ssl, sys, urllib.error, urllib.request, uuid
from botocore.client import Config
url, https, cert = sys.argv[1:4]
for endpoint in (url, https):
    s3 = boto3.client("s3", endpoint_url=endpoint, verify=cert, region_name="us-east-1")
    bucket = "boto-" + endpoint.split(":")[0]
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="한국/a b", Body="본문".encode())
    assert s3.get_object(Bucket=bucket, Key="한국/a b")["Body"].read().decode() == "본문"
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        s3.put_object(Bucket=bucket, Key=algorithm, Body=b"x", ChecksumAlgorithm=algorithm)
    v4 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(signature_version="s3v4"))
    post = v4.generate_presigned_post(bucket, "posted")
    edge = uuid.uuid4().hex
    body = "".join("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n" % (edge, k, v) for k, v in post["fields"].items())
    body += "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nfrom a form\r\n--%s--\r\n" % (edge, edge)
    ctx = ssl.create_default_context(cafile=cert)
    req = urllib.request.Request(post["url"], body.encode(), {"Content-Type": "multipart/form-data; boundary=" + edge})
    try:
        urllib.request.urlopen(req, context=ctx if endpoint == https else None).read()
    except urllib.error.HTTPError as e:
        sys.exit(e.read().decode())
    assert s3.get_object(Bucket=bucket, Key="posted")["Body"].read() == b"from a form"
    keys = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}) for o in page["Contents"]]
    assert "한국/a b" in keys, keys
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    s3.delete_bucket(Bucket=bucket)
print("ok")
`

func TestBoto3(t *testing.T) {
	t.Parallel()
	python := tool(t, "python3")
	s := start(t)
	require.Equal(t, "ok\n", s.run(t, nil, python, "-c", boto, s.url, s.httpsURL, s.certFile))
}
