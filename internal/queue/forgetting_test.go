package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A window that was shortened ends early, on disk as well; others do not.
func TestForgetAfter(t *testing.T) {
	clock, dir := newManualClock(), t.TempDir()
	open := func() *Store {
		s, err := Open(dir, Options{Clock: clock})
		require.NoError(t, err)
		return s
	}
	s, ctx := open(), t.Context()
	require.NoError(t, s.CreateQueue(ctx, "q", DefaultAttributes()))
	send := func(id string) bool {
		sent, err := s.Send(ctx, "q", []Message{{Body: id, Deduplication: &Deduplication{ID: id, Window: 24 * time.Hour}}})
		require.NoError(t, err)
		return !sent[0].Duplicate
	}
	require.True(t, send("short"))
	require.True(t, send("long"))
	require.NoError(t, s.ForgetAfter(ctx, "q", []string{"short", "unknown"}, time.Hour))
	require.NoError(t, s.ForgetAfter(ctx, "q", []string{"long"}, 48*time.Hour), "a window never grows")
	clock.Advance(59 * time.Minute)
	require.False(t, send("short"))
	require.NoError(t, s.Close())
	s = open()
	defer func() { require.NoError(t, s.Close()) }()
	require.False(t, send("short"))
	clock.Advance(2 * time.Minute)
	require.True(t, send("short"))
	require.False(t, send("long"))
	clock.Advance(23 * time.Hour)
	require.True(t, send("long"))
}
