package queue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOldest(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	require.NoError(t, err)
	defer s.Close()
	ctx := t.Context()
	require.NoError(t, s.CreateQueue(ctx, "q", DefaultAttributes()))
	_, _, found, err := s.Oldest(ctx, "q", 0)
	require.NoError(t, err)
	require.False(t, found)
	_, err = s.Send(ctx, "q", []Message{{Body: "a"}, {Body: "b"}, {Body: "c"}})
	require.NoError(t, err)
	got, err := s.Receive(ctx, "q", ReceiveOptions{Max: 1, Hold: true})
	require.NoError(t, err)
	seq, at, found, err := s.Oldest(ctx, "q", 0)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, got[0].Sequence, seq, "a held message is still there")
	require.Equal(t, got[0].SentAt, at)
	_, err = s.DeleteSequences(ctx, "q", []uint64{seq})
	require.NoError(t, err)
	next, _, found, err := s.Oldest(ctx, "q", seq)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, seq+1, next)
	_, _, found, err = s.Oldest(ctx, "q", 4)
	require.NoError(t, err)
	require.False(t, found)
	_, _, _, err = s.Oldest(ctx, "none", 0)
	require.ErrorIs(t, err, ErrQueueNotFound)
}
