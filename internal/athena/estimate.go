package athena

import (
	"context"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// estimate says for EXPLAIN what running a query would read and cost. EXPLAIN
// does not fail for what cannot be known.
func (s *Service) estimate(ctx context.Context, a *analyzer.Analysis) analyzer.Estimate {
	scans, err := s.cfg.Planner.PlanAll(ctx, a.Scans)
	if err != nil {
		return analyzer.Estimate{Unknown: err.Error()}
	}
	scanned, err := s.cfg.Engine.Estimate(ctx, engine.Query{Analysis: a, Scans: scans})
	if err != nil {
		return analyzer.Estimate{Unknown: err.Error()}
	}
	out := analyzer.Estimate{
		Bytes: scanned.Bytes, AtMost: scanned.AtMost,
		CostUSD: s.cfg.Pricing.Cost(scanned.Bytes), Cost: s.cfg.Pricing.Describe(scanned.Bytes),
	}
	for _, scan := range scans {
		out.Scans = append(out.Scans, scanFigures(scan))
	}
	return out
}
