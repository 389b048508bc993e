package delivery

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/tail"
)

// seen counts the rows of the table that queries see, in files and in memory,
// all as of one moment.
func (r *rig) seen() (inFiles, inMemory int, err error) {
	ctx := context.Background()
	for {
		set, err := r.catalog.PartitionSet(ctx, "shop", "orders")
		if err != nil {
			return 0, 0, err
		}
		l := catalog.Listing{Database: "shop", Table: "orders", Set: set}
		for i := range set.List {
			l.Places = append(l.Places, i)
		}
		var rows []tail.Rows
		lists, current, err := r.catalog.Snapshot(ctx, []catalog.Listing{l}, func() { rows = r.tails.Snapshot("shop", "orders") })
		if err != nil {
			return 0, 0, err
		}
		if !current {
			continue
		}
		for _, files := range lists[0] {
			for _, f := range files {
				inFiles += int(f.Rows)
			}
		}
		for _, batch := range rows {
			for _, s := range batch.Segments {
				inMemory += s.Rows
			}
		}
		return inFiles, inMemory, nil
	}
}

func (r *rig) waitSeen(n int) {
	require.Eventually(r.t, func() bool {
		files, memory, err := r.seen()
		require.NoError(r.t, err)
		return files+memory == n
	}, 20*time.Second, time.Millisecond)
}

func patient() Config {
	c := ordersConfig()
	c.MaxWait = 10 * time.Minute
	return c
}

// TestEventsAreSeenAtOnce: long before a file is written, and after a restart
// that loses the memory.
func TestEventsAreSeenAtOnce(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, patient())
	r.start()
	r.send(orderEvent(1), orderEvent(2), `{"id":"no number"}`)
	r.send(orderEvent(3))
	r.waitSeen(3)
	s := r.status()
	require.EqualValues(t, 3, s.InMemory)
	require.EqualValues(t, 4, s.InFlight, "also the one that will be rejected")
	require.Zero(t, s.InFiles)
	require.Empty(t, s.InMemoryOff)
	require.True(t, s.CompleteUpTo.After(s.FilesCompleteUpTo))

	r.closeManager()
	require.Empty(t, r.tails.Snapshot("shop", "orders"), "they went back to the queue")
	r.reopen()
	r.start()
	r.waitSeen(3)
	require.Empty(t, r.keys("lake", "orders/"))
}

// TestRowsMoveIntoFiles: a commit shows the files and takes the rows away.
func TestRowsMoveIntoFiles(t *testing.T) {
	var hold atomic.Bool
	hold.Store(true)
	r := newRig(t, []catalog.Table{ordersTable(formats.JSON)}, ordersConfig())
	r.hook = func(_, step string) error {
		for step == "written" && hold.Load() {
			time.Sleep(time.Millisecond)
		}
		return nil
	}
	r.start()
	r.send(orderEvent(1), orderEvent(2))
	r.waitSeen(2)
	require.Eventually(t, func() bool { return len(r.keys("lake", "orders/")) > 0 }, 10*time.Second, time.Millisecond)
	files, memory, err := r.seen()
	require.NoError(t, err)
	require.Equal(t, []int{0, 2}, []int{files, memory}, "the objects are there and not committed")
	hold.Store(false)
	require.EqualValues(t, 2, r.waitDone().InFiles)
	files, memory, err = r.seen()
	require.NoError(t, err)
	require.Equal(t, []int{2, 0}, []int{files, memory})
	require.Zero(t, r.status().InMemory)
}

// TestNeverFewerNeverTwice counts without a pause while several send, batches
// are committed as fast as can be and the commits fail now and then: no count is
// lower than the last, or than what complete_up_to promises, and none is higher
// than what was sent.
func TestNeverFewerNeverTwice(t *testing.T) {
	const senders, each = 4, 500
	c := ordersConfig()
	c.MaxWait, c.MaxFileWait = time.Millisecond, time.Millisecond
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	var step atomic.Int64
	r.hook = func(_, name string) error {
		if n := step.Add(1); (name == "object" || name == "errors") && n%17 == 0 {
			return errors.New("the disk is away for a moment")
		}
		return nil
	}
	r.start()
	var sent atomic.Int64
	var mu sync.Mutex
	var acknowledged []time.Time
	var work sync.WaitGroup
	for range senders {
		work.Go(func() {
			for n := 0; n < each; n += 5 {
				var messages []queue.Message
				for k := range 5 {
					messages = append(messages, queue.Message{Body: orderEvent(n + k)})
				}
				sent.Add(5)
				if _, err := r.queue.Send(context.Background(), c.Queue, messages); err != nil {
					panic(err)
				}
				at := time.Now()
				mu.Lock()
				for range 5 {
					acknowledged = append(acknowledged, at)
				}
				mu.Unlock()
			}
		})
	}
	ended := make(chan struct{})
	go func() { work.Wait(); close(ended) }()
	d := r.m.members()[0]
	counts, last := 0, 0
	for {
		complete, err := d.visible.completeUpTo(context.Background())
		require.NoError(t, err)
		promised := 0
		mu.Lock()
		for _, at := range acknowledged {
			if at.Before(complete) {
				promised++
			}
		}
		mu.Unlock()
		files, memory, err := r.seen()
		require.NoError(t, err)
		n, most := files+memory, int(sent.Load())
		if n < last || n < promised || n > most {
			t.Fatalf("%d events seen, after %d, where %d were promised and %d sent", n, last, promised, most)
		}
		last = n
		counts++
		if n == senders*each {
			break
		}
	}
	<-ended
	r.waitDone()
	require.Len(t, ids(r.rows()), senders*each)
	t.Logf("%d counts, %d files", counts, r.status().Files)
}

// TestTableChangesWhileRowsAreShown: rows follow the table's definition.
func TestTableChangesWhileRowsAreShown(t *testing.T) {
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, patient())
	r.start()
	r.send(`{"id":1,"note":"first"}`)
	r.waitSeen(1)
	table, err := r.catalog.Table(context.Background(), "shop", "orders")
	require.NoError(t, err)
	changed := *table
	changed.Columns = append(changed.Columns[:len(changed.Columns):len(changed.Columns)], catalog.Column{Name: "note", Type: "string"})
	require.NoError(t, r.catalog.UpdateTable(context.Background(), changed))
	r.send(`{"id":2,"note":"second"}`)
	r.waitSeen(2)
	rows := r.tails.Snapshot("shop", "orders")
	require.Len(t, rows, 1)
	require.Equal(t, "note", rows[0].Columns[4].Name)
	v := rows[0].Segments[0].Chunks[0].Vectors[4]
	require.Equal(t, "first", string(v.Bytes(0)), "also the row that came before")
	require.Equal(t, "second", string(v.Bytes(1)))
}

// TestShownMemoryIsBounded: rows count in the budget; a batch is written when it
// is used up, long before it is due.
func TestShownMemoryIsBounded(t *testing.T) {
	c := patient()
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.memory = 4 << 20
	r.start()
	text := make([]byte, 50_000)
	for i := range text {
		text[i] = 'x'
	}
	for id := range 200 { // 10 MB, and as much again in rows
		r.send(fmt.Sprintf(`{"id":%d,"district":"%s","ordered_at":"2021-02-01T00:00:00Z"}`, id, text))
		size := int64(0)
		for _, rows := range r.tails.Snapshot("shop", "orders") {
			for _, s := range rows.Segments {
				for _, chunk := range s.Chunks {
					for _, v := range chunk.Vectors {
						size += int64(v.Size())
					}
				}
			}
		}
		require.Less(t, size, r.memory)
	}
	r.waitSeen(200)
	require.Eventually(t, func() bool { return r.status().Files > 0 }, 10*time.Second, time.Millisecond)
	r.closeManager()
}

// TestQueueDeletedWithShownRows: its events are gone, and so are their rows.
func TestQueueDeletedWithShownRows(t *testing.T) {
	c := patient()
	c.MaxWait, c.MaxFileWait = 300*time.Millisecond, 300*time.Millisecond
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
	r.start()
	r.send(orderEvent(1))
	r.waitSeen(1)
	require.NoError(t, r.queue.DeleteQueue(context.Background(), c.Queue))
	r.waitSeen(0)
	require.NoError(t, r.queue.CreateQueue(context.Background(), c.Queue, queue.DefaultAttributes()))
	r.send(orderEvent(2))
	r.waitSeen(1)
	require.EqualValues(t, 1, r.waitDone().InFiles)
	require.Equal(t, []int64{2}, ids(r.rows()))
}

// dayOf lets events come once a second for a day into one partition.
func dayOf(maxWait time.Duration, files int) (flushes []time.Duration) {
	now := time.Unix(0, 0)
	c := Config{MaxWait: maxWait}.withDefaults()
	p := newPace(c, func(string) int { return files })
	p.now = func() time.Time { return now }
	for now.Before(time.Unix(86400, 0)) {
		hold := p.hold(map[string]bool{"day": true})
		now = now.Add(hold)
		p.flushed([]string{"day"})
		flushes = append(flushes, hold)
	}
	return flushes
}

func TestPace(t *testing.T) {
	for _, wait := range []time.Duration{time.Second, 5 * time.Millisecond} {
		day := dayOf(wait, 0)
		require.Equal(t, wait, day[0])
		require.Equal(t, wait, day[freeFlushes-1], "the first files come soon")
		require.Less(t, len(day), 1100, "and the day has few")
		require.Greater(t, len(day), 900)
		for _, hold := range day {
			require.LessOrEqual(t, hold, DefaultMaxFileWait)
		}
	}
	require.Equal(t, 5*time.Minute, dayOf(5*time.Minute, 0)[200], "a longer max_wait stays")
	require.Greater(t, dayOf(time.Second, 1000)[0], time.Minute, "after a restart the files count")

	now := time.Unix(0, 0)
	p := newPace(Config{}.withDefaults(), func(string) int { return 0 })
	p.now = func() time.Time { return now }
	for range 1000 {
		p.flushed([]string{"a"})
	}
	both := map[string]bool{"a": true, "b": true}
	require.Equal(t, DefaultMaxFileWait, p.hold(both))
	require.Equal(t, time.Second, p.hold(map[string]bool{"b": true}))
	now = now.Add(1000 * DefaultMaxFileWait)
	require.Equal(t, time.Second, p.hold(both), "a partition that rested is written soon again")
	for i := range 3 * pacedMost {
		p.flushed([]string{string(binary.AppendUvarint(nil, uint64(i)))})
	}
	require.LessOrEqual(t, len(p.levels), pacedMost)
}

// TestFIFOQueueIsNotPaced: a group's next events come once its last ones are
// delivered, so these are not held back.
func TestFIFOQueueIsNotPaced(t *testing.T) {
	c := ordersConfig()
	c.Queue = "order-events.fifo"
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)})
	a := queue.DefaultAttributes()
	a.FIFO = true
	require.NoError(t, r.queue.CreateQueue(context.Background(), c.Queue, a))
	r.configs = []Config{c}
	r.start()
	d := r.m.members()[0]
	for range 500 {
		d.pace.flushed([]string{"2021\x0002\x0002", "2021\x0002\x0003"})
	}
	for n := range 3 {
		_, err := r.queue.Send(context.Background(), c.Queue, []queue.Message{{Body: orderEvent(n), Group: "g"}})
		require.NoError(t, err)
	}
	r.waitDone()
	require.Equal(t, []int64{0, 1, 2}, ids(r.rows()))
}

// TestHeldMemoryIsGivenUp: a batch that is held because its partition has many
// files is written when another delivery needs its memory.
func TestHeldMemoryIsGivenUp(t *testing.T) {
	held, other := ordersConfig(), ordersConfig()
	held.MaxFileWait = 10 * time.Minute
	other.Name, other.Queue, other.Table, other.MaxWait = "others", "other-events", "others", 10*time.Minute
	table := ordersTable(formats.Parquet)
	table.Name, table.Location = "others", "s3://lake/others/"
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet), table}, held, other)
	r.memory = 8 << 20
	r.start()
	d := r.m.members()[0]
	for range 500 {
		d.pace.flushed([]string{"2021\x0002\x0001"})
	}
	event := func(id int) string {
		return fmt.Sprintf(`{"id":%d,"district":%q,"ordered_at":"2021-02-01T00:00:00Z"}`, id, strings.Repeat("x", 50_000))
	}
	for id := range 40 { // 4 MB, with the rows
		r.send(event(id))
	}
	r.waitSeen(40)
	require.EqualValues(t, 40, r.status().InMemory, "it is held")
	for id := range 60 {
		_, err := r.queue.Send(context.Background(), other.Queue, []queue.Message{{Body: event(id)}})
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return r.status().InFiles == 40 }, 20*time.Second, 5*time.Millisecond)
}
