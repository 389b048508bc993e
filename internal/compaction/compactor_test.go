package compaction

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/objects"
)

// TestHundredsOfFiles delivers some hundred files with queries all the time, and
// looks at the catalog and the bucket at every step.
func TestHundredsOfFiles(t *testing.T) {
	t.Parallel()
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		t.Run(kind.String(), func(t *testing.T) {
			r := newRig(t, kind)
			most := 0
			r.c.hook = func(step string) error {
				if err := r.query(); err != nil {
					return fmt.Errorf("the table at step %s: %w", step, err)
				}
				if step == "copied" || step == "deleted" { // the moment of the swap
					return nil
				}
				if err := r.bucket(); err != nil {
					return fmt.Errorf("the bucket at step %s: %w", step, err)
				}
				return nil
			}
			files := int64(170)
			if kind == formats.JSON {
				files = 30
			}
			query, stop := r.queries()
			for range files {
				r.deliver(7)
				most = max(most, len(r.files()))
				query()
				r.later(86 * time.Second)
			}
			require.LessOrEqual(t, most, 32)
			r.later(DefaultQuietAfter)
			require.LessOrEqual(t, len(r.files()), quietSmall)
			stop()
			r.later(DefaultGrace)
			r.later(DefaultGrace)
			r.clean()

			status, err := r.c.Status(context.Background())
			require.NoError(t, err)
			require.Len(t, status, 1)
			s := status[0]
			require.LessOrEqual(t, s.RowAmplification, 3.0)
			require.Greater(t, s.RowAmplification, 1.5)
			require.Zero(t, s.Errors, s.LastError)
			require.EqualValues(t, len(r.files()), s.MostFiles)
			require.Zero(t, s.Unpublished)
			problems, err := testutil.CollectAndLint(r.c.Collector())
			require.NoError(t, err)
			require.Empty(t, problems)
			require.Equal(t, len(fromStatus), testutil.CollectAndCount(r.c.Collector()))
			require.EqualValues(t, files, s.FilesMerged-s.FilesMade+s.MostFiles)
		})
	}
}

// queries reads the table beside what the test does, at each query anew, as a
// query does: first its list of files, then file by file.
func (r *rig) queries() (query, stop func()) {
	begin := make(chan struct{}, 1)
	failed := make(chan error, 1)
	var reader sync.WaitGroup
	reader.Go(func() {
		for range begin {
			if err := r.oneQuery(); err != nil {
				failed <- err
				return
			}
		}
	})
	query = func() {
		select {
		case begin <- struct{}{}:
		default: // the last one runs
		}
	}
	return query, func() {
		close(begin)
		reader.Wait()
		close(failed)
		require.NoError(r.t, <-failed)
	}
}

func (r *rig) oneQuery() error {
	defer r.catalog.BeginRead()()
	files, err := r.catalog.Files(context.Background(), "shop", "orders", nil)
	if err != nil {
		return err
	}
	var keys []string
	var rows int64
	for _, f := range files {
		keys = append(keys, f.Key)
		rows += f.Rows
	}
	ids, err := r.ids(keys...)
	if err != nil {
		return fmt.Errorf("a query lost a file: %w", err)
	}
	return r.each(ids, rows)
}

// TestALongQuery holds its files beyond the grace period.
func TestALongQuery(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(5)
	}
	end := r.catalog.BeginRead()
	old := r.files()
	r.later(0)
	require.Len(t, r.files(), 1)
	_, hidden := r.list()
	require.Len(t, hidden, 1)
	require.NoError(t, r.bucket(), "readers of the bucket see the old files")
	r.later(24 * time.Hour)
	for _, f := range old {
		_, err := r.ids(f.Key)
		require.NoError(t, err, "the query still reads it")
	}
	end()
	r.later(0)
	public, hidden := r.list()
	require.Len(t, public, 1)
	require.Len(t, hidden, 1, "queries since the merge read the hidden name")
	require.NoError(t, r.bucket())
	r.later(DefaultGrace)
	r.clean()
}

// TestACrashAtEachStep stops at each step in turn, opens everything again and
// goes on.
func TestACrashAtEachStep(t *testing.T) {
	t.Parallel()
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		crashed := map[string]bool{}
		for n := 1; crashAt(t, kind, n, crashed); n++ {
			if kind == formats.JSON {
				n += 4 // the steps are the same
			}
		}
		if kind == formats.Parquet {
			for _, step := range []string{"planned", "output", "written", "replaced", "folded", "publishing", "copied", "deleted", "renamed", "ended"} {
				require.True(t, crashed[step], step)
			}
		}
	}
}

// crashAt stops at the step of a number; false where there are not so many.
func crashAt(t *testing.T, kind formats.Kind, n int, crashed map[string]bool) bool {
	r := newRig(t, kind)
	r.tier = 3
	at := ""
	r.hook = func(step string) error {
		if n--; n > 0 {
			return nil
		}
		if n == 0 {
			at = step
			crashed[step] = true
		}
		return errCrash // whatever it begins then, until it is opened again
	}
	r.open()
	later := func(d time.Duration) {
		r.later(d)
		if n > 0 || r.hook == nil {
			return
		}
		require.NoError(t, r.query(), "after a crash at %s", at)
		r.hook = nil
		r.reopen()
		require.NoError(t, r.query(), "after a start, after a crash at %s", at)
		r.later(0)
	}
	for range 4 { // with a merge of the second level
		for range 3 {
			r.deliver(3)
		}
		later(time.Minute)
	}
	later(DefaultGrace)
	later(DefaultGrace)
	if r.hook == nil {
		later(DefaultGrace)
	}
	r.clean()
	return r.hook == nil
}

// TestHiddenFilesAreMergedAgain merges files that have no public names yet: they
// never get any.
func TestHiddenFilesAreMergedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, formats.Parquet)
	for range 144 {
		r.deliver(2)
		r.later(time.Second)
		require.NoError(t, r.bucket())
	}
	require.Len(t, r.files(), 1)
	require.Equal(t, 2, r.files()[0].Level)
	require.Len(t, r.c.pending, 1)
	require.Len(t, r.c.pending[0].Superseded, 144)
	public, _ := r.list()
	require.Len(t, public, 144)
	r.later(DefaultGrace)
	r.later(DefaultGrace)
	r.clean()
}

func TestSeveralOutputs(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(100)
	}
	r.c.table = func(string) Table { return Table{TargetFileSize: r.files()[0].Size * 4, SortBy: []string{"city"}} }
	r.later(0)
	require.Len(t, r.files(), 3)
	r.later(DefaultGrace)
	r.later(DefaultGrace)
	r.clean()
}

// TestDrops drops the table or the partition at each step: the merge gives way,
// and the bucket still has each row once.
func TestDrops(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"table", "partition"} {
		for n := 1; ; n++ {
			r := newRig(t, formats.Parquet)
			r.c.tier = 3
			left, at := n, ""
			r.c.hook = func(step string) error {
				if left--; left != 0 {
					return nil
				}
				at = step
				if what == "table" {
					return r.catalog.DropTable(context.Background(), "shop", "orders", false)
				}
				_, err := r.catalog.DropPartitions(context.Background(), "shop", "orders", [][]string{partition})
				return err
			}
			for range 3 {
				r.deliver(3)
			}
			for range 4 {
				r.later(DefaultGrace)
			}
			require.NoError(t, r.bucket(), "dropped at %s", at)
			_, hidden := r.list()
			require.Empty(t, hidden, "dropped at %s", at)
			require.Empty(t, r.c.pending)
			require.Empty(t, r.c.unsettled)
			if left > 0 {
				r.clean()
				require.Greater(t, n, 10, "steps")
				break
			}
		}
	}
}

// TestATableOfTheSameName takes nothing of the one that was dropped.
func TestATableOfTheSameName(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(3)
	}
	r.later(0)
	ctx := context.Background()
	require.NoError(t, r.catalog.DropTable(ctx, "shop", "orders", false))
	r.createTable()
	for range 3 {
		r.later(DefaultGrace)
	}
	require.Empty(t, r.files())
	require.NoError(t, r.bucket())
	_, hidden := r.list()
	require.Empty(t, hidden)
}

// failing is a store whose puts, copies or deletes fail.
type failing struct {
	objects.Store
	puts, copies, deletes bool
}

var errStore = errors.New("the disk is on fire")

func (f *failing) Put(ctx context.Context, bucket, key string, body io.Reader, size int64, o objects.PutOptions) (objects.Info, error) {
	if f.puts {
		return objects.Info{}, errStore
	}
	return f.Store.Put(ctx, bucket, key, body, size, o)
}

func (f *failing) Copy(ctx context.Context, bucket, from, to string) error {
	if f.copies {
		return errStore
	}
	return f.Store.Copy(ctx, bucket, from, to)
}

func (f *failing) Delete(ctx context.Context, bucket, key string) error {
	if f.deletes {
		return errStore
	}
	return f.Store.Delete(ctx, bucket, key)
}

func TestStoreErrors(t *testing.T) {
	r := newRig(t, formats.Parquet)
	f := &failing{}
	r.store = func(s objects.Store) objects.Store { f.Store = s; return f }
	r.open()
	for range 12 {
		r.deliver(3)
	}
	f.puts, f.deletes = true, true
	r.later(0)
	require.Len(t, r.files(), 12)
	require.NoError(t, r.query())
	f.deletes = false
	r.later(time.Second)
	require.Empty(t, r.c.unsettled, "what it wrote is removed")
	f.puts = false
	r.later(time.Second)
	require.Len(t, r.files(), 12, "it waits before it tries again")
	r.later(retryAfter)
	require.Len(t, r.files(), 1)

	f.copies = true
	r.later(DefaultGrace)
	require.NoError(t, r.query())
	require.NoError(t, r.bucket())
	f.copies, f.deletes = false, true
	r.later(time.Second)
	require.NoError(t, r.query())
	for range 12 {
		r.deliver(3)
	}
	r.later(time.Second)
	require.Len(t, r.files(), 13, "the partition waits for its publication")
	f.deletes = false
	for range 4 {
		r.later(DefaultGrace)
	}
	r.clean()
	status, err := r.c.Status(t.Context())
	require.NoError(t, err)
	require.Contains(t, status[0].LastError, "the disk is on fire")
	require.GreaterOrEqual(t, status[0].Errors, int64(3))
}

// TestDamagedFile leaves the files of a partition alone where one cannot be read.
func TestDamagedFile(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(3)
	}
	require.NoError(t, r.objects.Delete(t.Context(), "lake", r.files()[3].Key))
	r.later(0)
	require.Len(t, r.files(), 12)
	public, hidden := r.list()
	require.Len(t, public, 11)
	require.Empty(t, hidden)
	status, err := r.c.Status(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, status[0].Errors)
}

// TestCloseEndsAMerge closes in the middle of a merge, which leaves nothing.
func TestCloseEndsAMerge(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(3)
	}
	reached, goOn := make(chan struct{}), make(chan struct{})
	r.c.hook = func(step string) error {
		if step == "output" {
			close(reached)
			<-goOn
		}
		return nil
	}
	r.c.Start()
	<-reached
	r.c.stop() // as Close does
	close(goOn)
	require.NoError(t, r.c.Close(t.Context()))
	require.Len(t, r.files(), 12)
	r.clean()
}

func TestDisabled(t *testing.T) {
	r := newRig(t, formats.Parquet)
	for range 12 {
		r.deliver(3)
	}
	r.later(0)
	for range 12 {
		r.deliver(3)
	}
	r.config.Disabled = true
	r.reopen()
	for range 3 {
		r.later(DefaultGrace)
	}
	require.Len(t, r.files(), 13, "nothing new is merged")
	r.clean()
}

// TestManyPartitions finds the one that has something to merge, and does not look
// at the others again.
func TestManyPartitions(t *testing.T) {
	r := newRig(t, formats.Parquet)
	b := catalog.Batch{Delivery: "orders", ID: "many", Database: "shop", Table: "orders", CommittedAt: r.at}
	for i := range 2000 { // without objects: nobody reads them
		v := []string{fmt.Sprintf("1%03d-01-01", i)}
		b.Partitions = append(b.Partitions, catalog.Partition{Values: v, Location: "s3://lake/orders/dt=" + v[0] + "/"})
		for n := range 1 + i%5 {
			b.Files = append(b.Files, catalog.DataFile{Partition: v, Bucket: "lake", Key: fmt.Sprint("orders/", i, "-", n), Size: 10, Rows: 1})
		}
	}
	require.NoError(t, r.catalog.CommitBatch(t.Context(), b))
	for range 12 {
		r.deliver(3)
	}
	r.later(0)
	r.later(DefaultQuietAfter)
	files, err := r.catalog.Files(t.Context(), "shop", "orders", [][]string{partition})
	require.NoError(t, err)
	require.Len(t, files, 1)
	status, err := r.c.Status(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2001, status[0].Partitions)
	require.EqualValues(t, 5, status[0].MostFiles)
	require.Zero(t, status[0].Errors)

	l := r.c.looks["shop.orders"]
	require.False(t, l.dirty)
	require.True(t, l.next.IsZero(), "nothing is to be looked at before a partition changes")
	for range 12 {
		r.deliver(3)
	}
	r.later(0)
	require.EqualValues(t, 1, len(r.c.pending[0].Hidden))
	require.Len(t, r.c.pending, 2)
}

func TestConfig(t *testing.T) {
	require.NoError(t, Config{}.Validate())
	negative := -time.Second
	err := Config{TargetFileSize: 5, QuietAfter: time.Millisecond, Grace: &negative, MaxBytesPerSecond: 1}.Validate()
	for _, field := range []string{"target_file_size", "quiet_after", "grace", "max_bytes_per_second"} {
		require.ErrorContains(t, err, "compaction: "+field+": ")
	}
}
