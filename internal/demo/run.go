package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/schollz/progressbar/v3"
	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
	"golang.org/x/sync/errgroup"
)

// Config is the pipeline that the demo needs, as scops.yaml.
//
//go:embed scops.yaml
var Config []byte

const (
	queueName    = "order-events"
	deliveryName = "orders"
	batchSize    = 10 // SQS's limit
	senders      = 16
	// visibleWithin is how long the demo waits for the last event; a healthy
	// pipeline needs a second or two.
	visibleWithin = 2 * time.Minute
)

// Options say what to send and where to print.
type Options struct {
	Events  int
	SQS     *sqs.Client
	Scops   *client.Client
	Out     io.Writer // the statistics
	Bar     io.Writer // the progress bar
	Pricing httpapi.Pricing
}

// ErrCountsOff is the demo's failure: an answer differs from what was sent.
var ErrCountsOff = errors.New("the statistics differ from what was sent")

// Run sends the events, waits until SQL sees them all and checks and prints the
// statistics.
func Run(ctx context.Context, o Options) error {
	book, took, err := send(ctx, o)
	if err != nil {
		return fmt.Errorf("send events: %w", err)
	}
	sent := time.Now()
	if err := awaitVisible(ctx, o, book.Total); err != nil {
		return err
	}
	visible := time.Since(sent)
	if err := awaitBooks(ctx, o, book.Total); err != nil {
		return err
	}
	filed := time.Since(sent)
	var off error
	for _, s := range statistics(book) {
		if err := s.run(ctx, o); err != nil {
			off = errors.Join(off, err)
		}
	}
	fmt.Fprintf(o.Out, "\n%d events in %.1f s: %.0f events/s through the SQS API, each on disk before its answer.\n",
		book.Total, took.Seconds(), float64(book.Total)/took.Seconds())
	fmt.Fprintf(o.Out, "The last one was visible in SQL %.2f s after its answer, and in a Parquet file after %.2f s.\n", visible.Seconds(), filed.Seconds())
	return off
}

// send puts all events on the queue, in batches, from several senders.
func send(ctx context.Context, o Options) (Book, time.Duration, error) {
	url, err := o.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(queueName)})
	if err != nil {
		return Book{}, 0, err
	}
	bar := progressbar.NewOptions(o.Events,
		progressbar.OptionSetWriter(o.Bar), progressbar.OptionSetDescription("sending events"),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetItsString("events"), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish())
	gen := NewGenerator()
	var mu sync.Mutex // of gen
	next := func() []sqstypes.SendMessageBatchRequestEntry {
		mu.Lock()
		defer mu.Unlock()
		var entries []sqstypes.SendMessageBatchRequestEntry
		for len(entries) < batchSize && int(gen.Book.Total) < o.Events {
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{
				Id: aws.String(strconv.Itoa(len(entries))), MessageBody: aws.String(string(gen.Next())),
			})
		}
		return entries
	}
	start := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for range senders {
		g.Go(func() error {
			for entries := next(); len(entries) > 0; entries = next() {
				if err := sendBatch(ctx, o.SQS, url.QueueUrl, entries); err != nil {
					return err
				}
				if err := bar.Add(len(entries)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = g.Wait()
	took := time.Since(start)
	if err == nil {
		err = bar.Finish()
	}
	return gen.Book, took, err
}

func sendBatch(ctx context.Context, c *sqs.Client, url *string, entries []sqstypes.SendMessageBatchRequestEntry) error {
	out, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: entries})
	if err != nil {
		return err
	}
	for _, f := range out.Failed {
		return fmt.Errorf("event refused: %s: %s", aws.ToString(f.Code), aws.ToString(f.Message))
	}
	return nil
}

// awaitVisible asks SQL for the count until it has all events.
func awaitVisible(ctx context.Context, o Options, want int64) error {
	ctx, cancel := context.WithTimeout(ctx, visibleWithin)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := count(ctx, o.Scops)
		if err != nil {
			return fmt.Errorf("count visible events: %w", err)
		}
		if got >= want {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d events are visible: %w", got, want, ctx.Err())
		}
	}
}

func count(ctx context.Context, c *client.Client) (int64, error) {
	rows, err := c.Query(ctx, httpapi.QueryRequest{SQL: "SELECT count(*) FROM fulfillment.orders"})
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	row, err := rows.Next()
	if err != nil {
		return 0, err
	}
	var n int64
	return n, json.Unmarshal(row[0], &n)
}

// awaitBooks waits until every event is in a file: SQL sees them before. At every
// look sent = in queue + in flight + in files + rejected, with nothing filtered
// or elsewhere.
func awaitBooks(ctx context.Context, o Options, want int64) error {
	ctx, cancel := context.WithTimeout(ctx, visibleWithin)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		d, err := o.Scops.Delivery(ctx, deliveryName)
		if err != nil {
			return fmt.Errorf("read the books: %w", err)
		}
		books := fmt.Sprintf("%d sent = %d in queue + %d in flight + %d in files + %d rejected", d.Sent, d.InQueue, d.InFlight, d.InFiles, d.Rejected)
		if d.Sent != d.InQueue+d.InFlight+d.InFiles+d.Rejected || d.Sent != want {
			return fmt.Errorf("%w: the books do not balance at %d events: %s", ErrCountsOff, want, books)
		}
		if d.InFiles == want {
			fmt.Fprintf(o.Out, "Books: %s\n", books)
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("not all of %d events are in files: %s: %w", want, books, ctx.Err())
		}
	}
}
