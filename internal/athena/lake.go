package athena

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/iceberg"
	lakes "github.com/scopsdb/scops/internal/lake"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// openLake shares what the planner keeps of the tables.
func openLake(cfg Config) *lakes.Lake {
	if cfg.Planner == nil {
		return lakes.New(cfg.Catalog, iceberg.New(cfg.Catalog, cfg.Objects, iceberg.Options{}), cfg.TempDir)
	}
	return lakes.New(cfg.Catalog, cfg.Planner.Iceberg(), cfg.TempDir)
}

// executeChange runs a statement that changes an Iceberg table: its query, the
// files, then the commit, after which the execution can no longer be stopped.
func (s *Service) executeChange(ctx context.Context, e *execution, change *lakes.Change, start time.Time, sink RowSink) error {
	e.change(func(r *record) {
		r.Writes, r.UpdateCount = true, aws.Int64(0)
		if change.Rows {
			r.Columns = columnInfos([]analyzer.Column{analyzer.RowsColumn})
		}
	})
	n, err := s.applyChange(ctx, e, change, start, sink)
	if err != nil {
		return err
	}
	e.change(func(r *record) { r.UpdateCount = aws.Int64(n) })
	if !change.Rows {
		if sink == nil {
			return nil
		}
		return sinkDDL(e.id, ddl.Result{}, sink)
	}
	return s.tellRows(ctx, e, n, sink)
}

func (s *Service) applyChange(ctx context.Context, e *execution, change *lakes.Change, start time.Time, sink RowSink) (int64, error) {
	began := s.now()
	if change.Source == nil {
		return change.Apply(ctx, nil, e.seal)
	}
	p, err := s.planAnalysis(ctx, e, change.Source, start)
	if err != nil {
		return 0, err
	}
	s.warn(ctx, e, p, sink)
	rows, err := s.startQuery(ctx, e, p)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	// A query that fails or is stopped has scanned too.
	e.change(func(r *record) { r.Stats.BytesScanned = rows.Stats().BytesScanned })
	n, err := change.Apply(ctx, rows, e.seal)
	e.change(func(r *record) { r.Stats.Rows, r.Stats.Engine = n, s.now().Sub(began) })
	return n, err
}
