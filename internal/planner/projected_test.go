package planner

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// projected makes shop.orders with the properties.
func (l *lake) projected(properties map[string]string, keys ...string) *catalog.Table {
	t := *l.table(keys...)
	t.Parameters = map[string]string{"projection.enabled": "true"}
	maps.Copy(t.Parameters, properties)
	return &t
}

// TestProjected: registered partitions are not read, and what a projected one
// lacks is no error.
func TestProjected(t *testing.T) {
	l := newLake(t)
	l.planner.now = func() time.Time { return time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC) }
	table := l.projected(map[string]string{
		"projection.day.type": "date", "projection.day.format": "yyyy/MM/dd", "projection.day.range": "NOW-3YEARS,NOW",
		"projection.hour.type": "integer", "projection.hour.range": "0,23", "projection.hour.digits": "2",
		"storage.location.template": "s3://lake/orders/${day}/${hour}",
	}, "day string", "hour int")
	l.put("orders/2021/02/03/04/a", "x")
	l.put("orders/2021/02/03/041/a", "x")
	l.put("orders/2021/02/03/05/sub/b", "x")
	l.put("orders/2021/02/04/05/c", "x")
	l.put("orders/day=2021/hour=1/d", "x")
	l.register(table, "2021", "1")

	scan, err := l.plan(table, predicate.And{eq("day", "2021/02/03"), predicate.Compare{Column: "hour", Op: "<", Value: int64(6)}})
	require.NoError(t, err)
	require.Equal(t, []string{"orders/2021/02/03/04/a", "orders/2021/02/03/05/sub/b"}, uris(scan))
	require.Len(t, scan.Partitions, 6)
	require.Equal(t, 24*(3*365+2), scan.PartitionsTotal)
	require.Equal(t, []string{"2021/02/03", "04"}, scan.Partitions[*scan.Files[0].Partition].Values)
	require.Len(t, l.objects.listed, 6, "no other folder is listed")
}

func TestProjectionErrors(t *testing.T) {
	l := newLake(t)
	injected := l.projected(map[string]string{"projection.device.type": "injected"}, "device string")
	_, err := l.plan(injected, predicate.And{})
	require.EqualError(t, err, "CONSTRAINT_VIOLATION: For the injected projected partition column device, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.")
	scan, err := l.plan(injected, eq("device", "x"))
	require.NoError(t, err)
	require.Empty(t, scan.Files)

	delivered := *injected
	delivered.Delivery = "d"
	_, err = l.plan(&delivered, eq("device", "x"))
	require.ErrorContains(t, err, "NOT_SUPPORTED: Table shop.orders has projection.enabled=true")

	flat := catalog.Table{Database: "shop", Name: "flat", Location: "s3://lake/flat", Parameters: map[string]string{"projection.enabled": "true"}}
	l.put("flat/a", "x")
	scan, err = l.plan(&flat, predicate.And{})
	require.NoError(t, err)
	require.Len(t, scan.Files, 1, "without partition keys there is nothing to project")
}
