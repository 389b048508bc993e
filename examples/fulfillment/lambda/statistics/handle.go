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

// request asks for one month, for example {"month":"2021-02"}.
type request struct {
	Month string `json:"month"` // by Seoul's days; "" is the present one
}

// answer has each breakdown in descending order of its counts.
type answer struct {
	Month        string  `json:"month"`
	District     []count `json:"district"`
	DeliveryType []count `json:"delivery_type"`
	Product      []count `json:"product"`
}

type count struct {
	Label  string `json:"label"`
	Orders int64  `json:"orders"`
}

// statistics asks Athena.
type statistics struct {
	athena          *athena.Client
	database, table string
	output          string // s3://… for results; "" is the workgroup's
	now             func() time.Time
}

// seoul is the zone of the service: its partitions follow it.
var seoul = time.FixedZone("KST", 9*60*60)

// pollInterval is the wait between two looks at a query.
const pollInterval = 500 * time.Millisecond

// handle starts all queries before it waits for the first.
func (s *statistics) handle(ctx context.Context, in request) (*answer, error) {
	month := s.now().In(seoul)
	if in.Month != "" {
		var err error
		if month, err = time.Parse("2006-01", in.Month); err != nil {
			return nil, fmt.Errorf("month %q is not of the form 2021-02", in.Month)
		}
	}
	out := &answer{Month: month.Format("2006-01")}
	breakdowns := []struct {
		column string
		rows   *[]count
		id     *string
	}{
		{column: "district", rows: &out.District},
		{column: "delivery_type", rows: &out.DeliveryType},
		{column: "product_name", rows: &out.Product},
	}
	for i := range breakdowns {
		b := &breakdowns[i]
		var err error
		if b.id, err = s.start(ctx, b.column, month); err != nil {
			return nil, fmt.Errorf("count by %s: %w", b.column, err)
		}
	}
	for _, b := range breakdowns {
		if err := s.await(ctx, b.id); err != nil {
			return nil, fmt.Errorf("count by %s: %w", b.column, err)
		}
		var err error
		if *b.rows, err = s.fetch(ctx, b.id); err != nil {
			return nil, fmt.Errorf("count by %s: %w", b.column, err)
		}
	}
	return out, nil
}

// start asks for the orders of a month; its WHERE clause leaves the month's
// partitions. SQS and Lambda hand an event over at least once, so the orders
// are counted and not the rows.
func (s *statistics) start(ctx context.Context, column string, month time.Time) (*string, error) {
	in := &athena.StartQueryExecutionInput{
		QueryString: aws.String("SELECT " + column + ", count(DISTINCT order_id) AS orders FROM " + s.table +
			" WHERE year = ? AND month = ? AND action = 'order' GROUP BY " + column + " ORDER BY orders DESC, " + column),
		ExecutionParameters:   []string{"'" + month.Format("2006") + "'", "'" + month.Format("01") + "'"},
		QueryExecutionContext: &types.QueryExecutionContext{Database: &s.database},
	}
	if s.output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &s.output}
	}
	out, err := s.athena.StartQueryExecution(ctx, in)
	if err != nil {
		return nil, err
	}
	return out.QueryExecutionId, nil
}

func (s *statistics) await(ctx context.Context, id *string) error {
	for {
		out, err := s.athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
		if err != nil {
			return err
		}
		switch status := out.QueryExecution.Status; status.State {
		case types.QueryExecutionStateSucceeded:
			return nil
		case types.QueryExecutionStateFailed, types.QueryExecutionStateCancelled:
			return fmt.Errorf("query %s: %s", status.State, aws.ToString(status.StateChangeReason))
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *statistics) fetch(ctx context.Context, id *string) ([]count, error) {
	out := []count{}
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
