package sqs

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkSend is SendMessage and SendMessageBatch with 1, 16 and 128 clients,
// without HTTP. BenchmarkRawSync of package queue is the bound.
func BenchmarkSend(b *testing.B) {
	body := strings.Repeat("x", 512)
	for _, batch := range []int{1, 10} {
		for _, clients := range []int{1, 16, 128} {
			b.Run(fmt.Sprintf("batch=%d/clients=%d", batch, clients), func(b *testing.B) {
				f := newFixture(b)
				in := &sendMessageBatchInput{QueueUrl: f.url}
				for i := range batch {
					in.Entries = append(in.Entries, sendEntry{Id: fmt.Sprint(i), MessageBody: body})
				}
				inParallel(b, clients, func() error {
					_, err := f.SendMessageBatch(f.ctx, in)
					return err
				})
				b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "msg/s")
			})
		}
	}
}

// BenchmarkCycle sends ten messages, receives ten and deletes ten.
func BenchmarkCycle(b *testing.B) {
	body := strings.Repeat("x", 512)
	for _, clients := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			f := newFixture(b)
			in := &sendMessageBatchInput{QueueUrl: f.url}
			for i := range 10 {
				in.Entries = append(in.Entries, sendEntry{Id: fmt.Sprint(i), MessageBody: body})
			}
			inParallel(b, clients, func() error {
				if _, err := f.SendMessageBatch(f.ctx, in); err != nil {
					return err
				}
				got, err := f.ReceiveMessage(f.ctx, &receiveMessageInput{QueueUrl: f.url, MaxNumberOfMessages: ptr[int32](10)})
				if err != nil || len(got.Messages) == 0 {
					return err
				}
				gone := &deleteMessageBatchInput{QueueUrl: f.url}
				for i, m := range got.Messages {
					gone.Entries = append(gone.Entries, deleteEntry{Id: fmt.Sprint(i), ReceiptHandle: m.ReceiptHandle})
				}
				_, err = f.DeleteMessageBatch(f.ctx, gone)
				return err
			})
			b.ReportMetric(float64(b.N*10)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func inParallel(b *testing.B, clients int, f func() error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for next.Add(1) <= int64(b.N) {
				if err := f(); err != nil {
					b.Error(err)
					return
				}
			}
		}()
	}
	wg.Wait()
	b.StopTimer()
}
