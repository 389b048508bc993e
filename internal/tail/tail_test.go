package tail

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats/record"
)

func columns(t *testing.T) []record.Column {
	var out []record.Column
	for _, c := range [][2]string{{"id", "bigint"}, {"name", "string"}, {"price", "decimal(5,2)"}} {
		col, err := record.NewColumn(c[0], c[1])
		require.NoError(t, err)
		out = append(out, col)
	}
	return out
}

func row(id int, price string) []record.Value {
	return []record.Value{{Valid: true, Int: int64(id)}, {Valid: id%2 == 0, Text: fmt.Sprint("name ", id)}, {Valid: true, Text: price}}
}

// names are the texts of the second column, in order.
func names(s Segment) (out []string) {
	for _, c := range s.Chunks {
		for i := range c.Rows {
			if v := c.Vectors[1]; v.IsNull(i) {
				out = append(out, "NULL")
			} else {
				out = append(out, string(v.Bytes(i)))
			}
		}
	}
	return out
}

func TestSnapshotStays(t *testing.T) {
	s := New()
	b := s.Open("Shop", "Orders", columns(t))
	require.Empty(t, s.Snapshot("shop", "orders"), "a batch without rows is nothing to read")
	var want []string
	for id := range 2*ChunkRows + 7 {
		require.NoError(t, b.Partition([]string{"a"}).Append(row(id, "1.50")))
		if id%2 == 0 {
			want = append(want, fmt.Sprint("name ", id))
		} else {
			want = append(want, "NULL")
		}
	}
	snapshot := s.Snapshot("shop", "orders")
	for id := range ChunkRows {
		require.NoError(t, b.Partition([]string{"a"}).Append(row(id+1, "2.50")))
		require.NoError(t, b.Partition([]string{"b"}).Append(row(id, "3.50")))
	}
	b.Retire()
	b.Retire()
	require.Empty(t, s.Snapshot("shop", "orders"))
	require.Len(t, snapshot, 1)
	require.Len(t, snapshot[0].Segments, 1)
	require.Equal(t, len(want), snapshot[0].Segments[0].Rows)
	require.Equal(t, want, names(snapshot[0].Segments[0]))
	require.Equal(t, 2*ChunkRows+7+2*ChunkRows, b.Len())
	require.Greater(t, b.Size(), int64(b.Len()*16))
}

// TestAppendAllOrNothing: a row whose value cannot be held leaves nothing of
// itself behind.
func TestAppendAllOrNothing(t *testing.T) {
	s := New()
	p := s.Open("shop", "orders", columns(t)).Partition(nil)
	require.NoError(t, p.Append(row(2, "1.50")))
	require.Error(t, p.Append(row(4, "no number")))
	require.NoError(t, p.Append(row(6, "1.50")))
	require.Equal(t, []string{"name 2", "name 6"}, names(s.Snapshot("shop", "orders")[0].Segments[0]))
}

// TestReplace: at every moment the rows of one of the two batches are there.
func TestReplace(t *testing.T) {
	s := New()
	batch := s.Open("shop", "orders", columns(t))
	require.NoError(t, batch.Partition(nil).Append(row(0, "1.50")))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 500 {
			next := s.Prepare("shop", "orders", columns(t))
			if err := next.Partition(nil).Append(row(0, "1.50")); err != nil {
				panic(err)
			}
			next.Replace(batch)
			batch = next
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		snapshot := s.Snapshot("shop", "orders")
		require.Len(t, snapshot, 1)
		require.Equal(t, 1, snapshot[0].Segments[0].Rows)
	}
}

func TestWatch(t *testing.T) {
	s, at := New(), time.UnixMilli(1)
	got, err := s.CompleteUpTo(t.Context(), "shop", "orders")
	require.NoError(t, err)
	require.True(t, got.IsZero())
	s.Watch("Shop", "orders", func(context.Context) (time.Time, error) { return at, nil })
	got, err = s.CompleteUpTo(t.Context(), "shop", "Orders")
	require.NoError(t, err)
	require.Equal(t, at, got)
	s.Watch("shop", "orders", nil)
	got, err = s.CompleteUpTo(t.Context(), "shop", "orders")
	require.NoError(t, err)
	require.True(t, got.IsZero())
}
