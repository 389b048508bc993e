package types

import "strconv"

// BingTileValue is a Bing tile cell: a square of the map at a zoom level, whose
// columns and rows are counted from the upper left.
type BingTileValue struct{ X, Y, Zoom int }

// The places of the parts in the integer that carries a Bing tile.
const (
	tileXShift    = 32
	tileZoomShift = 27
	tileZoomMask  = 0x1f
	tileYMask     = 1<<23 - 1
)

// NewBingTile reads the integer that carries a Bing tile: the column above bit
// 32, the zoom level in the bits from 27 on and the row below.
func NewBingTile(n int64) BingTileValue {
	return BingTileValue{X: int(n >> tileXShift), Y: int(n & tileYMask), Zoom: int(n >> tileZoomShift & tileZoomMask)}
}

// Int64 is the integer that carries a Bing tile.
func (b BingTileValue) Int64() int64 {
	return int64(b.X)<<tileXShift | int64(b.Zoom)<<tileZoomShift | int64(b.Y)
}

// appendBingTile writes the fields as those of a row: {x=5, y=3, zoom=3}.
func appendBingTile(dst []byte, b BingTileValue) []byte {
	dst = strconv.AppendInt(append(dst, "{x="...), int64(b.X), 10)
	dst = strconv.AppendInt(append(dst, ", y="...), int64(b.Y), 10)
	dst = strconv.AppendInt(append(dst, ", zoom="...), int64(b.Zoom), 10)
	return append(dst, '}')
}
