package main

import (
	"fmt"
	"io"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// results are the samples by target and cell, one for each round.
type results struct {
	targets []target
	cells   []cell
	samples map[string]map[cell][]sample
	sync    map[int][]time.Duration // raw fdatasync p50 of each round, by size
}

func newResults(targets []target, cells []cell) *results {
	r := &results{targets: targets, cells: cells, samples: map[string]map[cell][]sample{}, sync: map[int][]time.Duration{}}
	for _, t := range targets {
		r.samples[t.name] = map[cell][]sample{}
	}
	return r
}

func (r *results) add(t target, c cell, s sample) {
	r.samples[t.name][c] = append(r.samples[t.name][c], s)
}

func (r *results) rates(t target, c cell) []float64 {
	return each(r.samples[t.name][c], func(s sample) float64 { return s.rate })
}

func each(samples []sample, f func(sample) float64) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = f(s)
	}
	return out
}

// print writes a Markdown table for each kind of load: medians, and the ratio of
// the first target to each other one; then latencies.
func (r *results) print(w io.Writer) {
	for _, k := range []kind{send, cycle} {
		if cells := r.of(k); len(cells) > 0 {
			r.printRates(w, k, cells)
			r.printTimes(w, k, cells)
		}
	}
	r.printSingle(w)
}

func (r *results) of(k kind) (cells []cell) {
	for _, c := range r.cells {
		if c.kind == k {
			cells = append(cells, c)
		}
	}
	return cells
}

func row(w io.Writer, fields ...string) {
	for _, f := range fields {
		fmt.Fprintf(w, "| %s ", f)
	}
	fmt.Fprintln(w, "|")
}

func rule(w io.Writer, fields int) {
	for range fields {
		fmt.Fprint(w, "| --- ")
	}
	fmt.Fprintln(w, "|")
}

func (c cell) fields() []string {
	return []string{fmt.Sprint(c.size), fmt.Sprint(c.batch), fmt.Sprint(c.clients)}
}

var cellHead = []string{"bytes", "messages a request", "clients"}

func (r *results) printRates(w io.Writer, k kind, cells []cell) {
	fmt.Fprintf(w, "\nMessages a second, %s:\n\n", map[kind]string{send: "sent", cycle: "sent, received and deleted"}[k])
	targets := r.doing(cells[0])
	head := append([]string{}, cellHead...)
	for _, t := range targets {
		head = append(head, t.name)
	}
	for _, t := range targets[1:] {
		head = append(head, targets[0].name+" / "+t.name)
	}
	row(w, head...)
	rule(w, len(head))
	for _, c := range cells {
		fields := c.fields()
		for _, t := range targets {
			fields = append(fields, measured(r.rates(t, c), func(v []float64) string { return fmt.Sprintf("%.0f", rig.Median(v)) }))
		}
		for _, t := range targets[1:] {
			fields = append(fields, measured(r.rates(t, c), func(v []float64) string { return rig.Ratios(r.rates(targets[0], c), v) }))
		}
		row(w, fields...)
	}
}

func (r *results) doing(c cell) (targets []target) {
	for _, t := range r.targets {
		if t.does(c) {
			targets = append(targets, t)
		}
	}
	return targets
}

// printTimes writes the medians over the rounds of p50 and p99.
func (r *results) printTimes(w io.Writer, k kind, cells []cell) {
	fmt.Fprintf(w, "\nMilliseconds of a request, p50 / p99%s:\n\n", map[kind]string{send: "", cycle: ", of the send, the receive and the delete"}[k])
	targets := r.doing(cells[0])
	head := append([]string{}, cellHead...)
	for _, t := range targets {
		head = append(head, t.name)
	}
	row(w, head...)
	rule(w, len(head))
	last := map[kind]int{send: sending, cycle: deleting}[k]
	for _, c := range cells {
		fields := c.fields()
		for _, t := range targets {
			text := ""
			for n := sending; n <= last; n++ {
				samples := r.samples[t.name][c]
				text += fmt.Sprintf("%s%s / %s", map[bool]string{true: ", "}[n > 0],
					ms(each(samples, func(s sample) float64 { return s.p50[n].Seconds() })),
					ms(each(samples, func(s sample) float64 { return s.p99[n].Seconds() })))
			}
			fields = append(fields, text)
		}
		row(w, fields...)
	}
}

func ms(seconds []float64) string {
	return measured(seconds, func(v []float64) string { return fmt.Sprintf("%.2f", rig.Median(v)*1e3) })
}

// measured writes values, or that a target does not take part.
func measured(v []float64, write func([]float64) string) string {
	if len(v) == 0 {
		return "-"
	}
	return write(v)
}

// printSingle holds the sends of one client against the raw append.
func (r *results) printSingle(w io.Writer) {
	first := r.targets[0]
	for _, c := range r.cells {
		if c.kind != send || c.batch != 1 || c.clients != 1 {
			continue
		}
		samples, sync := r.samples[first.name][c], r.sync[c.size]
		slower := make([]float64, len(samples))
		for i, s := range samples {
			slower[i] = s.p50[sending].Seconds() / sync[i].Seconds()
		}
		fmt.Fprintf(w, "\nA send of one message of %d bytes by one client to %s takes %s times the raw append and fdatasync of as many bytes, p50 by p50 of its round: %v\n",
			c.size, first.name, rig.Spread(slower), sync)
	}
}
