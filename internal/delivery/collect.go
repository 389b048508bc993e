package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/scopsdb/scops/internal/queue"
)

const (
	// chunkBytes is how much of the memory budget a receive may take at once;
	// the largest message fits.
	chunkBytes = 4 << 20
	// overhead of a message beside its body, bytes.
	overhead = 128
	// idleWait is how long one receive waits for the first message.
	idleWait = 20 * time.Second
	// mostPause is the longest time between two looks into the queue while a
	// batch is open.
	mostPause = 50 * time.Millisecond
)

// collected is a batch in the making: messages that are held in the queue.
type collected struct {
	created  time.Time // of the queue that they are in
	messages []message
	bytes    int64 // of bodies
	memory   int64 // taken from the budget
}

// run is a delivery's life: the batches of the last run, then one goroutine
// that collects the next batch while another delivers the last.
func (d *delivery) run(ctx context.Context) {
	defer d.work.Done()
	for _, e := range d.unfinished {
		if err := d.repeat(ctx, e); err != nil {
			d.ended(err)
			return
		}
	}
	batches := make(chan *collected)
	d.work.Add(1)
	go func() {
		defer d.work.Done()
		defer close(batches)
		d.collect(batches)
	}()
	for c := range batches {
		err := d.deliver(ctx, c)
		d.m.memory.Release(c.memory)
		if err != nil {
			d.ended(err)
			d.close()
			break
		}
	}
	for c := range batches { // after an error: what was collected goes back
		d.release(c)
		d.m.memory.Release(c.memory)
	}
}

func (d *delivery) ended(err error) {
	if errors.Is(err, errCrash) {
		return
	}
	if d.closing.Err() == nil {
		d.failed("stopped", &pausedError{err})
		return
	}
	d.log.Info("delivery closes before its batch is finished; the next start repeats it", "error", err)
}

// collect makes batches until the delivery closes.
func (d *delivery) collect(batches chan<- *collected) {
	for d.closing.Err() == nil {
		c := &collected{}
		if !d.first(c) {
			continue
		}
		if !d.fill(c, batches) {
			d.release(c)
			d.m.memory.Release(c.memory)
		}
	}
}

// first waits for the message that opens a batch. It is the one message a
// delivery may hold outside the memory budget, for as long as the budget is
// used up.
func (d *delivery) first(c *collected) bool {
	err := d.receive(c, queue.ReceiveOptions{Max: 1, Wait: idleWait, Hold: true})
	if err != nil || len(c.messages) == 0 {
		return false
	}
	need := c.bytes + overhead
	if err := d.m.memory.Acquire(d.closing, min(need, d.m.budget)); err != nil {
		d.release(c)
		return false
	}
	c.memory = min(need, d.m.budget)
	return true
}

// fill collects until the batch is due and hands it over. Where the writer is
// still busy with the last one, a batch that is due but not full goes on
// growing. It returns false when the delivery closes first.
func (d *delivery) fill(c *collected, batches chan<- *collected) bool {
	due := time.Now().Add(d.config.MaxWait)
	for {
		more, full := d.take(c)
		if d.closing.Err() != nil {
			return false
		}
		var hand chan<- *collected
		wait := min(d.config.MaxWait/8+time.Millisecond, mostPause)
		if left := time.Until(due); full || left <= 0 {
			hand = batches
		} else {
			wait = min(wait, left)
		}
		if full {
			select {
			case hand <- c:
				return true
			case <-d.closing.Done():
				return false
			}
		}
		if more && hand == nil {
			continue
		}
		t := time.NewTimer(wait)
		select {
		case hand <- c:
			t.Stop()
			return true
		case <-t.C:
		case <-d.closing.Done():
			t.Stop()
			return false
		}
	}
}

// take adds what is in the queue now, as far as batch and budget allow. more
// says that there may be more at once, full that the batch can take no more.
func (d *delivery) take(c *collected) (more, full bool) {
	room, roomBytes := d.config.MaxRecords-len(c.messages), d.config.MaxBytes-c.bytes
	if room <= 0 || roomBytes <= 0 {
		return false, true
	}
	reserve := min(int64(chunkBytes), d.m.budget/4)
	if !d.m.memory.TryAcquire(reserve) {
		return false, true
	}
	before, had := c.bytes, len(c.messages)
	most := min(room, int(reserve/(2*overhead)))
	err := d.receive(c, queue.ReceiveOptions{Max: most, MaxBytes: int(min(roomBytes, reserve/2)), Hold: true})
	got := len(c.messages) - had
	used := min(c.bytes-before+int64(got)*overhead, reserve)
	d.m.memory.Release(reserve - used)
	c.memory += used
	if err != nil {
		return false, false
	}
	full = len(c.messages) >= d.config.MaxRecords || c.bytes >= d.config.MaxBytes
	return got == most || c.bytes-before >= reserve/4, full
}

// receive adds messages to the batch. A queue that fails is a trouble that the
// books show; the next receive tries again.
func (d *delivery) receive(c *collected, o queue.ReceiveOptions) error {
	return d.retry(d.closing, "receive", func() error {
		got, created, err := d.feed.receive(d.closing, o)
		if errors.Is(err, queue.ErrClosed) {
			d.close()
		}
		if err != nil || len(got) == 0 {
			return err
		}
		if len(c.messages) == 0 {
			c.created = created
		}
		if !created.Equal(c.created) { // the queue was made anew: not into this batch
			d.release(&collected{created: created, messages: asMessages(got)})
			return nil
		}
		for _, m := range asMessages(got) {
			c.messages = append(c.messages, m)
			c.bytes += int64(len(m.body))
		}
		return nil
	})
}

func asMessages(got []queue.Received) []message {
	ms := make([]message, len(got))
	for i, r := range got {
		ms[i] = message{r.Sequence, r.ID, r.SentAt, r.Body}
	}
	return ms
}

// release gives the messages of a batch that is not fixed back to the queue.
func (d *delivery) release(c *collected) {
	d.feed.release(c.created, sequences(c.messages))
}
