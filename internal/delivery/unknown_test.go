package delivery

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// lines are the rows of a JSON table in the order of their ids, without the
// hidden columns.
func (r *rig) lines() map[float64]map[string]any {
	files, err := r.catalog.Files(r.t.Context(), "shop", "orders", nil)
	require.NoError(r.t, err)
	rows := map[float64]map[string]any{}
	for _, f := range files {
		for _, line := range jsonLines(r.t, r.read(f.Bucket, f.Key)) {
			var row map[string]any
			require.NoError(r.t, json.Unmarshal([]byte(line), &row))
			delete(row, catalog.MessageIDColumn)
			delete(row, catalog.ReceivedAtColumn)
			rows[row["id"].(float64)] = row
		}
	}
	return rows
}

func TestUnknownFieldsAreCollected(t *testing.T) {
	c := ordersConfig()
	c.UnknownFields, c.UnknownColumn = Collect, "Rest"
	table := ordersTable(formats.JSON)
	table.Columns = append(table.Columns, catalog.Column{Name: "rest", Type: "string"})
	r := newRig(t, []catalog.Table{table}, c)
	r.start()
	r.send(`{"id":1,"coupon":"A","Weight":{"kg": 1.5},"rest":[1],"ordered_at":"2021-02-03"}`, `{"id":2}`, `{"id":3,"a\"b":null}`)
	s := r.waitDone()
	require.EqualValues(t, 4, s.UnknownFields)
	rows := r.lines()
	require.Equal(t, `{"coupon":"A","Weight":{"kg": 1.5},"rest":[1]}`, rows[1]["rest"])
	require.Nil(t, rows[2]["rest"])
	require.Equal(t, `{"a\"b":null}`, rows[3]["rest"])
}

func TestUnknownFieldsBecomeColumns(t *testing.T) {
	for _, kind := range []formats.Kind{formats.JSON, formats.Parquet} {
		t.Run(kind.String(), func(t *testing.T) {
			c := ordersConfig()
			c.UnknownFields = Add
			r := newRig(t, []catalog.Table{ordersTable(kind)}, c)
			r.start()
			r.send(`{"id":1,"coupon":null,"day":"x","we ird":1}`)
			s := r.waitDone()
			require.EqualValues(t, 3, s.UnknownFields, "null says nothing; a key and an odd name are no columns")
			r.send(`{"id":2,"Coupon":"A","score":1,"tags":["a"],"extra":{"k":1},"ok":true}`)
			r.waitDone()
			r.send(`{"id":3,"coupon":7}`, `{"id":4,"score":2,"extra":[1,{"b":2}],"tags":[]}`, `{"id":5,"score":2.5}`)
			s = r.waitDone()
			require.EqualValues(t, 3, s.InFiles)
			require.EqualValues(t, 2, s.Rejected)
			var reasons []string
			for _, e := range r.errorRecords() {
				reasons = append(reasons, e.Reason)
			}
			require.ElementsMatch(t, []string{"column coupon: expected string, found number 7", "column score: expected bigint, found number 2.5 (has a fraction)"}, reasons)
			got, err := r.catalog.Table(t.Context(), "shop", "orders")
			require.NoError(t, err)
			types := map[string]string{}
			for _, c := range got.Columns[4:] {
				types[c.Name] = c.Type
			}
			require.Equal(t, map[string]string{"coupon": "string", "score": "bigint", "tags": "array<string>", "extra": "string", "ok": "boolean"}, types)
			if kind == formats.JSON {
				rows := r.lines()
				require.Equal(t, map[string]any{"id": 2.0, "coupon": "A", "score": 1.0, "tags": []any{"a"}, "extra": `{"k":1}`, "ok": true}, rows[2])
				require.Equal(t, map[string]any{"id": 4.0, "score": 2.0, "tags": []any{}, "extra": `[1,{"b":2}]`}, rows[4])
			}
		})
	}
}

// Columns of one batch: the first value that says something wants the type,
// whole and fractional numbers are double, and there are so many at most.
func TestNewColumns(t *testing.T) {
	c := ordersConfig()
	c.UnknownFields = Add
	l := mustLayout(t, ordersTable(formats.JSON), c)
	plan := func(l *layout, bodies ...string) map[string]string {
		var messages []message
		for _, b := range bodies {
			messages = append(messages, message{body: b})
		}
		found, err := l.newColumns(messages)
		require.NoError(t, err)
		types := map[string]string{}
		for _, c := range found {
			types[c.Name] = c.Type
		}
		return types
	}
	require.Equal(t, map[string]string{"a": "double", "b": "string", "c": "array<double>"},
		plan(l, `{"a":1,"c":[]}`, `{"a":1.5,"b":"x","c":[1]}`, `{"b":1,"c":[2.5]}`, `{"z":1`, `{"id":"x","y":1}`), "rejected events want nothing")
	table := ordersTable(formats.JSON)
	for i := range maxAdded - 2 {
		table.Columns = append(table.Columns, catalog.Column{Name: fmt.Sprintf("c%d", i), Type: "int", Parameters: map[string]string{addedParameter: "true"}})
	}
	require.Equal(t, map[string]string{"a": "bigint", "b": "bigint"}, plan(mustLayout(t, table, c), `{"a":1,"b":2,"c":3,"d":4}`))
}

func TestAddingColumnsAcrossCrashes(t *testing.T) {
	for _, step := range []string{"evolved", "planned", "fixed", "object", "committed"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			c := ordersConfig()
			c.UnknownFields = Add
			r := newRig(t, []catalog.Table{ordersTable(formats.JSON)}, c)
			r.send(`{"id":1,"new":5}`, `{"id":2}`)
			crash := newCrasher(step, 0)
			r.hook = crash.hook
			r.start()
			select {
			case <-crash.crashed:
			case <-time.After(10 * time.Second):
				require.Fail(t, "the step was never reached")
			}
			r.reopen()
			r.hook = nil
			r.start()
			require.EqualValues(t, 2, r.waitDone().InFiles)
			rows := r.lines()
			require.Len(t, rows, 2)
			require.Equal(t, 5.0, rows[1]["new"])
		})
	}
}

func TestUnknownFieldsAreChecked(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`delivery "orders": unknown_fields: "drop" is none of ["ignore" "collect" "add"]`:                                                  func(c *Config) { c.UnknownFields = "drop" },
		`delivery "orders": unknown_column: is missing: name the string column that collects unknown fields`:                               func(c *Config) { c.UnknownFields = Collect },
		`delivery "orders": unknown_column: it is for unknown_fields: collect`:                                                             func(c *Config) { c.UnknownColumn = "rest" },
		`delivery "orders": unknown_fields: add cannot be with a transform, whose result has the columns that it names`:                    func(c *Config) { c.UnknownFields, c.Transform = Add, "SELECT id FROM batch" },
		`delivery "orders": table shop.orders: unknown_column: price is no string column of the events (those of the table, or of fields)`: func(c *Config) { c.UnknownFields, c.UnknownColumn = Collect, "price" },
	} {
		c := ordersConfig()
		change(&c)
		r := newRig(t, []catalog.Table{ordersTable(formats.Parquet)}, c)
		require.EqualError(t, r.open(), want)
	}
}
