package config

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Budget is what the queries of an Athena workgroup may cost a day.
type Budget struct {
	WorkGroup string   `yaml:"workgroup"`
	USDPerDay *float64 `yaml:"usd_per_day"`
	Timezone  string   `yaml:"timezone"` // of the day; "" is UTC
}

func (a Athena) validateBudgets() error {
	var errs []error
	seen := map[string]bool{}
	for i, b := range a.Budgets {
		if err := b.validate(); err != nil {
			errs = append(errs, fmt.Errorf("athena: budgets[%d]: %w", i, err))
		}
		if seen[b.WorkGroup] {
			errs = append(errs, fmt.Errorf("athena: budgets[%d]: workgroup %q has a budget already", i, b.WorkGroup))
		}
		seen[b.WorkGroup] = true
	}
	return errors.Join(errs...)
}

// maxBudget keeps billionths of a USD within int64.
const maxBudget = 1e9

func (b Budget) validate() error {
	switch {
	case b.WorkGroup == "":
		return errors.New("workgroup is missing")
	case b.USDPerDay == nil:
		return errors.New("usd_per_day is missing")
	case !(*b.USDPerDay >= 0 && *b.USDPerDay <= maxBudget) || math.IsNaN(*b.USDPerDay):
		return fmt.Errorf("usd_per_day: %v is not between 0 and %v", *b.USDPerDay, float64(maxBudget))
	}
	if _, err := time.LoadLocation(b.Timezone); err != nil || b.Timezone == "Local" {
		return fmt.Errorf("timezone: %q is not a time zone such as Asia/Seoul", b.Timezone)
	}
	return nil
}
