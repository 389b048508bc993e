package catalog

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sqlite"
)

// open returns a catalog on a file of its own, and a function that opens the
// same file again, as a new process would find it.
func open(t testing.TB) (*Store, func() *Store) {
	path := filepath.Join(t.TempDir(), "catalog.db")
	again := func() *Store {
		db, err := sqlite.Open(path)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		s, err := Open(db)
		require.NoError(t, err)
		return s
	}
	return again(), again
}

func orders() Table {
	return Table{
		Database: "Shop", Name: "Orders",
		Columns:       []Column{{Name: "District", Type: "STRING"}, {Name: "items", Type: "array<struct<SKU:string>>", Comment: "Bestellte Ware"}},
		PartitionKeys: []Column{{Name: "year", Type: "string"}, {Name: "month", Type: "string"}},
		Location:      "s3://lake/orders",
		SerDe:         SerDe{Library: "org.openx.data.jsonserde.JsonSerDe"},
		Parameters:    map[string]string{"classification": "json"},
	}
}

func withOrders(t testing.TB) (*Store, func() *Store) {
	s, again := open(t)
	require.NoError(t, s.CreateDatabase(t.Context(), Database{Name: "Shop"}, false))
	require.NoError(t, s.CreateTable(t.Context(), orders(), false))
	return s, again
}

func part(year, month string) Partition {
	return Partition{Values: []string{year, month}, Location: "s3://lake/orders/year=" + year + "/month=" + month + "/"}
}

func TestDatabases(t *testing.T) {
	s, again := open(t)
	ctx := t.Context()
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "Shop", Description: "주문", Parameters: map[string]string{"a": "b"}}, false))
	require.ErrorIs(t, s.CreateDatabase(ctx, Database{Name: "SHOP"}, false), ErrAlreadyExists)
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop", Description: "other"}, true))
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "archive"}, false))
	for _, s := range []*Store{s, again()} {
		d, err := s.Database(ctx, "sHOP")
		require.NoError(t, err)
		require.Equal(t, "shop", d.Name)
		require.Equal(t, "주문", d.Description)
		require.False(t, d.CreateTime.IsZero())
		all, err := s.Databases(ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"archive", "shop"}, []string{all[0].Name, all[1].Name})
	}
	require.NoError(t, s.CreateTable(ctx, orders(), false))
	require.ErrorIs(t, s.DropDatabase(ctx, "shop", false, false), ErrNotEmpty)
	require.NoError(t, s.DropDatabase(ctx, "shop", false, true))
	_, err := again().Table(ctx, "shop", "orders")
	require.ErrorIs(t, err, ErrNotFound)
	require.ErrorIs(t, s.DropDatabase(ctx, "shop", false, true), ErrNotFound)
	require.NoError(t, s.DropDatabase(ctx, "shop", true, true))
}

func TestNames(t *testing.T) {
	s, _ := open(t)
	long := string(make([]byte, 256))
	for _, name := range []string{"", "a\nb", "a\x00", long, "\xff"} {
		require.ErrorIs(t, s.CreateDatabase(t.Context(), Database{Name: name}, false), ErrInvalid, "%q", name)
	}
	require.NoError(t, s.CreateDatabase(t.Context(), Database{Name: "통계-1 a.b"}, false))
}

func TestTables(t *testing.T) {
	s, again := withOrders(t)
	ctx := t.Context()
	require.ErrorIs(t, s.CreateTable(ctx, orders(), false), ErrAlreadyExists)
	require.NoError(t, s.CreateTable(ctx, orders(), true))
	lost := orders()
	lost.Database = "nowhere"
	require.ErrorIs(t, s.CreateTable(ctx, lost, true), ErrNotFound)
	twice := orders()
	twice.Name, twice.PartitionKeys = "twice", []Column{{Name: "DISTRICT", Type: "string"}}
	require.ErrorContains(t, s.CreateTable(ctx, twice, false), "column district comes twice")

	got, err := s.Table(ctx, "SHOP", "ORDERS")
	require.NoError(t, err)
	require.Equal(t, "orders", got.Name)
	require.Equal(t, ExternalTable, got.Type)
	require.Equal(t, []Column{{Name: "district", Type: "string"}, {Name: "items", Type: "array<struct<sku:string>>", Comment: "Bestellte Ware"}}, got.Columns)
	require.Equal(t, "s3://lake/orders", got.Location)

	changed := *got
	changed.Description = "v2"
	require.NoError(t, s.UpdateTable(ctx, changed))
	require.ErrorIs(t, s.UpdateTable(ctx, changed), ErrConflict)
	require.Empty(t, got.Description, "what was handed out must not change")
	for _, s := range []*Store{s, again()} {
		got, err := s.Table(ctx, "shop", "orders")
		require.NoError(t, err)
		require.Equal(t, "v2", got.Description)
		require.EqualValues(t, 2, got.Version)
		all, err := s.Tables(ctx, "shop")
		require.NoError(t, err)
		require.Len(t, all, 1)
	}
	require.NoError(t, s.DropTable(ctx, "shop", "orders", false))
	require.ErrorIs(t, s.DropTable(ctx, "shop", "orders", false), ErrNotFound)
	require.NoError(t, s.DropTable(ctx, "shop", "orders", true))
	_, err = s.Tables(ctx, "nowhere")
	require.ErrorIs(t, err, ErrNotFound)
}

// TestStoredForm pins how definitions are written: a change of it needs a
// migration.
func TestStoredForm(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	s.now = func() time.Time { return someTime }
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "shop"}, false))
	table := orders()
	table.Columns[0].Parameters = map[string]string{"k": "v"}
	require.NoError(t, s.CreateTable(ctx, table, false))
	var database, definition string
	require.NoError(t, s.db.Read.QueryRow("SELECT definition FROM catalog_databases").Scan(&database))
	require.NoError(t, s.db.Read.QueryRow("SELECT definition FROM catalog_tables").Scan(&definition))
	require.Equal(t, `{"Name":"shop","Description":"","LocationURI":"","Parameters":null,"CreateTime":"2021-02-03T04:05:06.000000007Z"}`, database)
	require.Equal(t, `{"Database":"shop","Name":"orders","Type":"EXTERNAL_TABLE","Description":"","Owner":"",`+
		`"Columns":[{"Name":"district","Type":"string","Comment":"","Parameters":{"k":"v"}},{"Name":"items","Type":"array\u003cstruct\u003csku:string\u003e\u003e","Comment":"Bestellte Ware"}],`+
		`"PartitionKeys":[{"Name":"year","Type":"string","Comment":""},{"Name":"month","Type":"string","Comment":""}],`+
		`"Location":"s3://lake/orders","InputFormat":"","OutputFormat":"","SerDe":{"Name":"","Library":"org.openx.data.jsonserde.JsonSerDe","Parameters":null},`+
		`"Storage":{"Compressed":false,"NumberOfBuckets":0,"BucketColumns":null,"SortColumns":null,"StoredAsSubDirectories":false,"Parameters":null},"Retention":0,`+
		`"Parameters":{"classification":"json"},"ViewOriginalText":"","ViewExpandedText":"",`+
		`"CreateTime":"2021-02-03T04:05:06.000000007Z","UpdateTime":"2021-02-03T04:05:06.000000007Z","LastAccessTime":"0001-01-01T00:00:00Z","LastAnalyzedTime":"0001-01-01T00:00:00Z","Delivery":"","Version":1}`, definition)
}

func TestPartitionKeysAreFixedWhileThereArePartitions(t *testing.T) {
	s, _ := withOrders(t)
	ctx := t.Context()
	_, err := s.AddPartitions(ctx, "shop", "orders", []Partition{part("2021", "02")}, false)
	require.NoError(t, err)
	got, err := s.Table(ctx, "shop", "orders")
	require.NoError(t, err)
	changed := *got
	changed.PartitionKeys = changed.PartitionKeys[:1]
	require.ErrorIs(t, s.UpdateTable(ctx, changed), ErrInvalid)
	_, err = s.DropPartitions(ctx, "shop", "orders", [][]string{{"2021", "02"}})
	require.NoError(t, err)
	require.NoError(t, s.UpdateTable(ctx, changed))
}

func TestPartitions(t *testing.T) {
	s, again := withOrders(t)
	ctx := t.Context()
	added, err := s.AddPartitions(ctx, "shop", "orders", []Partition{part("2021", "03"), part("2021", "02")}, false)
	require.NoError(t, err)
	require.Equal(t, 2, added)
	_, err = s.AddPartitions(ctx, "shop", "orders", []Partition{part("2020", "12"), part("2021", "02")}, false)
	require.ErrorIs(t, err, ErrAlreadyExists)
	_, err = s.Partition(ctx, "shop", "orders", []string{"2020", "12"})
	require.ErrorIs(t, err, ErrNotFound, "nothing of a failed call stays")
	added, err = s.AddPartitions(ctx, "shop", "orders", []Partition{part("2020", "12"), part("2021", "02"), part("a/b=c", "%")}, true)
	require.NoError(t, err)
	require.Equal(t, 2, added)

	moved := part("2021", "02")
	moved.Location, moved.Parameters = "s3://lake/elsewhere/", map[string]string{"k": "v"}
	require.NoError(t, s.UpdatePartition(ctx, "shop", "orders", moved))
	require.ErrorIs(t, s.UpdatePartition(ctx, "shop", "orders", part("1999", "01")), ErrNotFound)
	dropped, err := s.DropPartitions(ctx, "shop", "orders", [][]string{{"2021", "03"}, {"1999", "01"}})
	require.NoError(t, err)
	require.Equal(t, 1, dropped)

	for _, s := range []*Store{s, again()} {
		all, err := s.Partitions(ctx, "shop", "orders")
		require.NoError(t, err)
		var names []string
		for _, p := range all {
			names = append(names, PartitionName(orders().PartitionKeys, p.Values))
		}
		require.Equal(t, []string{"year=2020/month=12", "year=2021/month=02", "year=a%2Fb%3Dc/month=%25"}, names)
		p, err := s.Partition(ctx, "shop", "orders", []string{"2021", "02"})
		require.NoError(t, err)
		require.Equal(t, "s3://lake/elsewhere/", p.Location)
		require.Equal(t, map[string]string{"k": "v"}, p.Parameters)
	}
	for _, p := range []Partition{{Values: []string{"1"}, Location: "s3://a/"}, {Values: []string{"1", ""}, Location: "s3://a/"}, {Values: []string{"1", "2"}}} {
		_, err = s.AddPartitions(ctx, "shop", "orders", []Partition{p}, true)
		require.ErrorIs(t, err, ErrInvalid, "%v", p)
	}
}

func TestAddEachPartition(t *testing.T) {
	s, again := withOrders(t)
	ctx := t.Context()
	refused, err := s.AddEachPartition(ctx, "shop", "orders", []Partition{part("2021", "03"), part("2021", "03"), {Values: []string{"x"}}, part("2021", "02")})
	require.NoError(t, err)
	require.NoError(t, refused[0])
	require.ErrorIs(t, refused[1], ErrAlreadyExists)
	require.ErrorIs(t, refused[2], ErrInvalid)
	require.NoError(t, refused[3])
	for _, s := range []*Store{s, again()} {
		all, err := s.Partitions(ctx, "shop", "orders")
		require.NoError(t, err)
		require.Len(t, all, 2)
	}
}

func TestLocations(t *testing.T) {
	require.True(t, SameLocation("s3a://lake/orders", "s3://lake/orders/"))
	require.False(t, SameLocation("s3://lake/orders", "s3://lake/orders2"))
	require.Equal(t, "s3://lake/", FolderURI("s3n://lake"))
}

func FuzzValues(f *testing.F) {
	f.Add("2021", "02")
	f.Add("a/b", "%2F=%")
	f.Add("서울", "\x01%")
	f.Fuzz(func(t *testing.T, a, b string) {
		require.Equal(t, []string{a, b}, namedValues(valuesName([]string{a, b})))
	})
}

func TestCancelledCallChangesNothing(t *testing.T) {
	s, _ := withOrders(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.AddPartitions(ctx, "shop", "orders", []Partition{part("2021", "02")}, false)
	require.ErrorIs(t, err, context.Canceled)
	all, err := s.Partitions(t.Context(), "shop", "orders")
	require.NoError(t, err)
	require.Empty(t, all)
}

var someTime = time.Date(2021, 2, 3, 4, 5, 6, 7, time.UTC)
