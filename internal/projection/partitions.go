package projection

import (
	"context"
	"errors"
	"math"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// maxPartitions is how many partitions a query may read, on Athena too.
const maxPartitions = 1_000_000

// candidate is a value of a key that its own part of the predicate leaves.
type candidate struct {
	text
	typed any
	err   error // why the text is no value of the key's type
}

// Total is how many partitions there are, at most MaxInt; those of injected
// keys are not counted.
func (p *Projection) Total() int {
	total := uint64(1)
	for _, k := range p.keys {
		if k.values == nil {
			continue
		}
		n := k.values.length()
		if n > 0 && total > math.MaxInt/n {
			return math.MaxInt
		}
		total *= n
	}
	return int(total)
}

// Partitions are those that a predicate over the partition keys leaves. They
// need not have objects.
func (p *Projection) Partitions(ctx context.Context, filter predicate.Predicate) ([]catalog.Partition, error) {
	domains, some := predicate.Domains(withPrefixes(filter))
	if !some {
		return nil, nil
	}
	s := &selection{ctx: ctx, projection: p, filter: filter, lists: make([][]candidate, len(p.keys)), chosen: make([]candidate, len(p.keys))}
	var tooMany error
	for i, k := range p.keys {
		var err error
		s.lists[i], err = s.candidates(k, domains)
		if err != nil && !isTooMany(err) {
			return nil, err
		}
		if err == nil && len(s.lists[i]) == 0 {
			return nil, p.injectedConditions(domains)
		}
		if err != nil {
			tooMany = err
		}
	}
	if tooMany != nil {
		return nil, tooMany
	}
	err := s.combine(0)
	return s.out, err
}

// injectedConditions says whether each injected key has its values, also where
// another key leaves nothing.
func (p *Projection) injectedConditions(domains map[string]predicate.Domain) error {
	for _, k := range p.keys {
		if k.values == nil {
			if _, err := k.injected(domains); err != nil {
				return err
			}
		}
	}
	return nil
}

// selection is one look for partitions.
type selection struct {
	ctx        context.Context
	projection *Projection
	filter     predicate.Predicate
	lists      [][]candidate // by key
	chosen     []candidate   // of the keys so far
	steps      int
	out        []catalog.Partition
}

func (s *selection) tooMany() error {
	t := s.projection.table
	return fail(errTooMany, "Query over table '%s.%s' can potentially read more than %d partitions", t.Database, t.Name, maxPartitions)
}

func isTooMany(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Name == errTooMany
}

// candidates are the values of a key that the predicate leaves, whatever the
// other keys are.
func (s *selection) candidates(k key, domains map[string]predicate.Domain) ([]candidate, error) {
	if k.values == nil {
		return k.injected(domains)
	}
	spans := []span{{0, k.values.length()}}
	if d, restricted := domains[k.name]; restricted {
		spans = k.spans(d)
	}
	var out []candidate
	_, repeats := k.values.(*dates) // a format may leave out what times differ in
	seen := map[string]bool{}
	for _, at := range spans {
		for i := at.from; i < at.to; i++ {
			if err := s.step(); err != nil {
				return nil, err
			}
			c := k.candidate(k.values.at(i))
			if seen[c.value] || !s.mayHold(k.name, c) {
				continue
			}
			if len(out) == maxPartitions {
				return nil, s.tooMany()
			}
			if repeats {
				seen[c.value] = true
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func (k key) candidate(t text) candidate {
	c := candidate{text: t}
	c.typed, c.err = k.typed(t.value)
	return c
}

func (s *selection) mayHold(name string, c candidate) bool {
	return predicate.Eval(s.filter, func(column string) (any, bool) {
		return c.typed, column == name && c.err == nil
	}).MayHold()
}

// step looks now and then whether the query was stopped.
func (s *selection) step() error {
	if s.steps++; s.steps%4096 == 0 {
		return s.ctx.Err()
	}
	return nil
}

// combine puts each candidate of the key at a place behind those chosen.
func (s *selection) combine(at int) error {
	if at == len(s.lists) {
		if len(s.out) == maxPartitions {
			return s.tooMany()
		}
		return s.add()
	}
	for _, c := range s.lists[at] {
		if err := s.step(); err != nil {
			return err
		}
		s.chosen[at] = c
		if at > 0 && !predicate.Eval(s.filter, s.values(at+1)).MayHold() {
			continue
		}
		if err := s.combine(at + 1); err != nil {
			return err
		}
	}
	return nil
}

// values are those of the first keys.
func (s *selection) values(known int) predicate.Values {
	return func(column string) (any, bool) {
		for i, k := range s.projection.keys[:known] {
			if k.name == column {
				return s.chosen[i].typed, s.chosen[i].err == nil
			}
		}
		return nil, false
	}
}

func (s *selection) add() error {
	values, folders := make([]string, len(s.chosen)), make([]string, len(s.chosen))
	for i, c := range s.chosen {
		if k := s.projection.keys[i]; c.err != nil {
			return fail(errInvalidValue, "Invalid partition value '%s' for %s partition key: %s", c.value, k.typ, k.name)
		}
		values[i], folders[i] = c.value, c.folder
	}
	s.out = append(s.out, catalog.Partition{Values: values, Location: s.projection.location.folder(folders)})
	return nil
}
