package planner

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

// lake is a catalog and an object store on files, and the planner over them.
type lake struct {
	testing.TB
	db      *sqlite.DB
	catalog *catalog.Store
	objects *countingStore
	tails   *tail.Store
	planner *Planner
}

// countingStore is a real store that notes which prefixes are listed.
type countingStore struct {
	objects.Store
	mu     sync.Mutex
	listed []string
}

func (s *countingStore) List(ctx context.Context, bucket, prefix, startAfter string, limit int) ([]objects.Info, bool, error) {
	s.mu.Lock()
	s.listed = append(s.listed, prefix)
	s.mu.Unlock()
	return s.Store.List(ctx, bucket, prefix, startAfter, min(limit, 2)) // small pages
}

func newLake(t testing.TB) *lake {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	local, err := objects.OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, local.Close()) })
	require.NoError(t, local.CreateBucket(t.Context(), "lake"))
	require.NoError(t, c.CreateDatabase(t.Context(), catalog.Database{Name: "shop"}, false))
	o, tails := &countingStore{Store: local}, tail.New()
	return &lake{TB: t, db: db, catalog: c, objects: o, tails: tails, planner: New(c, o, tails)}
}

// table makes shop.orders at s3://lake/orders with the partition keys given as
// "year int".
func (l *lake) table(keys ...string) *catalog.Table {
	t := catalog.Table{Database: "shop", Name: "orders", Location: "s3://lake/orders", Columns: []catalog.Column{{Name: "id", Type: "bigint"}}}
	for _, k := range keys {
		name, typ, _ := strings.Cut(k, " ")
		t.PartitionKeys = append(t.PartitionKeys, catalog.Column{Name: name, Type: typ})
	}
	require.NoError(l, l.catalog.CreateTable(l.Context(), t, false))
	return l.get()
}

func (l *lake) get() *catalog.Table {
	t, err := l.catalog.Table(l.Context(), "shop", "orders")
	require.NoError(l, err)
	return t
}

func (l *lake) register(t *catalog.Table, values ...string) {
	_, err := l.catalog.AddPartitions(l.Context(), "shop", "orders", []catalog.Partition{{Values: values, Location: catalog.PartitionLocation(t, values)}}, false)
	require.NoError(l, err)
}

func (l *lake) put(key, body string) {
	_, err := l.objects.Put(l.Context(), "lake", key, strings.NewReader(body), int64(len(body)), objects.PutOptions{})
	require.NoError(l, err)
}

func (l *lake) plan(t *catalog.Table, filter predicate.Predicate) (Scan, error) {
	return l.planner.Plan(l.Context(), &analyzer.TableScan{Table: t, Filter: filter})
}

func uris(s Scan) []string {
	out := []string{}
	for _, f := range s.Files {
		out = append(out, strings.TrimPrefix(f.URI, "s3://lake/"))
	}
	return out
}

func eq(column string, value any) predicate.Compare {
	return predicate.Compare{Column: column, Op: "=", Value: value}
}

// TestPrune runs testdata/prune.txt.
func TestPrune(t *testing.T) {
	f, err := os.Open("testdata/prune.txt")
	require.NoError(t, err)
	defer f.Close()
	var l *lake
	var table *catalog.Table
	scanner := bufio.NewScanner(f)
	for line := 1; scanner.Scan(); line++ {
		word, rest, _ := strings.Cut(strings.TrimSpace(scanner.Text()), " ")
		switch word {
		case "", "#":
		case "table":
			l = newLake(t)
			table = l.table(strings.Split(rest, ", ")...)
		case "partitions":
			for _, p := range strings.Fields(rest) {
				l.register(table, strings.Split(p, "/")...)
			}
		default: // predicate -> partitions, or ! error
			filter, want, ok := strings.Cut(scanner.Text(), "->")
			require.True(t, ok, "line %d", line)
			scan, err := l.plan(table, readPredicate(t, table, filter))
			want = strings.TrimSpace(want)
			if message, ok := strings.CutPrefix(want, "! "); ok {
				require.EqualError(t, err, message, "line %d", line)
				continue
			}
			require.NoError(t, err, "line %d", line)
			var got []string
			for _, p := range scan.Partitions {
				got = append(got, strings.Join(p.Values, "/"))
			}
			require.Equal(t, want, strings.Join(got, " "), "line %d", line)
		}
	}
	require.NoError(t, scanner.Err())
}

func TestOnlyFoldersOfPartitionsLeftAreListed(t *testing.T) {
	l := newLake(t)
	table := l.table("year string", "month string")
	for _, p := range [][]string{{"2020", "12"}, {"2021", "01"}, {"2021", "02"}} {
		l.register(table, p...)
		for _, name := range []string{"a", "b", "c"} {
			l.put("orders/year="+p[0]+"/month="+p[1]+"/"+name, "x")
		}
	}
	l.put("orders/year=2021/month=03/a", "never registered")

	scan, err := l.plan(table, predicate.And{eq("year", "2021"), eq("month", "02")})
	require.NoError(t, err)
	require.Equal(t, []string{"orders/year=2021/month=02/a", "orders/year=2021/month=02/b", "orders/year=2021/month=02/c"}, uris(scan))
	require.Equal(t, 3, scan.PartitionsTotal)
	require.Equal(t, []string{"orders/year=2021/month=02/"}, slices.Compact(l.objects.listed))
	require.EqualValues(t, 3, scan.Bytes())
	require.Equal(t, 0, *scan.Files[0].Partition)

	l.objects.listed = nil
	scan, err = l.plan(table, predicate.Or{})
	require.NoError(t, err)
	require.Empty(t, scan.Files)
	require.Empty(t, scan.Partitions)
	require.Empty(t, l.objects.listed)

	scan, err = l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Len(t, scan.Files, 9, "a folder that is not registered is not read")
	for _, f := range scan.Files {
		values := scan.Partitions[*f.Partition].Values
		require.Contains(t, f.URI, "year="+values[0]+"/month="+values[1]+"/")
		body, err := os.ReadFile(f.Path)
		require.NoError(t, err)
		require.Len(t, body, int(f.Size))
	}
}

func TestWhatIsDataInAFolder(t *testing.T) {
	l := newLake(t)
	table := l.table()
	for key, body := range map[string]string{
		"orders/a.json": "x", "orders/deep/er/b.json.gz": "x", "orders/no-ending": "x", "orders/day=03/c": "x",
		"orders/_SUCCESS": "x", "orders/.hidden": "x", "orders/_temporary/d": "x", "orders/deep/.e/f": "x",
		"orders/empty": "", "orders2/g": "x", "orders.json": "x",
	} {
		l.put(key, body)
	}
	scan, err := l.plan(table, predicate.And{})
	require.NoError(t, err)
	require.Equal(t, []string{"orders/a.json", "orders/day=03/c", "orders/deep/er/b.json.gz", "orders/no-ending"}, uris(scan))
	require.Nil(t, scan.Files[0].Partition)
	require.Zero(t, scan.PartitionsTotal)
}

func TestLocations(t *testing.T) {
	l := newLake(t)
	l.put("orders/a", "x")
	for location, want := range map[string]string{
		"s3a://lake/orders":   "[orders/a]",
		"s3n://lake/orders/":  "[orders/a]",
		"s3://lake":           "[orders/a]",
		"s3://lake/nowhere":   "[]",
		"s3://no-bucket/x/":   "HIVE_FILESYSTEM_ERROR: Failed to list directory: s3://no-bucket/x/: the bucket no-bucket does not exist",
		"hdfs://lake/orders/": `HIVE_INVALID_METADATA: "hdfs://lake/orders/" is not an S3 URI of the form s3://bucket/key`,
	} {
		scan, err := l.plan(&catalog.Table{Database: "shop", Name: "t", Type: catalog.ExternalTable, Location: location}, predicate.And{})
		got := fmt.Sprint(uris(scan))
		if err != nil {
			got = err.Error()
		}
		require.Equal(t, want, got, location)
	}
}

func TestDeliveredTablesReadCommittedFilesOnly(t *testing.T) {
	for _, keys := range [][]string{{"year string"}, {}} {
		l := newLake(t)
		l.table(keys...)
		require.NoError(t, l.catalog.ClaimTable(t.Context(), "shop", "orders", "orders"))
		table := l.get()
		b := catalog.Batch{Delivery: "orders", ID: "1", Database: "shop", Table: "orders"}
		for _, year := range []string{"2020", "2021"} {
			f := catalog.DataFile{Bucket: "lake", Key: "orders/" + year, Size: 7, Rows: 1}
			if len(keys) > 0 {
				f.Partition = []string{year}
				b.Partitions = append(b.Partitions, catalog.Partition{Values: f.Partition, Location: catalog.PartitionLocation(table, f.Partition)})
			}
			b.Files = append(b.Files, f)
		}
		require.NoError(t, l.catalog.CommitBatch(t.Context(), b))
		l.put("orders/not-committed", "x")
		scan, err := l.plan(table, predicate.And{})
		require.NoError(t, err)
		require.Equal(t, []string{"orders/2020", "orders/2021"}, uris(scan))
		require.EqualValues(t, 14, scan.Bytes())
		require.Empty(t, l.objects.listed)
		if len(keys) == 0 {
			continue
		}
		scan, err = l.plan(table, eq("year", "2021"))
		require.NoError(t, err)
		require.Equal(t, []string{"orders/2021"}, uris(scan))
		require.Equal(t, 0, *scan.Files[0].Partition)
		require.EqualValues(t, 1, scan.Partitions[0].Files)
	}
}

func TestIndexFollowsThePartitions(t *testing.T) {
	l := newLake(t)
	table := l.table("year int")
	count := func() int {
		scan, err := l.plan(l.get(), predicate.Compare{Column: "year", Op: ">", Value: int64(2000)})
		require.NoError(t, err)
		return len(scan.Partitions)
	}
	require.Zero(t, count())
	l.register(table, "2021")
	require.Equal(t, 1, count())
	l.register(table, "2020")
	require.Equal(t, 2, count())
	_, err := l.catalog.DropPartitions(t.Context(), "shop", "orders", [][]string{{"2021"}})
	require.NoError(t, err)
	require.Equal(t, 1, count())
	require.NoError(t, l.catalog.DropTable(t.Context(), "shop", "orders", false))
	_, err = l.plan(table, predicate.And{})
	require.EqualError(t, err, "TABLE_NOT_FOUND: Table 'awsdatacatalog.shop.orders' does not exist")
	l.table("year string")
	l.register(l.get(), "2021")
	scan, err := l.plan(l.get(), eq("year", "2021"))
	require.NoError(t, err)
	require.Len(t, scan.Partitions, 1)
}

func TestTablesThatAListingWouldReadWrongAreRefused(t *testing.T) {
	l := newLake(t)
	for _, table := range []*catalog.Table{
		{Type: catalog.ExternalTable, Parameters: map[string]string{"table_type": "HUDI"}},
		{Type: catalog.ExternalTable, InputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"},
		{Type: catalog.VirtualView},
	} {
		_, err := l.plan(table, predicate.And{})
		require.ErrorContains(t, err, "NOT_SUPPORTED: ")
	}
}

func TestCancelledPlanning(t *testing.T) {
	l := newLake(t)
	table := l.table()
	l.put("orders/a", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := l.planner.Plan(ctx, &analyzer.TableScan{Table: table, Filter: predicate.And{}})
	require.ErrorIs(t, err, context.Canceled)
}
