package glue

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/crawler"
)

// metrics sums up the runs of a crawler that are kept.
func (s *Crawlers) metrics(ctx context.Context, c *crawler.Status) (types.CrawlerMetrics, error) {
	out := types.CrawlerMetrics{CrawlerName: aws.String(c.Name), StillEstimating: c.State != crawler.StateReady}
	runs, err := s.manager.Runs(ctx, c.Name)
	if err != nil {
		return out, crawlerError(err)
	}
	var seconds []float64
	for _, r := range runs {
		if r.State == crawler.RunRunning {
			continue
		}
		seconds = append(seconds, r.End.Sub(r.Start).Seconds())
		out.TablesCreated += int32(len(r.Changes.TablesAdded))   //nolint:gosec // not so many
		out.TablesUpdated += int32(len(r.Changes.TablesUpdated)) //nolint:gosec // not so many
		out.TablesDeleted += int32(len(r.Changes.TablesDeleted)) //nolint:gosec // not so many
	}
	if len(seconds) > 0 {
		out.LastRuntimeSeconds = seconds[0]
		slices.Sort(seconds)
		out.MedianRuntimeSeconds = seconds[len(seconds)/2]
	}
	return out, nil
}

// ListCrawls returns the runs of a crawler, the newest first.
func (s *Crawlers) ListCrawls(ctx context.Context, in *glue.ListCrawlsInput) (*glue.ListCrawlsOutput, error) {
	runs, err := s.manager.Runs(ctx, aws.ToString(in.CrawlerName))
	if err != nil {
		return nil, crawlerError(err)
	}
	for _, f := range in.Filters {
		if runs, err = filterRuns(runs, f); err != nil {
			return nil, err
		}
	}
	page, next, err := pageAfter(runs, defaultCrawls, in.NextToken, in.MaxResults, func(r *crawler.Run) string { return r.ID })
	if err != nil {
		return nil, err
	}
	out := &glue.ListCrawlsOutput{Crawls: make([]types.CrawlerHistory, len(page)), NextToken: next}
	for i, r := range page {
		summary, err := runSummary(r)
		if err != nil {
			return nil, err
		}
		out.Crawls[i] = types.CrawlerHistory{
			CrawlId: &r.ID, State: types.CrawlerHistoryState(r.State), StartTime: moment(r.Start), EndTime: moment(r.End),
			ErrorMessage: text(r.Error), Summary: &summary,
			LogGroup: aws.String(crawlerLogGroup), LogStream: &r.Crawler, MessagePrefix: &r.ID,
		}
	}
	return out, nil
}

// runSummary is the JSON of what a run did, as Glue has it, with the notes of
// the run besides.
func runSummary(r *crawler.Run) (string, error) {
	type action struct {
		Details map[string][]string `json:"Details,omitempty"`
		Count   int                 `json:"Count"`
	}
	out := map[string]any{}
	add := func(entity, verb string, names []string, n int) {
		if n == 0 {
			return
		}
		verbs, ok := out[entity].(map[string]action)
		if !ok {
			verbs = map[string]action{}
			out[entity] = verbs
		}
		a := action{Count: n}
		if len(names) > 0 {
			a.Details = map[string][]string{"names": names}
		}
		verbs[verb] = a
	}
	c := &r.Changes
	add("TABLE", "ADD", c.TablesAdded, len(c.TablesAdded))
	add("TABLE", "UPDATE", c.TablesUpdated, len(c.TablesUpdated))
	add("TABLE", "DELETE", c.TablesDeleted, len(c.TablesDeleted))
	add("PARTITION", "ADD", nil, c.PartitionsAdded)
	add("PARTITION", "DELETE", nil, c.PartitionsDeleted)
	if len(c.Notes) > 0 {
		out["NOTES"] = c.Notes
	}
	text, err := json.Marshal(out)
	return string(text), err
}

// filterRuns leaves the runs that a filter lets through.
func filterRuns(runs []*crawler.Run, f types.CrawlsFilter) ([]*crawler.Run, error) {
	value := aws.ToString(f.FieldValue)
	var compare func(*crawler.Run) int
	switch f.FieldName {
	case types.FieldNameCrawlId:
		compare = func(r *crawler.Run) int { return cmp.Compare(r.ID, value) }
	case types.FieldNameState:
		compare = func(r *crawler.Run) int { return cmp.Compare(r.State, value) }
	case types.FieldNameStartTime, types.FieldNameEndTime, types.FieldNameDpuHour:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, invalid("Filter %s: %q is not a number", f.FieldName, value)
		}
		compare = func(r *crawler.Run) int { return cmp.Compare(numberOf(r, f.FieldName), n) }
	default:
		return nil, invalid("Filter: FieldName %q is not known", f.FieldName)
	}
	keep, ok := comparisons[f.FilterOperator]
	if !ok {
		return nil, invalid("Filter %s: FilterOperator %q is not known", f.FieldName, f.FilterOperator)
	}
	var out []*crawler.Run
	for _, r := range runs {
		if keep(compare(r)) {
			out = append(out, r)
		}
	}
	return out, nil
}

// numberOf is a field of a run as filters have it; nothing is billed here.
func numberOf(r *crawler.Run, field types.FieldName) float64 {
	switch field {
	case types.FieldNameStartTime:
		return float64(r.Start.UnixMilli())
	case types.FieldNameEndTime:
		return float64(r.End.UnixMilli())
	}
	return 0
}

var comparisons = map[types.FilterOperator]func(int) bool{
	types.FilterOperatorGt: func(c int) bool { return c > 0 },
	types.FilterOperatorGe: func(c int) bool { return c >= 0 },
	types.FilterOperatorLt: func(c int) bool { return c < 0 },
	types.FilterOperatorLe: func(c int) bool { return c <= 0 },
	types.FilterOperatorEq: func(c int) bool { return c == 0 },
	types.FilterOperatorNe: func(c int) bool { return c != 0 },
}
