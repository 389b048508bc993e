package duckdb

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// keyValues are the values of the columns that all rows of a file share, for
// each file that a scan reads: the needed partition keys and what is said of
// the file itself.
type keyValues struct {
	keys   []analyzer.ScanColumn
	values [][]any // by file, by key
	ofFile bool    // some differ between the files of a partition
}

// neededKeys are the columns of a scan that all rows of a file share, and their
// places among the table's partition keys; -1: of the file.
func neededKeys(ts *analyzer.TableScan) (*keyValues, []int) {
	k := &keyValues{}
	var places []int
	for _, c := range ts.Columns {
		if c.PerFile() {
			place := slices.IndexFunc(ts.Table.PartitionKeys, func(key catalog.Column) bool { return c.PartitionKey && key.Name == c.Name })
			k.keys, places = append(k.keys, c), append(places, place)
			k.ofFile = k.ofFile || c.OfFile
		}
	}
	return k, places
}

// newKeyValues parses the values of the partitions of files and looks up what
// is asked of the files.
func newKeyValues(scan *planner.Scan, ts *analyzer.TableScan, files []planner.File) (*keyValues, error) {
	k, places := neededKeys(ts)
	if len(places) == 0 {
		return k, nil
	}
	if err := k.parsePartitions(scan, files, places); err != nil {
		return nil, err
	}
	if !k.ofFile {
		return k, nil
	}
	for i, f := range files {
		k.values[i] = slices.Clone(k.values[i]) // the partition's are shared
		for n, c := range k.keys {
			if !c.OfFile {
				continue
			}
			v, err := fileValue(c.Name, scan, f)
			if err != nil {
				return nil, err
			}
			k.values[i][n] = v
		}
	}
	return k, nil
}

// group is a number that files share where their values are the same.
func (k *keyValues) group(files []planner.File, i int) int {
	if k.ofFile || files[i].Partition == nil {
		return i
	}
	return *files[i].Partition
}

// parsePartitions fills in the values of the partition keys.
func (k *keyValues) parsePartitions(scan *planner.Scan, files []planner.File, places []int) error {
	byPartition := make([][]any, len(scan.Partitions))
	k.values = make([][]any, len(files))
	ofFileOnly := !slices.ContainsFunc(places, func(place int) bool { return place >= 0 })
	for i, f := range files {
		if ofFileOnly {
			k.values[i] = make([]any, len(places))
			continue
		}
		if f.Partition == nil || *f.Partition >= len(scan.Partitions) {
			return internalError("file %s has no partition", f.URI)
		}
		p := *f.Partition
		if byPartition[p] == nil {
			values, err := k.parse(scan.Partitions[p].Values, places)
			if err != nil {
				return err
			}
			byPartition[p] = values
		}
		k.values[i] = byPartition[p]
	}
	return nil
}

func (k *keyValues) parse(texts []string, places []int) ([]any, error) {
	values := make([]any, len(places))
	for i, place := range places {
		c := k.keys[i]
		if place < 0 {
			continue
		}
		if place >= len(texts) {
			return nil, &engine.Error{Name: nameMetadata, Message: fmt.Sprintf("partition %v has no value for key %s", texts, c.Name)}
		}
		v, err := types.ParsePartitionValue(c.Type, texts[place])
		if err != nil {
			return nil, &engine.Error{Name: namePartition, Message: fmt.Sprintf("Invalid partition value '%s' for %s partition key: %s", texts[place], c.Type, c.Name)}
		}
		values[i] = v
	}
	return values, nil
}

// listedFiles is up to how many files the values of a key are a list in the SQL
// text; for more they are joined: parsing a long list costs more.
const listedFiles = 32

// attach writes the key columns of a scan over the given files (indexes of
// values), whose rows carry the number of their file, among those files, as
// fileNumber. It returns one expression for each key and what to join.
func (k *keyValues) attach(reg *scanRegistry, q *sources, files []int, fileNumber string) (exprs []string, join string, err error) {
	if len(k.keys) == 0 {
		return nil, "", nil
	}
	varying := false
	exprs = make([]string, len(k.keys))
	for i, key := range k.keys {
		list, same := make([]string, 0, min(len(files), listedFiles)), true
		for n, f := range files {
			v := k.values[f][i]
			if n > 0 && same {
				same = sameValue(v, k.values[files[0]][i])
			}
			if len(files) <= listedFiles || n == 0 {
				text, err := literal(v, key.Type)
				if err != nil {
					return nil, "", err
				}
				list = append(list, text)
			}
		}
		switch {
		case same:
			exprs[i] = list[0]
		case len(files) <= listedFiles:
			exprs[i] = "([" + strings.Join(list, ", ") + "])[CAST(" + fileNumber + " AS BIGINT) + 1]"
		default:
			exprs[i] = "k." + quoteName(key.Name)
			varying = true
		}
	}
	if !varying {
		return exprs, "", nil
	}
	infos, err := k.columnInfos()
	if err != nil {
		return nil, "", err
	}
	source := reg.add(q, func() source { return &keySource{query: q, columns: infos, keys: k, files: files} })
	return exprs, " JOIN " + source + " AS k ON k." + fileColumn + " = " + fileNumber, nil
}

func sameValue(a, b any) bool {
	if d, ok := a.(types.DecimalValue); ok {
		e, ok := b.(types.DecimalValue)
		return ok && d.Equal(e)
	}
	return a == b
}

// literal writes a partition value in DuckDB SQL with its type.
func literal(v any, t types.Type) (string, error) {
	name, err := types.DuckDBType(t)
	if err != nil {
		return "", err
	}
	var text string
	switch v := v.(type) {
	case nil:
		return "CAST(NULL AS " + name + ")", nil
	case string:
		if strings.IndexByte(v, 0) >= 0 {
			return "", &engine.Error{Name: namePartition, Message: fmt.Sprintf("partition value %q has a zero byte", v)}
		}
		return quote(v), nil
	case bool:
		text = strconv.FormatBool(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case float32:
		text = strconv.FormatFloat(float64(v), 'g', -1, 32)
	case float64:
		text = strconv.FormatFloat(v, 'g', -1, 64)
	case types.DecimalValue:
		text = decimalText(v, t.Scale)
	case time.Time:
		text = v.Format("2006-01-02 15:04:05.999999")
		if t.Kind == types.Date {
			text = v.Format(time.DateOnly)
		}
	default:
		return "", internalError("partition value %v of type %s", v, t)
	}
	return "CAST(" + quote(text) + " AS " + name + ")", nil
}

func decimalText(v types.DecimalValue, scale int) string {
	text, sign := v.Unscaled().String(), ""
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	if scale == 0 {
		return sign + text
	}
	for len(text) <= scale {
		text = "0" + text
	}
	return sign + text[:len(text)-scale] + "." + text[len(text)-scale:]
}

// keySource is a relation of file numbers and the values of partition keys.
type keySource struct {
	query   *sources
	columns []driver.ColumnInfo
	keys    *keyValues
	files   []int
	next    int
	err     error
}

func (k *keyValues) columnInfos() ([]driver.ColumnInfo, error) {
	number, err := driver.NewTypeInfo(driver.TYPE_BIGINT)
	if err != nil {
		return nil, err
	}
	infos := []driver.ColumnInfo{{Name: fileColumn, T: number}}
	for _, key := range k.keys {
		t, err := typeInfo(key.Type)
		if err != nil {
			return nil, err
		}
		infos = append(infos, driver.ColumnInfo{Name: key.Name, T: t})
	}
	return infos, nil
}

// ColumnInfos implements driver.ParallelChunkTableSource.
func (s *keySource) ColumnInfos() []driver.ColumnInfo { return s.columns }

// Cardinality implements driver.ParallelChunkTableSource.
func (s *keySource) Cardinality() *driver.CardinalityInfo {
	return &driver.CardinalityInfo{Cardinality: uint(len(s.files)), Exact: true}
}

// Init implements driver.ParallelChunkTableSource.
func (s *keySource) Init() driver.ParallelTableSourceInfo {
	if s.next > 0 && s.next < len(s.files) {
		s.err = errReadTwice
	}
	s.next = 0
	return driver.ParallelTableSourceInfo{MaxThreads: 1}
}

// NewLocalState implements driver.ParallelChunkTableSource.
func (s *keySource) NewLocalState() any { return s }

// FillChunk implements driver.ParallelChunkTableSource.
func (s *keySource) FillChunk(_ any, chunk driver.DataChunk) (err error) {
	defer func() { _ = s.query.fail(err) }()
	if s.err != nil {
		return s.err
	}
	n := 0
	for ; n < int(bindings.VectorSize()) && s.next < len(s.files); n++ {
		if err := chunk.SetValue(0, n, int64(s.next)); err != nil {
			return err
		}
		for i, v := range s.keys.values[s.files[s.next]] {
			if d, ok := v.(types.DecimalValue); ok {
				t := s.keys.keys[i].Type
				if t.Precision > math.MaxUint8 {
					return internalError("decimal precision %d", t.Precision)
				}
				v = driver.Decimal{Width: uint8(t.Precision), Scale: uint8(t.Scale), Value: d.Unscaled()}
			}
			if err := chunk.SetValue(i+1, n, v); err != nil {
				return err
			}
		}
		s.next++
	}
	return chunk.SetSize(n)
}

func (s *keySource) close() error { return nil }
