package queue

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestStress lets producers, consumers that forget, a purger and a delivery
// work on one queue at the same time. Counters must balance at every look, and
// in the end every message must be accounted for.
func TestStress(t *testing.T) {
	s := openTest(t, t.TempDir(), Options{MemTableSize: 1 << 20})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	run := func(n int, f func(rng *rand.Rand) error) {
		for i := range n {
			wg.Add(1)
			go func() {
				defer wg.Done()
				rng := rand.New(rand.NewPCG(uint64(i), 7))
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := f(rng); err != nil {
						t.Error(err)
						return
					}
				}
			}()
		}
	}
	ctx := t.Context()
	run(4, func(rng *rand.Rand) error {
		messages := make([]Message, 1+rng.IntN(10))
		for i := range messages {
			messages[i].Body = fmt.Sprint(rng.Uint64())
			if rng.IntN(5) == 0 {
				messages[i].Delay = Delayed(time.Duration(rng.IntN(30)) * time.Millisecond)
			}
		}
		_, err := s.Send(ctx, orders, messages)
		return err
	})
	run(4, func(rng *rand.Rand) error {
		got, err := s.Receive(ctx, orders, ReceiveOptions{Max: 10, Visibility: time.Duration(1+rng.IntN(20)) * time.Millisecond, Wait: time.Millisecond})
		if err != nil {
			return err
		}
		var handles []ReceiptHandle
		for _, r := range got {
			switch rng.IntN(4) {
			case 0: // forgotten
			case 1:
				s.ChangeVisibility(ctx, orders, r.Receipt, time.Duration(rng.IntN(3))*time.Millisecond)
			default:
				handles = append(handles, r.Receipt, r.Receipt)
			}
		}
		_, err = s.Delete(ctx, orders, handles)
		return err
	})
	run(1, func(rng *rand.Rand) error { // a delivery
		got, err := s.Receive(ctx, orders, ReceiveOptions{Max: 200, Hold: true, Wait: time.Millisecond})
		if err != nil {
			return err
		}
		seqs, fresh := make([]uint64, len(got)), 0
		for i, r := range got {
			seqs[i] = r.Sequence
			if r.ReceiveCount == 1 { // the others may be deleted by the handle of an earlier receipt
				fresh++
			}
		}
		found, err := s.Lookup(ctx, orders, seqs)
		if err != nil || len(found) < fresh {
			return fmt.Errorf("held %d messages, found %d: %v", len(got), len(found), err)
		}
		if rng.IntN(3) == 0 {
			return s.Release(ctx, orders, seqs)
		}
		n, err := s.DeleteSequences(ctx, orders, seqs)
		if n < fresh && err == nil {
			err = fmt.Errorf("deleted %d of %d held messages", n, len(seqs))
		}
		return err
	})
	run(1, func(rng *rand.Rand) error {
		timer := time.NewTimer(time.Duration(rng.IntN(40)) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-stop:
		}
		return s.Purge(ctx, orders)
	})
	run(1, func(*rand.Rand) error {
		c, err := s.Counts(ctx, orders)
		if err == nil && (c.Visible < 0 || c.InFlight < 0 || c.Delayed < 0 ||
			c.Sent != c.Visible+c.InFlight+c.Delayed+c.Deleted+c.Expired+c.Purged) {
			err = fmt.Errorf("counters are off: %+v", c)
		}
		return err
	})
	timer := time.NewTimer(700 * time.Millisecond)
	<-timer.C
	close(stop)
	wg.Wait()

	q, err := s.find(orders)
	require.NoError(t, err)
	stored := func() (n int64) {
		require.NoError(t, s.each(seqRange(spaceMessage, q.id, 0), func(_, _ []byte) error { n++; return nil }))
		return n
	}
	require.Equal(t, stored(), counts(t, s).Stored())
	eventually(t, func() bool { // everything left is handed out in the end
		got, err := s.Receive(ctx, orders, ReceiveOptions{Max: 1000, Visibility: time.Hour})
		require.NoError(t, err)
		handles := make([]ReceiptHandle, len(got))
		for i, r := range got {
			handles[i] = r.Receipt
		}
		_, err = s.Delete(ctx, orders, handles)
		require.NoError(t, err)
		return counts(t, s).Stored() == 0
	})
	require.Zero(t, stored())
	require.Empty(t, q.claims)
}
