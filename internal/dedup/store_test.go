package dedup

import (
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var start = time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)

func entry(key string, seq uint64, after time.Duration) Entry {
	return Entry{HashOf([]byte(key)), Message{Queue: 1, Sequence: seq, SentAt: start.Add(after)}}
}

func TestWindow(t *testing.T) {
	dir := t.TempDir()
	s := New(dir, slog.New(slog.DiscardHandler))
	c := s.Scope("orders", []string{"id"}, time.Hour)
	require.NoError(t, c.Put(t.Context(), []Entry{entry("a", 1, 0), entry("b", 2, 90*time.Minute)}))
	check := func(c *Scope) {
		for _, x := range []struct {
			e    Entry
			want bool
		}{
			{entry("a", 9, 0), true},
			{entry("a", 9, time.Hour-time.Millisecond), true},
			{entry("a", 9, time.Hour), false},
			{entry("a", 9, -time.Hour+time.Millisecond), true}, // sent before, delivered after
			{entry("a", 9, -time.Hour), false},
			{entry("a", 1, time.Minute), false}, // the message itself
			{entry("b", 9, 31*time.Minute), true},
			{entry("c", 9, 0), false},
		} {
			got, err := c.Find(x.e, nil)
			require.NoError(t, err)
			require.Equal(t, x.want, got, "%+v", x.e)
		}
		other := entry("a", 1, 0)
		other.Queue = 2 // of a later queue of the same name
		got, err := c.Find(other, nil)
		require.NoError(t, err)
		require.True(t, got)
		got, err = c.Find(entry("a", 9, 0), func(m Message) bool { return m.Sequence == 1 })
		require.NoError(t, err)
		require.False(t, got)
	}
	check(c)
	require.NoError(t, s.Close())
	s = New(dir, slog.New(slog.DiscardHandler))
	defer s.Close()
	check(s.Scope("orders", []string{"id"}, time.Hour))
	for _, other := range []*Scope{s.Scope("others", []string{"id"}, time.Hour), s.Scope("orders", []string{"no"}, time.Hour), s.Scope("orders", []string{"id"}, time.Minute)} {
		got, err := other.Find(entry("a", 9, 0), nil)
		require.NoError(t, err)
		require.False(t, got)
	}
}

func TestExpireAndForget(t *testing.T) {
	s := New(t.TempDir(), slog.New(slog.DiscardHandler))
	defer s.Close()
	c := s.Scope("orders", []string{"id"}, time.Hour)
	find := func(e Entry) bool {
		got, err := c.Find(e, nil)
		require.NoError(t, err)
		return got
	}
	require.NoError(t, c.Expire(start), "of nothing")
	require.NoError(t, c.Put(t.Context(), []Entry{entry("a", 1, 0), entry("b", 2, 2*time.Hour), entry("c", 3, 4*time.Hour)}))
	require.NoError(t, c.Expire(start.Add(time.Hour)))
	require.True(t, find(entry("a", 9, 0)), "a window is kept")
	require.NoError(t, c.Expire(start.Add(2*time.Hour)))
	require.False(t, find(entry("a", 9, 0)))
	require.True(t, find(entry("b", 9, 2*time.Hour)))
	require.NoError(t, c.Forget(func(m Message) bool { return m.Sequence == 3 }))
	require.False(t, find(entry("c", 9, 4*time.Hour)))
	require.True(t, find(entry("b", 9, 2*time.Hour)))
	require.NoError(t, c.Expire(start.Add(24*time.Hour)))
	require.False(t, find(entry("b", 9, 2*time.Hour)))
	require.NoError(t, c.Put(t.Context(), []Entry{entry("a", 5, 30*time.Hour)}))
	require.True(t, find(entry("a", 9, 30*time.Hour)))
}

func TestDropOthers(t *testing.T) {
	dir := t.TempDir()
	s := New(dir+"/none", slog.New(slog.DiscardHandler))
	require.NoError(t, s.DropOthers(nil))
	require.NoDirExists(t, dir+"/none", "nothing to drop needs no folder")
	s = New(dir, slog.New(slog.DiscardHandler))
	defer s.Close()
	var scopes []*Scope
	for _, name := range []string{"a", "b", "c", "d"} {
		c := s.Scope(name, []string{"id"}, time.Hour)
		require.NoError(t, c.Put(t.Context(), []Entry{entry("x", 1, 0), entry("y", 2, 5*time.Hour)}))
		scopes = append(scopes, c)
	}
	require.NoError(t, s.DropOthers(scopes[1:3]))
	for i, c := range scopes {
		for n, key := range []string{"x", "y"} {
			found, err := c.Find(entry(key, 9, time.Duration(n)*5*time.Hour), nil)
			require.NoError(t, err)
			require.Equal(t, i == 1 || i == 2, found)
		}
	}
}

// TestAgainstAMap compares random events with the rule itself.
func TestAgainstAMap(t *testing.T) {
	s := New(t.TempDir(), slog.New(slog.DiscardHandler))
	defer s.Close()
	c := s.Scope("orders", []string{"id"}, time.Minute)
	r := rand.New(rand.NewPCG(1, 2))
	anchors := map[Hash][]time.Time{}
	for seq := range uint64(20_000) {
		e := entry(string(rune('a'+r.IntN(200))), seq, time.Duration(seq)*10*time.Millisecond+time.Duration(r.IntN(30_000))*time.Millisecond)
		want := false
		for _, at := range anchors[e.Key] {
			want = want || Within(at, e.SentAt, time.Minute)
		}
		got, err := c.Find(e, nil)
		require.NoError(t, err)
		require.Equal(t, want, got)
		if !got {
			anchors[e.Key] = append(anchors[e.Key], e.SentAt)
			require.NoError(t, c.Put(t.Context(), []Entry{e}))
		}
		if seq%1000 == 999 {
			require.NoError(t, c.Expire(start.Add(time.Duration(seq)*10*time.Millisecond)))
		}
	}
}

// BenchmarkStore looks for new keys beside many others, and writes them, in
// batches of 10,000.
func BenchmarkStore(b *testing.B) {
	s := New(b.TempDir(), slog.New(slog.DiscardHandler))
	defer s.Close()
	c := s.Scope("orders", []string{"id"}, time.Hour)
	seq := uint64(0)
	batch := func(size int) {
		entries := make([]Entry, size)
		for i := range entries {
			seq++
			entries[i] = Entry{HashOf(binary.BigEndian.AppendUint64(nil, seq)), Message{1, seq, start.Add(time.Duration(seq) * 100 * time.Microsecond)}}
			found, err := c.Find(entries[i], nil)
			require.NoError(b, err)
			require.False(b, found)
		}
		require.NoError(b, c.Put(b.Context(), entries))
	}
	for seq < 1_000_000 {
		batch(100_000)
	}
	b.ResetTimer()
	for range b.N {
		batch(10_000)
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "keys/s")
	m := s.db.Metrics()
	b.ReportMetric(float64(m.DiskSpaceUsage())/float64(seq), "B/key")
	b.ReportMetric(float64(m.BlockCache.Size+int64(m.MemTable.Size))/(1<<20), "MiB")
}
