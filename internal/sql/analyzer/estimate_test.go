package analyzer

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEstimateText(t *testing.T) {
	for _, c := range []struct {
		e    *Estimate
		want string
	}{
		{nil, ""},
		{&Estimate{Unknown: "X: y"}, "\n\nEstimate: not known: X: y"},
		{&Estimate{Scans: []ScanFigures{{Files: 1}}, Bytes: 7, Cost: "0 USD"}, "\n\nEstimate: 1 file, 7B to scan\nCost: 0 USD"},
		{&Estimate{Scans: []ScanFigures{{Files: 2, Partitions: 1, PartitionsTotal: 9}, {Files: 1}}, Bytes: 7, AtMost: true, Cost: "0 USD"},
			"\n\nEstimate: 1 of 9 partitions, 3 files, 7B to scan at most (whole files; the columns that are read are fewer)\nCost: 0 USD"},
	} {
		require.Equal(t, c.want, c.e.text())
	}
}
