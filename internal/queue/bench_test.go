package queue

import (
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/stretchr/testify/require"
)

const benchBody = 512

func benchStore(b *testing.B) *Store {
	s := openTest(b, b.TempDir(), Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(b, s.CreateQueue(b.Context(), orders, DefaultAttributes()))
	return s
}

// each sender does its share of b.N iterations.
func senders(b *testing.B, n int, f func(sender int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for next.Add(1) <= int64(b.N) {
				f(i)
			}
		}()
	}
	wg.Wait()
	b.StopTimer()
}

func report(b *testing.B, messages int) {
	b.ReportMetric(float64(b.N*messages)/b.Elapsed().Seconds(), "msg/s")
}

func batchOf(n int) []Message {
	m := make([]Message, n)
	for i := range m {
		m[i].Body = strings.Repeat("x", benchBody)
	}
	return m
}

// BenchmarkSend is a durable send of 1 or 10 messages by 1, 16 or 128 senders.
func BenchmarkSend(b *testing.B) {
	for _, batch := range []int{1, 10} {
		for _, n := range []int{1, 16, 128} {
			b.Run(fmt.Sprintf("batch=%d/senders=%d", batch, n), func(b *testing.B) {
				s := benchStore(b)
				messages := batchOf(batch)
				senders(b, n, func(int) {
					if _, err := s.Send(b.Context(), orders, messages); err != nil {
						b.Error(err)
					}
				})
				report(b, batch)
			})
		}
	}
}

// BenchmarkPlainSync is what BenchmarkSend would be with one synced Pebble batch
// for each call: no counters, no order of sequences.
func BenchmarkPlainSync(b *testing.B) {
	for _, batch := range []int{1, 10} {
		for _, n := range []int{1, 16, 128} {
			b.Run(fmt.Sprintf("batch=%d/senders=%d", batch, n), func(b *testing.B) {
				s := benchStore(b)
				value := make([]byte, benchBody+25)
				var seq atomic.Uint64
				senders(b, n, func(int) {
					w := s.db.NewBatch()
					first := seq.Add(uint64(batch))
					for i := range batch {
						w.Set(seqKey(spaceMessage, 1000, first+uint64(i)), value, nil)
					}
					if err := w.Commit(pebble.Sync); err != nil {
						b.Error(err)
					}
					w.Close()
				})
				report(b, batch)
			})
		}
	}
}

// BenchmarkRawSync is the bound: the same bytes appended to a file and
// fdatasynced, by one writer.
func BenchmarkRawSync(b *testing.B) {
	for _, batch := range []int{1, 10, 640} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
			require.NoError(b, err)
			defer f.Close()
			data := make([]byte, batch*(benchBody+50))
			b.ResetTimer()
			for i := range b.N {
				binary.BigEndian.PutUint64(data, uint64(i))
				_, err := f.Write(data)
				if err == nil {
					err = fdatasync(f)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			report(b, batch)
		})
	}
}

// BenchmarkCycle sends 10, receives 10 and deletes 10, all durable.
func BenchmarkCycle(b *testing.B) {
	for _, n := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
			s := benchStore(b)
			messages := batchOf(10)
			senders(b, n, func(int) {
				_, err := s.Send(b.Context(), orders, messages)
				if err != nil {
					b.Error(err)
				}
				got, err := s.Receive(b.Context(), orders, ReceiveOptions{Max: 10, Visibility: 30 * time.Second})
				if err != nil {
					b.Error(err)
				}
				handles := make([]ReceiptHandle, len(got))
				for i := range got {
					handles[i] = got[i].Receipt
				}
				if _, err := s.Delete(b.Context(), orders, handles); err != nil {
					b.Error(err)
				}
			})
			report(b, 10)
		})
	}
}

// BenchmarkFIFOCycle is BenchmarkCycle on a FIFO queue: ten messages with
// deduplication ids in a group of each worker's own.
func BenchmarkFIFOCycle(b *testing.B) {
	for _, n := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("workers=%d", n), func(b *testing.B) {
			s := openTest(b, b.TempDir(), Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
			a := DefaultAttributes()
			a.FIFO = true
			require.NoError(b, s.CreateQueue(b.Context(), orders, a))
			var ids atomic.Int64
			senders(b, n, func(worker int) {
				messages := batchOf(10)
				for i := range messages {
					messages[i].Group = fmt.Sprint(worker)
					messages[i].Deduplication = &Deduplication{ID: fmt.Sprint(ids.Add(1)), Window: 5 * time.Minute}
				}
				if _, err := s.Send(b.Context(), orders, messages); err != nil {
					b.Error(err)
				}
				got, err := s.Receive(b.Context(), orders, ReceiveOptions{Max: 10, Visibility: 30 * time.Second})
				if err != nil {
					b.Error(err)
				}
				deleteAll(b, s, got...)
			})
			report(b, 10)
		})
	}
}
