package delivery

import "github.com/scopsdb/scops/internal/queue"

// recent keeps messages that were received for several deliveries, the newest
// ones, within the budget of messages in memory and within a part of it. What
// is not here any more is read from the queue again.
type recent struct {
	m     *Manager
	by    map[uint64]queue.Received
	order []uint64 // as they came; some are forgotten already
	bytes int64
}

// recentPart is the part of the budget that one queue may use.
const recentPart = 8

func (c *recent) put(r queue.Received) {
	size := int64(len(r.Body)) + overhead
	most := c.m.budget / recentPart
	for c.bytes+size > most && len(c.order) > 0 {
		c.remove(c.order[0])
		c.order = c.order[1:]
	}
	if c.bytes+size > most || !c.m.memory.TryAcquire(size) {
		return
	}
	if c.by == nil {
		c.by = map[uint64]queue.Received{}
	}
	c.remove(r.Sequence)
	c.by[r.Sequence] = r
	c.order = append(c.order, r.Sequence)
	c.bytes += size
}

func (c *recent) remove(seq uint64) {
	r, ok := c.by[seq]
	if !ok {
		return
	}
	delete(c.by, seq)
	size := int64(len(r.Body)) + overhead
	c.bytes -= size
	c.m.memory.Release(size)
}

// get returns the messages that are here, in the order of the sequences, and
// the sequences of the others.
func (c *recent) get(seqs []uint64) (got []queue.Received, missing []uint64) {
	for _, seq := range seqs {
		if r, ok := c.by[seq]; ok {
			got = append(got, r)
		} else {
			missing = append(missing, seq)
		}
	}
	return got, missing
}

func (c *recent) forget(gone spans) {
	if len(c.by) == 0 {
		return
	}
	for seqs := range gone.chunks(chunkOfSequences) {
		for _, seq := range seqs {
			c.remove(seq)
		}
	}
	for len(c.order) > 0 {
		if _, ok := c.by[c.order[0]]; ok {
			break
		}
		c.order = c.order[1:]
	}
}

func (c *recent) clear() {
	for seq := range c.by {
		c.remove(seq)
	}
	c.order = nil
}
