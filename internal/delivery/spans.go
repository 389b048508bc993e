package delivery

import (
	"encoding/binary"
	"errors"
	"iter"
	"slices"
	"sort"
)

// span is the sequences from first to last, both included.
type span struct{ first, last uint64 }

// spans is a set of sequences: ascending, disjoint and never adjacent. What
// deliveries share of a queue is mostly a few long runs, however many messages
// that are. The methods return a new set, or the same one where nothing changes.
type spans []span

// spansOf makes the set of ascending sequences.
func spansOf(seqs []uint64) spans {
	var s spans
	for _, q := range seqs {
		s = s.append(span{q, q})
	}
	return s
}

// append adds a span that begins at or after the last one's beginning.
func (s spans) append(x span) spans {
	if n := len(s); n > 0 && x.first <= s[n-1].last+1 {
		s[n-1].last = max(s[n-1].last, x.last)
		return s
	}
	return append(s, x)
}

func (s spans) union(o spans) spans {
	if len(o) == 0 {
		return s
	}
	out := make(spans, 0, len(s)+len(o))
	for len(s) > 0 || len(o) > 0 {
		if len(o) == 0 || len(s) > 0 && s[0].first <= o[0].first {
			out, s = out.append(s[0]), s[1:]
		} else {
			out, o = out.append(o[0]), o[1:]
		}
	}
	return out
}

func (s spans) minus(o spans) spans {
	if len(o) == 0 || len(s) == 0 {
		return s
	}
	out := make(spans, 0, len(s)+len(o))
	for _, x := range s {
		for len(o) > 0 && o[0].last < x.first {
			o = o[1:]
		}
		rest := o
		for len(rest) > 0 && rest[0].first <= x.last {
			if rest[0].first > x.first {
				out = append(out, span{x.first, rest[0].first - 1})
			}
			if x.first = rest[0].last + 1; x.first > x.last {
				break
			}
			rest = rest[1:]
		}
		if x.first <= x.last {
			out = append(out, x)
		}
	}
	return out
}

func (s spans) and(o spans) spans { return s.minus(s.minus(o)) }

// after returns the end of the run that holds seq, and whether one does.
func (s spans) after(seq uint64) (last uint64, in bool) {
	i := sort.Search(len(s), func(i int) bool { return s[i].last >= seq })
	if i == len(s) || s[i].first > seq {
		return 0, false
	}
	return s[i].last, true
}

func (s spans) count() int64 {
	n := int64(0)
	for _, x := range s {
		n += int64(x.last - x.first + 1)
	}
	return n
}

// head splits off the lowest n sequences.
func (s spans) head(n int) (seqs []uint64, rest spans) {
	for len(s) > 0 && len(seqs) < n {
		x := s[0]
		for x.first <= x.last && len(seqs) < n {
			seqs = append(seqs, x.first)
			x.first++
		}
		if x.first <= x.last {
			return seqs, append(spans{x}, s[1:]...)
		}
		s = s[1:]
	}
	return seqs, s
}

// chunks yields the sequences in pieces of at most n.
func (s spans) chunks(n int) iter.Seq[[]uint64] {
	return func(yield func([]uint64) bool) {
		piece := make([]uint64, 0, min(int64(n), s.count()))
		for _, x := range s {
			for q := x.first; q <= x.last; q++ {
				if piece = append(piece, q); len(piece) < n {
					continue
				}
				if !yield(slices.Clone(piece)) {
					return
				}
				piece = piece[:0]
			}
		}
		if len(piece) > 0 {
			yield(piece)
		}
	}
}

// pack writes each span as its distance from the last one and its length.
func (s spans) pack() []byte {
	b := []byte{}
	last := uint64(0)
	for _, x := range s {
		b = binary.AppendUvarint(b, x.first-last)
		b = binary.AppendUvarint(b, x.last-x.first)
		last = x.last
	}
	return b
}

func unpackSpans(b []byte) (spans, error) {
	var s spans
	last := uint64(0)
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("damaged sequences")
		}
		l, m := binary.Uvarint(b[n:])
		if m <= 0 {
			return nil, errors.New("damaged sequences")
		}
		x := span{last + d, last + d + l}
		s, last, b = append(s, x), x.last, b[n+m:]
	}
	return s, nil
}
