package geometry

import (
	"math"

	"github.com/scopsdb/scops/internal/sql/functions/strictmath"
	"github.com/scopsdb/scops/internal/sql/types"
)

// TilesAround are the tile of a place and its neighbors, column by column.
func TilesAround(latitude, longitude float64, zoom int) ([]types.BingTileValue, error) {
	center, err := TileAt(latitude, longitude, zoom)
	if err != nil {
		return nil, err
	}
	var out []types.BingTileValue
	for x := center.X - 1; x <= center.X+1; x++ {
		for y := center.Y - 1; y <= center.Y+1; y++ {
			if x >= 0 && x < 1<<zoom && y >= 0 && y < 1<<zoom {
				out = append(out, types.BingTileValue{X: x, Y: y, Zoom: zoom})
			}
		}
	}
	return out, nil
}

const (
	maxRadius = 1000
	maxTiles  = 1_000_000
)

// circle is a search for the tiles within kilometers of a place.
type circle struct {
	latitude, longitude, radius      float64
	zoom                             int
	center, top, bottom, left, right types.BingTileValue
	out                              []types.BingTileValue
}

// TilesWithin are the tiles that touch a circle around a place: first the row
// and the column of its center, then the quarters.
func TilesWithin(latitude, longitude float64, zoom int, radius float64) ([]types.BingTileValue, error) {
	if _, err := TileAt(latitude, longitude, zoom); err != nil {
		return nil, err
	}
	if !(radius >= 0) {
		return nil, invalid("Radius must be >= 0")
	}
	if radius > maxRadius {
		return nil, invalid("Radius must be <= 1,000 km")
	}
	c := circle{latitude: latitude, longitude: longitude, radius: radius, zoom: zoom, center: tileAt(latitude, longitude, zoom)}
	c.top = tileAt(c.latitudeAt(0), longitude, zoom)
	c.bottom = tileAt(c.latitudeAt(180), longitude, zoom)
	c.left = tileAt(latitude, c.longitudeAt(270), zoom)
	c.right = tileAt(latitude, c.longitudeAt(90), zoom)
	if err := c.cross(); err != nil {
		return nil, err
	}
	n := 1 << zoom
	for x := c.right.X; x != c.center.X; x = (x - 1 + n) % n {
		c.corners(x, 0)
	}
	for x := c.left.X; x != c.center.X; x = (x + 1) % n {
		c.corners(x, 1)
	}
	return c.out, nil
}

// cross adds the row and the column of the center.
func (c *circle) cross() error {
	n := 1 << c.zoom
	columns := c.right.X - c.left.X + 1
	if c.right.X < c.left.X {
		columns += n
	}
	rows := c.bottom.Y - c.top.Y + 1
	if columns*rows > maxTiles {
		return invalid("The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: %d. Radius: %.1f km. Zoom level: %d.", columns*rows, c.radius, c.zoom)
	}
	for i := range columns {
		c.add((c.left.X+i)%n, c.center.Y)
	}
	for y := c.top.Y; y <= c.bottom.Y; y++ {
		if y != c.center.Y {
			c.add(c.center.X, y)
		}
	}
	return nil
}

func (c *circle) add(x, y int) {
	c.out = append(c.out, types.BingTileValue{X: x, Y: y, Zoom: c.zoom})
}

// corners adds the tiles of a column above and below the center's row, from the
// first whose corner next to the center lies in the circle. The side is 0 for
// the left corner and 1 for the right one.
func (c *circle) corners(x, side int) {
	include := false
	for y := c.top.Y; y < c.center.Y; y++ {
		if include = include || c.holds(x+side, y+1); include {
			c.add(x, y)
		}
	}
	include = false
	for y := c.bottom.Y; y > c.center.Y; y-- {
		if include = include || c.holds(x+side, y); include {
			c.add(x, y)
		}
	}
}

func (c *circle) holds(x, y int) bool {
	corner := tileCorner(x, y, c.zoom)
	return greatCircle(c.latitude, c.longitude, corner.Y, corner.X) <= c.radius
}

func degrees(radians float64) float64 { return radians * (180 / math.Pi) }

// latitudeAt is the latitude at the circle's edge in a direction.
func (c *circle) latitudeAt(bearing float64) float64 {
	sin, cos := sincos(radians(c.latitude))
	sinRatio, cosRatio := sincos(c.radius / earthKilometers)
	latitude := degrees(strictmath.Asin(sin*cosRatio + cos*sinRatio*strictmath.Cos(radians(bearing))))
	return max(-maxTileLatitude, min(maxTileLatitude, latitude))
}

// longitudeAt is the longitude at the circle's edge in a direction, which may
// lie beyond the antimeridian.
func (c *circle) longitudeAt(bearing float64) float64 {
	sin, cos := sincos(radians(c.latitude))
	sinRatio, cosRatio := sincos(c.radius / earthKilometers)
	longitude := degrees(radians(c.longitude) + strictmath.Atan2(strictmath.Sin(radians(bearing))*sinRatio*cos, cosRatio-sin*sin))
	switch {
	case longitude > maxLongitude:
		return -maxLongitude + (longitude - maxLongitude)
	case longitude < -maxLongitude:
		return maxLongitude + (longitude + maxLongitude)
	}
	return longitude
}
