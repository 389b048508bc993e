package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"
)

// pageInfo is what the page knows before it asks for numbers.
type pageInfo struct {
	Title      string             `json:"title"`
	TitleKO    string             `json:"title_ko"`
	Table      string             `json:"table"`
	Breakdowns []breakdownInfo    `json:"breakdowns"`
	Dates      *dateRange         `json:"dates"` // nil where partitions are not dates
	Pricing    map[string]float64 `json:"pricing"`
}

type breakdownInfo struct {
	Title   string `json:"title"`
	TitleKO string `json:"title_ko"`
	Column  string `json:"column"`
}

// page answers GET /_scops/v1/page.
func (c *Console) page(ctx context.Context, rc *fasthttp.RequestCtx) {
	info := pageInfo{
		Title: "scops", TitleKO: "scops", Breakdowns: []breakdownInfo{},
		Pricing: map[string]float64{"per_tb": c.cfg.Pricing.PerTB, "minimum_bytes": float64(c.cfg.Pricing.MinimumBytes)},
	}
	if p := c.cfg.Page; p != nil {
		table, err := c.table(ctx)
		if err != nil {
			answerError(rc, http.StatusInternalServerError, "PageTable", err.Error())
			return
		}
		info.Title, info.TitleKO, info.Table = p.Title, or(p.TitleKO, p.Title), p.Table
		for _, b := range p.Breakdowns {
			info.Breakdowns = append(info.Breakdowns, breakdownInfo{Title: b.Title, TitleKO: or(b.TitleKO, b.Title), Column: b.Column})
		}
		if info.Dates, err = c.dates(ctx, table); err != nil {
			answerError(rc, http.StatusInternalServerError, "PageTable", err.Error())
			return
		}
	}
	answerJSON(rc, http.StatusOK, info)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// table is the table that the page shows.
func (c *Console) table(ctx context.Context) (*catalog.Table, error) {
	database, name, ok := strings.Cut(strings.ToLower(c.cfg.Page.Table), ".")
	if !ok {
		return nil, fmt.Errorf("page: table %q is not of the form database.table", c.cfg.Page.Table)
	}
	t, err := c.cfg.Catalog.Table(ctx, database, name)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	for _, b := range c.cfg.Page.Breakdowns {
		if !hasColumn(t, b.Column) {
			return nil, fmt.Errorf("page: table %s has no column %q", c.cfg.Page.Table, b.Column)
		}
	}
	return t, nil
}

func hasColumn(t *catalog.Table, name string) bool {
	for _, columns := range [][]catalog.Column{t.Columns, t.PartitionKeys} {
		for _, column := range columns {
			if strings.EqualFold(column.Name, name) {
				return true
			}
		}
	}
	return false
}

// dates is the span of the table's partitions, with today's end of the
// configured zone, so that new events fall into it.
func (c *Console) dates(ctx context.Context, t *catalog.Table) (*dateRange, error) {
	layout, ok := layoutOf(t.PartitionKeys)
	if !ok {
		return nil, nil
	}
	zone, err := time.LoadLocation(c.cfg.Page.Timezone)
	if err != nil {
		return nil, fmt.Errorf("page: timezone: %w", err)
	}
	partitions, err := c.cfg.Catalog.Partitions(ctx, t.Database, t.Name)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return layout.span(partitions, c.cfg.Now().In(zone)), nil
}

// breakdown is one chart's numbers.
type breakdown struct {
	breakdownInfo
	SQL        string             `json:"sql"`
	Rows       []breakdownRow     `json:"rows"`   // the maxRows most frequent values
	Values     int64              `json:"values"` // how many there are
	Total      int64              `json:"total"`  // of the counts of all values
	Statistics httpapi.Statistics `json:"statistics"`
	CostUSD    float64            `json:"cost_usd"`
	Error      *httpapi.Error     `json:"error,omitempty"`
}

type breakdownRow struct {
	Label *string `json:"label"` // null is NULL
	Count int64   `json:"count"`
}

// breakdowns answers GET /_scops/v1/breakdowns?from=2021-03-01&to=2021-03-31:
// all charts of the page, each one query, run side by side.
func (c *Console) breakdowns(ctx context.Context, rc *fasthttp.RequestCtx) {
	if c.cfg.Page == nil {
		answerError(rc, http.StatusNotFound, "NoPage", "the configuration has no page")
		return
	}
	t, err := c.table(ctx)
	if err != nil {
		answerError(rc, http.StatusInternalServerError, "PageTable", err.Error())
		return
	}
	where, err := whereOf(t, string(rc.QueryArgs().Peek("from")), string(rc.QueryArgs().Peek("to")))
	if err != nil {
		answerError(rc, http.StatusBadRequest, "InvalidDateRange", err.Error())
		return
	}
	out := make([]breakdown, len(c.cfg.Page.Breakdowns))
	g, groupCtx := errgroup.WithContext(ctx)
	for i, b := range c.cfg.Page.Breakdowns {
		g.Go(func() (err error) {
			out[i], err = c.breakdown(groupCtx, t, b, where)
			return err
		})
	}
	err = g.Wait()
	if ctx.Err() != nil {
		return // the browser went away
	}
	if err != nil {
		c.cfg.Log.Error("answer breakdowns", "error", err)
		answerError(rc, http.StatusInternalServerError, "QueryFailed", err.Error())
		return
	}
	answerJSON(rc, http.StatusOK, map[string]any{"breakdowns": out})
}

func (c *Console) breakdown(ctx context.Context, t *catalog.Table, b config.Breakdown, where string) (breakdown, error) {
	column := quoteName(strings.ToLower(b.Column))
	out := breakdown{
		breakdownInfo: breakdownInfo{Title: b.Title, TitleKO: or(b.TitleKO, b.Title), Column: b.Column},
		Rows:          []breakdownRow{},
		SQL: fmt.Sprintf("SELECT %s, count(*) AS \"count\" FROM %s.%s%s GROUP BY %s ORDER BY \"count\" DESC, %s",
			column, quoteName(t.Database), quoteName(t.Name), where, column, column),
	}
	sink := &rowCollector{}
	summary, err := c.cfg.Athena.Query(ctx, athena.QueryInput{SQL: out.SQL, Database: t.Database, Reuse: true}, sink)
	if err != nil {
		return out, err
	}
	out.Statistics = httpapi.StatisticsOf(summary)
	if summary.State != api.QueryExecutionStateSucceeded {
		out.Error = &httpapi.Error{Code: string(summary.State), Message: summary.Reason}
		return out, nil
	}
	out.CostUSD = c.cfg.Pricing.Cost(summary.Statistics.BytesScanned)
	out.Rows = append(out.Rows, sink.rows...)
	out.Values, out.Total = sink.values, sink.total
	return out, nil
}

// rowCollector takes the rows (label, count) of a breakdown. It keeps the first
// ones and counts them all.
type rowCollector struct {
	columns       []analyzer.Column
	rows          []breakdownRow
	values, total int64
}

// maxRows bounds what a browser gets to draw.
const maxRows = 1000

// Warn keeps nothing: the statistics have the warnings.
func (r *rowCollector) Warn([]lint.Warning) {}

func (r *rowCollector) Begin(_ athena.QueryID, columns []analyzer.Column) error {
	r.columns = columns
	return nil
}

func (r *rowCollector) Row(values []any) error {
	row := breakdownRow{Count: values[1].(int64)}
	r.values++
	r.total += row.Count
	if len(r.rows) == maxRows {
		return nil
	}
	if label, ok := types.Text(r.columns[0].Type, values[0]); ok {
		row.Label = &label
	}
	r.rows = append(r.rows, row)
	return nil
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
