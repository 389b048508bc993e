package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqs"
)

// apply makes what the configuration names, in the order in which its parts
// need each other. Everything that exists already stays as it is.
func (a *app) apply(ctx context.Context, cfg *config.Config) error {
	for _, b := range cfg.Buckets {
		if err := a.objects.CreateBucket(ctx, b.Name); err != nil {
			return fmt.Errorf("bucket %s: %w", b.Name, err)
		}
	}
	for _, q := range cfg.Queues {
		if err := a.applyQueue(ctx, q); err != nil {
			return fmt.Errorf("queue %s: %w", q.Name, err)
		}
	}
	for i, s := range cfg.Statements {
		if err := a.applyStatement(ctx, s, cfg.Dir); err != nil {
			return fmt.Errorf("statements[%d]: %w", i, err)
		}
	}
	return nil
}

func (a *app) applyQueue(ctx context.Context, q config.Queue) error {
	attributes := queue.DefaultAttributes()
	attributes.FIFO = sqs.IsFIFO(q.Name)
	if q.VisibilityTimeout != nil {
		attributes.VisibilityTimeout = time.Duration(*q.VisibilityTimeout)
	}
	if q.Retention != nil {
		attributes.Retention = time.Duration(*q.Retention)
	}
	err := a.queue.CreateQueue(ctx, queue.Name(q.Name), attributes)
	if errors.Is(err, queue.ErrQueueExists) {
		return nil
	}
	return err
}

func (a *app) applyStatement(ctx context.Context, s config.Statement, dir string) error {
	text, err := s.Text(dir)
	if err != nil {
		return err
	}
	end, err := a.athena.Query(ctx, athena.QueryInput{SQL: text}, nil)
	if err != nil {
		return err
	}
	if end.State != api.QueryExecutionStateSucceeded {
		return errors.New(end.Reason)
	}
	return nil
}

// deliveryConfigs maps the deliveries of the configuration.
func deliveryConfigs(cfg *config.Config) ([]delivery.Config, error) {
	var out []delivery.Config
	for _, d := range cfg.Deliveries {
		c, err := deliveryConfig(d)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// defineDelivery reads the definition of one delivery.
func defineDelivery(text []byte) (delivery.Config, error) {
	d, err := config.ParseDelivery(text)
	if err != nil {
		return delivery.Config{}, err
	}
	return deliveryConfig(d)
}

func deliveryConfig(d config.Delivery) (delivery.Config, error) {
	database, table, ok := strings.Cut(strings.ToLower(d.Table), ".")
	if !ok {
		return delivery.Config{}, fmt.Errorf("delivery %q: table: %q is not of the form database.table", d.Name, d.Table)
	}
	document, err := d.Document()
	if err != nil {
		return delivery.Config{}, fmt.Errorf("delivery %q: %w", d.Name, err)
	}
	return delivery.Config{
		Name: d.Name, Queue: queue.Name(d.Queue), Database: database, Table: table,
		EventTime: d.EventTime, Timezone: d.Timezone,
		MaxWait: time.Duration(d.MaxWait), MaxFileWait: time.Duration(d.MaxFileWait), MaxRecords: d.MaxRecords, MaxBytes: int64(d.MaxBytes),
		Errors:    d.Errors,
		Transform: d.Transform, Partition: d.Partition, Fields: d.Fields,
		UnknownFields: delivery.UnknownFields(d.UnknownFields), UnknownColumn: d.UnknownColumn,
		Dedup: delivery.Dedup{Key: d.Dedup.Key, Window: time.Duration(d.Dedup.Window)}, SortBy: d.SortBy, TargetFileSize: int64(d.TargetFileSize),
		Late:     delivery.Late{OlderThan: time.Duration(d.Late.OlderThan), Action: delivery.Action(d.Late.Action)},
		Future:   delivery.Future{AheadOf: time.Duration(d.Future.AheadOf), Action: delivery.Action(d.Future.Action)},
		Document: document,
	}, nil
}
