package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/scopsdb/scops/internal/httpapi"
)

// statistic is one query with the answer that it must have.
type statistic struct {
	title string
	label string
	sql   string
	want  Counts
}

// shown is how many rows of a statistic are printed.
const shown = 10

// statistics are the three of the fulfilment team, and one of a single day,
// which reads one partition.
func statistics(b Book) []statistic {
	const march = `WHERE year = '2021' AND month = '03'`
	by := func(column string) string {
		return "SELECT " + column + ", count(*) AS orders FROM fulfillment.orders " + march +
			" GROUP BY " + column + " ORDER BY orders DESC, " + column
	}
	oneDay := Counts{"2021-03-03": b.ByDay["2021-03-03"]}
	return []statistic{
		{"Orders by district", "district", by("district"), b.ByDistrict},
		{"Orders by delivery type", "delivery type", by("delivery_type"), b.ByDelivery},
		{"Orders by product", "product", by("product_name"), b.ByProduct},
		{"Orders of one day", "day",
			"SELECT year || '-' || month || '-' || day, count(*) FROM fulfillment.orders " + march + " AND day = '03' GROUP BY 1", oneDay},
	}
}

type countRow struct {
	label string
	n     int64
}

func (s statistic) run(ctx context.Context, o Options) error {
	got, stats, err := s.ask(ctx, o)
	if err != nil {
		return fmt.Errorf("%s: %w", s.title, err)
	}
	s.print(o, got, stats)
	return s.check(got)
}

func (s statistic) ask(ctx context.Context, o Options) ([]countRow, httpapi.Statistics, error) {
	rows, err := o.Scops.Query(ctx, httpapi.QueryRequest{SQL: s.sql})
	if err != nil {
		return nil, httpapi.Statistics{}, err
	}
	defer rows.Close()
	var out []countRow
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return out, rows.Statistics, nil
		}
		if err != nil {
			return nil, httpapi.Statistics{}, err
		}
		var r countRow
		if err := errors.Join(json.Unmarshal(row[0], &r.label), json.Unmarshal(row[1], &r.n)); err != nil {
			return nil, httpapi.Statistics{}, err
		}
		out = append(out, r)
	}
}

func (s statistic) check(got []countRow) error {
	seen := Counts{}
	for _, r := range got {
		seen[r.label] += r.n
	}
	for label, n := range s.want {
		if seen[label] != n {
			return fmt.Errorf("%w: %s: %s has %d, sent were %d", ErrCountsOff, s.title, label, seen[label], n)
		}
	}
	if len(got) != len(s.want) {
		return fmt.Errorf("%w: %s: %d rows, expected %d", ErrCountsOff, s.title, len(got), len(s.want))
	}
	return nil
}

func (s statistic) print(o Options, got []countRow, stats httpapi.Statistics) {
	fmt.Fprintf(o.Out, "\n%s\n%s\n", s.title, s.sql)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault // names as they are
	t.Style().Format.Footer = text.FormatDefault
	t.AppendHeader(table.Row{s.label, "orders"})
	for i, r := range got {
		if i == shown {
			t.AppendFooter(table.Row{fmt.Sprintf("… %d more", len(got)-shown), ""})
			break
		}
		t.AppendRow(table.Row{r.label, r.n})
	}
	fmt.Fprintln(o.Out, t.Render())
	fmt.Fprintf(o.Out, "%.1f ms, %d of %d partitions, %d bytes scanned, %s\n",
		stats.TotalMillis, stats.PartitionsRead, stats.PartitionsTotal, stats.BytesScanned,
		o.Pricing.Describe(stats.BytesScanned))
}
