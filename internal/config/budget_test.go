package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBudgets(t *testing.T) {
	c, err := Parse([]byte("athena:\n  budgets:\n    - {workgroup: primary, usd_per_day: 0.5, timezone: Asia/Seoul}\n    - {workgroup: etl, usd_per_day: 0}\n"))
	require.NoError(t, err)
	require.InDelta(t, 0.5, *c.Athena.Budgets[0].USDPerDay, 0)
	for text, want := range map[string]string{
		"{usd_per_day: 1}":                                               "athena: budgets[0]: workgroup is missing",
		"{workgroup: a}":                                                 "athena: budgets[0]: usd_per_day is missing",
		"{workgroup: a, usd_per_day: -1}":                                "athena: budgets[0]: usd_per_day: -1 is not between 0 and 1e+09",
		"{workgroup: a, usd_per_day: 1, timezone: Mars}":                 `athena: budgets[0]: timezone: "Mars" is not a time zone such as Asia/Seoul`,
		"{workgroup: a, usd_per_day: 1, euro: 1}":                        "euro",
		"{workgroup: a, usd_per_day: 1}, {workgroup: a, usd_per_day: 2}": `athena: budgets[1]: workgroup "a" has a budget already`,
	} {
		_, err := Parse([]byte("athena: {budgets: [" + text + "]}\n"))
		require.ErrorContains(t, err, want, text)
	}
}
