package duckdbudf

import (
	"errors"
	"math"
	"sort"
)

const (
	defaultCompression = 100
	digestFudge        = 10
)

// tdigest is io.airlift.stats.TDigest: centroids, small ones at both ends, from
// which quantiles are interpolated.
type tdigest struct {
	compression, min, max, total float64
	means, weights               []float64
	room                         int // what the arrays hold before they are merged or grow
	backwards, unmerged          bool
}

func newTDigest(compression float64) *tdigest {
	return &tdigest{compression: compression, min: math.Inf(1), max: math.Inf(-1), room: 1}
}

func (d *tdigest) maxSize() int { return int(6 * (2*d.compression + digestFudge)) }

var errNotANumber = errors.New("value is not a finite number")

func (d *tdigest) add(value, weight float64) error {
	if math.IsNaN(value) || math.IsInf(value, 0) || math.IsNaN(weight) || math.IsInf(weight, 0) {
		return errNotANumber
	}
	if len(d.means) == d.room {
		if d.room < d.maxSize() {
			d.room = min(d.room*2, d.maxSize())
		} else {
			d.merge(2 * d.compression)
		}
	}
	d.means, d.weights = append(d.means, value), append(d.weights, weight)
	d.total += weight
	d.min, d.max = math.Min(d.min, value), math.Max(d.max, value)
	d.unmerged = true
	return nil
}

func (d *tdigest) mergeWith(o *tdigest) {
	if len(d.means)+len(o.means) > d.room {
		d.mergeIfNeeded()
		o.mergeIfNeeded()
		d.room = max(d.room, len(d.means)+len(o.means))
	}
	d.means, d.weights = append(d.means, o.means...), append(d.weights, o.weights...)
	d.total += o.total
	d.min, d.max = math.Min(d.min, o.min), math.Max(d.max, o.max)
	d.unmerged = true
}

func (d *tdigest) mergeIfNeeded() {
	if d.unmerged {
		d.merge(2 * d.compression)
	}
}

type byMean tdigest

func (d *byMean) Len() int           { return len(d.means) }
func (d *byMean) Less(i, j int) bool { return d.means[i] < d.means[j] }
func (d *byMean) Swap(i, j int) {
	d.means[i], d.means[j] = d.means[j], d.means[i]
	d.weights[i], d.weights[j] = d.weights[j], d.weights[i]
}

// merge joins neighbours while a centroid stays small enough for its place, from
// the low end and from the high end by turns.
func (d *tdigest) merge(compression float64) {
	if len(d.means) == 0 {
		return
	}
	sort.Stable((*byMean)(d))
	if d.backwards {
		d.reverse()
	}
	normalizer := compression / (4*math.Log(d.total/compression) + 24)
	size := func(q float64) float64 { return q * (1 - q) / normalizer }
	last, before, largest := 0, 0.0, size(0)
	for i := 1; i < len(d.means); i++ {
		weight, mean := d.weights[i], d.means[i]
		tentative := d.weights[last] + weight
		quantile := math.Min((before+tentative)/d.total, 1)
		if tentative <= d.total*math.Min(largest, size(quantile)) {
			d.means[last] += (mean - d.means[last]) * weight / tentative
			d.weights[last] = tentative
			continue
		}
		before += d.weights[last]
		largest = size(before / d.total)
		last++
		d.means[last], d.weights[last] = mean, weight
	}
	d.means, d.weights = d.means[:last+1], d.weights[:last+1]
	if d.backwards {
		d.reverse()
	}
	d.backwards, d.unmerged = !d.backwards, false
}

func (d *tdigest) reverse() {
	for i, j := 0, len(d.means)-1; i < j; i, j = i+1, j-1 {
		(*byMean)(d).Swap(i, j)
	}
}

// valueAt is the value at a quantile from 0 to 1, NaN of an empty digest.
func (d *tdigest) valueAt(quantile float64) float64 {
	d.mergeIfNeeded()
	n := len(d.means)
	switch n {
	case 0:
		return math.NaN()
	case 1:
		return d.means[0]
	}
	offset := quantile * d.total
	first, last := d.weights[0]/2, d.weights[n-1]/2
	switch {
	case offset < 1:
		return d.min
	case offset < first:
		return d.min + interpolate(offset, 1, d.min, first, d.means[0])
	case offset <= d.total-1 && d.total-offset <= last && last > 1:
		return d.max + interpolate(d.total-offset, 1, d.max, last, d.means[n-1])
	case offset >= d.total-1:
		return d.max
	}
	return d.between(offset)
}

// between is the value at an offset that lies between two centroids.
func (d *tdigest) between(offset float64) float64 {
	n := len(d.means)
	before, i := d.weights[0]/2, 0
	delta := (d.weights[0] + d.weights[1]) / 2
	for i < n-1 && before+delta <= offset {
		before += delta
		if i++; i < n-1 {
			delta = (d.weights[i] + d.weights[i+1]) / 2
		}
	}
	if i == n-1 {
		last := d.weights[n-1] / 2
		if offset <= d.total-1 && last > 1 {
			return d.max + interpolate(d.total-offset, 1, d.max, last, d.means[n-1])
		}
		return d.max
	}
	left, right := d.weights[i], d.weights[i+1]
	at, section := offset-before, delta
	switch {
	case left == 1 && at < left/2:
		return d.means[i]
	case right == 1 && at >= left/2:
		return d.means[i+1]
	case left == 1:
		at, section = at-left/2, right/2
	case right == 1:
		section = left / 2
	}
	return d.means[i] + interpolate(at, 0, d.means[i], section, d.means[i+1])
}

func interpolate(x, x0, y0, x1, y1 float64) float64 { return (x - x0) / (x1 - x0) * (y1 - y0) }
