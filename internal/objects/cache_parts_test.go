package objects

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRanges compares the arithmetic of ranges with that of single bytes.
func TestRanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	some := func() (list []Range, bits [64]bool) {
		for range rng.IntN(6) {
			r := Range{Begin: rng.Int64N(64)}
			r.End = r.Begin + rng.Int64N(64-r.Begin+1)
			list = append(list, r)
			for i := r.Begin; i < r.End; i++ {
				bits[i] = true
			}
		}
		return list, bits
	}
	covered := func(rs ranges) (bits [64]bool) {
		last := int64(-1)
		for _, r := range rs {
			require.Less(t, last, r.Begin, "in order and apart")
			require.Less(t, r.Begin, r.End)
			last = r.End
			for i := r.Begin; i < r.End; i++ {
				bits[i] = true
			}
		}
		return bits
	}
	for range 2000 {
		a, inA := some()
		b, inB := some()
		ja, jb := joined(a, 0), joined(b, 0)
		require.Equal(t, inA, covered(ja))
		rest := ja.without(jb)
		last := int64(-1)
		var left [64]bool
		for _, r := range rest {
			require.LessOrEqual(t, last, r.Begin)
			last = r.End
			for i := r.Begin; i < r.End; i++ {
				left[i] = true
			}
		}
		for i := range left {
			require.Equal(t, inA[i] && !inB[i], left[i], "%v without %v", ja, jb)
		}
	}
	require.Equal(t, ranges{{0, 30}}, joined([]Range{{20, 30}, {0, 10}}, 10))
	require.Equal(t, ranges{{0, 10}, {21, 30}}, joined([]Range{{21, 30}, {0, 10}}, 10))
}

// counted counts what is read of a store.
type counted struct {
	Store
	mu    sync.Mutex
	bytes int64
	gets  int
}

func (c *counted) Get(ctx context.Context, bucket, key string, off, n int64) (io.ReadCloser, Info, error) {
	c.mu.Lock()
	c.gets++
	c.bytes += n
	c.mu.Unlock()
	return c.Store.Get(ctx, bucket, key, off, n)
}

func largeObject(t *testing.T, s *Local, key string) (Info, []byte) {
	t.Helper()
	text := make([]byte, 4<<20)
	for i := range text {
		text[i] = byte(1 + i%251) // never the zero of a hole
	}
	info, err := s.Put(t.Context(), "far", key, bytes.NewReader(text), int64(len(text)), PutOptions{})
	require.NoError(t, err)
	return info, text
}

func requireRanges(t *testing.T, c *Cache, info Info, text []byte, want ...Range) string {
	t.Helper()
	path, release, err := c.FetchRanges(t.Context(), info, want)
	require.NoError(t, err)
	defer release()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, got, len(text))
	for _, r := range want {
		r.End = min(r.End, int64(len(text)))
		require.True(t, bytes.Equal(text[r.Begin:r.End], got[r.Begin:r.End]), "%v", r)
	}
	return path
}

func TestCacheReadsRanges(t *testing.T) {
	c, store, dir := cacheOver(t, 8<<20)
	far := &counted{Store: store}
	c.store = far
	info, text := largeObject(t, store, "k.parquet")
	end := info.Size
	requireRanges(t, c, info, text, Range{end - 1000, end})
	require.Equal(t, int64(1000), far.bytes)
	requireRanges(t, c, info, text, Range{end - 1000, end}, Range{100, 200}, Range{300, 400}, Range{1 << 20, 1<<20 + 50})
	require.Equal(t, int64(1000+300+50), far.bytes, "what lies close together is read together")
	requireRanges(t, c, info, text, Range{100, 400}, Range{end - 10, end + 1000})
	require.Equal(t, 3, far.gets, "all of it was there")

	t.Run("by another process", func(t *testing.T) {
		again, err := OpenCache(dir, far, 8<<20)
		require.NoError(t, err)
		require.Equal(t, int64(1350), again.bytes)
		requireRanges(t, again, info, text, Range{100, 400})
		require.Equal(t, 3, far.gets)
	})
	t.Run("after a crash", func(t *testing.T) {
		entries, err := filepath.Glob(filepath.Join(dir, sparsePrefix+"*"+partsSuffix))
		require.NoError(t, err)
		require.Len(t, entries, 1)
		for _, spoil := range []func() error{
			func() error { return os.Remove(entries[0]) },
			func() error { return os.WriteFile(entries[0], []byte("{"), 0o600) },
			func() error { return os.Truncate(strings.TrimSuffix(entries[0], partsSuffix), 10) },
			func() error { return os.Remove(strings.TrimSuffix(entries[0], partsSuffix)) },
		} {
			require.NoError(t, spoil())
			again, err := OpenCache(dir, far, 8<<20)
			require.NoError(t, err)
			require.Zero(t, again.bytes)
			require.Zero(t, names(t, dir))
			requireRanges(t, again, info, text, Range{100, 400})
		}
	})
	t.Run("of another version", func(t *testing.T) {
		next, err := store.Put(t.Context(), "far", "k.parquet", strings.NewReader(strings.Repeat("x", int(end))), end, PutOptions{})
		require.NoError(t, err)
		_, _, err = c.FetchRanges(t.Context(), info, []Range{{500_000, 500_001}})
		require.ErrorContains(t, err, "replaced")
		requireRanges(t, c, next, []byte(strings.Repeat("x", int(end))), Range{0, 10})
	})
}

func TestCachedRangesAreBounded(t *testing.T) {
	c, store, dir := cacheOver(t, 3<<20)
	var infos []Info
	var text []byte
	for _, key := range []string{"a", "b", "c", "d"} {
		var info Info
		info, text = largeObject(t, store, key)
		requireRanges(t, c, info, text, Range{0, 1 << 20})
		infos = append(infos, info)
	}
	require.LessOrEqual(t, c.bytes, int64(3<<20))
	require.Equal(t, 6, names(t, dir), "three objects and their records")
	path, release, err := c.Fetch(t.Context(), infos[3])
	require.NoError(t, err)
	require.Equal(t, path, requireRanges(t, c, infos[3], text, Range{0, 10}), "a whole object has all ranges")
	release()
}

// TestRangesForManyAtOnce: users of one object get their ranges side by side.
func TestRangesForManyAtOnce(t *testing.T) {
	c, store, _ := cacheOver(t, 8<<20)
	info, text := largeObject(t, store, "k")
	var g sync.WaitGroup
	for i := range int64(16) {
		g.Go(func() {
			begin := i * 200_000
			path, release, err := c.FetchRanges(t.Context(), info, []Range{{begin, begin + 300_000}})
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got[begin:begin+300_000], text[begin:begin+300_000]) {
				t.Errorf("range %d: %v", i, err)
			}
		})
	}
	g.Wait()
}
