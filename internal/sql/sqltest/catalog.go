package sqltest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sqlite"
)

// tables are "database.name: columns | partition keys", each "name type".
var tables = []string{
	"shop.orders: order_id bigint; district string; delivery_type string; product string; amount decimal(10,2); quantity int; " +
		"ordered_at timestamp; tags array<string>; attrs map<string,string>; item struct<sku:string,price:double> | year string; month string; day string",
	"shop.events: id bigint; name string; body string | dt date; hour int",
	"shop.users: id bigint; name string; score double; joined date; vip boolean; note varchar(10); code char(3)",
	"archive.orders: order_id bigint; district string; amount decimal(12,2) | year string; month string; day string",
	"archive.odd: select string; \"quoted\" string; união string",
}

// views are "database.name: default schema: query: columns".
var views = [][4]string{
	{"shop.february", "shop", "SELECT District, amount AS total, day FROM orders WHERE year = '2021' AND month = '02'", "district varchar; total decimal(10,2); day varchar"},
	{"shop.by_day", "shop", "SELECT day, count(*) AS n FROM february GROUP BY day", "day varchar; n bigint"},
	{"archive.of_shop", "shop", "SELECT name FROM users", "name varchar"},
	{"shop.loop_a", "shop", "SELECT 1 AS x FROM loop_b", "x integer"},
	{"shop.loop_b", "shop", "SELECT 1 AS x FROM loop_a", "x integer"},
	{"shop.broken", "shop", "SELECT gone FROM users", "gone varchar"},
	{"shop.stale", "shop", "SELECT name FROM users", "name bigint"},
	{"shop.wide", "shop", "SELECT 1 AS n", "n bigint"},
}

// Catalog is a catalog with the databases shop and archive.
func Catalog(t testing.TB) *catalog.Store {
	db, err := sqlite.Open(filepath.Join(t.TempDir(), "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	store, err := catalog.Open(db)
	require.NoError(t, err)
	for _, name := range []string{"shop", "archive"} {
		require.NoError(t, store.CreateDatabase(t.Context(), catalog.Database{Name: name}, false))
	}
	for _, text := range tables {
		require.NoError(t, store.CreateTable(t.Context(), table(text), false))
	}
	for _, v := range views {
		require.NoError(t, store.CreateTable(t.Context(), view(t, v), false))
	}
	return store
}

func table(text string) catalog.Table {
	name, rest, _ := strings.Cut(text, ": ")
	database, name, _ := strings.Cut(name, ".")
	columns, keys, _ := strings.Cut(rest, " | ")
	return catalog.Table{
		Database: database, Name: name, Type: "EXTERNAL_TABLE", Location: "s3://lake/" + database + "/" + name + "/",
		Columns: list(columns), PartitionKeys: list(keys),
		SerDe: catalog.SerDe{Library: "org.openx.data.jsonserde.JsonSerDe"},
	}
}

func list(text string) []catalog.Column {
	var out []catalog.Column
	for _, c := range strings.Split(text, "; ") {
		if name, typ, ok := strings.Cut(c, " "); ok {
			out = append(out, catalog.Column{Name: name, Type: typ})
		}
	}
	return out
}

func view(t testing.TB, v [4]string) catalog.Table {
	database, name, _ := strings.Cut(v[0], ".")
	text := analyzer.View{SQL: v[2], Catalog: "awsdatacatalog", Schema: v[1]}
	out := catalog.Table{Database: database, Name: name, Type: "VIRTUAL_VIEW"}
	for _, c := range list(v[3]) {
		text.Columns = append(text.Columns, analyzer.ViewColumn{Name: c.Name, Type: c.Type})
		out.Columns = append(out.Columns, catalog.Column{Name: c.Name, Type: strings.ReplaceAll(strings.ReplaceAll(c.Type, "varchar", "string"), "integer", "int")})
	}
	var err error
	out.ViewOriginalText, err = analyzer.EncodeView(text)
	require.NoError(t, err)
	return out
}
