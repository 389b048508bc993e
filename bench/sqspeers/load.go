package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// steps of a load, whose times are taken apart.
const (
	sending = iota
	receiving
	deleting
	steps
)

// sample is the outcome of one measurement.
type sample struct {
	rate float64              // messages a second: accepted, of a cycle deleted
	p50  [steps]time.Duration // of one request
	p99  [steps]time.Duration
}

// measure loads a new queue for a while.
func measure(ctx context.Context, s rig.Signer, t target, c cell, length time.Duration) (sample, error) {
	workers, done, err := t.open(ctx, s, c)
	if err != nil {
		return sample{}, err
	}
	logs := make([]log, len(workers))
	errs := make([]error, len(workers))
	var wg sync.WaitGroup
	start := time.Now()
	for i, w := range workers {
		wg.Go(func() {
			for errs[i] == nil && time.Since(start) < length {
				errs[i] = logs[i].turn(w, c)
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	if err := errors.Join(append(errs, done())...); err != nil {
		return sample{}, err
	}
	return summarize(logs, took), nil
}

// log is what one client counts.
type log struct {
	messages int
	times    [steps][]time.Duration
}

// turn does what a client does again and again.
func (l *log) turn(w worker, c cell) error {
	if err := l.step(sending, w.send); err != nil {
		return err
	}
	if c.kind == send {
		l.messages += c.batch
		return nil
	}
	got := 0
	err := l.step(receiving, func() (err error) { got, err = w.receive(); return err })
	if err != nil || got == 0 { // another client was faster
		return err
	}
	l.messages += got
	return l.step(deleting, w.delete)
}

func (l *log) step(n int, do func() error) error {
	start := time.Now()
	err := do()
	l.times[n] = append(l.times[n], time.Since(start))
	return err
}

func summarize(logs []log, took time.Duration) (s sample) {
	messages := 0
	var times [steps][]time.Duration
	for _, l := range logs {
		messages += l.messages
		for n := range times {
			times[n] = append(times[n], l.times[n]...)
		}
	}
	s.rate = float64(messages) / took.Seconds()
	for n, t := range times {
		if len(t) > 0 {
			s.p50[n], s.p99[n] = rig.Percentile(t, 0.5), rig.Percentile(t, 0.99)
		}
	}
	return s
}
