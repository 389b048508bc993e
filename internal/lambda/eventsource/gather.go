package eventsource

import (
	"context"
	"errors"
	"slices"
	"time"

	sqs "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/scopsdb/scops/internal/lambda/eventfilter"
)

// gathered are the records of one batch, before it is cut by its size.
type gathered struct {
	records    []record
	bytes      int
	visibility time.Duration // timeout of the messages
	function   Function
}

// gather receives until the batch is full or its window is over. Without a
// window it takes what one receive gives. It returns no records when there are
// none; those of a batch that was interrupted are visible again.
func (p *poller) gather(ctx context.Context) (gathered, error) {
	var g gathered
	var err error
	if g.function, err = p.s.o.Functions.Find(ctx, p.m.Function); err != nil {
		return g, err
	}
	if g.visibility, err = p.s.o.Queues.VisibilityTimeout(ctx, p.m.queue()); err != nil {
		return g, err
	}
	var end time.Time
	for wait := longPoll; ; wait = end.Sub(p.s.o.Now()) {
		if err = p.receive(ctx, &g, wait); err != nil {
			break
		}
		if len(g.records) == 0 || g.bytes >= maxPayload || len(g.records) >= int(p.m.BatchSize) {
			return g, nil
		}
		if end.IsZero() {
			end = g.records[0].received.Add(p.window(&g))
		}
		if !p.s.o.Now().Before(end) {
			return g, nil
		}
	}
	if ctx.Err() == nil { // the queue fails; what it gave is good
		return g, err
	}
	p.release(&g)
	return gathered{}, err
}

// window is how long the batch waits for more: as configured, but never so long
// that the messages would be visible again before the function could be done.
func (p *poller) window(g *gathered) time.Duration {
	return min(time.Duration(p.m.Window)*time.Second, g.visibility-g.function.Timeout)
}

func (p *poller) receive(ctx context.Context, g *gathered, wait time.Duration) error {
	messages, err := p.s.o.Queues.Receive(ctx, p.m.queue(), int(p.m.BatchSize)-len(g.records), maxPayload-g.bytes, wait)
	if err != nil {
		return err
	}
	received := p.s.o.Now()
	var unwanted []string
	for i := range messages {
		m := &messages[i]
		if !p.wanted(m) {
			unwanted = append(unwanted, *m.ReceiptHandle)
			continue
		}
		r, err := newRecord(m, p.m.Source, p.s.o.Region, received)
		if err != nil {
			return err
		}
		g.records = append(g.records, r)
		g.bytes += len(r.text)
	}
	if len(unwanted) == 0 {
		return nil
	}
	return p.s.o.Queues.Delete(ctx, p.m.queue(), unwanted)
}

// wanted tells whether one of the filters matches. What none does is deleted, as
// on AWS.
func (p *poller) wanted(m *sqs.Message) bool {
	if len(p.patterns) == 0 {
		return true
	}
	event := filterable(m, p.m.Source, p.s.o.Region)
	return slices.ContainsFunc(p.patterns, func(pattern *eventfilter.Pattern) bool { return pattern.Match(event) })
}

// release gives back what nobody will process. If that fails, the visibility
// timeout does it.
func (p *poller) release(g *gathered) {
	if len(g.records) == 0 {
		return
	}
	if err := p.s.o.Queues.Release(p.s.invoking, p.m.queue(), receipts(g.records)); err != nil && !errors.Is(err, context.Canceled) {
		p.s.o.Log.Debug("event source mapping: release", "uuid", p.m.UUID, "error", err)
	}
}

func receipts(records []record) []string {
	out := make([]string, len(records))
	for i := range records {
		out[i] = records[i].receipt
	}
	return out
}
