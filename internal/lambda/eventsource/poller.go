package eventsource

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/lambda/eventfilter"
)

const (
	longPoll = 20 * time.Second // as long as SQS lets a consumer wait

	firstPause = 100 * time.Millisecond // after a failure; doubled for each further one
	longPause  = 5 * time.Second
)

// poller receives the messages of one mapping and hands them to the function,
// in several batches at a time.
type poller struct {
	s        *Service
	w        *worker
	m        mapping
	patterns []*eventfilter.Pattern

	slots   chan struct{} // one for each batch under way
	running sync.WaitGroup
	cancel  context.CancelFunc
	done    chan struct{} // closed when nothing more is received

	mu       sync.Mutex
	failures int // of whole batches, in a row
}

func (s *Service) startPoller(w *worker, m mapping) *poller {
	ctx, cancel := context.WithCancel(s.invoking)
	p := &poller{s: s, w: w, m: m, slots: make(chan struct{}, m.concurrency()), cancel: cancel, done: make(chan struct{})}
	for _, text := range m.Filters {
		if pattern, err := eventfilter.Compile(text); err == nil { // checked when it was set
			p.patterns = append(p.patterns, pattern)
		}
	}
	go p.run(ctx)
	return p
}

// concurrency is how many batches of the mapping are under way at a time. AWS
// begins with five where the mapping sets no limit; here the machine is the
// limit of more.
func (m *mapping) concurrency() int {
	if m.Concurrency > 0 {
		return int(m.Concurrency)
	}
	return max(5, 2*runtime.NumCPU())
}

// stop returns when nothing more is received. Batches go on; running waits for
// them.
func (p *poller) stop() {
	p.cancel()
	<-p.done
}

func (p *poller) run(ctx context.Context) {
	defer close(p.done)
	for p.pause(ctx) && p.acquire(ctx) {
		g, err := p.gather(ctx)
		if err != nil && ctx.Err() == nil {
			p.failed(problemOf(err))
		}
		if len(g.records) == 0 {
			<-p.slots
			continue
		}
		p.running.Go(func() {
			defer func() { <-p.slots }()
			p.process(g)
		})
	}
}

// acquire takes a place for one more batch: nothing is received that no
// invocation could take at once.
func (p *poller) acquire(ctx context.Context) bool {
	select {
	case p.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// pause waits after failures, the longer the more there were in a row.
func (p *poller) pause(ctx context.Context) bool {
	p.mu.Lock()
	n := p.failures
	p.mu.Unlock()
	if n == 0 {
		return ctx.Err() == nil
	}
	return sleep(ctx, backoff(n))
}

func backoff(failures int) time.Duration {
	return min(firstPause<<min(failures-1, 10), longPause)
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *poller) failed(problem string) {
	p.mu.Lock()
	p.failures++
	p.mu.Unlock()
	p.s.report(p.w, problem)
}

func (p *poller) succeeded() {
	p.mu.Lock()
	p.failures = 0
	p.mu.Unlock()
	p.s.report(p.w, "")
}

// problemOf says in a sentence what keeps a mapping from working.
func problemOf(err error) string {
	switch {
	case is(err, codeNotFound):
		return "the function does not exist"
	case is(err, codeNoQueue):
		return "the queue does not exist"
	case is(err, codeThrottled):
		return "the function has no free concurrency"
	}
	return err.Error()
}
