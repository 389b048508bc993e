package delivery

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// TestSortKeys gives values in their order.
func TestSortKeys(t *testing.T) {
	for hive, ordered := range map[string][]string{
		"bigint":        {"-9223372036854775808", "-1", "0", "1", "9223372036854775807", "null"},
		"tinyint":       {"-128", "-1", "0", "127", "null"},
		"boolean":       {"false", "true", "null"},
		"double":        {"-1e300", "-1.5", "-1e-300", "0", "1e-300", "2", "1e300", "null"},
		"float":         {"-1.5", "0", "0.25", "3e38", "null"},
		"decimal(38,2)": {"-123456789012345678901234567890123456.78", "-1.5", "-0.01", "0", "0.01", "99.99", "123456789012345678901234567890123456.78", "null"},
		"string":        {`""`, `"\u0000"`, `"\u0000a"`, `"\u0001"`, `"a"`, `"a\u0000"`, `"aa"`, `"b"`, `"가"`, "null"},
		"binary":        {`"AAA="`, `"AAH/"`, `"/w=="`, "null"},
		"date":          {`"0001-01-01"`, `"1969-12-31"`, `"1970-01-01"`, `"2021-02-03"`, "null"},
		"timestamp":     {`"1969-12-31 23:59:59.999"`, `"1970-01-01"`, `"2021-02-03 04:05:06.789"`, "null"},
	} {
		table := ordersTable(formats.Parquet)
		table.Columns = []catalog.Column{{Name: "v", Type: hive}, {Name: "w", Type: "int"}}
		config := ordersConfig()
		config.SortBy = []string{"V", "w"}
		l := mustLayout(t, table, config)
		s := l.newShaper()
		var last []byte
		for _, v := range ordered {
			for _, w := range []string{"1", "2", "null"} {
				o := s.parse(&message{body: `{"v":` + v + `,"w":` + w + `}`})
				require.False(t, o.rejected, o.reason)
				key := l.sortKey(o.values)
				require.Negative(t, bytes.Compare(last, key), "%s %s %s", hive, v, w)
				last = key
			}
		}
	}
}

func TestSortByIsChecked(t *testing.T) {
	for want, by := range map[string][]string{
		"table shop.orders: sort_by: day is no column of the table (partition keys are the same in all of a file)": {"day"},
		"table shop.orders: sort_by: column ID is there twice":                                                     {"id", "ID"},
		"table shop.orders: sort_by: column tags: rows cannot be sorted by array<string>":                          {"tags"},
	} {
		table := ordersTable(formats.Parquet)
		table.Columns = append(table.Columns, catalog.Column{Name: "tags", Type: "array<string>"})
		c := ordersConfig()
		c.SortBy = by
		target, err := newTarget(c.withDefaults(), &table)
		require.NoError(t, err)
		_, err = target.layout(t.Context(), nil)
		require.EqualError(t, err, want)
	}
}

// TestSortedAndSplit delivers a batch whose rows are sorted in each file, and
// whose partition exceeds the target size; every file ends near it.
func TestSortedAndSplit(t *testing.T) {
	for _, kind := range []formats.Kind{formats.Parquet, formats.JSON} {
		t.Run(kind.String(), func(t *testing.T) {
			c := ordersConfig()
			c.SortBy = []string{"price", "id"}
			c.TargetFileSize = minFileSize
			c.MaxWait, c.MaxRecords = time.Minute, 30_000
			r := newRig(t, []catalog.Table{ordersTable(kind)}, c)
			r.start()
			random := rand.New(rand.NewPCG(1, 2))
			letters := []byte("abcdefghijklmnopqrstuvwxyz0123456789")
			var bodies []string
			for id := range 30_000 {
				noise := make([]byte, 120) // what does not pack
				for i := range noise {
					noise[i] = letters[random.IntN(len(letters))]
				}
				bodies = append(bodies, fmt.Sprintf(`{"id":%d,"district":"%s","price":%d,"ordered_at":"2021-02-03"}`, id, noise, random.IntN(1000)))
			}
			for len(bodies) > 0 {
				r.send(bodies[:1000]...)
				bodies = bodies[1000:]
			}
			s := r.waitDone()
			require.EqualValues(t, 30_000, s.InFiles)
			require.EqualValues(t, 1, s.Batches)
			require.Greater(t, s.Files, int64(1))
			files, err := r.catalog.Files(t.Context(), "shop", "orders", nil)
			require.NoError(t, err)
			small := 0
			last := order{Price: new(int32)}
			for i := range files {
				require.Less(t, files[i].Size, int64(3*minFileSize))
				if files[i].Size < minFileSize {
					small++
				}
			}
			require.LessOrEqual(t, small, 1, "all but the last are of the size")
			require.Len(t, ids(r.rows()), 30_000)
			ending := files[0].Key[strings.Index(files[0].Key, "."):]
			first := slices.IndexFunc(files, func(f catalog.DataFile) bool { return strings.HasSuffix(f.Key, "-0"+ending) })
			for n := range files {
				part := partKey(files[first].Key, ending, n)
				for _, o := range decodeOrders(t, part, r.read("lake", part)) {
					require.True(t, *o.Price > *last.Price || *o.Price == *last.Price && o.ID > last.ID || last.ID == 0, "sorted, through all files")
					last = o
				}
			}
		})
	}
}

// TestSplitFilesVanish deletes most messages of a batch whose partition was
// written as several files: those that are no longer needed are removed.
func TestSplitFilesVanish(t *testing.T) {
	c := ordersConfig()
	c.TargetFileSize = minFileSize
	c.MaxWait, c.MaxRecords = time.Minute, 4000
	r := newRig(t, []catalog.Table{ordersTable(formats.JSON)}, c)
	random := rand.New(rand.NewPCG(1, 2))
	var bodies []string
	for id := range 4000 {
		noise := make([]byte, 1000)
		for i := range noise {
			noise[i] = byte('!' + 2 + random.IntN(57)) // printable, and no quote or backslash
		}
		bodies = append(bodies, fmt.Sprintf(`{"id":%d,"district":"%s","ordered_at":"2021-02-03"}`, id, noise))
	}
	for part := range slices.Chunk(bodies, 500) {
		r.send(part...)
	}
	crash := newCrasher("written", 0)
	r.hook = crash.hook
	r.start()
	<-crash.crashed
	require.Greater(t, len(r.keys("lake", "orders/")), 2)
	r.reopen()
	var gone []uint64
	for seq := uint64(11); seq <= 4000; seq++ {
		gone = append(gone, seq)
	}
	_, err := r.queue.DeleteSequences(t.Context(), "order-events", gone)
	require.NoError(t, err)
	r.hook = nil
	r.start()
	require.EqualValues(t, 10, r.waitDone().InFiles)
	require.Equal(t, []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, ids(r.rows()))
	require.Len(t, r.keys("lake", "orders/"), 1)
}
