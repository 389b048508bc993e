package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// results are messages a second by target and cell, one for each round.
type results struct {
	targets []target
	rates   map[string]map[cell][]float64
	sync    []time.Duration // raw fdatasync p50 of each round
}

func newResults(targets []target) *results {
	r := &results{targets: targets, rates: map[string]map[cell][]float64{}}
	for _, t := range targets {
		r.rates[t.name] = map[cell][]float64{}
	}
	return r
}

func (r *results) add(t target, c cell, rate float64) {
	r.rates[t.name][c] = append(r.rates[t.name][c], rate)
}

// print writes a Markdown table: medians, and the ratio of the first target to
// each other one.
func (r *results) print(w io.Writer) {
	first := r.targets[0]
	fmt.Fprintf(w, "| messages a request | clients |")
	for _, t := range r.targets {
		fmt.Fprintf(w, " %s msg/s |", t.name)
	}
	for _, t := range r.targets[1:] {
		fmt.Fprintf(w, " %s / %s |", first.name, t.name)
	}
	fmt.Fprintf(w, "\n|")
	for range 1 + 2*len(r.targets) {
		fmt.Fprintf(w, " --- |")
	}
	fmt.Fprintln(w)
	for _, c := range cells {
		fmt.Fprintf(w, "| %d | %d |", c.batch, c.clients)
		for _, t := range r.targets {
			fmt.Fprintf(w, " %.0f |", median(r.rates[t.name][c]))
		}
		for _, t := range r.targets[1:] {
			ratios := divide(r.rates[first.name][c], r.rates[t.name][c])
			fmt.Fprintf(w, " %.1f (%.1f-%.1f) |", median(ratios), slices.Min(ratios), slices.Max(ratios))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nRaw append and fdatasync of one message, p50 of each round: %v\n", r.sync)
}

func divide(a, b []float64) []float64 {
	q := make([]float64, min(len(a), len(b)))
	for i := range q {
		q[i] = a[i] / b[i]
	}
	return q
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
