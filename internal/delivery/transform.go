package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/record"
)

// Transforms compile the SQL of deliveries. Package transform is one.
type Transforms interface {
	// Compile checks a transform. Its errors name the field of the configuration
	// and the place in its text.
	Compile(ctx context.Context, spec TransformSpec) (Transform, error)
}

// TransformSpec is the SQL of a delivery and the columns on its two sides.
type TransformSpec struct {
	// Select is SELECT … FROM batch WHERE …; "" gives the columns of Result that
	// batch has.
	Select string
	// Partition are expressions over batch, by partition key. They go before what
	// Select gives.
	Partition map[string]string
	// Batch are the columns of the table batch.
	Batch []catalog.Column
	// Columns and Keys are those of the table that is written.
	Columns []catalog.Column
	Keys    []catalog.Column
	// FieldKeys are the keys that batch gives by their names where neither
	// Partition nor Select does.
	FieldKeys []string
}

// Transform is compiled SQL. It is safe for concurrent use.
type Transform interface {
	// GivesKey says whether a partition key is among the results.
	GivesKey(name string) bool
	// Rows fills in the outcomes of rows. What becomes of a row depends on the
	// row alone. An error is of the engine; one that a row is to blame for is
	// the row's outcome.
	Rows(ctx context.Context, rows []TransformRow) error
	Close() error
}

// TransformRow is an event on its way through a transform.
type TransformRow struct {
	Values     []record.Value // one for each column of batch
	MessageID  string
	ReceivedAt time.Time
	Body       string

	Result   []record.Value // one for each of Columns, then of Keys; nil where there is none
	Filtered bool           // the WHERE clause leaves it out
	Failed   string         // why an expression failed; "" where none did
}

func (l *layout) hasTransform() bool { return l.Transform != "" || len(l.Partition) > 0 }

// compile makes the transform and finds what it reads of an event.
func (l *layout) compile(ctx context.Context, transforms Transforms) (err error) {
	if transforms == nil {
		return errors.New("transform: this process has no SQL")
	}
	spec := TransformSpec{Select: l.Transform, Partition: l.Partition, Batch: l.Fields, Columns: l.Columns, Keys: l.PartitionKeys}
	for _, k := range l.PartitionKeys {
		if !ofTime(k.Name) {
			spec.FieldKeys = append(spec.FieldKeys, k.Name)
		}
	}
	if len(l.Fields) == 0 {
		spec.Batch = slices.Clone(l.Columns)
		for _, k := range l.PartitionKeys {
			if slices.Contains(spec.FieldKeys, k.Name) {
				spec.Batch = append(spec.Batch, k)
			}
		}
	}
	for _, c := range spec.Batch {
		col, err := record.NewColumn(c.Name, c.Type)
		if err != nil {
			return err
		}
		l.input = append(l.input, col)
	}
	l.transform, err = transforms.Compile(ctx, spec)
	return err
}

// close gives up what the layout holds. Rows may still be made.
func (l *layout) close() {
	if l != nil && l.transform != nil {
		_ = l.transform.Close() // nothing is read from it any more
	}
}

// A transform runs over so many events at once, or so many bytes of bodies.
const (
	transformRows  = 8192
	transformBytes = 16 << 20
)

// transformer makes the outcomes of messages by SQL, some at a time.
type transformer struct {
	shaper   *shaper
	outcomes []outcome
	places   []int32 // of outcomes among the messages
	rows     []TransformRow
	of       []int // rows: the outcome that each becomes
	bytes    int
}

func (s *shaper) newTransformer() *transformer { return &transformer{shaper: s} }

// add reads an event; values of the parser are valid until its next event, and
// are kept.
func (t *transformer) add(place int32, m *message) {
	o := *t.shaper.parse(m)
	if !o.rejected {
		o.values = slices.Clone(o.values)
		t.of = append(t.of, len(t.outcomes))
		t.rows = append(t.rows, TransformRow{Values: o.values, MessageID: string(m.id), ReceivedAt: m.sentAt, Body: m.body})
	}
	t.outcomes, t.places = append(t.outcomes, o), append(t.places, place)
	t.bytes += len(m.body)
}

func (t *transformer) full() bool {
	return len(t.outcomes) >= transformRows || t.bytes >= transformBytes
}

// flush runs the transform and calls f with the outcomes in order.
func (t *transformer) flush(ctx context.Context, f func(i int32, o *outcome) error) error {
	if err := t.shaper.l.transform.Rows(ctx, t.rows); err != nil {
		return fmt.Errorf("transform: %w", err)
	}
	for n := range t.rows {
		r, o := &t.rows[n], &t.outcomes[t.of[n]]
		o.values, o.filtered = r.Result, r.Filtered
		if r.Failed != "" {
			o.reject("transform: " + r.Failed)
		}
	}
	for n := range t.outcomes {
		if err := f(t.places[n], &t.outcomes[n]); err != nil {
			return err
		}
	}
	clear(t.rows)
	t.outcomes, t.places, t.rows, t.of, t.bytes = t.outcomes[:0], t.places[:0], t.rows[:0], t.of[:0], 0
	return nil
}
