package eventsource

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// deleteTries is how often the deletion of processed messages is tried. One
// that fails for good has the function get the messages again.
const deleteTries = 5

// process hands the records over, in payloads of at most 6 MB one after the
// other. In a FIFO queue what follows a failure waits for its turn.
func (p *poller) process(g gathered) {
	for _, batch := range split(g.records) {
		if !p.processBatch(&g, batch) && p.m.fifo() {
			return
		}
	}
}

// processBatch reports whether the function succeeded with all of the batch.
// What it did not is left alone: it is visible again after its visibility
// timeout, or moves to the dead-letter queue.
func (p *poller) processBatch(g *gathered, batch []record) bool {
	outcome, err := p.invoke(g, batch)
	if err == nil && outcome.FunctionError != "" {
		err = fmt.Errorf("the function failed: %s", errorOf(outcome.Payload))
	}
	var failed map[string]bool
	if err == nil && p.m.Report {
		if failed, err = failedItems(outcome.Payload, batch); err != nil {
			err = fmt.Errorf("the partial batch response is not valid: %w", err)
		}
	}
	if err != nil {
		p.failed(problemOf(err))
		return false
	}
	if len(failed) < len(batch) {
		p.succeeded()
	} else {
		p.failed("every message of the last batch failed")
	}
	p.delete(batch, failed)
	return len(failed) == 0
}

// invoke calls the function. While it has no free concurrency, or cannot be
// called for another reason, it tries again, as long as it could be done before
// the messages are visible to others.
func (p *poller) invoke(g *gathered, batch []record) (Outcome, error) {
	event := payload(batch)
	last := batch[0].received.Add(g.visibility - g.function.Timeout)
	for tries := 1; ; tries++ {
		outcome, err := p.s.o.Functions.Invoke(p.s.invoking, g.function.ARN, event)
		pause := backoff(tries)
		if err == nil || is(err, codeNotFound) || p.s.o.Now().Add(pause).After(last) || !sleep(p.s.invoking, pause) {
			return outcome, err
		}
	}
}

// delete takes what was processed out of the queue. It goes on after the end of
// the invocations, since the work is done.
func (p *poller) delete(batch []record, failed map[string]bool) {
	done := make([]record, 0, len(batch))
	for i := range batch {
		if !failed[batch[i].id] {
			done = append(done, batch[i])
		}
	}
	if len(done) == 0 {
		return
	}
	ctx := context.WithoutCancel(p.s.invoking)
	var err error
	for try := 1; try <= deleteTries; try++ {
		if err = p.s.o.Queues.Delete(ctx, p.m.queue(), receipts(done)); err == nil || is(err, codeNoQueue) {
			return
		}
		time.Sleep(backoff(try))
	}
	p.s.o.Log.Warn("event source mapping: processed messages were not deleted and will be processed again", "uuid", p.m.UUID, "messages", len(done), "error", err)
}

// errorOf is what a function said of its failure, shortened.
func errorOf(payload []byte) string {
	var v struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(payload, &v) != nil || v.ErrorMessage == "" {
		return "it gave no message"
	}
	return fmt.Sprintf("%.50s: %.200s", v.ErrorType, v.ErrorMessage)
}
