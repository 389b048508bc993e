package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/bench/rig"
)

// target is a server under test, given as NAME=PROTOCOL:URL, for example
// goaws=query:http://127.0.0.1:4100. NAME@16 has at most 16 clients.
type target struct {
	name, protocol, url string
	clients             int // 0: any number
}

var protocols = []string{"json", "query", "nats"}

func parseTarget(s string) (target, error) {
	name, rest, ok := strings.Cut(s, "=")
	protocol, url, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || !slices.Contains(protocols, protocol) {
		return target{}, fmt.Errorf("%q is not NAME=PROTOCOL:URL with one of the protocols %v", s, protocols)
	}
	t := target{name: name, protocol: protocol, url: strings.TrimRight(url, "/")}
	if name, limit, ok := strings.Cut(name, "@"); ok {
		n, err := strconv.Atoi(limit)
		if err != nil {
			return t, fmt.Errorf("%q: %w", s, err)
		}
		t.name, t.clients = name, n
	}
	return t, nil
}

// does tells whether the target takes part in a cell.
func (t target) does(c cell) bool {
	return (t.protocol != "nats" || c.kind == send) && (t.clients == 0 || c.clients <= t.clients)
}

// worker is one client on a connection of its own.
type worker interface {
	// send sends a batch and fails unless each message was accepted.
	send() error
	// receive takes up to a batch of messages, and delete deletes them.
	receive() (messages int, err error)
	delete() error
	close()
}

// open makes a queue and its clients; done removes both.
func (t target) open(ctx context.Context, s rig.Signer, c cell) (workers []worker, done func() error, err error) {
	var q queue
	switch t.protocol {
	case "nats":
		q, err = newStream(t)
	default:
		q, err = newSQS(ctx, s, t)
	}
	if err != nil {
		return nil, nil, err
	}
	done = func() error {
		for _, w := range workers {
			w.close()
		}
		return q.remove(ctx)
	}
	for range c.clients {
		w, err := q.worker(ctx, c)
		if err != nil {
			return nil, nil, errors.Join(err, done())
		}
		workers = append(workers, w)
	}
	return workers, done, nil
}

// queue is a new queue of a target.
type queue interface {
	worker(ctx context.Context, c cell) (worker, error)
	remove(ctx context.Context) error
}
