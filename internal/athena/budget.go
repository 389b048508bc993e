package athena

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/pricing"
)

// Budget is what the queries of a workgroup may cost a day.
type Budget struct {
	USD      float64
	Location *time.Location // of the day; nil is UTC
}

// errBudget is the name of the refusal.
const errBudget = "EXCEEDED_DAILY_BUDGET"

// budgets counts what workgroups with a budget spend. A query's cost is on disk
// before it runs, and comes off again where it fails, since failed queries are
// free.
type budgets struct {
	mu      sync.Mutex // over a look and the change that it allows
	db      *store
	of      map[string]Budget // by workgroup
	pricing pricing.Pricing
	now     func() time.Time
}

// charge is a query's cost as it was counted.
type charge struct {
	workgroup, day string
	cost           int64
}

// nanoUSD is money as it is counted.
func nanoUSD(usd float64) int64 { return int64(math.Round(usd * 1e9)) }

// admit counts a query that will scan so many bytes, or refuses it where its
// workgroup's budget of the day has not so much left. It returns nil for a query
// that costs nothing, or whose workgroup has no budget.
func (b *budgets) admit(ctx context.Context, workgroup string, bytes int64) (*charge, error) {
	budget, ok := b.of[workgroup]
	c := &charge{workgroup: workgroup, cost: nanoUSD(b.pricing.Cost(bytes))}
	if !ok || c.cost == 0 {
		return nil, nil
	}
	location := budget.Location
	if location == nil {
		location = time.UTC
	}
	c.day = b.now().In(location).Format(time.DateOnly)
	b.mu.Lock()
	defer b.mu.Unlock()
	spent, err := b.db.spending(ctx, workgroup, c.day)
	if err != nil {
		return nil, err
	}
	if spent+c.cost > nanoUSD(budget.USD) {
		return nil, &engine.Error{Name: errBudget, Message: fmt.Sprintf(
			"Workgroup %s has spent %.6f USD of its budget of %.6f USD for %s (%s); this query would scan %d bytes and cost %s",
			workgroup, float64(spent)/1e9, budget.USD, c.day, location, bytes, b.pricing.Describe(bytes))}
	}
	if err := b.db.spend(ctx, c.workgroup, c.day, c.cost); err != nil {
		return nil, err
	}
	return c, nil
}

// release takes back what a query that failed was charged.
func (b *budgets) release(ctx context.Context, charges []*charge) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, c := range charges {
		errs = append(errs, b.db.spend(ctx, c.workgroup, c.day, -c.cost))
	}
	return errors.Join(errs...)
}

// admitter asks the budget of an execution's workgroup before it scans.
func (s *Service) admitter(e *execution, workgroup string) func(ctx context.Context, bytes int64) error {
	return func(ctx context.Context, bytes int64) error {
		c, err := s.budgets.admit(ctx, workgroup, bytes)
		if c == nil {
			return err
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.charges = append(e.charges, c)
		return nil
	}
}

// spending is what a workgroup has spent on a day.
func (s *store) spending(ctx context.Context, workgroup, day string) (spent int64, err error) {
	err = s.db.Read.QueryRowContext(ctx, `SELECT spent FROM workgroup_spending WHERE workgroup = ? AND day = ?`, workgroup, day).Scan(&spent)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("spending of workgroup %s: %w", workgroup, err)
	}
	return spent, nil
}

func (s *store) spend(ctx context.Context, workgroup, day string, cost int64) error {
	_, err := s.db.Write.ExecContext(ctx, `
		INSERT INTO workgroup_spending (workgroup, day, spent) VALUES (?, ?, ?)
		ON CONFLICT (workgroup, day) DO UPDATE SET spent = spent + excluded.spent`, workgroup, day, cost)
	if err != nil {
		return fmt.Errorf("spending of workgroup %s: %w", workgroup, err)
	}
	return nil
}
