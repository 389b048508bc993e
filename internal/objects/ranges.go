package objects

import "slices"

// Range is the bytes of an object from Begin up to End, which is not in it.
type Range struct{ Begin, End int64 }

func (r Range) len() int64 { return r.End - r.Begin }

// ranges are in order and apart.
type ranges []Range

// joined puts ranges in order, and those together that overlap or are not
// further apart than gap.
func joined(list []Range, gap int64) ranges {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b Range) int { return int(min(1, max(-1, a.Begin-b.Begin))) })
	var out ranges
	for _, r := range sorted {
		switch last := len(out) - 1; {
		case r.len() <= 0:
		case last >= 0 && r.Begin <= out[last].End+gap:
			out[last].End = max(out[last].End, r.End)
		default:
			out = append(out, r)
		}
	}
	return out
}

// without are the parts of rs that are not in others.
func (rs ranges) without(others ranges) ranges {
	var out ranges
	i := 0
	for _, r := range rs {
		for i < len(others) && others[i].End <= r.Begin {
			i++
		}
		for j := i; j < len(others) && others[j].Begin < r.End && r.Begin < r.End; j++ {
			if others[j].Begin > r.Begin {
				out = append(out, Range{r.Begin, others[j].Begin})
			}
			r.Begin = others[j].End
		}
		if r.Begin < r.End {
			out = append(out, r)
		}
	}
	return out
}

func (rs ranges) bytes() int64 {
	var n int64
	for _, r := range rs {
		n += r.len()
	}
	return n
}
