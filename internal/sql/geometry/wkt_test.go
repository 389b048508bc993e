package geometry

import "testing"

// FuzzText reads any text and any bytes: what is read keeps its carried form.
func FuzzText(f *testing.F) {
	for _, s := range []string{"POINT (1 2)", "POLYGON ((0 0, 0 4, 4 4, 0 0), (1 2, 1 3, 2 3, 1 2))", "GEOMETRYCOLLECTION (POINT EMPTY, MULTIPOINT (1 2, 3 4))", "_p~iF~ps|U"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		FromPolyline(s)
		ParseWKB([]byte(s))
		g, err := ParseWKT(s)
		if err != nil {
			return
		}
		back, err := Decode(g.Encode())
		if err != nil || Text(g.Encode()) != Text(back.Encode()) {
			t.Fatalf("%q is carried as %q: %v", s, Text(back.Encode()), err)
		}
	})
}

// BenchmarkWKT reads and writes a polygon of five positions.
func BenchmarkWKT(b *testing.B) {
	for b.Loop() {
		g, err := ParseWKT("POLYGON ((0.5 0.25, 10 0, 10.125 10, 0 10, 0.5 0.25))")
		if err != nil {
			b.Fatal(err)
		}
		Text(g.Encode())
	}
}
