package iceberg

import (
	"time"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// pruner decides which files can have rows that a query keeps.
type pruner struct {
	view    *View
	domains map[int]predicate.Domain // by field id
	of      map[int]ice.Type         // of the fields, by field id
	specs   map[int]ice.PartitionSpec
}

func newPruner(v *View, byName map[string]predicate.Domain) (*pruner, error) {
	columns, err := v.Columns()
	if err != nil {
		return nil, err
	}
	p := &pruner{view: v, domains: map[int]predicate.Domain{}, of: map[int]ice.Type{}, specs: map[int]ice.PartitionSpec{}}
	for i, c := range columns {
		if d, ok := byName[c.Name]; ok {
			p.domains[c.ID] = d.Simplify()
			p.of[c.ID] = v.Schema.Field(i).Type
		}
	}
	for _, spec := range v.Table.Metadata.Specs {
		p.specs[spec.ID()] = spec
	}
	return p, nil
}

// manifest says whether a manifest can name such a file, by what its list says
// of partition values.
func (p *pruner) manifest(m ice.ManifestFile) bool {
	spec, ok := p.specs[int(m.PartitionSpecID())]
	summaries := m.Partitions()
	if !ok || len(p.domains) == 0 || len(summaries) != spec.NumFields() {
		return true
	}
	for i, f := range spec.Fields() {
		d, restricted := p.domains[f.SourceID()]
		if !restricted || summaries[i].LowerBound == nil || summaries[i].UpperBound == nil {
			continue
		}
		if summaries[i].ContainsNull && d.Null {
			continue
		}
		source := p.of[f.SourceID()]
		result := f.Transform.ResultType(source)
		if mayBeNaN(result) && (summaries[i].ContainsNaN == nil || *summaries[i].ContainsNaN) {
			continue
		}
		low, high := decode(result, *summaries[i].LowerBound), decode(result, *summaries[i].UpperBound)
		if low != nil && high != nil && !p.partitionRange(f.Transform, source, d, low, high) {
			return false
		}
	}
	return true
}

// file says whether a data file can have such a row.
func (p *pruner) file(f ice.DataFile) bool {
	if len(p.domains) == 0 {
		return true
	}
	if spec, ok := p.specs[int(f.SpecID())]; ok {
		values := f.Partition()
		for _, field := range spec.Fields() {
			if d, restricted := p.domains[field.SourceID()]; restricted && !p.partitionValue(field, d, values) {
				return false
			}
		}
	}
	for id, d := range p.domains {
		if !p.bounds(id, d, f) {
			return false
		}
	}
	return true
}

func (p *pruner) partitionValue(field ice.PartitionField, d predicate.Domain, values map[int]any) bool {
	if _, void := field.Transform.(ice.VoidTransform); void {
		return true
	}
	raw, ok := values[field.FieldID]
	if !ok {
		return true
	}
	if raw == nil { // NULL becomes NULL, and nothing else does
		return d.Null
	}
	v := goValue(raw)
	return p.partitionRange(field.Transform, p.of[field.SourceID()], d, v, v)
}

// partitionRange says whether partition values between two can be those of
// values in a domain.
func (p *pruner) partitionRange(tr ice.Transform, source ice.Type, d predicate.Domain, low, high any) bool {
	if d.Null && len(d.Ranges) == 0 {
		return false
	}
	for _, r := range d.Ranges {
		if transformedMeets(tr, source, r, low, high) {
			return true
		}
	}
	return false
}

func transformedMeets(tr ice.Transform, source ice.Type, r predicate.Range, low, high any) bool {
	if _, identity := tr.(ice.IdentityTransform); identity {
		return meets(r, low, high)
	}
	point := r.Low.Value != nil && r.High.Value != nil && !r.Low.Open && !r.High.Open &&
		predicate.CompareOp(r.Low.Value, "=", r.High.Value) == predicate.True
	if _, bucket := tr.(ice.BucketTransform); !monotone(tr) && !(bucket && point) {
		return true
	}
	out := predicate.Range{}
	for _, side := range []struct{ from, to *predicate.Bound }{{&r.Low, &out.Low}, {&r.High, &out.High}} {
		if side.from.Value == nil {
			continue
		}
		v, err := apply(tr, source, side.from.Value)
		if err != nil || v == nil {
			return true
		}
		side.to.Value = goValue(v)
	}
	if !timed(tr) {
		return meets(out, low, high)
	}
	out.Low.Value, out.High.Value = count(out.Low.Value), count(out.High.Value)
	if n, ok := out.High.Value.(int64); ok && n < 0 {
		out.High.Value = n + 1 // see timed
	}
	return meets(out, count(low), count(high))
}

// count is the number of years, months, days or hours of a partition value:
// days are dates to some writers and numbers to others.
func count(v any) any {
	if at, ok := v.(time.Time); ok {
		return int64(days(at))
	}
	return v
}

func mayBeNaN(t ice.Type) bool {
	switch t.(type) {
	case ice.Float32Type, ice.Float64Type:
		return true
	}
	return false
}

// meets says whether a range has a value between two; where they do not
// compare it may.
func meets(r predicate.Range, low, high any) bool {
	if r.Low.Value != nil {
		op := predicate.Op(">=")
		if r.Low.Open {
			op = ">"
		}
		if predicate.CompareOp(high, op, r.Low.Value) == predicate.False {
			return false
		}
	}
	if r.High.Value != nil {
		op := predicate.Op("<=")
		if r.High.Open {
			op = "<"
		}
		if predicate.CompareOp(low, op, r.High.Value) == predicate.False {
			return false
		}
	}
	return true
}

// bounds says whether a column of a file can have values of a domain, by the
// statistics of the manifest.
func (p *pruner) bounds(id int, d predicate.Domain, f ice.DataFile) bool {
	nulls, counted := f.NullValueCounts()[id]
	if d.Null && (!counted || nulls > 0) {
		return true
	}
	if len(d.Ranges) == 0 {
		return !counted || nulls > 0
	}
	if counted && nulls == f.Count() { // all NULL
		return false
	}
	if mayBeNaN(p.of[id]) { // bounds do not speak of NaN
		if n, ok := f.NaNValueCounts()[id]; !ok || n > 0 {
			return true
		}
	}
	low, high := decode(p.of[id], f.LowerBoundValues()[id]), decode(p.of[id], f.UpperBoundValues()[id])
	if low == nil || high == nil {
		return true
	}
	for _, r := range d.Ranges {
		if meets(r, low, high) {
			return true
		}
	}
	return false
}
