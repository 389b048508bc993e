package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// breakdown is a number of orders by one column.
type breakdown struct {
	Title   string
	Rows    []count
	Millis  int64
	Scanned int64 // bytes
}

type count struct {
	Label  string
	Orders int64
}

// statistics asks Athena.
type statistics struct {
	athena   *athena.Client
	database string
}

// pollInterval is what Athena's clients commonly wait between two looks.
const pollInterval = time.Second

var columns = []struct{ title, name string }{
	{"Orders by district", "district"},
	{"Orders by delivery type", "delivery_type"},
	{"Orders by product", "product_name"},
}

// month answers the breakdowns of one month; its WHERE clause leaves the
// month's partitions. All queries are started before the first is awaited.
func (s *statistics) month(ctx context.Context, year, month string) ([]breakdown, error) {
	ids := make([]*string, len(columns))
	for i, c := range columns {
		var err error
		if ids[i], err = s.start(ctx, c.name, year, month); err != nil {
			return nil, fmt.Errorf("%s: %w", c.title, err)
		}
	}
	out := make([]breakdown, len(columns))
	for i, c := range columns {
		done, err := s.await(ctx, ids[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.title, err)
		}
		rows, err := s.fetch(ctx, ids[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.title, err)
		}
		out[i] = breakdown{
			Title: c.title, Rows: rows,
			Millis:  aws.ToInt64(done.Statistics.TotalExecutionTimeInMillis),
			Scanned: aws.ToInt64(done.Statistics.DataScannedInBytes),
		}
	}
	return out, nil
}

func (s *statistics) start(ctx context.Context, column, year, month string) (*string, error) {
	out, err := s.athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString: aws.String("SELECT " + column + ", count(*) AS orders FROM orders" +
			" WHERE year = ? AND month = ? AND action = 'order' GROUP BY " + column + " ORDER BY orders DESC, " + column),
		ExecutionParameters:   []string{"'" + year + "'", "'" + month + "'"},
		QueryExecutionContext: &types.QueryExecutionContext{Database: aws.String(s.database)},
	})
	if err != nil {
		return nil, err
	}
	return out.QueryExecutionId, nil
}

func (s *statistics) await(ctx context.Context, id *string) (*types.QueryExecution, error) {
	for {
		out, err := s.athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
		if err != nil {
			return nil, err
		}
		q := out.QueryExecution
		switch q.Status.State {
		case types.QueryExecutionStateSucceeded:
			return q, nil
		case types.QueryExecutionStateFailed, types.QueryExecutionStateCancelled:
			return nil, fmt.Errorf("query %s: %s", q.Status.State, aws.ToString(q.Status.StateChangeReason))
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *statistics) fetch(ctx context.Context, id *string) ([]count, error) {
	var out []count
	pages := athena.NewGetQueryResultsPaginator(s.athena, &athena.GetQueryResultsInput{QueryExecutionId: id})
	for first := true; pages.HasMorePages(); first = false {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		rows := page.ResultSet.Rows
		if first && len(rows) > 0 {
			rows = rows[1:] // the header row
		}
		for _, r := range rows {
			n, err := strconv.ParseInt(aws.ToString(r.Data[1].VarCharValue), 10, 64)
			if err != nil {
				return nil, err
			}
			out = append(out, count{Label: aws.ToString(r.Data[0].VarCharValue), Orders: n})
		}
	}
	return out, nil
}
