package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/objects"
)

// target is all that decides how a batch is written. It is kept in the journal,
// so that a batch is repeated as it was begun even when the table or the
// configuration has changed meanwhile.
type target struct {
	Delivery      string
	Database      string
	Table         string
	Location      string
	Columns       []catalog.Column
	PartitionKeys []catalog.Column
	Format        formats.Format
	EventTime     string
	Timezone      string
	Errors        string
	Late          Late
	Future        Future
	Transform     string            `json:",omitempty"`
	Partition     map[string]string `json:",omitempty"`
	Fields        []catalog.Column  `json:",omitempty"`
	Dedup         Dedup
	UnknownFields UnknownFields
	UnknownColumn string `json:",omitempty"`
	SortBy        []string
	// TargetFileSize is the size, in bytes, at which a file is ended and the
	// next one of its partition begun; compaction aims at it.
	TargetFileSize int64
}

func newTarget(c Config, t *catalog.Table) (target, error) {
	f, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters)
	if err != nil {
		return target{}, fmt.Errorf("table %s.%s: %w", t.Database, t.Name, err)
	}
	return target{
		Delivery: c.Name, Database: t.Database, Table: t.Name, Location: t.Location,
		Columns: t.Columns, PartitionKeys: t.PartitionKeys, Format: f,
		EventTime: c.EventTime, Timezone: c.Timezone, Errors: c.Errors,
		Late: c.Late, Future: c.Future, SortBy: c.SortBy, TargetFileSize: c.TargetFileSize,
		Transform: c.Transform, Partition: c.Partition, Fields: c.fields(), Dedup: c.Dedup, UnknownFields: c.UnknownFields, UnknownColumn: c.UnknownColumn,
	}, nil
}

// layout is a target made ready for work.
type layout struct {
	target
	kind    write.Kind
	columns []record.Column // of the table
	written []record.Column // of its files: columns, then catalog.DeliveredColumns
	// valued are what an outcome has values of: columns, then partition keys:
	// those that are fields of the event, or with a transform all.
	valued     []record.Column
	input      []record.Column // what is read of an event: valued, or with a transform the columns of batch
	collecting int             // input: the column of unknown fields; -1 for none
	transform  Transform       // nil without
	options    event.Options
	keys       []partitionKey
	zone       *time.Location
	hourly     bool  // a partition key needs the hour
	dedup      []int // input
	sortBy     []int // columns

	bucket, prefix           string // of the table; prefix ends with / or is empty
	errorBucket, errorPrefix string
}

// layout makes a target ready; transforms compiles its SQL.
func (t target) layout(ctx context.Context, transforms Transforms) (*layout, error) {
	l := &layout{target: t}
	err := l.build()
	if err == nil && l.hasTransform() {
		err = l.compile(ctx, transforms)
	}
	if err == nil {
		err = l.buildKeys()
	}
	if err == nil {
		err = l.buildDedup()
	}
	if err == nil {
		err = l.buildUnknown()
	}
	if err != nil {
		l.close()
		return nil, fmt.Errorf("table %s.%s: %w", t.Database, t.Table, err)
	}
	return l, nil
}

func (l *layout) build() (err error) {
	if l.Format.Kind != formats.Parquet && l.Format.Kind != formats.JSON {
		return fmt.Errorf("records cannot be written as %s: use a Parquet or a JSON table", l.Format.Kind)
	}
	if l.kind, err = write.KindOf(l.Format); err != nil {
		return err
	}
	for _, c := range l.Columns {
		col, err := record.NewColumn(c.Name, c.Type)
		if err != nil {
			return err
		}
		l.columns = append(l.columns, col)
	}
	if l.written, err = writtenColumns(l.columns); err != nil {
		return err
	}
	if _, err = write.New(l.Format, l.written); err != nil {
		return err
	}
	if err = l.checkMapping(); err != nil {
		return err
	}
	if l.zone, err = loadZone(l.Timezone); err != nil {
		return err
	}
	if err = l.buildSort(); err != nil {
		return err
	}
	if l.TargetFileSize == 0 { // a batch that an earlier version began
		l.TargetFileSize = DefaultTargetFileSize
	}
	l.options = event.Options{TimeField: l.EventTime, Keys: l.Format.JSON.Mapping, Zone: l.zone}
	if l.bucket, l.prefix, err = folder(l.Location); err != nil {
		return fmt.Errorf("location: %w", err)
	}
	if l.errorBucket, l.errorPrefix, err = folder(l.Errors); err != nil {
		return fmt.Errorf("errors: %w", err)
	}
	if l.bucket == l.errorBucket && strings.HasPrefix(l.errorPrefix, l.prefix) {
		return fmt.Errorf("errors: %s lies inside the table's location %s, where other readers would take error records for data", l.Errors, l.Location)
	}
	return nil
}

// writtenColumns are the columns of the files.
func writtenColumns(columns []record.Column) ([]record.Column, error) {
	if len(columns) == 0 {
		return nil, fmt.Errorf("records need at least one column")
	}
	written := slices.Clone(columns)
	for _, h := range catalog.DeliveredColumns() {
		if slices.ContainsFunc(columns, func(c record.Column) bool { return c.Name == h.Name }) {
			return nil, fmt.Errorf("column %s: a delivery writes a hidden column of this name", h.Name)
		}
		c, err := record.NewColumn(h.Name, h.Type)
		if err != nil {
			return nil, err
		}
		written = append(written, c)
	}
	return written, nil
}

// checkMapping refuses key mappings of nested fields: events would have to be
// read by them too.
func (l *layout) checkMapping() error {
	names := map[string]bool{}
	for _, c := range l.columns {
		names[c.Name] = true
	}
	for name := range l.Format.JSON.Mapping {
		if !names[name] {
			return fmt.Errorf("SerDe property mapping.%s: it is not a column, and nested fields cannot be mapped by a delivery", name)
		}
	}
	return nil
}

func folder(uri string) (bucket, prefix string, err error) {
	bucket, prefix, err = objects.SplitURI(uri)
	if err == nil && prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return bucket, prefix, err
}

// writeOptions ends row groups so that files can end near the target size.
func (l *layout) writeOptions() write.Options {
	return write.Options{RowGroupBytes: min(l.TargetFileSize, maxRowGroup)}
}

// newParser returns a parser of the events of this table.
func (l *layout) newParser() *event.Parser { return event.NewParser(l.input, l.options) }
