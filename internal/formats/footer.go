package formats

// heldLines holds the last lines that were read, until it is known that others
// follow them.
type heldLines struct {
	lines [][]byte // a ring once it is full
	at    int
	out   []byte
}

func (h *heldLines) reset() { h.lines, h.at = nil, 0 }

// swap takes a line and gives the one that is n lines before it, if there is
// one. It is valid until the next call.
func (h *heldLines) swap(line []byte, n int) ([]byte, bool) {
	if len(h.lines) < n {
		h.lines = append(h.lines, append([]byte{}, line...))
		return nil, false
	}
	h.out, h.lines[h.at] = h.lines[h.at], append(h.out[:0], line...)
	h.at = (h.at + 1) % n
	return h.out, true
}
