package delivery

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

// rig is a data folder with everything that a delivery works with.
type rig struct {
	t       testing.TB
	dir     string
	configs []Config
	memory  int64
	now     func() time.Time
	clock   queue.Clock
	hook    func(delivery, step string) error

	transforms Transforms
	delivered  *dedup.Store

	queue   *queue.Store
	objects *objects.Local
	db      *sqlite.DB
	catalog *catalog.Store
	tails   *tail.Store // nil: queries see events in files alone
	m       *Manager
}

// OpenTransforms opens the SQL of deliveries for a test.
var OpenTransforms func(t testing.TB) Transforms

// order is the table's row, as it is read back.
type order struct {
	ID       int64   `parquet:"id,optional" json:"id"`
	District *string `parquet:"district,optional" json:"district"`
	Price    *int32  `parquet:"price,optional" json:"price"`
	At       *int64  `parquet:"ordered_at,optional" json:"-"`
}

func ordersTable(kind formats.Kind) catalog.Table {
	t := catalog.Table{
		Database: "shop", Name: "orders", Type: "EXTERNAL_TABLE",
		Columns: []catalog.Column{
			{Name: "id", Type: "bigint"}, {Name: "district", Type: "string"}, {Name: "price", Type: "int"}, {Name: "ordered_at", Type: "timestamp"},
		},
		PartitionKeys: []catalog.Column{{Name: "year", Type: "string"}, {Name: "month", Type: "string"}, {Name: "day", Type: "string"}},
		Location:      "s3://lake/orders/",
		SerDe:         catalog.SerDe{Library: formats.SerDeParquet},
	}
	if kind == formats.JSON {
		t.SerDe.Library = formats.SerDeOpenXJSON
	}
	return t
}

func ordersConfig() Config {
	return Config{
		Name: "orders", Queue: "order-events", Database: "shop", Table: "orders", EventTime: "ordered_at",
		Timezone: "Asia/Seoul", MaxWait: 5 * time.Millisecond, Errors: "s3://logs/errors/",
	}
}

// newRig makes a queue and tables, and opens the deliveries without starting.
func newRig(t testing.TB, tables []catalog.Table, configs ...Config) *rig {
	r := &rig{t: t, dir: t.TempDir(), configs: configs, tails: tail.New()}
	if OpenTransforms != nil && slices.ContainsFunc(configs, func(c Config) bool { return c.Transform != "" || len(c.Partition) > 0 }) {
		r.transforms = OpenTransforms(t)
	}
	r.openStores()
	ctx := context.Background()
	require.NoError(t, r.catalog.CreateDatabase(ctx, catalog.Database{Name: "shop"}, true))
	for _, table := range tables {
		require.NoError(t, r.catalog.CreateTable(ctx, table, false))
	}
	for _, c := range configs {
		require.NoError(t, r.queue.CreateQueue(ctx, c.Queue, queue.DefaultAttributes()))
	}
	t.Cleanup(r.closeAll)
	return r
}

func (r *rig) openStores() {
	var err error
	quiet := slog.New(slog.DiscardHandler)
	r.queue, err = queue.Open(filepath.Join(r.dir, "queue"), queue.Options{Log: quiet, MemTableSize: 4 << 20, Clock: r.clock})
	require.NoError(r.t, err)
	r.delivered = dedup.New(filepath.Join(r.dir, "dedup"), quiet)
	r.objects, err = objects.OpenLocal(filepath.Join(r.dir, "objects"))
	require.NoError(r.t, err)
	r.db, err = sqlite.Open(filepath.Join(r.dir, "catalog.db"))
	require.NoError(r.t, err)
	r.catalog, err = catalog.Open(r.db)
	require.NoError(r.t, err)
}

func (r *rig) open() error {
	m, err := Open(context.Background(), Options{
		Queue: r.queue, Objects: r.objects, Catalog: r.catalog, Tails: r.tails, DB: r.db,
		Log: slog.New(slog.DiscardHandler), Memory: r.memory, Now: r.now, Transforms: r.transforms, Keys: r.delivered,
	}, r.configs)
	if err == nil {
		m.hook = r.hook
		r.m = m
	}
	return err
}

func (r *rig) start() {
	require.NoError(r.t, r.open())
	r.m.Start()
}

func (r *rig) closeManager() {
	if r.m == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(r.t, r.m.Close(ctx))
	r.m = nil
}

func (r *rig) closeAll() {
	r.closeManager()
	require.NoError(r.t, r.queue.Close())
	require.NoError(r.t, r.delivered.Close())
	require.NoError(r.t, r.objects.Close())
	require.NoError(r.t, r.db.Close())
}

// reopen abandons the manager and opens everything from the disk again.
func (r *rig) reopen() {
	r.closeAll()
	r.openStores()
	if r.tails != nil {
		r.tails = tail.New()
	}
}

func (r *rig) send(bodies ...string) {
	messages := make([]queue.Message, len(bodies))
	for i, b := range bodies {
		messages[i].Body = b
	}
	_, err := r.queue.Send(context.Background(), r.configs[0].Queue, messages)
	require.NoError(r.t, err)
}

func (r *rig) status() Status {
	list, err := r.m.Status(context.Background())
	require.NoError(r.t, err)
	for _, s := range list {
		require.NoError(r.t, balanced(s))
	}
	return list[0]
}

func balanced(s Status) error {
	if s.Sent != s.InQueue+s.InFlight+s.InFiles+s.Rejected+s.Filtered+s.Duplicates+s.Elsewhere || s.InQueue < 0 || s.InFlight < 0 || s.Elsewhere < 0 {
		return fmt.Errorf("the books of %s do not balance: %+v", s.Name, s)
	}
	return nil
}

// waitDone waits until nothing is in the queue or in flight.
func (r *rig) waitDone() Status {
	var s Status
	require.Eventually(r.t, func() bool {
		s = r.status()
		return s.InQueue == 0 && s.InFlight == 0
	}, 20*time.Second, time.Millisecond, "the queue empties")
	return s
}

func (r *rig) read(bucket, key string) []byte {
	body, _, err := r.objects.Get(context.Background(), bucket, key, 0, -1)
	require.NoError(r.t, err)
	defer body.Close()
	data, err := io.ReadAll(body)
	require.NoError(r.t, err)
	return data
}

// rows reads the committed rows by partition name, and checks that the store
// holds the committed objects and no others.
func (r *rig) rows() map[string][]order {
	ctx := context.Background()
	table, err := r.catalog.Table(ctx, "shop", "orders")
	require.NoError(r.t, err)
	files, err := r.catalog.Files(ctx, "shop", "orders", nil)
	require.NoError(r.t, err)
	rows := map[string][]order{}
	var committed []string
	for _, f := range files {
		committed = append(committed, f.Key)
		data := r.read(f.Bucket, f.Key)
		require.EqualValues(r.t, len(data), f.Size)
		got := decodeOrders(r.t, f.Key, data)
		require.EqualValues(r.t, len(got), f.Rows)
		name := catalog.PartitionName(table.PartitionKeys, f.Partition)
		require.True(r.t, strings.HasPrefix(f.Key, "orders/"+name), f.Key)
		rows[name] = append(rows[name], got...)
	}
	slices.Sort(committed)
	require.Equal(r.t, committed, r.keys("lake", "orders/"))
	return rows
}

func decodeOrders(t testing.TB, key string, data []byte) []order {
	if strings.HasSuffix(key, ".parquet") {
		rows, err := parquet.Read[order](bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		return rows
	}
	var rows []order
	for _, line := range jsonLines(t, data) {
		var o order
		require.NoError(t, json.Unmarshal([]byte(line), &o))
		rows = append(rows, o)
	}
	return rows
}

func jsonLines(t testing.TB, data []byte) []string {
	z, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func (r *rig) keys(bucket, prefix string) []string {
	var keys []string
	infos, more, err := r.objects.List(context.Background(), bucket, prefix, "", 100_000)
	require.NoError(r.t, err)
	require.False(r.t, more)
	for _, o := range infos {
		if !strings.HasSuffix(o.Key, "/") {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

func (r *rig) errorRecords() []errorRecord {
	var records []errorRecord
	for _, key := range r.keys("logs", "errors/") {
		for _, line := range jsonLines(r.t, r.read("logs", key)) {
			var e errorRecord
			require.NoError(r.t, json.Unmarshal([]byte(line), &e))
			records = append(records, e)
		}
	}
	return records
}

// ids flattens rows to their sorted ids.
func ids(rows map[string][]order) []int64 {
	var out []int64
	for _, list := range rows {
		for _, o := range list {
			out = append(out, o.ID)
		}
	}
	slices.Sort(out)
	return out
}

func orderEvent(id int) string {
	return fmt.Sprintf(`{"id":%d,"district":"강남구","price":%d,"ordered_at":"2021-02-%02dT12:00:00+09:00"}`, id, id*10, id%3+1)
}

// mustPlan is makePlan where it cannot fail.
func mustPlan(t testing.TB, l *layout, id string, fixedAt time.Time, messages []message, earlier []object) plan {
	p, err := makePlan(context.Background(), l, id, fixedAt, messages, earlier, nil)
	require.NoError(t, err)
	return p
}
