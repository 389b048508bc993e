package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// kind is what a client does again and again.
type kind string

const (
	send  kind = "send"
	cycle kind = "cycle" // send, receive, delete
)

// cell is one load: what the clients do, messages a request, clients and bytes
// of a message.
type cell struct {
	kind                 kind
	batch, clients, size int
}

func (c cell) String() string {
	return fmt.Sprintf("%-5s batch=%-2d clients=%-3d size=%-5d", c.kind, c.batch, c.clients, c.size)
}

// peerLimit is the most that the peers take in one request. scops takes 1 MiB, as
// AWS does today.
const peerLimit = 256 << 10

// loads are the cells of all combinations that every server takes.
func loads(k kind, batches, clients, sizes []int) (cells []cell) {
	for _, size := range sizes {
		for _, batch := range batches {
			for _, n := range clients {
				if batch*size < peerLimit {
					cells = append(cells, cell{k, batch, n, size})
				}
			}
		}
	}
	return cells
}

// numbers reads "1,16,64"; nothing is none.
func numbers(text string) ([]int, error) {
	var out []int
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no list of numbers", text)
		}
		out = append(out, n)
	}
	return slices.Compact(out), nil
}
