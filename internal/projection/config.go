package projection

import (
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Properties of a table.
const (
	enabledProperty  = "projection.enabled"
	templateProperty = "storage.location.template"
)

// Properties of a column, below projection.<column>.
const (
	typeProperty     = "type"
	valuesProperty   = "values"
	rangeProperty    = "range"
	intervalProperty = "interval"
	digitsProperty   = "digits"
	formatProperty   = "format"
	unitProperty     = "interval.unit"
)

// Enabled says whether the partitions of a table are projected: what is
// registered of it is not read then.
func Enabled(t *catalog.Table) bool {
	return len(t.PartitionKeys) > 0 && strings.EqualFold(t.Parameters[enabledProperty], "true")
}

// Projection is the configuration of one table, read and checked.
type Projection struct {
	table    *catalog.Table
	keys     []key
	location location
}

// key is the projection of one partition key.
type key struct {
	name   string
	typ    types.Type
	values sequence // nil where the values are injected
}

// column reads the properties of one column.
type column struct {
	name       string
	parameters map[string]string
}

func (c column) get(property string) (string, bool) {
	v, ok := c.parameters["projection."+c.name+"."+property]
	return v, ok
}

// required returns a property that must be there.
func (c column) required(property string) (string, error) {
	v, ok := c.get(property)
	if !ok {
		return "", invalid(c.name, "Missing required property: 'projection.%s.%s'", c.name, property)
	}
	return v, nil
}

// reader makes the values of a column of its type.
type reader func(c column, t types.Type, now instant) (sequence, error)

// readers are those of projection.<column>.type.
var readers = map[string]reader{
	"enum":     readEnum,
	"integer":  readInteger,
	"date":     readDate,
	"injected": readInjected,
}

// Read checks the configuration of a table for which Enabled holds. Ranges with
// NOW are relative to now.
func Read(t *catalog.Table, now time.Time) (*Projection, error) {
	p := &Projection{table: t}
	if missing := unconfigured(t); len(missing) > 0 {
		name := t.Database + "." + t.Name
		return nil, fail(errMetastore, "Table %s is configured for partition projection, but the following partition columns are missing projection configuration: [%s] (table %s)", name, strings.Join(missing, ", "), name)
	}
	for _, k := range t.PartitionKeys {
		typ, err := types.FromHive(k.Type)
		if err != nil {
			return nil, fail(errInvalidMetadata, "partition key %s: %v", k.Name, err)
		}
		c := column{name: k.Name, parameters: t.Parameters}
		kind, _ := c.get(typeProperty)
		read, ok := readers[strings.ToLower(strings.TrimSpace(kind))]
		if !ok {
			return nil, invalid(k.Name, "Property: 'projection.%s.type' value '%s' is invalid. Available options: [ENUM, INTEGER, DATE, INJECTED]", k.Name, kind)
		}
		values, err := read(c, typ, now)
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, key{name: k.Name, typ: typ, values: values})
	}
	var err error
	p.location, err = readLocation(t)
	return p, err
}

// unconfigured are the keys without a type of projection.
func unconfigured(t *catalog.Table) []string {
	var out []string
	for _, k := range t.PartitionKeys {
		if _, ok := (column{name: k.Name, parameters: t.Parameters}).get(typeProperty); !ok {
			out = append(out, k.Name)
		}
	}
	return out
}

func unsupportedType(column string, t types.Type) error {
	return invalid(column, "Unsupported column type: %s", t)
}
