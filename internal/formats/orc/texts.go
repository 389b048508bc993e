package orc

import (
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
)

// texts is a column of texts or bytes whose values stand one after the other.
type texts struct {
	presence
	data    *stream
	lengths integers
	checked bool // that all is UTF-8
	buffer  buffer
	raw     []byte
}

// maxText bounds the texts of a batch.
const maxText = 1 << 30

func (c *texts) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	lengths := c.buffer.of(have)
	if err := c.lengths.read(lengths); err != nil {
		return err
	}
	if c.raw, err = readTexts(c.data, c.raw[:0], lengths); err != nil {
		return err
	}
	next, at := 0, 0
	for i := range n {
		if valid != nil && !valid[i] {
			to.AppendNull()
			continue
		}
		b := c.raw[at : at+int(lengths[next])]
		at += len(b)
		next++
		if c.checked && !utf8.Valid(b) {
			return errUTF8
		}
		to.AppendText(b)
	}
	return nil
}

var errUTF8 = corrupt("A text is not UTF-8")

// readTexts appends all texts of the lengths. What a file claims is not
// believed before the bytes are there.
func readTexts(in *stream, to []byte, lengths []int64) ([]byte, error) {
	total := int64(0)
	for _, l := range lengths {
		if total += l; l < 0 || l > maxText || total > maxText {
			return nil, corrupt("A text has %d bytes", l)
		}
	}
	return in.read(to, int(total))
}

// dictionary is a column of numbers of texts that stand once in the stripe.
type dictionary struct {
	presence
	data    integers
	words   *stream
	lengths integers
	size    int
	checked bool
	loaded  bool
	raw     []byte
	ends    []int
	buffer  buffer
}

func (c *dictionary) load() error {
	c.loaded = true
	lengths := make([]int64, 0, min(c.size, maxRun))
	for left := c.size; left > 0; {
		n := min(left, maxRun)
		part := c.buffer.of(n)
		if err := c.lengths.read(part); err != nil {
			return err
		}
		lengths = append(lengths, part...)
		left -= n
	}
	var err error
	if c.raw, err = readTexts(c.words, nil, lengths); err != nil {
		return err
	}
	c.ends = make([]int, len(lengths)+1)
	for i, l := range lengths {
		c.ends[i+1] = c.ends[i] + int(l)
		if c.checked && !utf8.Valid(c.raw[c.ends[i]:c.ends[i+1]]) {
			return errUTF8
		}
	}
	return nil
}

func (c *dictionary) read(n int, in []bool, to *formats.Vector) error {
	valid, have, err := c.rows(n, in)
	if err != nil {
		return err
	}
	if !c.loaded {
		if err := c.load(); err != nil {
			return err
		}
	}
	values := c.buffer.of(have)
	if err := c.data.read(values); err != nil {
		return err
	}
	next := 0
	for i := range n {
		if valid != nil && !valid[i] {
			to.AppendNull()
			continue
		}
		v := values[next]
		next++
		if v < 0 || v >= int64(c.size) {
			return corrupt("Word %d of a dictionary of %d", v, c.size)
		}
		to.AppendText(c.raw[c.ends[v]:c.ends[v+1]])
	}
	return nil
}
