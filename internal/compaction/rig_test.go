package compaction

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sqlite"
)

// rig is a data folder with a delivered table, and a clock that the test turns.
type rig struct {
	t      testing.TB
	dir    string
	kind   formats.Kind
	config Config
	hook   func(step string) error
	store  func(objects.Store) objects.Store // between the compactor and its store
	at     time.Time
	tier   int // 0 for that of the package

	objects *objects.Local
	db      *sqlite.DB
	catalog *catalog.Store
	c       *Compactor

	batches int
	rows    int64
}

const dataFolder = "orders/dt=2021-02-03/"

var partition = []string{"2021-02-03"}

// newRig makes a table. Its files are small beside the target size.
func newRig(t testing.TB, kind formats.Kind) *rig {
	r := &rig{t: t, dir: t.TempDir(), kind: kind, at: day}
	r.openStores()
	ctx := context.Background()
	require.NoError(t, r.objects.CreateBucket(ctx, "lake"))
	require.NoError(t, r.catalog.CreateDatabase(ctx, catalog.Database{Name: "shop"}, true))
	r.createTable()
	r.open()
	t.Cleanup(func() {
		require.NoError(t, r.objects.Close())
		require.NoError(t, r.db.Close())
	})
	return r
}

func (r *rig) createTable() {
	library := formats.SerDeParquet
	if r.kind == formats.JSON {
		library = formats.SerDeOpenXJSON
	}
	require.NoError(r.t, r.catalog.CreateTable(context.Background(), catalog.Table{
		Database: "shop", Name: "orders", Columns: []catalog.Column{{Name: "id", Type: "bigint"}, {Name: "city", Type: "string"}},
		PartitionKeys: []catalog.Column{{Name: "dt", Type: "string"}},
		Location:      "s3://lake/orders/", SerDe: catalog.SerDe{Library: library},
	}, false))
	require.NoError(r.t, r.catalog.ClaimTable(context.Background(), "shop", "orders", "orders"))
}

func (r *rig) openStores() {
	var err error
	r.objects, err = objects.OpenLocal(filepath.Join(r.dir, "objects"))
	require.NoError(r.t, err)
	r.db, err = sqlite.Open(filepath.Join(r.dir, "catalog.db"))
	require.NoError(r.t, err)
	r.catalog, err = catalog.Open(r.db)
	require.NoError(r.t, err)
}

func (r *rig) open() {
	store := objects.Store(r.objects)
	if r.store != nil {
		store = r.store(store)
	}
	var err error
	r.c, err = Open(context.Background(), Options{
		Catalog: r.catalog, Objects: store, DB: r.db, TempDir: r.dir, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return r.at },
	}, r.config)
	require.NoError(r.t, err)
	r.c.pace.rate = 1e12
	r.c.pace.busy = func() bool { return false }
	if r.tier > 0 {
		r.c.tier = r.tier
	}
	r.c.hook = r.hook
}

// reopen opens everything again from the disk, as after a crash.
func (r *rig) reopen() {
	require.NoError(r.t, r.objects.Close())
	require.NoError(r.t, r.db.Close())
	r.openStores()
	r.open()
}

// deliver commits a file of so many rows, with ids that go on.
func (r *rig) deliver(rows int) {
	var cols []record.Column
	for _, d := range [][2]string{{"id", "bigint"}, {"city", "string"}} {
		c, err := record.NewColumn(d[0], d[1])
		require.NoError(r.t, err)
		cols = append(cols, c)
	}
	f := formats.Format{Kind: r.kind}
	w, err := write.New(f, cols)
	require.NoError(r.t, err)
	k, err := write.KindOf(f)
	require.NoError(r.t, err)
	var out bytes.Buffer
	w.Reset(&out)
	for range rows {
		require.NoError(r.t, w.Write([]record.Value{{Valid: true, Int: r.rows}, {Valid: r.rows%3 > 0, Text: fmt.Sprint("city ", r.rows%17)}}))
		r.rows++
	}
	require.NoError(r.t, w.Close())
	r.batches++
	key := fmt.Sprintf("%sorders-%06d-0%s", dataFolder, r.batches, k.Ending)
	ctx := context.Background()
	_, err = r.objects.Put(ctx, "lake", key, &out, int64(out.Len()), objects.PutOptions{ContentType: k.ContentType})
	require.NoError(r.t, err)
	info, err := r.objects.Head(ctx, "lake", key)
	require.NoError(r.t, err)
	require.NoError(r.t, r.catalog.CommitBatch(ctx, catalog.Batch{
		Delivery: "orders", ID: fmt.Sprint(r.batches), Database: "shop", Table: "orders",
		Partitions:  []catalog.Partition{{Values: partition, Location: "s3://lake/" + dataFolder}},
		Files:       []catalog.DataFile{{Partition: partition, Bucket: "lake", Key: key, Size: info.Size, Rows: int64(rows)}},
		Delivered:   int64(rows),
		CommittedAt: r.at,
	}))
}

// later turns the clock and does what is due.
func (r *rig) later(d time.Duration) {
	r.at = r.at.Add(d)
	r.c.Run(context.Background())
}

// files are those of the table.
func (r *rig) files() []catalog.DataFile {
	files, err := r.catalog.Files(context.Background(), "shop", "orders", nil)
	require.NoError(r.t, err)
	return files
}

// ids reads the ids of objects.
func (r *rig) ids(keys ...string) ([]int64, error) {
	var ids []int64
	for _, key := range keys {
		path, _ := r.objects.LocalPath("lake", key)
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		type order struct {
			ID   int64   `parquet:"id,optional" json:"id"`
			City *string `parquet:"city,optional" json:"city"`
		}
		var orders []order
		if r.kind == formats.Parquet {
			if orders, err = parquet.Read[order](bytes.NewReader(data), int64(len(data))); err != nil {
				return nil, err
			}
		} else {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil, err
			}
			for d := json.NewDecoder(z); ; {
				var o order
				if err := d.Decode(&o); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					return nil, err
				}
				orders = append(orders, o)
			}
		}
		for _, o := range orders {
			if (o.City != nil) != (o.ID%3 > 0) || o.City != nil && *o.City != fmt.Sprint("city ", o.ID%17) {
				return nil, fmt.Errorf("row %d has city %v", o.ID, o.City)
			}
			ids = append(ids, o.ID)
		}
	}
	return ids, nil
}

// each says why ids are not the rows delivered, each once.
func (r *rig) each(ids []int64, rows int64) error {
	seen := make([]int, rows)
	for _, id := range ids {
		if id >= rows {
			return fmt.Errorf("there is a row %d of %d", id, rows)
		}
		seen[id]++
	}
	for id, n := range seen {
		if n != 1 {
			return fmt.Errorf("row %d is there %d times", id, n)
		}
	}
	return nil
}

// query reads the table by the catalog's list.
func (r *rig) query() error {
	var keys []string
	for _, f := range r.files() {
		keys = append(keys, f.Key)
	}
	ids, err := r.ids(keys...)
	if err != nil {
		return err
	}
	return r.each(ids, r.rows)
}

// list returns the objects of the partition: those that readers of the bucket
// take for data, and the hidden ones.
func (r *rig) list() (public, hidden []string) {
	infos, more, err := r.objects.List(context.Background(), "lake", dataFolder, "", 100_000)
	require.NoError(r.t, err)
	require.False(r.t, more)
	for _, o := range infos {
		if strings.HasPrefix(filepath.Base(o.Key), "_") {
			hidden = append(hidden, o.Key)
		} else {
			public = append(public, o.Key)
		}
	}
	return public, hidden
}

// bucket reads the table as someone who lists the bucket does.
func (r *rig) bucket() error {
	public, _ := r.list()
	ids, err := r.ids(public...)
	if err != nil {
		return err
	}
	return r.each(ids, r.rows)
}

// clean requires that nothing is left to do: as many objects as files, all
// public, and an empty journal.
func (r *rig) clean() {
	r.t.Helper()
	require.NoError(r.t, r.query())
	require.NoError(r.t, r.bucket())
	public, hidden := r.list()
	require.Empty(r.t, hidden)
	require.Len(r.t, public, len(r.files()))
	for _, table := range []string{"compaction_merges", "compaction_publications", "catalog_removed_files"} {
		var n int
		require.NoError(r.t, r.db.Read.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
		require.Zero(r.t, n, table)
	}
	p, err := r.catalog.Partition(context.Background(), "shop", "orders", partition)
	require.NoError(r.t, err)
	require.EqualValues(r.t, len(public), p.Files)
}
