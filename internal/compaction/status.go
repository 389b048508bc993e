package compaction

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

// TableStatus is how the files of a delivered table stand and what merging them
// has cost, over all of the delivery's life.
type TableStatus struct {
	Database string `json:"database"`
	Table    string `json:"table"`
	Delivery string `json:"delivery"`

	// MostFiles and MostSmallFiles are those of the partition that has the most.
	MostFiles      int64 `json:"most_files"`
	MostSmallFiles int64 `json:"most_small_files"`
	Partitions     int64 `json:"partitions"`
	// Unpublished are merges whose files still have their hidden names.
	Unpublished int64 `json:"unpublished"`

	Merges      int64   `json:"merges"`
	FilesMerged int64   `json:"files_merged"`
	FilesMade   int64   `json:"files_made"`
	Rows        int64   `json:"rows"`      // written by merges
	BytesIn     int64   `json:"bytes_in"`  // read by merges
	BytesOut    int64   `json:"bytes_out"` // written by merges
	Seconds     float64 `json:"seconds"`
	// RowAmplification is how often a row was written on average, by its
	// delivery and by merges; 0 where there are none. ByteAmplification is the
	// same of bytes.
	RowAmplification  float64 `json:"row_amplification"`
	ByteAmplification float64 `json:"byte_amplification"`

	Errors      int64     `json:"errors"` // since the start
	LastError   string    `json:"last_error,omitempty"`
	LastErrorAt time.Time `json:"last_error_at,omitzero"`
}

// Status returns the status of all delivered tables, by name.
func (c *Compactor) Status(ctx context.Context) ([]TableStatus, error) {
	list := []TableStatus{}
	c.mu.Lock()
	for _, s := range c.status {
		list = append(list, *s)
	}
	c.mu.Unlock()
	for i := range list {
		if err := c.addTotals(ctx, &list[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b TableStatus) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Table, b.Table))
	})
	return list, nil
}

func (c *Compactor) addTotals(ctx context.Context, s *TableStatus) error {
	t, err := c.journal.totals(ctx, s.Delivery)
	if err != nil {
		return err
	}
	s.Merges, s.FilesMerged, s.FilesMade, s.Rows = t.Merges, t.FilesIn, t.FilesOut, t.Rows
	s.BytesIn, s.BytesOut, s.Seconds = t.BytesIn, t.BytesOut, t.Spent.Seconds()
	delivered, err := c.catalog.DeliveryTotals(ctx, s.Delivery)
	if err != nil {
		return err
	}
	s.RowAmplification = amplification(delivered.Delivered, t.Rows)
	s.ByteAmplification = amplification(delivered.Bytes, t.BytesOut)
	return nil
}

func amplification(delivered, merged int64) float64 {
	if delivered == 0 {
		return 0
	}
	return float64(delivered+merged) / float64(delivered)
}

// note changes the status of a table.
func (c *Compactor) note(w where, change func(*TableStatus)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := w.Database + "." + w.Table
	s := c.status[name]
	if s == nil {
		s = &TableStatus{Database: w.Database, Table: w.Table}
		c.status[name] = s
	}
	s.Delivery = w.Delivery
	change(s)
}

func (c *Compactor) noteError(w where, err error) {
	c.note(w, func(s *TableStatus) { s.Errors, s.LastError, s.LastErrorAt = s.Errors+1, err.Error(), c.now() })
}

func (c *Compactor) noteFiles(t *catalog.Table, l *look) {
	files, small := l.most()
	unpublished := int64(0)
	for _, p := range c.pending {
		if p.Database == t.Database && p.Table == t.Name {
			unpublished++
		}
	}
	c.note(where{t.Delivery, t.Database, t.Name, nil}, func(s *TableStatus) {
		s.MostFiles, s.MostSmallFiles, s.Partitions, s.Unpublished = files, small, int64(len(l.seen)), unpublished
	})
}

// forget drops the status of tables that are gone.
func (c *Compactor) forget(known map[string]*look) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.status {
		if known[name] == nil {
			delete(c.status, name)
		}
	}
}
