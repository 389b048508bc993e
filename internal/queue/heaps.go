package queue

import "container/heap"

// sequences is a min-heap of sequences.
type sequences struct{ h uint64Heap }

func (s *sequences) len() int        { return len(s.h) }
func (s *sequences) min() uint64     { return s.h[0] }
func (s *sequences) push(seq uint64) { s.h.up(seq) }

func (s *sequences) pop() uint64 { return s.h.down() }

// uint64Heap is a binary min-heap without the boxing of container/heap, because
// every returned message passes through it.
type uint64Heap []uint64

func (h *uint64Heap) up(v uint64) {
	*h = append(*h, v)
	s := *h
	i := len(s) - 1
	for i > 0 {
		p := (i - 1) / 2
		if s[p] <= v {
			break
		}
		s[i] = s[p]
		i = p
	}
	s[i] = v
}

func (h *uint64Heap) down() uint64 {
	s := *h
	top := s[0]
	last := s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) == 0 {
		return top
	}
	i := 0
	for {
		c := 2*i + 1
		if c >= len(s) {
			break
		}
		if c+1 < len(s) && s[c+1] < s[c] {
			c++
		}
		if s[c] >= last {
			break
		}
		s[i] = s[c]
		i = c
	}
	s[i] = last
	return top
}

// deadlines orders claims by when they end. Entries of claims that ended in
// another way stay until they come up or outnumber the rest.
type deadlines struct{ h deadlineHeap }

type deadline struct {
	at  int64
	seq uint64
}

func (d *deadlines) push(at int64, seq uint64) { heap.Push(&d.h, deadline{at, seq}) }

// next returns the earliest entry.
func (d *deadlines) next() (deadline, bool) {
	if len(d.h) == 0 {
		return deadline{}, false
	}
	return d.h[0], true
}

func (d *deadlines) pop() { heap.Pop(&d.h) }

// prune drops entries that no longer stand for a claim once they are the
// majority, so that memory follows the number of claims.
func (d *deadlines) prune(claims map[uint64]claim) {
	if len(d.h) < 2*len(claims)+1024 {
		return
	}
	kept := d.h[:0]
	for _, e := range d.h {
		if c, ok := claims[e.seq]; ok && c.state == inFlight && c.deadline == e.at {
			kept = append(kept, e)
		}
	}
	d.h = kept
	if cap(kept) > 4*len(kept)+1024 {
		d.h = append(make(deadlineHeap, 0, len(kept)), kept...)
	}
	heap.Init(&d.h)
}

type deadlineHeap []deadline

func (h deadlineHeap) Len() int           { return len(h) }
func (h deadlineHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h deadlineHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *deadlineHeap) Push(x any)        { *h = append(*h, x.(deadline)) }

func (h *deadlineHeap) Pop() any {
	s := *h
	x := s[len(s)-1]
	*h = s[:len(s)-1]
	return x
}
