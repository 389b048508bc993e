package e2e

import (
	"context"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/scopsdb/scops/internal/compaction"
	"github.com/stretchr/testify/require"
)

// TestCompaction delivers small files, has them merged, kills scops in the
// middle of it, and asks all the time whether each event is there once: by the
// catalog and by the bucket.
func TestCompaction(t *testing.T) {
	s := start(t, eventsPipeline+"compaction: {grace: 1s, quiet_after: 1s}\n")
	var sent int64
	body := func(int64) string { return killEvent(3*sent*killBad+1, 0) } // one partition, none bad
	deliver := func(files int) {
		for range files {
			sent++
			_, err := sendEvents(t.Context(), s.sender(), []int64{sent}, body)
			require.NoError(t, err)
			awaitBooks(t, s, 20*time.Second, "delivered", func(b books) bool { return b.inFiles == sent })
			requireOnce(t, s, "shop.events", sent)
		}
	}
	deliver(13)
	for range 2 {
		deliver(9)
		done := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		go func() {
			_, err := s.client().Compact(ctx, "shop.events")
			done <- err
		}()
		requireOnce(t, s, "shop.events", sent)
		s.kill()
		<-done // an error, or it was faster
		cancel()
		s.run()
		requireOnce(t, s, "shop.events", sent)
	}
	out, stderr, err := s.command(t.Context(), "compact", "shop.events", "--data", s.data, "--format", "csv")
	require.NoError(t, err, stderr)
	require.Contains(t, out, "most_small_files")
	require.Contains(t, out, "shop.events,")
	table := awaitPublished(t, s, s, "lake")
	require.LessOrEqual(t, table.MostFiles, int64(8))
	require.Positive(t, table.Merges)
	require.Greater(t, table.RowAmplification, 1.0)
	requireOnce(t, s, "shop.events", sent)
	requireOnce(t, s, "shop.listed", sent)
	require.Len(t, objectKeys(t, s, "lake", "events/"), int(table.MostFiles))

	_, err = s.client().Compact(t.Context(), "shop.listed")
	require.ErrorContains(t, err, "no delivery fills it")
	_, err = s.client().Compact(t.Context(), "shop.missing")
	require.ErrorContains(t, err, "TableNotFound")
}

func requireOnce(t *testing.T, s *scops, table string, events int64) {
	t.Helper()
	found := countIDs(t, s, table)
	require.Len(t, found, int(events), table)
	for id, n := range found {
		require.Equal(t, 1, n, "%s: event %d", table, id)
	}
}

// awaitPublished waits until merged files have their public names and the others
// are gone from the bucket, which is at store.
func awaitPublished(t *testing.T, s, store *scops, bucket string) compaction.TableStatus {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		list, err := s.client().Compaction(t.Context())
		require.NoError(t, err)
		hidden := 0
		for _, key := range objectKeys(t, store, bucket, "events/") {
			if strings.HasPrefix(path.Base(key), "_") {
				hidden++
			}
		}
		if len(list) == 1 && list[0].Unpublished == 0 && hidden == 0 {
			return list[0]
		}
		require.True(t, time.Now().Before(deadline), "%d hidden objects, %+v", hidden, list)
	}
}
