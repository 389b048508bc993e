package geometry

import (
	"math"

	"github.com/scopsdb/scops/internal/sql/functions/strictmath"
	"github.com/scopsdb/scops/internal/sql/types"
)

// The map of Bing tiles: a square of 256 pixels at level 0, twice as many on
// each side at each further level.
const (
	maxZoom         = 23
	tilePixels      = 256
	maxTileLatitude = 85.05112878
)

const (
	tileLatitudeRange  = "Latitude must be between -85.05112878 and 85.05112878"
	tileLongitudeRange = "Longitude must be between -180.0 and 180.0"
)

func checkZoom(zoom int) error {
	if zoom <= 0 {
		return invalid("Zoom level must be > 0")
	}
	if zoom > maxZoom {
		return invalid("Zoom level must be <= %d", maxZoom)
	}
	return nil
}

func checkPlace(latitude, longitude float64) error {
	if !(math.Abs(latitude) <= maxTileLatitude) {
		return invalid(tileLatitudeRange)
	}
	if !(math.Abs(longitude) <= maxLongitude) {
		return invalid(tileLongitudeRange)
	}
	return nil
}

// Tile is the tile of a column and a row.
func Tile(x, y, zoom int) (types.BingTileValue, error) {
	t := types.BingTileValue{X: x, Y: y, Zoom: zoom}
	if err := checkZoom(zoom); err != nil {
		return t, err
	}
	for _, c := range []int{x, y} {
		if c < 0 || c >= 1<<zoom {
			return t, invalid("XY coordinates for a Bing tile at zoom level %d must be within [0, %d) range", zoom, 1<<zoom)
		}
	}
	return t, nil
}

// TileOfKey is the tile of a quadkey: a digit from 0 to 3 for each level, its
// low bit the column's, its high bit the row's.
func TileOfKey(key string) (types.BingTileValue, error) {
	t := types.BingTileValue{Zoom: len(key)}
	if key == "" {
		return t, invalid("QuadKey must not be empty string")
	}
	if len(key) > maxZoom {
		return t, invalid("QuadKey must be %d characters or less", maxZoom)
	}
	for _, c := range []byte(key) {
		if c < '0' || c > '3' {
			return t, invalid("Invalid QuadKey digit sequence: %s", key)
		}
		t.X = t.X<<1 | int(c-'0')&1
		t.Y = t.Y<<1 | int(c-'0')>>1
	}
	return t, nil
}

// TileKey is the quadkey of a tile.
func TileKey(t types.BingTileValue) string {
	out := make([]byte, t.Zoom)
	for i := range out {
		bit := t.Zoom - 1 - i
		out[i] = '0' + byte(t.X>>bit&1|t.Y>>bit&1<<1)
	}
	return string(out)
}

// TileAt is the tile of a latitude and longitude in degrees.
func TileAt(latitude, longitude float64, zoom int) (types.BingTileValue, error) {
	if err := checkPlace(latitude, longitude); err != nil {
		return types.BingTileValue{}, err
	}
	if err := checkZoom(zoom); err != nil {
		return types.BingTileValue{}, err
	}
	return tileAt(latitude, longitude, zoom), nil
}

func mapSize(zoom int) int64 { return tilePixels << zoom }

func tileAt(latitude, longitude float64, zoom int) types.BingTileValue {
	size := mapSize(zoom)
	sin := strictmath.Sin(latitude * math.Pi / 180)
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return types.BingTileValue{X: onMap((longitude+180)/360, size), Y: onMap(y, size), Zoom: zoom}
}

// onMap is the column or row of a place from 0 to 1.
func onMap(axis float64, size int64) int {
	return int(max(0, min(axis*float64(size), float64(size-1)))) / tilePixels
}

// tileCorner is the upper left corner of a tile: longitude and latitude.
func tileCorner(x, y, zoom int) XY {
	size := mapSize(zoom)
	at := func(n int) float64 { return float64(max(0, min(int64(n)*tilePixels, size))) / float64(size) }
	latitude := 90 - 360*strictmath.Atan(math.Exp(-(0.5-at(y))*2*math.Pi))/math.Pi
	return XY{360 * (at(x) - 0.5), latitude}
}

// TilePolygon is the rectangle of a tile.
func TilePolygon(t types.BingTileValue) Geometry {
	upper, lower := tileCorner(t.X, t.Y, t.Zoom), tileCorner(t.X+1, t.Y+1, t.Zoom)
	return Rectangle(XY{upper.X, lower.Y}, XY{lower.X, upper.Y})
}
