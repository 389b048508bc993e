package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRules(t *testing.T) {
	loose := rules{ties: true, doubles: 1e-9}
	const columns = "a integer, b varchar(1), c double"
	cases := []struct {
		name, query, have, want string
		agree                   bool
	}{
		{"equal", "SELECT a, b, c FROM t ORDER BY a", "1 | x | 1.0 ; 2 | y | 2.0", "1 | x | 1.0 ; 2 | y | 2.0", true},
		{"tied", "SELECT a, b, c FROM t ORDER BY a", "1 | x | 1.0 ; 1 | y | 2.0", "1 | y | 2.0 ; 1 | x | 1.0", true},
		{"by place", "SELECT a, b, c FROM t ORDER BY 2", "1 | x | 1.0 ; 1 | y | 2.0", "1 | y | 2.0 ; 1 | x | 1.0", false},
		{"by expression", "SELECT t.a, b, c FROM t ORDER BY t.a", "1 | x | 1.0 ; 2 | y | 2.0", "2 | y | 2.0 ; 1 | x | 1.0", false},
		{"of a later key", "SELECT a, b, c FROM t ORDER BY a, b", "1 | x | 1.0 ; 1 | y | 2.0", "1 | y | 2.0 ; 1 | x | 1.0", false},
		{"without order", "SELECT a, b, c FROM t", "1 | x | 1.0 ; 2 | y | 2.0", "2 | y | 2.0 ; 1 | x | 1.0", true},
		{"once less", "SELECT a, b, c FROM t", "1 | x | 1.0 ; 2 | y | 2.0 ; 2 | y | 2.0", "1 | x | 1.0 ; 1 | x | 1.0 ; 2 | y | 2.0", false},
		{"fewer rows", "SELECT a, b, c FROM t", "1 | x | 1.0", "1 | x | 1.0 ; 1 | x | 1.0", false},
		{"near", "SELECT a, b, c FROM t ORDER BY c", "1 | x | 100.00000001", "1 | x | 100.0", true},
		{"not near", "SELECT a, b, c FROM t", "1 | x | 100.000001", "1 | x | 100.0", false},
		{"of another sign", "SELECT a, b, c FROM t", "1 | x | -1.0", "1 | x | 1.0", false},
		{"NULL", "SELECT a, b, c FROM t", "1 | x | NULL", "1 | x | 0.0", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.agree, loose.agree(c.query, answer{columns, c.have}, answer{columns, c.want}))
		})
	}
	require.False(t, rules{}.agree("SELECT 1", answer{columns, "1 | x | 100.00000001"}, answer{columns, "1 | x | 100.0"}))
	require.False(t, loose.agree("SELECT 1", answer{"a bigint", "1"}, answer{"a integer", "1"}))
	require.Equal(t, []bool{false, false, true}, newTable("a decimal(7,2), b row(x integer, y real), c double").floating)
}
