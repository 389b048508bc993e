package lake

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
)

func isIceberg(properties []analyzer.Property) bool {
	for _, p := range properties {
		if text, ok := p.Value.(string); ok && strings.EqualFold(p.Name, "table_type") {
			return strings.EqualFold(text, "iceberg")
		}
	}
	return false
}

// createTableAs makes a table with the rows of a query.
// https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
func (l *Lake) createTableAs(w *analyzer.Write, id string) (*Change, error) {
	d, err := definition(w)
	if err != nil {
		return nil, err
	}
	staged, err := l.tables.Stage(d)
	if err != nil {
		return nil, positioned(err)
	}
	change := &Change{Rows: true, Apply: func(ctx context.Context, rows engine.Rows, seal func() error) (int64, error) {
		n, err := l.written(ctx, staged, id, rows, seal, func(ctx context.Context, files *iceberg.Writer) error {
			return l.tables.CreateWith(ctx, staged, appended(files, id))
		})
		if errors.Is(err, catalog.ErrAlreadyExists) {
			err = &engine.Error{Name: "TABLE_ALREADY_EXISTS", Message: fmt.Sprintf("Destination table 'awsdatacatalog.%s.%s' already exists", w.Database, w.Table)}
		}
		return n, err
	}}
	if !w.NoData {
		change.Source = w.Source
	}
	return change, nil
}

func definition(w *analyzer.Write) (iceberg.Definition, error) {
	d := iceberg.Definition{Database: w.Database, Name: w.Table, Comment: w.Comment, Properties: map[string]string{}}
	for _, c := range w.Columns {
		d.Columns = append(d.Columns, iceberg.NewColumn{Name: c.Name, Type: c.Type})
	}
	external := true
	for _, p := range w.Properties {
		var err error
		switch name := strings.ToLower(p.Name); name {
		case "table_type":
		case "is_external":
			external, err = boolean(p)
		case "location":
			d.Location, err = text(p)
		case "partitioning":
			d.Partitioning, err = partitioning(p)
		default:
			if _, known := iceberg.TableProperties[name]; !known {
				return d, invalid(p, "table property %s is not supported for Iceberg tables", p.Name)
			}
			d.Properties[name] = fmt.Sprint(p.Value)
		}
		if err != nil {
			return d, err
		}
	}
	if external {
		return d, &ast.Error{Name: "INVALID_TABLE_PROPERTY", Message: "is_external=false must be given for Iceberg tables"}
	}
	if d.Location == "" {
		return d, &ast.Error{Name: "INVALID_TABLE_PROPERTY", Message: "location must be given for Iceberg tables: location='s3://bucket/folder/'"}
	}
	return d, nil
}

func invalid(p analyzer.Property, format string, args ...any) error {
	return ast.Errorf("INVALID_TABLE_PROPERTY", p.At, format, args...)
}

func boolean(p analyzer.Property) (bool, error) {
	b, ok := p.Value.(bool)
	if !ok {
		return false, invalid(p, "property %s must be true or false", p.Name)
	}
	return b, nil
}

func text(p analyzer.Property) (string, error) {
	s, ok := p.Value.(string)
	if !ok {
		return "", invalid(p, "property %s must be a text", p.Name)
	}
	return s, nil
}

// partitioning reads ARRAY['day(ts)', 'bucket(id, 16)', 'country'].
func partitioning(p analyzer.Property) ([]iceberg.PartitionField, error) {
	list, ok := p.Value.([]string)
	if !ok {
		return nil, invalid(p, "property %s must be an array of texts", p.Name)
	}
	var out []iceberg.PartitionField
	for _, text := range list {
		f, ok := partitionField(text)
		if !ok {
			return nil, invalid(p, "Invalid partition field declaration: %s", text)
		}
		out = append(out, f)
	}
	return out, nil
}

// The forms of partition fields: a column, or a function of one with a number
// that may stand on either side.
var (
	plainField    = regexp.MustCompile(`^\s*"?([a-z_][a-z0-9_]*)"?\s*$`)
	functionField = regexp.MustCompile(`^\s*(year|month|day|hour|void|bucket|truncate)\s*\(\s*(?:(\d+)\s*,\s*)?"?([a-z_][a-z0-9_]*)"?\s*(?:,\s*(\d+)\s*)?\)\s*$`)
)

func partitionField(text string) (iceberg.PartitionField, bool) {
	text = strings.ToLower(text)
	if m := plainField.FindStringSubmatch(text); m != nil {
		return iceberg.PartitionField{Column: m[1], Transform: "identity"}, true
	}
	m := functionField.FindStringSubmatch(text)
	if m == nil {
		return iceberg.PartitionField{}, false
	}
	f := iceberg.PartitionField{Column: m[3], Transform: m[1]}
	sized := m[1] == "bucket" || m[1] == "truncate"
	switch number := m[2] + m[4]; {
	case sized != (number != "") || m[2] != "" && m[4] != "":
		return f, false
	case sized:
		n, err := strconv.Atoi(number)
		if err != nil {
			return f, false
		}
		f.Width = n
	}
	return f, true
}
