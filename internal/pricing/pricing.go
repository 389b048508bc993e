package pricing

import (
	"fmt"
	"math"
)

// Pricing is how scans are priced: Athena's rules unless configured.
type Pricing struct {
	PerTB        float64 // USD for 10^12 bytes
	MinimumBytes int64   // billed for a query that scans any
}

// Default is Athena's in Seoul: 5 USD a TB, 10 MB at least.
var Default = Pricing{PerTB: 5, MinimumBytes: 10_000_000}

// Cost is what a query costs in USD. Bytes round up to the MB; statements that
// scan nothing (DDL) and failed queries are free.
func (p Pricing) Cost(bytesScanned int64) float64 {
	if bytesScanned == 0 {
		return 0
	}
	const mb = 1e6
	billed := math.Ceil(float64(max(bytesScanned, p.MinimumBytes))/mb) * mb
	return billed / 1e12 * p.PerTB
}

// Describe tells the cost for people: "0.000050 USD (10 MB minimum at 5 USD/TB)".
func (p Pricing) Describe(bytesScanned int64) string {
	minimum := ""
	if bytesScanned > 0 && bytesScanned < p.MinimumBytes {
		minimum = fmt.Sprintf("%d MB minimum ", p.MinimumBytes/1e6)
	}
	return fmt.Sprintf("%.6f USD (%sat %g USD/TB)", p.Cost(bytesScanned), minimum, p.PerTB)
}
