package objects_test

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/objects"
)

func TestCopy(t *testing.T) {
	for name, opts := range map[string][]objects.LocalOption{"attributes": nil, "sidecar": {objects.WithSidecar(filepath.Join(t.TempDir(), "metadata"))}} {
		t.Run(name, func(t *testing.T) {
			l := open(t, opts...)
			const from, to = "orders/dt=a%3Ab c/_x.json", "orders/dt=a%3Ab c/x+y.json"
			put(t, l, from, "hello")
			put(t, l, "orders/old.json", "old")
			for range 2 { // a repeated copy is one copy
				require.NoError(t, l.Copy(t.Context(), "data", from, to))
			}
			require.NoError(t, l.Copy(t.Context(), "data", from, "orders/old.json"), "what is there is replaced")
			require.NoError(t, l.Copy(t.Context(), "data", from, "elsewhere/x.json"))
			put(t, l, from, "other")
			require.NoError(t, l.Delete(t.Context(), "data", from))
			for _, key := range []string{to, "orders/old.json", "elsewhere/x.json"} {
				r, info, err := l.Get(t.Context(), "data", key, 0, -1)
				require.NoError(t, err)
				text, err := io.ReadAll(r)
				require.NoError(t, err)
				require.NoError(t, r.Close())
				require.Equal(t, "hello", string(text))
				require.Equal(t, md5ETag("hello"), info.ETag)
				bucket := "data"
				head, err := l.Backend().HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
				require.NoError(t, err)
				require.Equal(t, "text/plain", *head.ContentType)
			}
			require.ErrorIs(t, l.Copy(t.Context(), "data", from, "y.json"), objects.ErrNoSuchKey)
			require.ErrorIs(t, l.Copy(t.Context(), "missing", to, "y.json"), objects.ErrNoSuchBucket)
			require.Error(t, l.Copy(t.Context(), "data", to, "../y.json"))
		})
	}
}
