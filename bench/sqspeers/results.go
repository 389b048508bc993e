package main

import (
	"fmt"
	"io"
	"time"

	"github.com/scopsdb/scops/bench/rig"
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
			fmt.Fprintf(w, " %.0f |", rig.Median(r.rates[t.name][c]))
		}
		for _, t := range r.targets[1:] {
			fmt.Fprintf(w, " %s |", rig.Ratios(r.rates[first.name][c], r.rates[t.name][c]))
		}
		fmt.Fprintln(w)
	}
	single := r.rates[first.name][cell{1, 1}]
	slower := make([]float64, len(single))
	for i, rate := range single {
		slower[i] = 1 / rate / r.sync[i].Seconds()
	}
	fmt.Fprintf(w, "\nA single send of one client to %s takes %s times the raw append and fdatasync of its round.\n", first.name, rig.Spread(slower))
	fmt.Fprintf(w, "\nRaw append and fdatasync of one message, p50 of each round: %v\n", r.sync)
}
