package crawler

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// watching makes a table in s3://lake/t/ and begins to follow what is written.
func (l *lake) watching(keys []catalog.Column, parameters map[string]string) {
	l.Helper()
	t := catalog.Table{
		Database: "shop", Name: "t", Location: "s3://lake/t", Columns: []catalog.Column{{Name: "id", Type: "int"}}, PartitionKeys: keys, Parameters: parameters,
	}
	require.NoError(l, l.catalog.CreateTable(l.Context(), t, false))
	l.follow()
}

func (l *lake) follow() {
	m, err := Open(l.Context(), Options{DB: l.db, Catalog: l.catalog, Objects: l.objects, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	require.NoError(l, err)
	l.objects.OnWrite(m.Written)
	m.Start()
	l.Cleanup(func() {
		l.objects.OnWrite(func(string, string) {})
		require.NoError(l, m.Close(context.Background()))
	})
}

// partitions prints the partitions of t, with their locations below its folder.
func (l *lake) partitions() string {
	ps, err := l.catalog.Partitions(l.Context(), "shop", "t")
	require.NoError(l, err)
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = strings.Join(p.Values, "/") + "@" + strings.TrimPrefix(p.Location, "s3://lake/t/")
	}
	return strings.Join(out, " ")
}

func (l *lake) eventually(want string) {
	l.Helper()
	ok := false
	defer func() {
		if !ok {
			l.Logf("partitions: %s", l.partitions())
		}
	}()
	require.Eventually(l, func() bool { return l.partitions() == want }, 30*time.Second, time.Millisecond)
	ok = true
}

func keys(names ...string) []catalog.Column {
	out := make([]catalog.Column, len(names))
	for i, n := range names {
		name, kind, _ := strings.Cut(n, ":")
		out[i] = catalog.Column{Name: name, Type: kind}
	}
	return out
}

var marked = map[string]string{OnWriteParameter: OnWrite}

func TestOnWrite(t *testing.T) {
	l := newLake(t)
	l.put("t/day=2021-02-01/before.json", "{}")
	l.watching(keys("day:date"), marked)
	l.eventually("2021-02-01@day=2021-02-01/")
	l.put("t/day=2021-02-03/a.json", "{}")
	l.eventually("2021-02-01@day=2021-02-01/ 2021-02-03@day=2021-02-03/")
	// What is no data, or no partition, comes before what is: both were looked at.
	for _, key := range []string{"t/day=today/x", "t/day=2021-02-05/_x", "t/day=2021-02-06/.y/x", "t/x", "t/hour=1/x", "u/day=2021-02-07/x", "t/_day=2021-02-08/x"} {
		l.put(key, "{}")
	}
	l.put("t/DAY=2021-02-02/deep/er/a.json", "{}")
	l.eventually("2021-02-01@day=2021-02-01/ 2021-02-02@DAY=2021-02-02/ 2021-02-03@day=2021-02-03/")
	l.delete("t/day=2021-02-03/a.json")
	l.put("t/day=2021-02-04/a.json", "{}")
	l.eventually("2021-02-01@day=2021-02-01/ 2021-02-02@DAY=2021-02-02/ 2021-02-03@day=2021-02-03/ 2021-02-04@day=2021-02-04/")
}

func TestOnWriteByPlace(t *testing.T) {
	l := newLake(t)
	l.watching(keys("year:int", "month:int", "partition_2:string"), marked)
	l.put("t/2021/13th/x/a", "{}")
	l.put("t/2021/02/x y/a", "{}")
	l.eventually("2021/02/x y@2021/02/x y/")
}

func TestOnWriteOfTablesThatAsk(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	l.watching(keys("d:string"), map[string]string{OnWriteParameter: "off"})
	l.put("t/d=1/a", "{}")
	require.NoError(t, l.catalog.CreateTable(ctx, catalog.Table{
		Database: "shop", Name: "other", Location: "s3://lake/t/", PartitionKeys: keys("d:string"), Parameters: marked,
	}, false))
	registered := func(n int) func() bool {
		return func() bool {
			ps, err := l.catalog.Partitions(ctx, "shop", "other")
			require.NoError(t, err)
			return len(ps) == n
		}
	}
	require.Eventually(t, registered(1), 30*time.Second, time.Millisecond, "its folder held one already")
	require.Empty(t, l.partitions(), "nobody asked")
	other, err := l.catalog.Table(ctx, "shop", "t")
	require.NoError(t, err)
	next := *other
	next.Parameters = marked
	require.NoError(t, l.catalog.UpdateTable(ctx, next))
	l.eventually("1@d=1/")
	require.NoError(t, l.catalog.DropTable(ctx, "shop", "other", false))
	l.put("t/d=2/a", "{}")
	l.eventually("1@d=1/ 2@d=2/")
}

// TestOnWriteAfterAStop: what was written when nobody followed is found at the
// next start, as after a crash between a put and its registration.
func TestOnWriteAfterAStop(t *testing.T) {
	l := newLake(t)
	require.NoError(t, l.catalog.CreateTable(t.Context(), catalog.Table{
		Database: "shop", Name: "t", Location: "s3://lake/t/", PartitionKeys: keys("a:string", "b:string"), Parameters: marked,
	}, false))
	_, err := l.catalog.AddPartitions(t.Context(), "shop", "t", []catalog.Partition{{Values: []string{"1", "1"}, Location: "s3://lake/elsewhere/"}}, false)
	require.NoError(t, err)
	for _, key := range []string{"t/a=1/b=1/x", "t/a=1/b=2/x", "t/a=2/b=1/x", "t/a=2/b=2/_x", "t/a=2/b=3/w1-x"} {
		l.put(key, "{}")
	}
	require.NoError(t, l.catalog.BeginWrite(t.Context(), "w1", "s3://lake/t/"))
	require.NoError(t, l.catalog.AddWriteObjects(t.Context(), "w1", []catalog.FileName{{Bucket: "lake", Key: "t/a=2/b=3/w1-x"}}))
	l.follow()
	l.eventually("1/1@s3://lake/elsewhere/ 1/2@a=1/b=2/ 2/1@a=2/b=1/")
}

func TestUncommittedObjectsAreNotCrawled(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	l.put("t/d=1/a.json", `{"id":1}`)
	l.put("t/d=2/w1-x.json", `{"id":1}`)
	require.NoError(t, l.catalog.BeginWrite(ctx, "w1", "s3://lake/t/"))
	require.NoError(t, l.catalog.AddWriteObjects(ctx, "w1", []catalog.FileName{{Bucket: "lake", Key: "t/d=2/w1-x.json"}}))
	m := l.open(l.objects, time.Now)
	require.NoError(t, m.Create(ctx, defined()))
	_, err := m.Await(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, "t(id:int) by (d:string) [1]", l.tables())
}

// TestOnWriteAfterAFailure: registrations that fail are made up for.
func TestOnWriteAfterAFailure(t *testing.T) {
	l := newLake(t)
	l.watching(keys("d:string"), marked)
	l.put("t/d=0/a", "{}")
	l.eventually("0@d=0/")
	_, err := l.db.Write.ExecContext(t.Context(), "CREATE TRIGGER broken BEFORE INSERT ON catalog_partitions BEGIN SELECT RAISE(ABORT, 'broken'); END")
	require.NoError(t, err)
	l.put("t/d=1/a", "{}")
	_, err = l.db.Write.ExecContext(t.Context(), "DROP TRIGGER broken")
	require.NoError(t, err)
	l.eventually("0@d=0/ 1@d=1/")
}

func TestManyWritesAtOnce(t *testing.T) {
	l := newLake(t)
	l.watching(keys("d:string"), marked)
	l.put("t/d=0/a", "{}")
	l.eventually("0@d=0/")
	m := l.open(l.objects, time.Now)
	m.watch.tables.Store(&[]*watched{{bucket: "lake", prefix: "t/"}})
	for range mostWritten + 1 {
		m.Written("lake", "t/d=1/a")
	}
	require.True(t, m.watch.overflow)
	require.Len(t, m.watch.written, mostWritten)
	m.Written("lake", "u/d=1/a")
	_, err := l.objects.Put(t.Context(), "lake", "t/d=2/a", strings.NewReader("x"), 1, objects.PutOptions{})
	require.NoError(t, err)
	require.NoError(t, m.watch.look(t.Context()))
	require.False(t, m.watch.overflow)
	l.eventually("0@d=0/ 2@d=2/")
}
