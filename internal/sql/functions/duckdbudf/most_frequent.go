package duckdbudf

import (
	"database/sql/driver"
	"sort"
	"strconv"
)

// mostFrequent are the n values that come most often, each followed by how
// often, counted with the Space-Saving algorithm in at most capacity counters:
// a value without a counter takes over the least.
func mostFrequent(args []driver.Value) (any, error) {
	n, capacity := args[0].(int64), args[2].(int64)
	s := &streamSummary{capacity: int(min(capacity, 1<<30)), of: map[string]*counter{}}
	for _, v := range elements[string](args[1]) {
		s.offer(v)
	}
	top := s.top(n)
	out := make([]string, 0, 2*len(top))
	for _, c := range top {
		out = append(out, c.value, strconv.FormatInt(c.count, 10))
	}
	return out, nil
}

type counter struct {
	value string
	count int64
	level *level
	place int // in level.counters
}

// level holds the counters of one count. The levels are linked in ascending
// order.
type level struct {
	count      int64
	counters   []*counter
	prev, next *level
}

type streamSummary struct {
	capacity int
	of       map[string]*counter
	least    *level
	greatest *level
}

func (s *streamSummary) offer(value string) {
	c := s.of[value]
	switch {
	case c != nil:
	case len(s.of) < s.capacity:
		c = &counter{value: value}
		s.of[value] = c
	default:
		c = s.least.counters[0]
		delete(s.of, c.value)
		c.value = value
		s.of[value] = c
	}
	s.increment(c)
}

func (s *streamSummary) increment(c *counter) {
	from := c.level
	c.count++
	next := s.least
	if from != nil {
		next = from.next
	}
	if next == nil || next.count != c.count {
		next = s.insert(c.count, from, next)
	}
	if from != nil {
		s.leave(from, c)
	}
	c.level, c.place = next, len(next.counters)
	next.counters = append(next.counters, c)
}

func (s *streamSummary) insert(count int64, prev, next *level) *level {
	l := &level{count: count, prev: prev, next: next}
	if prev == nil {
		s.least = l
	} else {
		prev.next = l
	}
	if next == nil {
		s.greatest = l
	} else {
		next.prev = l
	}
	return l
}

func (s *streamSummary) leave(l *level, c *counter) {
	last := l.counters[len(l.counters)-1]
	l.counters[c.place], last.place = last, c.place
	l.counters = l.counters[:len(l.counters)-1]
	if len(l.counters) > 0 {
		return
	}
	if l.prev == nil {
		s.least = l.next
	} else {
		l.prev.next = l.next
	}
	if l.next == nil {
		s.greatest = l.prev
	} else {
		l.next.prev = l.prev
	}
}

// top are the n counters of the greatest counts.
func (s *streamSummary) top(n int64) []*counter {
	var out []*counter
	for l := s.greatest; l != nil && int64(len(out)) < n; l = l.prev {
		same := append([]*counter(nil), l.counters...)
		sort.Slice(same, func(i, j int) bool { return same[i].value < same[j].value })
		out = append(out, same[:min(int64(len(same)), n-int64(len(out)))]...)
	}
	return out
}
