package delivery

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// TestFinishedBatchesAreForgotten keeps those that the journal can repeat.
func TestFinishedBatchesAreForgotten(t *testing.T) {
	ctx := t.Context()
	config := ordersConfig()
	config.MaxRecords = 2
	r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, config)
	for id := range 10 {
		r.send(orderEvent(id))
	}
	c := newCrasher("committed", 2)
	r.hook = c.hook
	r.start()
	<-c.crashed
	require.NoError(t, r.m.prune(ctx))
	left, err := r.catalog.Batches(ctx, catalog.BatchName{}, 100)
	require.NoError(t, err)
	open, err := (&journal{r.db}).open(ctx, "orders")
	require.NoError(t, err)
	require.NotEmpty(t, left)
	for _, b := range left {
		require.Equal(t, open[0].ID, b.ID, "only what is committed and not ended")
	}
	require.Len(t, left, 1)
	r.reopen()
	r.hook = nil
	r.start()
	require.EqualValues(t, 10, r.waitDone().InFiles)
	require.Equal(t, numbers(10), ids(r.rows()))
	require.Eventually(t, func() bool {
		require.NoError(t, r.m.prune(ctx))
		left, err = r.catalog.Batches(ctx, catalog.BatchName{}, 100)
		require.NoError(t, err)
		return len(left) == 0
	}, 10*time.Second, time.Millisecond)
}
