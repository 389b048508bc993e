package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// What separates the columns and rows of a page. Names and JSON have no control
// characters; a location that has these is read by itself.
const (
	columnEnd = "\x1e"
	rowEnd    = "\x1f"
)

// loadPage is how many partitions the database writes as one text. A row for
// each, through database/sql, takes six times as long.
const loadPage = 20_000

// selectPage writes partitions in order of their names as one text, with their
// count and the last name.
const selectPage = `
	SELECT count(*), coalesce(max(name), ''), coalesce(group_concat(name || char(30) ||
		CASE WHEN instr(location, char(30)) OR instr(location, char(31)) THEN '' ELSE location END ||
		char(30) || parameters || char(30) || details || char(30) || create_time || char(30) || files || char(30) || bytes, char(31)), '')
	FROM (SELECT * FROM catalog_partitions WHERE table_id = ? AND name >= ? AND name < ? ORDER BY name LIMIT ?)`

// readPartitions reads the partitions of a table in order of their values.
func (s *Store) readPartitions(ctx context.Context, table int64) ([]Partition, error) {
	tx, err := s.db.Read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // all pages as of one moment
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	list, err := readRange(ctx, tx, table, "", pastNames(""), math.MaxInt)
	sortPartitions(list)
	return list, err
}

// readRange reads at most so many partitions with names from one to before
// another, in order of the names.
func readRange(ctx context.Context, tx *sql.Tx, table int64, from, to string, most int) (list []Partition, err error) {
	for len(list) < most {
		var count int
		var page, last string
		asked := min(loadPage, most-len(list))
		if err := tx.QueryRowContext(ctx, selectPage, table, from, to, asked).Scan(&count, &last, &page); err != nil {
			return nil, err
		}
		if list, err = appendPage(list, page, count); err != nil {
			return nil, err
		}
		if count < asked {
			break
		}
		from = last + "\x00"
	}
	for i := range list {
		if list[i].Location != "" {
			continue
		}
		err := tx.QueryRowContext(ctx, "SELECT location FROM catalog_partitions WHERE table_id = ? AND name = ?", table, valuesName(list[i].Values)).Scan(&list[i].Location)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// appendPage adds the partitions of a page. Their texts are parts of it.
func appendPage(list []Partition, page string, count int) ([]Partition, error) {
	list = slices.Grow(list, count)
	var values []string // of all partitions, one after the other
	for left := count; left > 0; left-- {
		var row string
		row, page, _ = strings.Cut(page, rowEnd)
		p, name, err := readPartition(row)
		if err != nil {
			return nil, err
		}
		keys := strings.Count(name, "/") + 1
		if cap(values)-len(values) < keys {
			values = make([]string, 0, keys*left)
		}
		from := len(values)
		values = appendValues(values, name)
		p.Values = values[from:len(values):len(values)]
		list = append(list, p)
	}
	return list, nil
}

// readPartition reads a row of a page but the values.
func readPartition(row string) (p Partition, name string, err error) {
	name, row, _ = strings.Cut(row, columnEnd)
	p.Location, row, _ = strings.Cut(row, columnEnd)
	parameters, row, _ := strings.Cut(row, columnEnd)
	details, row, _ := strings.Cut(row, columnEnd)
	var numbers [3]int64 // create_time, files, bytes
	for i := range numbers {
		var text string
		text, row, _ = strings.Cut(row, columnEnd)
		if numbers[i], err = strconv.ParseInt(text, 10, 64); err != nil {
			return p, name, fmt.Errorf("partition %s: %w", name, err)
		}
	}
	p.CreateTime, p.Files, p.Bytes = fromNanos(numbers[0]), numbers[1], numbers[2]
	if parameters != "" {
		err = json.Unmarshal([]byte(parameters), &p.Parameters)
	}
	if details != "" && err == nil {
		err = json.Unmarshal([]byte(details), &p.Details)
	}
	if err != nil {
		return p, name, fmt.Errorf("partition %s: %w", name, err)
	}
	return p, name, nil
}
