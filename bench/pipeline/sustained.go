package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/scopsdb/scops/bench/rig"
	"github.com/scopsdb/scops/internal/client"
)

const (
	// mostBehind is how many acknowledged events may be in no file yet before
	// the senders wait: more than one batch being written and one being made.
	mostBehind = 400_000
	// warmUp is left out.
	warmUp = 5 * time.Second
)

// sustained sends as many events as the pipeline takes without a growing
// backlog: senders wait while too many are in no file yet.
func sustained(ctx context.Context, o options) error {
	fmt.Fprint(o.out, row("events/s in Parquet files", "behind at the start", "behind at the end", "CPU of scops, µs an event", "files", "MiB resident at most"),
		row("---", "---", "---", "---", "---", "---"))
	for range o.rounds {
		s, err := rig.Start(o.binary, o.dir, eventsYAML("max_wait: 1s"))
		if err != nil {
			return err
		}
		text, err := measureSustained(ctx, o, s)
		if err := errors.Join(err, s.Stop()); err != nil {
			return err
		}
		fmt.Fprint(o.out, text)
	}
	return nil
}

// standing is how the delivery stands at a moment.
type standing struct {
	at      time.Time
	inFiles int64
	files   int64
	cpu     time.Duration // of the process so far
}

func measureSustained(ctx context.Context, o options, s *rig.Scops) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &flood{}
	var work sync.WaitGroup
	errs := make(chan error, senders)
	for i := range senders {
		work.Go(func() { errs <- f.send(ctx, s, i) })
	}
	c := &client.Client{Endpoint: s.Endpoint, Region: rig.Region, Credentials: credentials.StaticCredentialsProvider{Value: s.Signer.Keys}}
	watch := func(length time.Duration) (at standing, err error) {
		for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if at, err = f.look(ctx, c, s.PID()); err != nil {
				return at, err
			}
			select {
			case err := <-errs:
				return at, err
			default:
			}
		}
		return at, nil
	}
	from, err := watch(warmUp)
	if err != nil {
		return "", err
	}
	behind := f.sent.Load() - from.inFiles
	to, err := watch(o.length)
	if err != nil {
		return "", err
	}
	cancel()
	work.Wait()
	peak, err := s.Memory("VmHWM")
	if err != nil {
		return "", err
	}
	events, took := float64(to.inFiles-from.inFiles), to.at.Sub(from.at).Seconds()
	return row(fmt.Sprintf("%.0f", events/took), behind, f.sent.Load()-to.inFiles,
		fmt.Sprintf("%.1f", float64((to.cpu-from.cpu).Microseconds())/events), to.files, fmt.Sprintf("%.0f", peak)), nil
}

// flood sends as fast as it may.
type flood struct {
	sent   atomic.Int64 // acknowledged
	behind atomic.Int64 // at the last look
}

// look reads the books and the process's time.
func (f *flood) look(ctx context.Context, c *client.Client, pid int) (standing, error) {
	list, err := c.Deliveries(ctx)
	if err != nil {
		return standing{}, err
	}
	f.behind.Store(f.sent.Load() - list[0].InFiles)
	cpu, err := cpuTime(pid)
	return standing{time.Now(), list[0].InFiles, list[0].Files, cpu}, err
}

// cpuTime is what a process has used, user and system.
func cpuTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * time.Second / 100, err // in hundredths
}

// send sends batches of ten on a connection until ctx ends. Its requests are
// laid out by hand: the sender shares the cores with the server.
func (f *flood) send(ctx context.Context, s *rig.Scops, number int) error {
	c, err := newAPI(s)
	if err != nil {
		return err
	}
	defer c.close()
	url, err := c.queueURL(ctx, "events")
	if err != nil {
		return err
	}
	lean, err := s.Signer.Lean(s.Endpoint, "sqs", "application/x-amz-json-1.0", "AmazonSQS.SendMessageBatch")
	if err != nil {
		return err
	}
	var request, body []byte
	for n := int64(0); ctx.Err() == nil; {
		if f.behind.Load() > mostBehind {
			time.Sleep(2 * time.Millisecond)
			continue
		}
		body = fmt.Appendf(body[:0], `{"QueueUrl":%q,"Entries":[`, url)
		for i := range batch {
			if i > 0 {
				body = append(body, ',')
			}
			body = fmt.Appendf(body, `{"Id":"%d","MessageBody":`, i)
			body = strconv.AppendQuote(body, string(event(number, n+int64(i), time.Now())))
			body = append(body, '}')
		}
		body = append(body, "]}"...)
		request = lean.Request(request, body)
		answer, err := c.http.Do(request)
		if err != nil {
			return err
		}
		if strings.Contains(string(answer), `"Failed":[{`) {
			return fmt.Errorf("not all of a batch were accepted: %.200s", answer)
		}
		n += batch
		f.sent.Add(batch)
	}
	return nil
}
