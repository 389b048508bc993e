package geometry

import "github.com/scopsdb/scops/internal/sql/types"

// TilesOf are the tiles that cover a point or a rectangle, column by column.
// Other shapes are refused: there Trino asks which tiles they touch.
func (g Geometry) TilesOf(zoom int) ([]types.BingTileValue, error) {
	if err := checkZoom(zoom); err != nil {
		return nil, err
	}
	low, high, ok := g.Bounds()
	if !ok {
		return nil, nil
	}
	if err := checkSpan(low, high); err != nil {
		return nil, err
	}
	if g.Kind != Point && !g.isRectangle(low, high) {
		return nil, unsupported("geometry_to_bing_tiles of another geometry than a point or a rectangle")
	}
	first, last := tileAt(high.Y, low.X, zoom), tileAt(low.Y, high.X, zoom)
	// A tile that the lower right corner meets at its border alone is left out.
	corner := tileCorner(last.X, last.Y, zoom)
	if corner.X == high.X {
		last.X--
	}
	if corner.Y == low.Y {
		last.Y--
	}
	// A point at the corner of a tile is left with none, as in Trino.
	n := (last.X - first.X + 1) * (last.Y - first.Y + 1)
	if n > maxTiles {
		return nil, invalid("The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: %d. Rectangle: xMin=%.2f, yMin=%.2f, xMax=%.2f, yMax=%.2f. Zoom level: %d.",
			n, low.X, low.Y, high.X, high.Y, zoom)
	}
	out := make([]types.BingTileValue, 0, n)
	for x := first.X; x <= last.X; x++ {
		for y := first.Y; y <= last.Y; y++ {
			out = append(out, types.BingTileValue{X: x, Y: y, Zoom: zoom})
		}
	}
	return out, nil
}

func checkSpan(low, high XY) error {
	if !(low.Y >= -maxTileLatitude && high.Y <= maxTileLatitude) {
		return invalid("Latitude span for the geometry must be in [-85.05, 85.05] range")
	}
	if !(low.X >= -maxLongitude && high.X <= maxLongitude) {
		return invalid("Longitude span for the geometry must be in [-180.00, 180.00] range")
	}
	return nil
}

// isRectangle says whether a polygon is the rectangle of its bounds.
func (g Geometry) isRectangle(low, high XY) bool {
	if g.Kind != Polygon || len(g.Rings) != 1 || len(g.Rings[0]) != 5 {
		return false
	}
	for _, p := range g.Rings[0] {
		if p.X != low.X && p.X != high.X || p.Y != low.Y && p.Y != high.Y {
			return false
		}
	}
	return true
}
