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
	// batch is open and nobody sees it before it is in files.
	mostPause = 50 * time.Millisecond
	// leastChunk and mostChunk bound how long messages gather before their rows
	// are shown: the more that is to do, the larger the pieces.
	leastChunk = time.Millisecond
	mostChunk  = 20 * time.Millisecond
)

// collected is a batch in the making: messages that are held in the queue.
type collected struct {
	created  time.Time // of the queue that they are in
	messages []message
	bytes    int64 // of bodies
	memory   int64 // taken from the budget
	shown    *shown
	gone     bool // the queue was deleted: the rows are not shown any more
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
	need := min(c.bytes+overhead, d.m.budget)
	if !d.reserve(need) {
		if err := d.m.memory.Acquire(d.closing, need); err != nil {
			d.release(c)
			return false
		}
	}
	c.memory = need
	d.count(c)
	return true
}

// fill collects until the batch is due and hands it over. Where the writer is
// still busy with the last one, a batch that is due but not full goes on
// growing. It returns false when the delivery closes first.
func (d *delivery) fill(c *collected, batches chan<- *collected) bool {
	began := time.Now()
	for {
		look, had := time.Now(), len(c.messages)
		more, full := d.take(c)
		if d.closing.Err() != nil {
			return false
		}
		pause := d.chunkPause(time.Since(look), len(c.messages) > had)
		left := time.Until(began.Add(d.hold(c)))
		switch {
		case full || left <= 0:
			if full {
				pause = idleWait // it takes no more
			}
			if handed := d.hand(c, batches, pause); handed || d.closing.Err() != nil {
				return handed
			}
		case !more:
			d.next(c, min(pause, left), left)
		}
	}
}

// chunkPause is how long messages gather after a look that took so long.
func (d *delivery) chunkPause(took time.Duration, found bool) time.Duration {
	switch {
	case d.m.tails == nil:
		return min(d.config.MaxWait/8+time.Millisecond, mostPause)
	case !found:
		return 0 // what comes next comes alone
	}
	return min(max(leastChunk, 2*took), mostChunk)
}

// hand offers a batch to the writer for a while, at least a millisecond.
func (d *delivery) hand(c *collected, batches chan<- *collected, wait time.Duration) bool {
	t := time.NewTimer(max(wait, leastChunk))
	defer t.Stop()
	select {
	case batches <- c:
		return true
	case <-t.C:
	case <-d.closing.Done():
	}
	return false
}

// next waits for a pause, then for a message, until left is over.
func (d *delivery) next(c *collected, pause, left time.Duration) {
	if pause > 0 {
		t := time.NewTimer(pause)
		defer t.Stop()
		select {
		case <-t.C:
		case <-d.closing.Done():
			return
		}
	}
	if left -= pause; left <= 0 || d.m.tails == nil {
		return
	}
	before, had := c.bytes, len(c.messages)
	err := d.receive(c, queue.ReceiveOptions{Max: 1, Wait: min(left, pressedFor/2), Hold: true})
	if err != nil || len(c.messages) == had {
		return
	}
	if need := c.bytes - before + overhead; d.reserve(need) {
		c.memory += need
	}
	d.count(c)
}

// count shows what was received, and takes the memory of its rows from the
// budget. It returns false where there is none left.
func (d *delivery) count(c *collected) bool {
	grown := d.show(c)
	if grown <= 0 {
		return true
	}
	if !d.reserve(grown) {
		return false
	}
	c.memory += grown
	return true
}

// take adds what is in the queue now, as far as batch and budget allow. more
// says that there may be more at once, full that the batch can take no more.
func (d *delivery) take(c *collected) (more, full bool) {
	room, roomBytes := d.config.MaxRecords-len(c.messages), d.config.MaxBytes-c.bytes
	if room <= 0 || roomBytes <= 0 {
		return false, true
	}
	reserve := min(int64(chunkBytes), d.m.budget/4)
	if !d.reserve(reserve) {
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
	if !d.count(c) {
		full = true
	}
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
		if p := (*pausedError)(nil); errors.As(err, &p) {
			c.lose()
		}
		if err != nil || len(got) == 0 {
			return err
		}
		d.m.measures.received.WithLabelValues(d.config.Name).Add(float64(len(got)))
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

// lose takes the rows away that were shown, because their queue is gone.
func (c *collected) lose() {
	c.shown.drop()
	c.shown, c.gone = nil, len(c.messages) > 0
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
	c.shown.drop()
	d.feed.release(c.created, sequences(c.messages))
}
