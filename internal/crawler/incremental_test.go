package crawler

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/objects"
)

// counting counts what a store is asked. It hides the versions of folders, as a
// store elsewhere has none.
type counting struct {
	objects.Store
	lists, listed, folders, gets atomic.Int64
}

func (c *counting) List(ctx context.Context, bucket, prefix, after string, max int) ([]objects.Info, bool, error) {
	page, more, err := c.Store.List(ctx, bucket, prefix, after, max)
	c.lists.Add(1)
	c.listed.Add(int64(len(page)))
	return page, more, err
}

func (c *counting) Get(ctx context.Context, bucket, key string, off, n int64) (io.ReadCloser, objects.Info, error) {
	c.gets.Add(1)
	return c.Store.Get(ctx, bucket, key, off, n)
}

func (c *counting) Folders(ctx context.Context, bucket, prefix, after string, max int) ([]string, bool, error) {
	c.folders.Add(1)
	return c.Store.Folders(ctx, bucket, prefix, after, max)
}

func (c *counting) reset() { c.lists.Store(0); c.listed.Store(0); c.folders.Store(0) }

func newFoldersCrawler() *Crawler {
	c := testCrawler()
	c.Recrawl, c.UpdateBehavior, c.DeleteBehavior = CrawlNewFoldersOnly, UpdateLog, DeleteLog
	return c
}

func TestNewFoldersCostWhatIsNew(t *testing.T) {
	const days, hours = 8, 4
	l, spider := newLake(t), newFoldersCrawler()
	store := &counting{Store: l.objects}
	l.store = store
	for d := range days {
		for h := range hours {
			l.put(fmt.Sprintf("t/d=%02d/h=%02d/a.json", d, h), `{"id":1}`)
			l.put(fmt.Sprintf("t/d=%02d/h=%02d/b.json", d, h), `{"id":1}`)
		}
	}
	changes := l.crawl(spider)
	require.Equal(t, days*hours, changes.PartitionsAdded)
	require.EqualValues(t, 2*days*hours, store.listed.Load())

	store.reset()
	l.put("t/d=07/h=99/a.json", `{"id":1}`)
	changes = l.crawl(spider)
	require.Equal(t, 1, changes.PartitionsAdded)
	require.EqualValues(t, 1, store.listed.Load(), "of objects, the new one alone")
	require.EqualValues(t, 1, store.lists.Load())
	require.EqualValues(t, 1+days, store.folders.Load(), "of folders, those above the partitions")
	require.EqualValues(t, days*hours+1+days, l.listed.Folders)

	store.reset()
	require.Zero(t, l.crawl(spider).PartitionsAdded)
	require.Zero(t, store.lists.Load())

	// A store that knows when folders changed lists those alone.
	old := time.Now().Add(-time.Hour)
	age := func() {
		for d := range days {
			path, ok := l.objects.LocalPath("lake", fmt.Sprintf("t/d=%02d", d))
			require.True(t, ok)
			require.NoError(t, os.Chtimes(path, old, old))
		}
		path, _ := l.objects.LocalPath("lake", "t")
		require.NoError(t, os.Chtimes(path, old, old))
		old = old.Add(time.Second)
	}
	age()
	l.store = nil
	l.crawl(spider) // learns the versions
	require.Zero(t, l.crawl(spider).PartitionsAdded)
	require.Zero(t, l.listed)
	l.put("t/d=03/h=50/a.json", `{"id":1}`)
	require.Equal(t, 1, l.crawl(spider).PartitionsAdded)
	require.Equal(t, Listed{Calls: 2, Objects: 1, Bytes: 8, Folders: hours + 1}, l.listed)
}

func TestNewFolders(t *testing.T) {
	const first = "t(id:int) by (d:string) [1 2]"
	for _, c := range []struct {
		name  string
		then  func(*lake)
		want  string
		notes []string
	}{
		{name: "objects in known folders are not looked at", then: func(l *lake) { l.put("t/d=1/b.json", `{"other":1}`) }, want: first},
		{name: "a new partition", then: func(l *lake) { l.put("t/d=0/b.json", `{"id":3}`) }, want: "t(id:int) by (d:string) [0 1 2]"},
		{name: "a new column stays out", then: func(l *lake) { l.put("t/d=3/b.json", `{"id":3,"x":1}`) }, want: "t(id:int) by (d:string) [1 2 3]"},
		{
			name: "another format is no partition", then: func(l *lake) { l.put("t/d=3/b.csv", "a,b\n1,2\n") },
			want: first, notes: []string{"its objects are csv and the table's json"},
		},
		{
			name: "another key is no partition", then: func(l *lake) { l.put("t/day=3/b.json", `{"id":3}`) },
			want: first, notes: []string{"skipped folder: s3://lake/t/day=3/"},
		},
		{name: "a folder without data comes later", then: func(l *lake) {
			l.put("t/d=3/_tmp", "x")
			l.crawl(newFoldersCrawler())
			l.put("t/d=3/a.json", `{"id":1}`)
		}, want: "t(id:int) by (d:string) [1 2 3]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, spider := newLake(t), newFoldersCrawler()
			l.put("t/d=1/a.json", `{"id":1}`)
			l.put("t/d=2/a.json", `{"id":1}`)
			l.crawl(spider)
			require.Equal(t, first, l.tables())
			c.then(l)
			changes := l.crawl(spider)
			require.Equal(t, c.want, l.tables())
			require.Len(t, changes.Notes, len(c.notes), "%q", changes.Notes)
			for i, n := range c.notes {
				require.Contains(t, changes.Notes[i], n)
			}
			require.Empty(t, l.crawl(spider).Notes, "it is known now")
		})
	}
}

func TestNewTablesAmongKnownFolders(t *testing.T) {
	l, spider := newLake(t), newFoldersCrawler()
	l.crawl(spider)
	require.Empty(t, l.tables())
	l.put("t/orders/2021/02/a.json", `{"id":1}`)
	l.put("t/orders/2021/03/a.json", `{"id":1}`)
	l.crawl(spider)
	const orders = "orders(id:int) by (partition_0:string, partition_1:string) [2021/02 2021/03"
	require.Equal(t, orders+"]", l.tables())
	l.put("t/orders/2022/01/a.json", `{"id":1}`)
	l.put("t/clicks/d=1/a.json", `{"page":"x"}`)
	l.put("t/clicks/d=2/a.json", `{"page":"x"}`)
	l.crawl(spider)
	require.Equal(t, "clicks(page:string) by (d:string) [1 2]\n"+orders+" 2022/01]", l.tables())
}

// BenchmarkCrawlNewPartition crawls 100,000 partitions and then one new one. Its
// figures are the ratio of the second run to the first one and to a listing of
// the new folder alone. SCOPS_CRAWL_PARTITIONS is another number of them. go test -run - -bench NewPartition -benchtime 1x
func BenchmarkCrawlNewPartition(b *testing.B) {
	partitions := 100_000
	if n, err := strconv.Atoi(os.Getenv("SCOPS_CRAWL_PARTITIONS")); err == nil {
		partitions = n
	}
	l, spider := newLake(b), newFoldersCrawler()
	root, ok := l.objects.LocalPath("lake", "t")
	require.True(b, ok)
	add := func(i int) {
		dir := filepath.Join(root, fmt.Sprintf("dt=%06d", i))
		require.NoError(b, os.MkdirAll(dir, 0o755))
		require.NoError(b, os.WriteFile(filepath.Join(dir, "a.json"), []byte(`{"id":1}`), 0o600))
	}
	for i := range partitions {
		add(i)
	}
	start := time.Now()
	require.Equal(b, partitions, l.crawl(spider).PartitionsAdded)
	first := time.Since(start)
	next := partitions
	var again, listing time.Duration
	for b.Loop() {
		add(next)
		start = time.Now()
		require.Equal(b, 1, l.crawl(spider).PartitionsAdded)
		again += time.Since(start)
		require.EqualValues(b, 1, l.listed.Objects)
		start = time.Now()
		_, _, err := l.objects.List(b.Context(), "lake", fmt.Sprintf("t/dt=%06d/", next), "", listPage)
		require.NoError(b, err)
		listing += time.Since(start)
		next++
	}
	b.ReportMetric(float64(again)/float64(b.N)/float64(first), "of-first-crawl")
	b.ReportMetric(float64(again)/float64(listing), "of-listing-new-folder")
	b.ReportMetric(first.Seconds(), "s-first-crawl")
}
