package duckdbudf

import (
	"database/sql/driver"

	"github.com/scopsdb/scops/internal/sql/geometry"
	"github.com/scopsdb/scops/internal/sql/types"
)

// tileUDFs are the functions of Bing tiles; bigints carry them as
// types.BingTileValue gives.
var tileUDFs = []udf{
	{name: "scops_bing_tile", fails: true, in: in(integer, integer, integer), out: bigint, run: func(a []driver.Value) (any, error) {
		return tileAnswer(geometry.Tile(int(a[0].(int32)), int(a[1].(int32)), int(a[2].(int32))))
	}},
	{name: "scops_bing_tile_of_key", fails: true, in: in(text), out: bigint, run: func(a []driver.Value) (any, error) {
		return tileAnswer(geometry.TileOfKey(a[0].(string)))
	}},
	{name: "scops_bing_tile_at", fails: true, in: in(double, double, integer), out: bigint, run: func(a []driver.Value) (any, error) {
		return tileAnswer(geometry.TileAt(a[0].(float64), a[1].(float64), int(a[2].(int32))))
	}},
	{name: "scops_bing_tile_quadkey", fails: true, in: in(bigint), out: text, run: func(a []driver.Value) (any, error) {
		return geometry.TileKey(types.NewBingTile(a[0].(int64))), nil
	}},
	{name: "scops_bing_tile_polygon", fails: true, in: in(bigint), out: blob, run: func(a []driver.Value) (any, error) {
		return geometry.TilePolygon(types.NewBingTile(a[0].(int64))).Encode(), nil
	}},
	{name: "scops_bing_tiles_around", fails: true, in: in(double, double, integer), out: list(bigint), run: func(a []driver.Value) (any, error) {
		return tileList(geometry.TilesAround(a[0].(float64), a[1].(float64), int(a[2].(int32))))
	}},
	{name: "scops_geometry_to_bing_tiles", fails: true, in: in(blob, integer), out: list(bigint), run: func(a []driver.Value) (any, error) {
		g, err := geometry.Decode(a[0].([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		return tileList(g.TilesOf(int(a[1].(int32))))
	}},
	{name: "scops_bing_tiles_within", fails: true, in: in(double, double, integer, double), out: list(bigint), run: func(a []driver.Value) (any, error) {
		return tileList(geometry.TilesWithin(a[0].(float64), a[1].(float64), int(a[2].(int32)), a[3].(float64)))
	}},
}

func tileAnswer(t types.BingTileValue, err error) (any, error) {
	return t.Int64(), inTrinosTerms(err)
}

func tileList(tiles []types.BingTileValue, err error) (any, error) {
	if err != nil {
		return nil, inTrinosTerms(err)
	}
	out := make([]any, len(tiles))
	for i, t := range tiles {
		out[i] = t.Int64()
	}
	return out, nil
}
