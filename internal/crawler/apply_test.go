package crawler

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sqlite"
)

// lake is a bucket and a catalog with the database shop.
type lake struct {
	testing.TB
	db      *sqlite.DB
	catalog *catalog.Store
	objects *objects.Local
	store   objects.Store // that crawls use; nil is objects
	listed  Listed        // by the last crawl
}

func newLake(t testing.TB) *lake {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	require.NoError(t, c.CreateDatabase(t.Context(), catalog.Database{Name: "shop"}, false))
	return &lake{TB: t, db: db, catalog: c, objects: openBucket(t)}
}

func (l *lake) put(key, body string) { l.Helper(); put(l, l.objects, key, body) }

func (l *lake) delete(key string) { require.NoError(l, l.objects.Delete(l.Context(), "lake", key)) }

func (l *lake) objectsOr(s objects.Store) objects.Store {
	if s == nil {
		return l.objects
	}
	return s
}

func testCrawler() *Crawler {
	return &Crawler{
		Name: "spider", Database: "shop", Targets: []Target{{Path: "s3://lake/t/"}},
		UpdateBehavior: UpdateInDatabase, DeleteBehavior: DeleteDeprecate, Recrawl: CrawlEverything,
	}
}

func (l *lake) crawl(c *Crawler) *Changes {
	l.Helper()
	known, err := openStore(l.Context(), l.db)
	require.NoError(l, err)
	r, err := newRun(c, nil, known, l.catalog, l.objectsOr(l.store), time.UnixMilli(1612300000000))
	require.NoError(l, err)
	require.NoError(l, r.all(l.Context()))
	l.listed = r.Listed
	return r.changes
}

// tables prints all tables of shop with their partitions.
func (l *lake) tables() string {
	tables, err := l.catalog.Tables(l.Context(), "shop")
	require.NoError(l, err)
	var out []string
	for _, t := range tables {
		text := fmt.Sprintf("%s(%s)", t.Name, columnsText(t.Columns))
		if len(t.PartitionKeys) > 0 {
			ps, err := l.catalog.Partitions(l.Context(), "shop", t.Name)
			require.NoError(l, err)
			var values []string
			for _, p := range ps {
				values = append(values, strings.Join(p.Values, "/"))
			}
			text += fmt.Sprintf(" by (%s) [%s]", columnsText(t.PartitionKeys), strings.Join(values, " "))
		}
		if t.Parameters[paramDeprecated] != "" {
			text += " deprecated at " + t.Parameters[paramDeprecated]
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func TestCrawlAgain(t *testing.T) {
	const first = "t(id:int) by (d:string) [1]"
	for _, c := range []struct {
		name    string
		change  func(*Crawler)
		then    func(*lake)
		want    string
		updated bool
		notes   []string
	}{
		{name: "nothing changed", then: func(*lake) {}, want: first},
		{name: "a new partition", then: func(l *lake) { l.put("t/d=2/a.json", `{"id":2}`) }, want: "t(id:int) by (d:string) [1 2]"},
		{
			name: "a new column and a wider type", then: func(l *lake) { l.put("t/d=1/a.json", `{"id":3000000000,"x":{"y":1}}`) },
			want: "t(id:bigint, x:struct<y:int>) by (d:string) [1]", updated: true,
		},
		{
			name: "all was read, and a column is gone", then: func(l *lake) { l.put("t/d=1/a.json", `{"y":1}`) },
			want: "t(y:int) by (d:string) [1]", updated: true,
		},
		{
			name: "not all was read, and no column goes", change: func(c *Crawler) { c.Targets[0].SampleSize = 1 },
			then: func(l *lake) { l.put("t/d=1/a.json", `{"y.z":1}`); l.put("t/d=1/b.json", `{"id":1.5}`) },
			want: "t(id:int, y_z:int) by (d:string) [1]", updated: true,
		},
		{
			name: "LOG keeps the schema", change: func(c *Crawler) { c.UpdateBehavior = UpdateLog },
			then: func(l *lake) { l.put("t/d=1/a.json", `{"id":"x"}`) }, want: first, notes: []string{"which the policy LOG leaves as it is"},
		},
		{
			name: "MergeNewColumns adds columns alone",
			change: func(c *Crawler) {
				c.Configuration = `{"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"}}}`
			},
			then: func(l *lake) { l.put("t/d=1/a.json", `{"id":"x","y":1}`) },
			want: "t(id:int, y:int) by (d:string) [1]", updated: true,
		},
		{
			name: "MergeNewColumns deprecates a table of another format",
			change: func(c *Crawler) {
				c.Configuration = `{"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"}}}`
			},
			then: func(l *lake) { l.put("t/d=1/a.json", "a,b\n1,2\n") },
			want: first + " deprecated at 1612300000000", notes: []string{"of another format now (csv)"},
		},
		{
			name: "a table without objects is deprecated", then: func(l *lake) { l.delete("t/d=1/a.json") },
			want: first + " deprecated at 1612300000000",
		},
		{
			name: "a table without objects is deleted", change: func(c *Crawler) { c.DeleteBehavior = DeleteFromDatabase },
			then: func(l *lake) { l.delete("t/d=1/a.json") }, want: "",
		},
		{
			name: "a table without objects is left", change: func(c *Crawler) { c.DeleteBehavior = DeleteLog },
			then: func(l *lake) { l.delete("t/d=1/a.json") }, want: first, notes: []string{"has no objects any more"},
		},
		{
			name: "a partition without objects is deleted", change: func(c *Crawler) { c.DeleteBehavior = DeleteFromDatabase },
			then: func(l *lake) { l.put("t/d=2/a.json", `{"id":2}`); l.delete("t/d=1/a.json") }, want: "t(id:int) by (d:string) [2]",
		},
		{
			name: "a partition without objects stays", then: func(l *lake) { l.put("t/d=2/a.json", `{"id":2}`); l.delete("t/d=1/a.json") },
			want: "t(id:int) by (d:string) [1 2]", notes: []string{"1 partitions have no objects"},
		},
		{
			name: "other keys are no partitions of the table",
			then: func(l *lake) { l.put("t/day=1/a.json", `{"id":2}`); l.delete("t/d=1/a.json") },
			want: first, notes: []string{"do not match", "1 partitions have no objects"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, spider := newLake(t), testCrawler()
			if c.change != nil {
				c.change(spider)
			}
			l.put("t/d=1/a.json", `{"id":1}`)
			changes := l.crawl(spider)
			require.Equal(t, []string{"shop.t"}, changes.TablesAdded)
			require.Empty(t, changes.Notes)
			require.Equal(t, first, l.tables())
			c.then(l)
			changes = l.crawl(spider)
			require.Equal(t, c.want, l.tables())
			require.Equal(t, c.updated, len(changes.TablesUpdated) > 0)
			require.Len(t, changes.Notes, len(c.notes), "%q", changes.Notes)
			for i, n := range c.notes {
				require.Contains(t, changes.Notes[i], n)
			}
			require.Empty(t, l.crawl(spider).TablesUpdated, "a third run has nothing to do")
		})
	}
}

func TestNamesOfTables(t *testing.T) {
	l, spider := newLake(t), testCrawler()
	spider.TablePrefix = "raw_"
	spider.Targets = []Target{{Path: "s3://lake/a/orders/"}, {Path: "s3://lake/b/orders/"}}
	l.put("a/orders/x.json", `{"id":1}`)
	l.put("b/orders/x.json", `{"name":"x"}`)
	require.NoError(t, l.catalog.CreateTable(t.Context(), catalog.Table{Database: "shop", Name: "raw_orders", Location: "s3://lake/a/orders/"}, false))
	l.crawl(spider)
	want := "raw_orders()\n" +
		hashedName("raw_orders", "s3://lake/b/orders/") + "(name:string)\n" + hashedName("raw_orders", "s3://lake/a/orders/") + "(id:int)"
	require.ElementsMatch(t, strings.Split(want, "\n"), strings.Split(l.tables(), "\n"), "a table that no crawler made is left alone")
	require.Empty(t, l.crawl(spider).TablesAdded)
}

func TestTableThreshold(t *testing.T) {
	l, spider := newLake(t), testCrawler()
	spider.Configuration = `{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":1}}}`
	l.put("t/a/x.json", `{"id":1}`)
	l.put("t/b/x.json", `{"name":"x"}`)
	r, err := newRun(spider, nil, nil, l.catalog, l.objects, time.Now())
	require.NoError(t, err)
	require.ErrorContains(t, r.everything(t.Context()), "The number of tables detected by crawler: 2 is greater than")
	require.Empty(t, l.tables())
}
