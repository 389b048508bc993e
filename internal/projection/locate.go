package projection

import (
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Locate returns the projected partition of values, with the texts and the
// folder that queries look for: 3 of a key with two digits is 03. A value that
// is not projected is an error: what is written there would not be read.
func (p *Projection) Locate(values []string) (catalog.Partition, error) {
	texts, folders := make([]string, len(p.keys)), make([]string, len(p.keys))
	for i, k := range p.keys {
		t, ok := k.locate(values[i])
		if !ok {
			return catalog.Partition{}, fail(errInvalidValue, "The value '%s' of partition key %s is not one that table %s.%s projects", values[i], k.name, p.table.Database, p.table.Name)
		}
		texts[i], folders[i] = t.value, t.folder
	}
	return catalog.Partition{Values: texts, Location: p.location.folder(folders)}, nil
}

// locate finds the text of a key whose value equals that of another.
func (k key) locate(value string) (text, bool) {
	if value == catalog.HiveDefaultPartition {
		return text{}, false
	}
	if k.values == nil {
		return text{value, value}, true
	}
	if i, ok := k.values.find(value); ok {
		return k.values.at(i), true
	}
	v, err := k.typed(value)
	if err != nil {
		return text{}, false
	}
	one := predicate.Range{Low: predicate.Bound{Value: v}, High: predicate.Bound{Value: v}}
	for _, s := range k.spans(predicate.Domain{Ranges: []predicate.Range{one}}) {
		for i := s.from; i < s.to; i++ {
			t := k.values.at(i)
			if w, err := k.typed(t.value); err == nil && is(w, "=", v) {
				return t, true
			}
		}
	}
	return text{}, false
}
