package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

// UnknownFields says what becomes of fields that no column asks for.
type UnknownFields string

// What may become of unknown fields.
const (
	Ignore  UnknownFields = "ignore"  // they are counted
	Collect UnknownFields = "collect" // into one column, as a JSON object
	Add     UnknownFields = "add"     // as columns of the table
)

// maxAdded is how many columns a table may get by Add: what events make of
// their field names must not make a table of thousands of columns.
const maxAdded = 100

// Parameters of columns that Add made.
const (
	addedParameter    = "scops.added" // "true"
	jsonTextParameter = "scops.json"  // "text": values of any kind, as JSON text
)

func (c Config) validateUnknown(bad func(field, format string, args ...any)) {
	switch c.UnknownFields {
	case Ignore:
	case Collect:
		if c.UnknownColumn == "" {
			bad("unknown_column", "is missing: name the string column that collects unknown fields")
		}
	case Add:
		if c.Transform != "" {
			bad("unknown_fields", "add cannot be with a transform, whose result has the columns that it names")
		}
	default:
		bad("unknown_fields", "%q is none of %q", c.UnknownFields, []UnknownFields{Ignore, Collect, Add})
	}
	if c.UnknownColumn != "" && c.UnknownFields != Collect {
		bad("unknown_column", "it is for unknown_fields: collect")
	}
}

// buildUnknown finds the column that collects unknown fields, and those that
// take JSON text.
func (l *layout) buildUnknown() error {
	l.collecting = -1
	l.options.JSONText = map[string]bool{}
	for _, c := range l.Columns {
		if c.Parameters[jsonTextParameter] == "text" && c.Type == "string" && len(l.Fields) == 0 {
			l.options.JSONText[c.Name] = true
		}
	}
	if l.UnknownFields != Collect {
		return nil
	}
	name := strings.ToLower(l.UnknownColumn)
	i := slices.IndexFunc(l.input, func(c record.Column) bool { return c.Name == name })
	if i < 0 || l.input[i].Type.Kind != formats.String {
		return fmt.Errorf("unknown_column: %s is no string column of the events (those of the table, or of fields)", l.UnknownColumn)
	}
	l.collecting = i
	l.options.KeepUnknown, l.options.Unread = true, map[string]bool{name: true}
	return nil
}

// collect is a JSON object of unknown fields, NULL without any.
func collect(fields []event.Field) record.Value {
	if len(fields) == 0 {
		return record.Value{}
	}
	var b strings.Builder
	for i, f := range fields {
		b.WriteByte("{,"[min(i, 1)])
		name, _ := json.Marshal(f.Name) // text always has a form
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(f.JSON)
	}
	b.WriteByte('}')
	return record.Value{Valid: true, Text: b.String()}
}

var columnForm = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,127}$`)

// evolve adds columns to the table for the unknown fields of messages that are
// accepted. It tells whether there are any: then the layout is another.
func (d *delivery) evolve(ctx context.Context, l *layout, messages []message) (bool, error) {
	found, err := l.newColumns(messages)
	if err != nil || len(found) == 0 {
		return false, err
	}
	t, err := d.m.catalog.Table(ctx, l.Database, l.Table)
	if err != nil {
		return false, err
	}
	next := *t
	next.Columns = slices.Clone(t.Columns)
	for _, c := range found {
		if !slices.ContainsFunc(next.Columns, func(o catalog.Column) bool { return o.Name == c.Name }) {
			next.Columns = append(next.Columns, c)
		}
	}
	if err := d.m.catalog.UpdateTable(ctx, next); err != nil && !errors.Is(err, catalog.ErrConflict) {
		return false, err // after a conflict, the table as it is now may have them
	}
	d.log.Info("added columns for fields of events", "columns", found)
	return true, d.step("evolved")
}

// newColumns are the columns that the table lacks for the fields of messages,
// as the first value of each that says something wants them.
func (l *layout) newColumns(messages []message) ([]catalog.Column, error) {
	options := l.options
	options.KeepUnknown = true
	parser := event.NewParser(l.input, options)
	types := map[string]event.Inferred{}
	var order []string
	for i := range messages {
		r, err := parser.Parse(messages[i].body)
		if err != nil {
			continue
		}
		for _, f := range r.Fields {
			name := strings.ToLower(f.Name)
			if !l.mayAdd(name) {
				continue
			}
			before, known := types[name]
			if joined, ok := before.Join(event.Infer(f.JSON)); ok && joined.Hive != "" {
				types[name] = joined
				if !known {
					order = append(order, strings.Clone(name))
				}
			}
		}
	}
	left := maxAdded
	for _, c := range l.Columns {
		if c.Parameters[addedParameter] != "" {
			left--
		}
	}
	var out []catalog.Column
	for _, name := range order[:max(0, min(left, len(order)))] {
		c := catalog.Column{Name: name, Type: types[name].Hive, Parameters: map[string]string{addedParameter: "true"}}
		if types[name].JSONText {
			c.Parameters[jsonTextParameter] = "text"
		}
		out = append(out, c)
	}
	return out, nil
}

// mayAdd says whether a field's name can be a column's.
func (l *layout) mayAdd(name string) bool {
	return columnForm.MatchString(name) && !slices.ContainsFunc(l.PartitionKeys, func(c catalog.Column) bool { return c.Name == name })
}
