package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A message whose delay ends while a consumer looks for messages is handed out,
// to this consumer or the next.
func TestADelayEndsWhileAConsumerLooks(t *testing.T) {
	clock := newManualClock()
	s, err := Open(t.TempDir(), Options{Clock: clock})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	ctx, o := t.Context(), ReceiveOptions{Max: 10, Visibility: time.Hour}
	require.NoError(t, s.CreateQueue(ctx, orders, DefaultAttributes()))
	_, err = s.Send(ctx, orders, []Message{{Body: "delayed", Delay: Delayed(10 * time.Millisecond)}, {Body: "first"}})
	require.NoError(t, err)
	got, err := s.Receive(ctx, orders, o)
	require.NoError(t, err)
	require.Len(t, got, 1, "the other one is passed over")
	_, err = s.Send(ctx, orders, []Message{{Body: "second"}})
	require.NoError(t, err)

	q, err := s.find(orders)
	require.NoError(t, err)
	q.scan.Lock()
	p := picker{s: s, q: q, o: o, now: clock.Now().UnixMilli()}
	more, err := p.start()
	require.NoError(t, err)
	require.True(t, more)
	clock.Advance(10 * time.Millisecond)
	eventually(t, func() bool { return counts(t, s).Delayed == 0 })
	require.NoError(t, p.pick())
	got, _ = p.claim()
	q.scan.Unlock()
	rest, err := s.Receive(ctx, orders, o)
	require.NoError(t, err)
	bodies := map[string]bool{}
	for _, r := range append(got, rest...) {
		bodies[r.Body] = true
	}
	require.Equal(t, map[string]bool{"delayed": true, "second": true}, bodies)
}
