package gateway_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"
)

// wire is a signed request as bytes.
func wire(b *testing.B, s *server, method, path, service, target, body string) []byte {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	require.NoError(b, err)
	if target != "" {
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", target)
	}
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	require.NoError(b, v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" }).SignHTTP(b.Context(),
		aws.Credentials{AccessKeyID: root.AccessKeyID, SecretAccessKey: root.SecretAccessKey}, r, hash, service, "ap-northeast-2", time.Now()))
	var buf bytes.Buffer
	require.NoError(b, r.Write(&buf))
	return buf.Bytes()
}

// load sends b.N requests over so many connections.
func load(b *testing.B, addr string, conns int, request []byte) {
	var todo sync.WaitGroup
	b.ResetTimer()
	for i := range conns {
		n := b.N / conns
		if i < b.N%conns {
			n++
		}
		todo.Go(func() { client(b, addr, n, request) })
	}
	todo.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

func client(b *testing.B, addr string, n int, request []byte) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Error(err)
		return
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for range n {
		if _, err := conn.Write(request); err != nil {
			b.Error(err)
			return
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil || resp.StatusCode != 200 {
			b.Errorf("%v %v", resp, err)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
	}
}

func BenchmarkSendMessage(b *testing.B) {
	s := start(b)
	request := wire(b, s, "POST", "/", "sqs", "AmazonSQS.SendMessage", `{"QueueUrl":"http://127.0.0.1:4566/000000000000/orders","MessageBody":"`+strings.Repeat("x", 512)+`"}`)
	for _, conns := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("conns=%d", conns), func(b *testing.B) { load(b, s.url[7:], conns, request) })
	}
}

func BenchmarkS3(b *testing.B) {
	s := start(b)
	require.NoError(b, s.objects.CreateBucket(b.Context(), "data"))
	put := wire(b, s, "PUT", "/data/k", "s3", "", strings.Repeat("x", 1024))
	get := wire(b, s, "GET", "/data/k", "s3", "", "")
	b.Run("put", func(b *testing.B) { load(b, s.url[7:], 16, put) })
	b.Run("get", func(b *testing.B) { load(b, s.url[7:], 16, get) })
}
