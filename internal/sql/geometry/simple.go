package geometry

// IsValid says whether a geometry is well formed in the sense of Trino: no
// repeated points, lines that do not meet themselves but at their ends, polygons
// as the standard wants them.
func (g Geometry) IsValid() (bool, error) {
	switch g.Kind {
	case Point:
		return true, nil
	case Collection:
		for _, p := range g.Parts {
			if ok, err := p.IsValid(); err != nil || !ok {
				return false, err
			}
		}
		return true, nil
	}
	if g.repeats() {
		return false, nil
	}
	if g.Kind == MultiPoint || g.IsEmpty() {
		return true, nil
	}
	if g.Box && g.flat() {
		return false, unsupported("The validity of a rectangle of no area")
	}
	if err := g.clear(); err != nil {
		return false, err
	}
	x, err := g.valid()
	if err != nil {
		return false, nil
	}
	if g.Kind == Polygon || g.Kind == MultiPolygon {
		return true, nil
	}
	simple, _ := x.IsSimple()
	return simple, nil
}

// repeats says whether a point stands twice: anywhere in a multipoint, one after
// the other in a line.
func (g Geometry) repeats() bool {
	if g.Kind == MultiPoint {
		seen := map[XY]bool{}
		for _, p := range g.Points {
			if seen[p] {
				return true
			}
			seen[p] = true
		}
		return false
	}
	again := false
	g.Each(func(run []XY) {
		for i := 1; i < len(run); i++ {
			again = again || run[i] == run[i-1]
		}
	})
	return again
}

// clear refuses a geometry whose parts nearly touch each other.
func (g Geometry) clear() error {
	s := g.segments()
	if len(s)*len(s) > maxPairs {
		return unsupported("The validity of a geometry of so many points")
	}
	tolerance := near * g.reach()
	for i, p := range s {
		for j, q := range s {
			if i != j && p.almost(q, tolerance) {
				return unsupported("The validity of a geometry that nearly touches itself")
			}
		}
	}
	return nil
}

// Sound refuses a geometry that is not valid, whose fault Trino tells in the
// order in which its library finds it.
func (g Geometry) Sound() error {
	ok, err := g.IsValid()
	if err == nil && !ok {
		err = unsupported("geometry_invalid_reason of a geometry that is not valid")
	}
	return err
}
