package glue

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/catalog"
)

// SearchTables returns a page of the tables of all databases that hold a text
// and satisfy all filters
// (https://docs.aws.amazon.com/glue/latest/webapi/API_SearchTables.html).
func (s *Service) SearchTables(ctx context.Context, in *glue.SearchTablesInput) (*glue.SearchTablesOutput, error) {
	if in.ResourceShareType == types.ResourceShareTypeForeign || in.ResourceShareType == types.ResourceShareTypeFederated {
		return &glue.SearchTablesOutput{TableList: []types.Table{}}, nil
	}
	tests := []func(*catalog.Table) bool{searchText(aws.ToString(in.SearchText))}
	for _, f := range in.Filters {
		test, err := searchFilter(f)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	matching, err := s.matching(ctx, tests)
	if err != nil {
		return nil, err
	}
	key, compare, err := searchOrder(in.SortCriteria)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(matching, func(a, b *catalog.Table) int { return compare(key(a), key(b)) })
	tables, next, err := page(matching, maxPartitionsPage, in.NextToken, in.MaxResults, key, compare)
	if err != nil {
		return nil, err
	}
	out := &glue.SearchTablesOutput{TableList: make([]types.Table, 0, len(tables)), NextToken: next}
	for _, t := range tables {
		out.TableList = append(out.TableList, tableShape(ctx, t))
	}
	return out, nil
}

func (s *Service) matching(ctx context.Context, tests []func(*catalog.Table) bool) ([]*catalog.Table, error) {
	databases, err := s.store.Databases(ctx)
	if err != nil {
		return nil, apiError(err)
	}
	var out []*catalog.Table
	for _, d := range databases {
		tables, err := s.store.Tables(ctx, d.Name)
		if err != nil {
			continue // dropped meanwhile
		}
		for _, t := range tables {
			if !slices.ContainsFunc(tests, func(test func(*catalog.Table) bool) bool { return !test(t) }) {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// searchText finds a text anywhere in what is written of a table, in either
// case. In quotes it must be the whole of something.
func searchText(wanted string) func(*catalog.Table) bool {
	wanted = strings.ToLower(wanted)
	exact := len(wanted) > 1 && wanted[0] == '"' && wanted[len(wanted)-1] == '"'
	if exact {
		wanted = wanted[1 : len(wanted)-1]
	}
	return func(t *catalog.Table) bool {
		return slices.ContainsFunc(written(t), func(text string) bool {
			text = strings.ToLower(text)
			if exact {
				return text == wanted
			}
			return strings.Contains(text, wanted)
		})
	}
}

func written(t *catalog.Table) []string {
	out := []string{t.Name, t.Database, t.Description, t.Owner, t.Location}
	for _, c := range slices.Concat(t.Columns, t.PartitionKeys) {
		out = append(out, c.Name, c.Comment)
	}
	for _, v := range t.Parameters {
		out = append(out, v)
	}
	return out
}

var tableTimes = map[string]func(*catalog.Table) time.Time{
	"createtime":       func(t *catalog.Table) time.Time { return t.CreateTime },
	"updatetime":       func(t *catalog.Table) time.Time { return t.UpdateTime },
	"lastaccesstime":   func(t *catalog.Table) time.Time { return t.LastAccessTime },
	"lastanalyzedtime": func(t *catalog.Table) time.Time { return t.LastAnalyzedTime },
}

var tableTexts = map[string]func(*catalog.Table) string{
	"name":         func(t *catalog.Table) string { return t.Name },
	"databasename": func(t *catalog.Table) string { return t.Database },
	"description":  func(t *catalog.Table) string { return t.Description },
	"owner":        func(t *catalog.Table) string { return t.Owner },
	"tabletype":    func(t *catalog.Table) string { return t.Type },
	"location":     func(t *catalog.Table) string { return t.Location },
}

// searchFilter reads a filter: a field of a table, or a parameter of it. The
// value of a text must be one of the words of it, or all.
func searchFilter(f types.PropertyPredicate) (func(*catalog.Table) bool, error) {
	key, value := aws.ToString(f.Key), aws.ToString(f.Value)
	if at, ok := tableTimes[strings.ToLower(key)]; ok {
		return timeFilter(at, f.Comparator, value)
	}
	return func(t *catalog.Table) bool {
		have, ok := t.Parameters[key]
		if text, isField := tableTexts[strings.ToLower(key)]; isField {
			have, ok = text(t), true
		}
		return ok && hasWord(have, value)
	}, nil
}

func hasWord(text, word string) bool {
	if strings.EqualFold(text, word) {
		return true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

var comparators = map[types.Comparator]func(c int) bool{
	types.ComparatorEquals:            func(c int) bool { return c == 0 },
	types.ComparatorGreaterThan:       func(c int) bool { return c > 0 },
	types.ComparatorLessThan:          func(c int) bool { return c < 0 },
	types.ComparatorGreaterThanEquals: func(c int) bool { return c >= 0 },
	types.ComparatorLessThanEquals:    func(c int) bool { return c <= 0 },
}

func timeFilter(at func(*catalog.Table) time.Time, comparator types.Comparator, value string) (func(*catalog.Table) bool, error) {
	want, err := time.Parse(time.RFC3339, value)
	if seconds, numeric := strconv.ParseInt(value, 10, 64); numeric == nil {
		want, err = time.Unix(seconds, 0), nil
	}
	if err != nil {
		return nil, invalid("'%s' is not a time", value)
	}
	holds, ok := comparators[comparator]
	if !ok {
		return nil, invalid("A time needs a Comparator, and '%s' is none", comparator)
	}
	return func(t *catalog.Table) bool { return holds(at(t).Truncate(time.Second).Compare(want)) }, nil
}

// searchOrder is the order of tables: the key that they are compared and pages
// go on by, and how keys compare. By database and name where nothing is asked.
func searchOrder(criteria []types.SortCriterion) (key func(*catalog.Table) []string, compare func(a, b []string) int, err error) {
	if len(criteria) == 0 {
		return func(t *catalog.Table) []string { return []string{t.Database, t.Name} }, slices.Compare[[]string], nil
	}
	field := strings.ToLower(aws.ToString(criteria[0].FieldName))
	by, ok := tableTexts[field]
	if at, isTime := tableTimes[field]; isTime {
		by, ok = func(t *catalog.Table) string { return at(t).UTC().Format("2006-01-02T15:04:05.000000000") }, true
	}
	if !ok {
		return nil, nil, invalid("Tables cannot be sorted by '%s'", aws.ToString(criteria[0].FieldName))
	}
	direction := 1
	if criteria[0].Sort == types.SortDescending {
		direction = -1
	}
	key = func(t *catalog.Table) []string { return []string{by(t), t.Database, t.Name} }
	compare = func(a, b []string) int {
		if len(a) != len(b) || len(a) == 0 {
			return len(a) - len(b) // of a token that is not ours
		}
		return cmp.Or(direction*cmp.Compare(a[0], b[0]), slices.Compare(a[1:], b[1:]))
	}
	return key, compare, nil
}
