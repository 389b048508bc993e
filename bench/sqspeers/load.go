package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// once does one request on a connection of its own.
func once(t target, request []byte) ([]byte, error) {
	c, err := rig.NewClient(t.url)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Do(request)
}

var (
	queueURLs = regexp.MustCompile(`(?:"QueueUrl"\s*:\s*"|<QueueUrl>)([^"<]+)`)
	sequence  atomic.Int64
)

// measure sends to a new queue for a while and returns messages a second.
func measure(ctx context.Context, s rig.Signer, t target, c cell, size int, length time.Duration) (float64, error) {
	name := fmt.Sprintf("bench-%d-%d", time.Now().Unix(), sequence.Add(1))
	create, err := request(ctx, s, t, "CreateQueue", map[string]any{"QueueName": name})
	if err != nil {
		return 0, err
	}
	answer, err := once(t, create)
	if err != nil {
		return 0, fmt.Errorf("CreateQueue: %w", err)
	}
	found := queueURLs.FindSubmatch(answer)
	if found == nil {
		return 0, fmt.Errorf("CreateQueue answered no queue URL: %.200s", answer)
	}
	queueURL := strings.ReplaceAll(string(found[1]), `\/`, "/")
	send, err := sendRequest(ctx, s, t, queueURL, c.batch, size)
	if err != nil {
		return 0, err
	}
	n, took, err := load(t, send, c, length)
	if err != nil {
		return 0, err
	}
	remove, err := request(ctx, s, t, "DeleteQueue", map[string]any{"QueueUrl": queueURL})
	if err != nil {
		return 0, err
	}
	if _, err := once(t, remove); err != nil {
		return 0, fmt.Errorf("DeleteQueue: %w", err)
	}
	return float64(n*int64(c.batch)) / took.Seconds(), nil
}

// load repeats the request on c.clients connections. Every answer must accept
// every message.
func load(t target, request []byte, c cell, length time.Duration) (requests int64, took time.Duration, err error) {
	clients := make([]*rig.Client, c.clients)
	for i := range clients {
		if clients[i], err = rig.NewClient(t.url); err != nil {
			return 0, 0, err
		}
		defer clients[i].Close()
	}
	errs := make([]error, c.clients)
	var total atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for i, cl := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for time.Since(start) < length {
				answer, err := cl.Do(request)
				if err == nil && bytes.Count(answer, []byte("MD5OfMessageBody")) < c.batch {
					err = fmt.Errorf("not every message was accepted: %.300s", answer)
				}
				if err != nil {
					errs[i] = err
					return
				}
				total.Add(1)
			}
		}()
	}
	wg.Wait()
	return total.Load(), time.Since(start), errors.Join(errs...)
}
