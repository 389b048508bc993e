package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFind looks for messages by their ids, wherever they are, and for which of
// some sequences are stored.
func TestFind(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	require.NoError(t, err)
	defer s.Close()
	ctx := t.Context()
	require.NoError(t, s.CreateQueue(ctx, "q", DefaultAttributes()))
	hour := time.Hour
	sent, err := s.Send(ctx, "q", []Message{{Body: "held"}, {Body: "in flight"}, {Body: "waiting"}, {Body: "delayed", Delay: &hour}, {ID: "not a UUID", Body: "named"}, {Body: "gone"}})
	require.NoError(t, err)
	_, err = s.Receive(ctx, "q", ReceiveOptions{Max: 1, Hold: true})
	require.NoError(t, err)
	_, err = s.Receive(ctx, "q", ReceiveOptions{Max: 1, Visibility: time.Hour})
	require.NoError(t, err)
	_, err = s.DeleteSequences(ctx, "q", []uint64{6})
	require.NoError(t, err)
	for i, want := range []Place{PlaceHeld, PlaceInFlight, PlaceWaiting, PlaceDelayed, PlaceWaiting, ""} {
		at, _, found, err := s.Find(ctx, "q", sent[i].ID)
		require.NoError(t, err)
		require.Equal(t, want, at, i)
		require.Equal(t, want != "", found)
	}
	_, _, found, err := s.Find(ctx, "q", "none")
	require.NoError(t, err)
	require.False(t, found)
	_, _, _, err = s.Find(ctx, "none", "none")
	require.ErrorIs(t, err, ErrQueueNotFound)

	stored, err := s.Stored(ctx, "q", []uint64{1, 2, 5, 6, 7, 100})
	require.NoError(t, err)
	require.Equal(t, []uint64{1, 2, 5}, stored)
}
