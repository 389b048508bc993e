package objects_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/stretchr/testify/require"
	"github.com/versity/versitygw/s3response"
)

var _ objects.Store = (*objects.Local)(nil)

func open(t *testing.T, opts ...objects.LocalOption) *objects.Local {
	t.Helper()
	l, err := objects.OpenLocal(filepath.Join(t.TempDir(), "objects"), opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	require.NoError(t, l.CreateBucket(t.Context(), "data"))
	return l
}

func put(t *testing.T, l *objects.Local, key, body string) objects.Info {
	t.Helper()
	info, err := l.Put(t.Context(), "data", key, strings.NewReader(body), int64(len(body)), objects.PutOptions{ContentType: "text/plain"})
	require.NoError(t, err)
	return info
}

func md5ETag(s string) string {
	sum := md5.Sum([]byte(s))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func TestPutIsThere(t *testing.T) {
	for name, opts := range map[string][]objects.LocalOption{"attributes": nil, "sidecar": {objects.WithSidecar(filepath.Join(t.TempDir(), "metadata"))}} {
		t.Run(name, func(t *testing.T) {
			l := open(t, opts...)
			info := put(t, l, "orders/day=01/a.json", "hello")
			require.Equal(t, md5ETag("hello"), info.ETag)
			require.EqualValues(t, 5, info.Size)
			require.Equal(t, "orders/day=01/a.json", info.Key)

			path, ok := l.LocalPath("data", "orders/day=01/a.json")
			require.True(t, ok)
			got, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, "hello", string(got))

			info = put(t, l, "orders/day=01/a.json", "hello again")
			require.Equal(t, md5ETag("hello again"), info.ETag)
			names, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, names, 1, "no temporary name is left")
		})
	}
}

func TestGetRanges(t *testing.T) {
	l := open(t)
	put(t, l, "k", "0123456789")
	for _, c := range []struct {
		off, n int64
		want   string
	}{{0, -1, "0123456789"}, {3, 4, "3456"}, {8, 10, "89"}, {10, -1, ""}} {
		r, info, err := l.Get(t.Context(), "data", "k", c.off, c.n)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		require.Equal(t, c.want, string(got))
		require.EqualValues(t, 10, info.Size)
	}
	_, _, err := l.Get(t.Context(), "data", "k", 11, -1)
	require.ErrorContains(t, err, "outside the object's 10 bytes")
}

func TestMissing(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	_, _, err := l.Get(ctx, "data", "none", 0, -1)
	require.ErrorIs(t, err, objects.ErrNoSuchKey)
	_, err = l.Head(ctx, "nobody", "none")
	require.ErrorIs(t, err, objects.ErrNoSuchBucket)
	_, _, err = l.List(ctx, "nobody", "", "", 10)
	require.ErrorIs(t, err, objects.ErrNoSuchBucket)
	_, err = l.Put(ctx, "nobody", "k", strings.NewReader("x"), 1, objects.PutOptions{})
	require.ErrorIs(t, err, objects.ErrNoSuchBucket)
	require.NoError(t, l.Delete(ctx, "data", "none"))
	require.NoError(t, l.CreateBucket(ctx, "data"), "an existing bucket is no error")
	put(t, l, "folder/k", "x")
	_, err = l.Head(ctx, "data", "folder")
	require.ErrorIs(t, err, objects.ErrNoSuchKey, "a folder is no object")
}

func TestDelete(t *testing.T) {
	l := open(t)
	put(t, l, "a/b/c", "x")
	require.NoError(t, l.Delete(t.Context(), "data", "a/b/c"))
	_, err := l.Head(t.Context(), "data", "a/b/c")
	require.ErrorIs(t, err, objects.ErrNoSuchKey)
	_, err = os.Stat(filepath.Dir(filepath.Dir(path(t, l, "a/b/c"))))
	require.ErrorIs(t, err, os.ErrNotExist, "folders without objects go")
}

func path(t *testing.T, l *objects.Local, key string) string {
	t.Helper()
	p, ok := l.LocalPath("data", key)
	require.True(t, ok)
	return p
}

func TestBuckets(t *testing.T) {
	l := open(t)
	for _, name := range []string{"_scops", ".sgwtmp", "a", "UPPER", "a..b", "../x", "a/b", strings.Repeat("a", 64), "-ab", "ab-"} {
		err := l.CreateBucket(t.Context(), name)
		require.ErrorContains(t, err, "InvalidBucketName", name)
		ok, err := l.BucketExists(t.Context(), name)
		require.NoError(t, err)
		require.False(t, ok, name)
		_, ok = l.LocalPath(name, "k")
		require.False(t, ok, name)
	}
	ok, err := l.BucketExists(t.Context(), "data")
	require.NoError(t, err)
	require.True(t, ok)
	res, err := l.Backend().ListBuckets(t.Context(), s3response.ListBucketsInput{MaxBuckets: 100, IsAdmin: true})
	require.NoError(t, err)
	require.Len(t, res.Buckets.Bucket, 1)
}

// A crash between the folder of a bucket and its attributes must not poison
// the name.
func TestCreateBucketCompletes(t *testing.T) {
	l := open(t)
	dir := filepath.Join(filepath.Dir(filepath.Dir(path(t, l, "k"))), "half")
	require.NoError(t, os.Mkdir(dir, 0o755))
	require.NoError(t, l.CreateBucket(t.Context(), "half"))
	_, err := l.Put(t.Context(), "half", "k", strings.NewReader("x"), 1, objects.PutOptions{})
	require.NoError(t, err)
}

// Keys that files cannot represent are refused, never stored as another key.
func TestKeysThatFilesCannotHold(t *testing.T) {
	l := open(t)
	put(t, l, "file", "x")
	put(t, l, "folder/file", "x")
	for _, key := range []string{"", "a//b", "/a", "a/./b", "../b", "a/..", "a\x00b", ".sgwtmp/x", "a/.x.sgwtmp.12", strings.Repeat("k", 256), strings.Repeat("k/", 600) + "k"} {
		_, err := l.Put(t.Context(), "data", key, strings.NewReader("x"), 1, objects.PutOptions{})
		require.Error(t, err, "%q", key)
	}
	for key, want := range map[string]string{"file/below": "ObjectParentIsFile", "folder": "ExistingObjectIsDirectory"} {
		_, err := l.Put(t.Context(), "data", key, strings.NewReader("x"), 1, objects.PutOptions{})
		require.ErrorContains(t, err, want)
	}
	infos, _, err := l.List(t.Context(), "data", "", "", 100)
	require.NoError(t, err)
	require.Len(t, infos, 2)
}

func TestBodyOfWrongLength(t *testing.T) {
	l := open(t)
	for _, size := range []int64{4, 6} {
		_, err := l.Put(t.Context(), "data", "k", strings.NewReader("hello"), size, objects.PutOptions{})
		require.ErrorContains(t, err, "IncompleteBody")
	}
	_, err := l.Head(t.Context(), "data", "k")
	require.ErrorIs(t, err, objects.ErrNoSuchKey)
}

func TestListInKeyOrder(t *testing.T) {
	l := open(t)
	keys := []string{"a", "b-c", "b.txt", "b/1", "b/2/x", "b/2/y", "b/2-x", "b0", "c/d/e/f", "한국/서울"}
	for _, k := range keys {
		put(t, l, k, "x")
	}
	want := []string{"a", "b-c", "b.txt", "b/1", "b/2-x", "b/2/x", "b/2/y", "b0", "c/d/e/f", "한국/서울"}
	list := func(prefix, after string, max int) ([]string, bool) {
		infos, more, err := l.List(t.Context(), "data", prefix, after, max)
		require.NoError(t, err)
		got := []string{}
		for _, i := range infos {
			require.Equal(t, md5ETag("x"), i.ETag)
			got = append(got, i.Key)
		}
		return got, more
	}
	got, more := list("", "", 100)
	require.Equal(t, want, got)
	require.False(t, more)

	var paged []string
	for after := ""; ; after = paged[len(paged)-1] {
		page, more := list("", after, 3)
		paged = append(paged, page...)
		if !more {
			break
		}
		require.Len(t, page, 3)
	}
	require.Equal(t, want, paged)

	for prefix, want := range map[string][]string{
		"b":      {"b-c", "b.txt", "b/1", "b/2-x", "b/2/x", "b/2/y", "b0"},
		"b/":     {"b/1", "b/2-x", "b/2/x", "b/2/y"},
		"b/2":    {"b/2-x", "b/2/x", "b/2/y"},
		"b/2/":   {"b/2/x", "b/2/y"},
		"c/d":    {"c/d/e/f"},
		"한국/":    {"한국/서울"},
		"none/":  {},
		"a/":     {},
		"../":    {},
		"b//":    {},
		"c/d/ex": {},
	} {
		got, more := list(prefix, "", 100)
		require.Equal(t, want, got, prefix)
		require.False(t, more)
	}
	got, _ = list("b", "b/2/x", 100)
	require.Equal(t, []string{"b/2/y", "b0"}, got)
	got, more = list("", "", 0)
	require.Empty(t, got)
	require.True(t, more)
}

func TestFoldersInKeyOrder(t *testing.T) {
	l := open(t)
	for _, k := range []string{"a", "b-c/1", "b.txt", "b/1", "b/2/x", "b/2/y", "b/2-x/z", "b0/q", "c/d/e/f", "한국/서울"} {
		put(t, l, k, "x")
	}
	for _, c := range []struct {
		prefix, after string
		max           int
		want          []string
		more          bool
	}{
		{"", "", 10, []string{"b-c/", "b/", "b0/", "c/", "한국/"}, false},
		{"", "", 2, []string{"b-c/", "b/"}, true},
		{"", "b/", 2, []string{"b0/", "c/"}, true},
		{"", "c/", 1, []string{"한국/"}, false},
		{"b", "", 10, []string{"b-c/", "b/", "b0/"}, false},
		{"b/", "", 10, []string{"b/2-x/", "b/2/"}, false},
		{"b/2/", "", 10, []string{}, false},
		{"nothing/", "", 10, nil, false},
		{"a/", "", 10, nil, false},
	} {
		folders, more, err := l.Folders(t.Context(), "data", c.prefix, c.after, c.max)
		require.NoError(t, err, c)
		require.Equal(t, c.want, folders, c)
		require.Equal(t, c.more, more, c)
	}
	require.NoError(t, l.Delete(t.Context(), "data", "c/d/e/f"))
	folders, _, err := l.Folders(t.Context(), "data", "c", "", 10)
	require.NoError(t, err)
	require.Empty(t, folders)
	_, _, err = l.Folders(t.Context(), "nobody", "", "", 10)
	require.ErrorIs(t, err, objects.ErrNoSuchBucket)
}

// What an overwrite leaves when the machine dies in the middle is not listed.
func TestListSkipsLeftovers(t *testing.T) {
	l := open(t)
	put(t, l, "d/k", "x")
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(path(t, l, "d/k")), ".k.sgwtmp.1700000000"), nil, 0o644))
	infos, _, err := l.List(t.Context(), "data", "", "", 10)
	require.NoError(t, err)
	require.Len(t, infos, 1)
	bucket, none, maxKeys := "data", "", int32(10)
	out, err := l.Backend().ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: &none, Delimiter: &none, StartAfter: &none, ContinuationToken: &none, MaxKeys: &maxKeys})
	require.NoError(t, err)
	require.Len(t, out.Contents, 1)
	require.Equal(t, "data", *out.Name)
}

// Stores of one process do not disturb each other, nor the working directory.
func TestTwoStores(t *testing.T) {
	before, err := os.Getwd()
	require.NoError(t, err)
	a, b := open(t), open(t)
	after, err := os.Getwd()
	require.NoError(t, err)
	require.Equal(t, before, after)
	put(t, a, "k", "of a")
	put(t, b, "k", "of b")
	require.NoError(t, b.Delete(t.Context(), "data", "k"))
	r, _, err := a.Get(t.Context(), "data", "k", 0, -1)
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.Equal(t, "of a", string(got))
}

func TestMultipartAndCopy(t *testing.T) {
	l := open(t)
	be, ctx := l.Backend(), context.Background()
	bucket, key, src := "data", "big/object", "data/big/object"
	up, err := be.CreateMultipartUpload(ctx, s3response.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err)
	require.Equal(t, "data", up.Bucket)
	first, second := bytes.Repeat([]byte("a"), 5<<20), []byte("the end")
	var parts []types.CompletedPart
	for i, body := range [][]byte{first, second} {
		n, size := int32(i+1), int64(len(body))
		out, err := be.UploadPart(ctx, &s3.UploadPartInput{Bucket: &bucket, Key: &key, UploadId: &up.UploadId, PartNumber: &n, ContentLength: &size, Body: bytes.NewReader(body)})
		require.NoError(t, err)
		parts = append(parts, types.CompletedPart{PartNumber: &n, ETag: out.ETag})
	}
	res, _, err := be.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &bucket, Key: &key, UploadId: &up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	require.NoError(t, err)
	require.Equal(t, "data", *res.Bucket)
	require.Contains(t, *res.ETag, "-2")

	to, owner := "copied/object", "scops"
	_, err = be.CopyObject(ctx, s3response.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: &src, ExpectedBucketOwner: &owner, MetadataDirective: types.MetadataDirectiveCopy})
	require.NoError(t, err)
	got, err := os.ReadFile(path(t, l, to))
	require.NoError(t, err)
	require.Equal(t, append(first, second...), got)
	_, err = be.CopyObject(ctx, s3response.CopyObjectInput{Bucket: &bucket, Key: &key, CopySource: &src, MetadataDirective: types.MetadataDirectiveCopy})
	require.Error(t, err, "a copy onto itself must change something")
}

func BenchmarkPut(b *testing.B) {
	l, err := objects.OpenLocal(b.TempDir())
	require.NoError(b, err)
	defer l.Close()
	require.NoError(b, l.CreateBucket(b.Context(), "data"))
	body := strings.Repeat("x", 1024)
	for i := 0; b.Loop(); i++ {
		_, err := l.Put(b.Context(), "data", fmt.Sprintf("orders/year=2026/day=%d/f%d", i%31, i), strings.NewReader(body), 1024, objects.PutOptions{})
		require.NoError(b, err)
	}
}

func BenchmarkListPageOf100k(b *testing.B) {
	dir := b.TempDir()
	l, err := objects.OpenLocal(dir)
	require.NoError(b, err)
	defer l.Close()
	require.NoError(b, l.CreateBucket(b.Context(), "data"))
	for i := range 100_000 {
		p := filepath.Join(dir, "data", fmt.Sprintf("day=%02d", i%31))
		require.NoError(b, os.MkdirAll(p, 0o755))
		require.NoError(b, os.WriteFile(filepath.Join(p, fmt.Sprint(i)), nil, 0o644))
	}
	for b.Loop() {
		infos, _, err := l.List(b.Context(), "data", "day=07/", "", 1000)
		require.NoError(b, err)
		require.Len(b, infos, 1000)
	}
}
