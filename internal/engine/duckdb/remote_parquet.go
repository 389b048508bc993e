package duckdb

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go/format"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	parquetfooter "github.com/scopsdb/scops/internal/formats/footer"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

const (
	// chunkSlack is read behind a column chunk: old writers counted its size
	// without a header.
	chunkSlack = 128
	// mostly of an object is read as the whole of it, in one request.
	mostly = 0.75
)

// fetchParquet gets what a scan reads of a Parquet object: its footer and the
// chunks of the columns that the scan needs.
func (e *Engine) fetchParquet(ctx context.Context, q *sources, f formats.Format, ts *analyzer.TableScan, file *planner.File) error {
	far := &remoteFile{ctx: ctx, remote: e.remote, info: *file.Remote}
	defer far.close()
	meta, err := parquetfooter.Read(far, file.Size)
	if far.err != nil {
		return far.err
	}
	if err != nil {
		return footerError(file.URI, err)
	}
	wanted, known, err := e.neededRanges(f, ts, meta, file.URI)
	if err != nil {
		return err
	}
	if total := bytesOfRanges(wanted); !known || float64(total) > mostly*float64(file.Size) {
		return e.fetchWhole(ctx, q, file)
	}
	// With the footer, whose place in the cache ends with far.
	path, release, err := e.remote.FetchRanges(ctx, far.info, append(wanted, far.read...))
	if err != nil {
		return err
	}
	file.Path = path
	q.release(release)
	return nil
}

// neededRanges are the chunks of the columns that a scan reads of a file. known
// is false where the footer does not say where all of that lies.
func (e *Engine) neededRanges(f formats.Format, ts *analyzer.TableScan, meta *format.FileMetaData, uri string) (wanted []objects.Range, known bool, err error) {
	foot, err := e.footers.build(meta)
	if err != nil {
		return nil, false, footerError(uri, err)
	}
	_, columns, err := columnExprs(ts, f.ByIndex, foot.schema, uri)
	if err != nil {
		return nil, false, err
	}
	needed := make([]bool, len(foot.schema.columns))
	for _, c := range columns {
		needed[c] = true
	}
	var leaves []bool
	for i, n := range foot.schema.columns {
		for range n.leaves() {
			leaves = append(leaves, needed[i])
		}
	}
	for _, group := range meta.RowGroups {
		for i, chunk := range group.Columns {
			if !leaves[i] {
				continue
			}
			m := &chunk.MetaData
			begin := m.DataPageOffset
			if m.DictionaryPageOffset > 0 && m.DictionaryPageOffset < begin {
				begin = m.DictionaryPageOffset
			}
			if begin < 0 || m.TotalCompressedSize < 0 || m.BloomFilterOffset > 0 && m.BloomFilterLength <= 0 {
				return nil, false, nil
			}
			wanted = append(wanted, objects.Range{Begin: begin, End: begin + m.TotalCompressedSize + chunkSlack})
			if m.BloomFilterOffset > 0 {
				wanted = append(wanted, objects.Range{Begin: m.BloomFilterOffset, End: m.BloomFilterOffset + int64(m.BloomFilterLength)})
			}
		}
	}
	return wanted, true, nil
}

func bytesOfRanges(list []objects.Range) int64 {
	var n int64
	for _, r := range list {
		n += r.End - r.Begin
	}
	return n
}

// remoteFile reads an object through the cache.
type remoteFile struct {
	ctx    context.Context
	remote Fetcher
	info   objects.Info

	read     []objects.Range
	releases []func()
	err      error // of the store, not of what was read
}

// ReadAt implements io.ReaderAt.
func (r *remoteFile) ReadAt(p []byte, off int64) (int, error) {
	want := objects.Range{Begin: off, End: min(off+int64(len(p)), r.info.Size)}
	if off < 0 || want.Begin >= want.End {
		return 0, io.EOF
	}
	path, release, err := r.remote.FetchRanges(r.ctx, r.info, []objects.Range{want})
	if err != nil {
		r.err = err
		return 0, err
	}
	r.read, r.releases = append(r.read, want), append(r.releases, release)
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off)
}

func (r *remoteFile) close() {
	for _, release := range r.releases {
		release()
	}
}

// fetchWhole gets an object as a whole.
func (e *Engine) fetchWhole(ctx context.Context, q *sources, file *planner.File) error {
	path, release, err := e.remote.Fetch(ctx, *file.Remote)
	if err != nil {
		return err
	}
	file.Path = path
	q.release(release)
	return nil
}

func cannotOpen(uri string, err error) error {
	return &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("Error opening Hive split %s: %v", uri, err)}
}
