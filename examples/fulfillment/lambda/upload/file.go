package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// file is the object that one batch writes into one partition. It follows from
// its messages alone: the same messages again give the same bytes under the
// same name, so that a batch that is repeated replaces its object.
type file struct {
	lines  []line
	sorted bool
}

type line struct {
	id  string // of the message
	row row
}

func (f *file) add(id string, r row) { f.lines, f.sorted = append(f.lines, line{id, r}), false }

// sort brings the messages into an order that does not depend on their arrival.
func (f *file) sort() []line {
	if !f.sorted {
		slices.SortFunc(f.lines, func(a, b line) int { return cmp.Compare(a.id, b.id) })
		f.lines = slices.CompactFunc(f.lines, func(a, b line) bool { return a.id == b.id })
		f.sorted = true
	}
	return f.lines
}

func (f *file) ids() []string {
	var out []string
	for _, l := range f.sort() {
		out = append(out, l.id)
	}
	return out
}

func (f *file) name() string {
	h := sha256.New()
	for _, id := range f.ids() {
		h.Write([]byte(id + "\n"))
	}
	return hex.EncodeToString(h.Sum(nil)[:16]) + ".json.gz"
}

func (f *file) encode() ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	e := json.NewEncoder(z) // one object a line
	for _, l := range f.sort() {
		if err := e.Encode(l.row); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
