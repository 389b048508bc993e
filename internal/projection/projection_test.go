package projection

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

var now = time.Date(2021, 3, 31, 13, 45, 59, 0, time.UTC)

// table has the keys given as "day string" and properties given as
// "day.type=date" or, with a key that is not of a column, "storage.location.template=…".
func table(keys string, properties ...string) *catalog.Table {
	t := &catalog.Table{Database: "shop", Name: "orders", Location: "s3://lake/orders", Parameters: map[string]string{"projection.enabled": "true"}}
	for k := range strings.SplitSeq(keys, ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(k), " ")
		t.PartitionKeys = append(t.PartitionKeys, catalog.Column{Name: name, Type: typ})
	}
	for _, p := range properties {
		name, value, _ := strings.Cut(p, "=")
		if !strings.HasPrefix(name, "storage.") {
			name = "projection." + name
		}
		t.Parameters[name] = value
	}
	return t
}

// folders are the projected partitions, as values and the folder.
func folders(t *catalog.Table, filter predicate.Predicate) ([]string, error) {
	p, err := Read(t, now)
	if err != nil {
		return nil, err
	}
	list, err := p.Partitions(test.Context(), filter)
	out := []string{}
	for _, p := range list {
		out = append(out, strings.Join(p.Values, ",")+" "+strings.TrimPrefix(p.Location, "s3://lake/orders/"))
	}
	return out, err
}

// test is the one whose context folders uses.
var test testing.TB

func eq(column string, v any) predicate.Predicate { return rel(column, "=", v) }

func rel(column string, op predicate.Op, v any) predicate.Predicate {
	return predicate.Compare{Column: column, Op: op, Value: v}
}

var all = predicate.And{}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPartitions(t *testing.T) {
	test = t
	hours := table("h string", "h.type=date", "h.format=yyyy/MM/dd/HH", "h.range=2021/03/30/22,NOW-12HOURS", "h.interval=1", "h.interval.unit=HOURS", "storage.location.template=s3://lake/orders/${h}")
	for name, c := range map[string]struct {
		table  *catalog.Table
		filter predicate.Predicate
		want   []string
	}{
		"enum":                       {table("c string", "c.type= ENUM ", "c.values=A, B,A,"), all, []string{"A c=A/", " B c= B/", " c=/"}},
		"enum, one":                  {table("c string", "c.type=enum", "c.values=A,B"), eq("c", "B"), []string{"B c=B/"}},
		"enum, none":                 {table("c string", "c.type=enum", "c.values=A,B"), eq("c", "X"), []string{}},
		"enum, escaped":              {table("c string", "c.type=enum", "c.values=a:b"), all, []string{"a:b c=a%3Ab/"}},
		"enum, template":             {table("c string", "c.type=enum", "c.values=a:b", "storage.location.template=s3://lake/orders/${c}/x/${c}/"), all, []string{"a:b a:b/x/a:b/"}},
		"integer":                    {table("n int", "n.type=integer", "n.range= -1 , 1 "), all, []string{"-1 n=-1/", "0 n=0/", "1 n=1/"}},
		"integer, interval":          {table("n int", "n.type=integer", "n.range=1,6", "n.interval= 2 "), all, []string{"1 n=1/", "3 n=3/", "5 n=5/"}},
		"integer, off the interval":  {table("n int", "n.type=integer", "n.range=1,6", "n.interval=2"), eq("n", int64(2)), []string{}},
		"integer, digits":            {table("n int", "n.type=integer", "n.range=0009,10", "n.digits=3"), all, []string{"009 n=009/", "010 n=010/"}},
		"integer, digits of text":    {table("n string", "n.type=integer", "n.range=1,99", "n.digits=2"), rel("n", "<", "03"), []string{"01 n=01/", "02 n=02/"}},
		"integer, text order":        {table("n string", "n.type=integer", "n.range=-12,12"), predicate.And{rel("n", ">=", "-12"), rel("n", "<", "-3"), rel("n", "<>", "-2")}, []string{"-12 n=-12/"}},
		"integer, all there are":     {table("n bigint", "n.type=integer", "n.range=-9223372036854775807,9223372036854775807"), rel("n", ">=", int64(9223372036854775806)), []string{"9223372036854775806 n=9223372036854775806/", "9223372036854775807 n=9223372036854775807/"}},
		"integer, text, one of many": {table("n string", "n.type=integer", "n.range=0,9223372036854775807"), predicate.In{Column: "n", Values: []any{"7", "07", "123456789012345678"}}, []string{"7 n=7/", "123456789012345678 n=123456789012345678/"}},

		"date, hours to a relative end": {hours, all, []string{"2021/03/30/22 2021/03/30/22", "2021/03/30/23 2021/03/30/23", "2021/03/31/00 2021/03/31/00", "2021/03/31/01 2021/03/31/01"}},
		"date, months by default":       {table("m string", "m.type=date", "m.format=yyyyMM", "m.range=202012,NOW"), all, []string{"202012 m=202012/", "202101 m=202101/", "202102 m=202102/", "202103 m=202103/"}},
		"date, days by default":         {table("d string", "d.type=date", "d.format=dd-MM-yyyy", "d.range=NOW-1DAY,NOW"), all, []string{"30-03-2021 d=30-03-2021/", "31-03-2021 d=31-03-2021/"}},
		"date, month ends":              {table("d string", "d.type=date", "d.format=yyyy-MM-dd", "d.range=NOW - 1 MONTHS,NOW"), rel("d", "<", "2021-03-02"), []string{"2021-02-28 d=2021-02-28/", "2021-03-01 d=2021-03-01/"}},
		"date, weeks":                   {table("d string", "d.type=date", "d.format=yyyyMMdd", "d.range=20210301,NOW+1WEEK", "d.interval=2", "d.interval.unit=weeks"), all, []string{"20210301 d=20210301/", "20210315 d=20210315/", "20210329 d=20210329/"}},
		"date, steps of months":         {table("d string", "d.type=date", "d.format=yyyyMMdd", "d.range=20210131,20210430", "d.interval=1", "d.interval.unit=MONTHS"), all, []string{"20210131 d=20210131/", "20210228 d=20210228/", "20210328 d=20210328/", "20210428 d=20210428/"}},
		"date, shorter steps than it":   {table("d string", "d.type=date", "d.format=yyyy-MM", "d.range=2021-01,NOW", "d.interval=1", "d.interval.unit=DAYS"), all, []string{"2021-01 d=2021-01/", "2021-02 d=2021-02/", "2021-03 d=2021-03/"}},
		"date, names":                   {table("d string", "d.type=date", "d.format=EEE d MMM ''yy 'o''clock' h a", "d.range=Sat 2 Jan '21 o'clock 12 AM,NOW", "d.interval=1", "d.interval.unit=HOURS"), eq("d", "Sun 3 Jan '21 o'clock 1 PM"), []string{"Sun 3 Jan '21 o'clock 1 PM d=Sun 3 Jan %2721 o%27clock 1 PM/"}},
		"date of a date key":            {table("d date", "d.type=date", "d.format=yyyyMMdd", "d.range=20100101,NOW"), rel("d", ">", day("2021-03-29")), []string{"2021-03-30 d=20210330/", "2021-03-31 d=20210331/"}},
		"date of a timestamp key":       {table("d timestamp", "d.type=date", "d.format=yyyyMMddHH", "d.range=2021033112,NOW", "d.interval=1", "d.interval.unit=HOURS"), all, []string{"2021-03-31 12:00:00 d=2021033112/", "2021-03-31 13:00:00 d=2021033113/"}},
		"date of a number key":          {table("y int", "y.type=date", "y.format=yyyy", "y.range=2019,NOW", "y.interval=1", "y.interval.unit=YEARS"), rel("y", ">=", int64(2020)), []string{"2020 y=2020/", "2021 y=2021/"}},

		"injected":             {table("id string", "id.type=injected"), eq("id", "a/b "), []string{"a/b  id=a%2Fb /"}},
		"injected, several":    {table("id string", "id.type=injected"), predicate.In{Column: "id", Values: []any{"b", "a", "b"}}, []string{"a id=a/", "b id=b/"}},
		"injected, numbers":    {table("id int", "id.type=injected"), predicate.Or{eq("id", int64(1)), eq("id", int64(-2))}, []string{"-2 id=-2/", "1 id=1/"}},
		"injected, no outcome": {table("id string", "id.type=injected"), predicate.Or{}, []string{}},

		"two keys": {table("c string, n int", "c.type=enum", "c.values=A,B", "n.type=integer", "n.range=1,2"), all,
			[]string{"A,1 c=A/n=1/", "A,2 c=A/n=2/", "B,1 c=B/n=1/", "B,2 c=B/n=2/"}},
		"two keys, together": {table("c string, n int", "c.type=enum", "c.values=A,B", "n.type=integer", "n.range=1,2"),
			predicate.Or{predicate.And{eq("c", "A"), eq("n", int64(1))}, predicate.And{eq("c", "B"), eq("n", int64(2))}}, []string{"A,1 c=A/n=1/", "B,2 c=B/n=2/"}},
		"LIKE":         {hours, predicate.Like{Column: "h", Pattern: "2021/03/30/%"}, []string{"2021/03/30/22 2021/03/30/22", "2021/03/30/23 2021/03/30/23"}},
		"other tests":  {hours, predicate.Not{Of: predicate.Like{Column: "h", Pattern: "%2_"}}, []string{"2021/03/31/00 2021/03/31/00", "2021/03/31/01 2021/03/31/01"}},
		"IS NULL":      {hours, predicate.IsNull{Column: "h"}, []string{}},
		"beyond range": {hours, eq("h", "2020/03/30/22"), []string{}},
		"no date":      {hours, eq("h", "x"), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := folders(c.table, c.filter)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestErrors(t *testing.T) {
	test = t
	for name, c := range map[string]struct {
		table  *catalog.Table
		filter predicate.Predicate
		want   string
	}{
		"no configuration":   {table("a string,b string,c string", "b.type=enum", "b.values=x"), all, "HIVE_METASTORE_ERROR: Table shop.orders is configured for partition projection, but the following partition columns are missing projection configuration: [a, c] (table shop.orders)"},
		"unknown type":       {table("a string", "a.type=range"), all, "INVALID_TABLE_PROPERTY: Column projection for column 'a' failed. Property: 'projection.a.type' value 'range' is invalid. Available options: [ENUM, INTEGER, DATE, INJECTED]"},
		"no values":          {table("a string", "a.type=enum"), all, "INVALID_TABLE_PROPERTY: Column projection for column 'a' failed. Missing required property: 'projection.a.values'"},
		"hyphen":             {table("a int", "a.type=integer", "a.range=1-10"), all, `INVALID_TABLE_PROPERTY: For input string: "1-10"`},
		"one end":            {table("a int", "a.type=integer", "a.range=1"), all, "needs to be list of 2 integers"},
		"falling":            {table("a int", "a.type=integer", "a.range=2,1"), all, "needs to be list of 2 integers"},
		"NOW of integers":    {table("a int", "a.type=integer", "a.range=1,NOW"), all, `INVALID_TABLE_PROPERTY: For input string: "NOW"`},
		"beyond the type":    {table("a tinyint", "a.type=integer", "a.range=0,128"), all, "is beyond the column's type tinyint"},
		"interval":           {table("a int", "a.type=integer", "a.range=1,2", "a.interval=0"), all, "'projection.a.interval' value '0' is invalid"},
		"all numbers":        {table("a bigint", "a.type=integer", "a.range=-9223372036854775808,9223372036854775807"), all, "has too many values"},
		"digits":             {table("a int", "a.type=integer", "a.range=1,2", "a.digits=x"), all, `INVALID_TABLE_PROPERTY: For input string: "x"`},
		"integers of a date": {table("a date", "a.type=integer", "a.range=1,2"), all, "Unsupported column type: date"},
		"dates of a boolean": {table("a boolean", "a.type=date"), all, "Unsupported column type: boolean"},
		"format":             {table("a string", "a.type=date", "a.format=YYYY", "a.range=NOW,NOW"), all, "the pattern letter Y is not supported"},
		"format letters":     {table("a string", "a.type=date", "a.format=yyyyMMddd", "a.range=NOW,NOW"), all, "Too many pattern letters: d"},
		"format quote":       {table("a string", "a.type=date", "a.format=yyyy'x", "a.range=NOW,NOW"), all, "incomplete string literal"},
		"date":               {table("a string", "a.type=date", "a.format=yyyy-MM-dd", "a.range=2021-1-1,NOW"), all, `needs to be a list of 2 valid dates formatted as 'yyyy-MM-dd' or '\s*NOW`},
		"date and more":      {table("a string", "a.type=date", "a.format=yyyy-MM", "a.range=2021-01-01,NOW"), all, "unparsed text found at index 7"},
		"falling dates":      {table("a string", "a.type=date", "a.format=yyyy", "a.range=NOW,2020"), all, "that are sequential: 'NOW,2020'"},
		"no unit":            {table("a string", "a.type=date", "a.format=yyyy-MM-dd HH", "a.range=NOW-1DAY,NOW", "a.interval=1"), all, "Property: 'projection.a.interval.unit' needs to be set"},
		"no interval":        {table("a string", "a.type=date", "a.format=yyyy", "a.range=NOW-1YEAR,NOW", "a.interval.unit=YEARS"), all, "Property: 'projection.a.interval' needs to be set"},
		"unit":               {table("a string", "a.type=date", "a.format=yyyyMM", "a.range=NOW,NOW", "a.interval.unit=DECADES"), all, "value 'DECADES' is invalid"},
		"template":           {table("a string,b string", "a.type=enum", "a.values=x", "b.type=enum", "b.values=x", "storage.location.template=s3://x/${a}/"), all, "INVALID_TABLE_PROPERTY: Partition projection location template: s3://x/${a}/ is missing partition column: 'b' placeholder"},
		"placeholder":        {table("a string", "a.type=enum", "a.values=x", "storage.location.template=s3://x/${a}/${z}/"), all, "has a placeholder of 'z', which is not a partition column"},
		"value of a type":    {table("a int", "a.type=enum", "a.values=1,x"), all, "HIVE_INVALID_PARTITION_VALUE: Invalid partition value 'x' for integer partition key: a"},

		"injected":          {table("a string", "a.type=injected"), all, "CONSTRAINT_VIOLATION: For the injected projected partition column a, the WHERE clause must contain only static equality conditions, and at least one such condition must be present."},
		"injected, range":   {table("a string", "a.type=injected"), rel("a", ">", "x"), "CONSTRAINT_VIOLATION: For the injected"},
		"injected, unequal": {table("a string", "a.type=injected"), rel("a", "<>", "x"), "CONSTRAINT_VIOLATION: For the injected"},
		"injected, LIKE":    {table("a string", "a.type=injected"), predicate.Like{Column: "a", Pattern: "x"}, "CONSTRAINT_VIOLATION: For the injected"},
		"injected, NULL":    {table("a string", "a.type=injected"), predicate.Or{eq("a", "x"), predicate.IsNull{Column: "a"}}, "Predicates provided cannot be converted to a valid partition."},
		"injected, of none": {table("a string,b string", "a.type=injected", "b.type=enum", "b.values=x"), eq("b", "y"), "CONSTRAINT_VIOLATION: For the injected"},

		"too many":          {table("a int", "a.type=integer", "a.range=1,1000001"), all, "HIVE_EXCEEDED_PARTITION_LIMIT: Query over table 'shop.orders' can potentially read more than 1000000 partitions"},
		"too many together": {table("a int,b int", "a.type=integer", "a.range=1,1001", "b.type=integer", "b.range=1,1000"), all, "HIVE_EXCEEDED_PARTITION_LIMIT"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := folders(c.table, c.filter)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestNarrowed counts the values that are made for a minute of a thousand
// years.
func TestNarrowed(t *testing.T) {
	minutes := table("m string", "m.type=date", "m.format=yyyy/MM/dd/HH/mm", "m.range=1900/01/01/00/00,2900/01/01/00/00", "m.interval=1", "m.interval.unit=MINUTES")
	backwards := table("m string", "m.type=date", "m.format=mm/HH/dd/MM/yyyy", "m.range=00/00/01/01/1900,00/00/01/01/2900", "m.interval=1", "m.interval.unit=MINUTES")
	numbers := table("m string", "m.type=integer", "m.range=0,1000000000000")
	for name, c := range map[string]struct {
		table  *catalog.Table
		filter predicate.Predicate
		want   int
	}{
		"one":             {minutes, eq("m", "2021/02/03/04/05"), 1},
		"one, backwards":  {backwards, eq("m", "05/04/03/02/2021"), 1},
		"range":           {minutes, predicate.And{rel("m", ">=", "2021/02/03/04"), rel("m", "<", "2021/02/03/05")}, 60},
		"LIKE":            {minutes, predicate.Like{Column: "m", Pattern: "2021/02/03/04/%"}, 60},
		"numbers as text": {numbers, predicate.And{rel("m", ">", "12345678901"), rel("m", "<", "12345678902")}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Read(c.table, now)
			require.NoError(t, err)
			count := &counting{sequence: p.keys[0].values}
			p.keys[0].values = count
			got, err := p.Partitions(t.Context(), c.filter)
			require.NoError(t, err)
			require.Len(t, got, c.want)
			require.Less(t, count.made, 2000)
		})
	}
}

type counting struct {
	sequence
	made int
}

func (c *counting) at(i uint64) text {
	c.made++
	return c.sequence.at(i)
}

// TestNarrowingEqualsEvaluation compares what narrowing leaves with the
// evaluation of every partition.
func TestNarrowingEqualsEvaluation(t *testing.T) {
	for name, p := range map[string]*Projection{
		"text":  read(t, table("a string", "a.type=integer", "a.range=-120,120", "a.interval=3")),
		"dates": read(t, table("a string", "a.type=date", "a.format=yyyy-MM-dd", "a.range=2021-02-20,NOW")),
		"turn":  read(t, table("a string", "a.type=date", "a.format=d/M/yyyy", "a.range=20/2/2021,NOW")),
	} {
		k := p.keys[0]
		var bounds []string
		for i := range k.values.length() {
			bounds = append(bounds, k.values.at(i).value)
		}
		bounds = append(bounds, "", "~", "-", "1", "10")
		for _, low := range bounds[:min(len(bounds), 25)] {
			for i, high := range bounds {
				ops := [][2]predicate.Op{{">", "<"}, {">=", "<="}, {"=", "<>"}}[i%3]
				filter := predicate.And{rel("a", ops[0], low), rel("a", ops[1], high)}
				var want []string
				for i := range k.values.length() {
					v := k.values.at(i).value
					if predicate.Eval(filter, func(string) (any, bool) { return v, true }).MayHold() {
						want = append(want, v)
					}
				}
				got, err := p.Partitions(t.Context(), filter)
				require.NoError(t, err)
				var values []string
				for _, g := range got {
					values = append(values, g.Values[0])
				}
				require.Equal(t, want, values, "%s: %v", name, filter)
			}
		}
	}
}

func read(t *testing.T, of *catalog.Table) *Projection {
	p, err := Read(of, now)
	require.NoError(t, err)
	return p
}

func TestEnabled(t *testing.T) {
	for _, c := range []struct {
		keys, value string
		want        bool
	}{{"a string", "TRUE", true}, {"a string", "false", false}, {"a string", "yes", false}, {"a string", "", false}} {
		of := table(c.keys)
		of.Parameters["projection.enabled"] = c.value
		require.Equal(t, c.want, Enabled(of), c.value)
	}
	require.False(t, Enabled(&catalog.Table{Parameters: map[string]string{"projection.enabled": "true"}}))
}

func TestTotal(t *testing.T) {
	require.Equal(t, 20, read(t, table("a int,b string,c string", "a.type=integer", "a.range=1,10", "b.type=enum", "b.values=x,y", "c.type=injected")).Total())
	require.Positive(t, read(t, table("a bigint,b bigint", "a.type=integer", "a.range=0,9223372036854775807", "b.type=integer", "b.range=0,9223372036854775807")).Total())
}

// FuzzPattern: what a format writes it reads again, to what it can say.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"yyyy-MM-dd", "yyyyMMddHHmmssSSS", "uuDDD", "d/M/yyyy", "MMMM d yyyy h a", "''yyyy'x'", "yM"} {
		f.Add(s, int64(1614000000000))
	}
	f.Fuzz(func(t *testing.T, source string, ms int64) {
		p, err := compile(source)
		if err != nil {
			return
		}
		at := time.UnixMilli(ms % (200 * 365 * 24 * 3600 * 1000)).UTC()
		text := p.format(at)
		back, err := p.parse(text)
		if p.ordered() && !strings.ContainsAny(source, "0123456789") {
			require.NoError(t, err, "%s: %s", source, text)
			require.Equal(t, text, p.format(back), source)
		}
	})
}

func FuzzProperties(f *testing.F) {
	f.Add("date", "2021,NOW", "yyyy", "1", "YEARS", "2", "a,b", "s3://x/${a}/")
	f.Add("integer", "1,5", "", "2", "", "2", "", "")
	f.Add("date", "NOW-3YEARS,NOW+1MONTH", "yyyyMMddHH", "5", "MINUTES", "", "", "s3://x/${a")
	f.Fuzz(func(t *testing.T, kind, bounds, format, interval, unit, digits, values, template string) {
		of := table("a string", "a.type="+kind, "a.range="+bounds, "a.format="+format, "a.interval="+interval, "a.interval.unit="+unit, "a.digits="+digits, "a.values="+values)
		if template != "" {
			of.Parameters[templateProperty] = template
		}
		p, err := Read(of, now)
		if err != nil {
			require.IsType(t, &Error{}, err)
			return
		}
		k := p.keys[0]
		if k.values == nil || k.values.length() == 0 {
			return
		}
		for _, i := range []uint64{0, k.values.length() / 2, k.values.length() - 1} {
			v := k.values.at(i).value
			got, err := p.Partitions(t.Context(), eq("a", v))
			require.NoError(t, err, fmt.Sprint(v))
			require.Len(t, got, 1)
			require.Equal(t, v, got[0].Values[0])
		}
	})
}

func TestLocate(t *testing.T) {
	p := read(t, table("d date, h int, s string, id string", "d.type=date", "d.format=yyyyMMdd", "d.range=20210101,NOW", "h.type=integer", "h.range=0,23", "h.digits=2",
		"s.type=enum", "s.values=A,B", "id.type=injected", "storage.location.template=s3://lake/${d}/${h}/${s}/${id}"))
	got, err := p.Locate([]string{"2021-02-03", "3", "B", "x"})
	require.NoError(t, err)
	require.Equal(t, catalog.Partition{Values: []string{"2021-02-03", "03", "B", "x"}, Location: "s3://lake/20210203/03/B/x"}, got)
	for _, values := range [][]string{
		{"2020-02-03", "3", "B", "x"}, {"2021-02-03", "24", "B", "x"}, {"2021-02-03", "3", "C", "x"}, {"2021-02-03", "x", "B", "x"},
		{"2021-02-03", "3", "B", catalog.HiveDefaultPartition},
	} {
		_, err := p.Locate(values)
		require.ErrorContains(t, err, "is not one that table shop.orders projects", values)
	}
	turned := read(t, table("d string", "d.type=date", "d.format=d/M/yyyy", "d.range=1/1/2021,NOW"))
	got, err = turned.Locate([]string{"3/2/2021"})
	require.NoError(t, err)
	require.Equal(t, "s3://lake/orders/d=3%2F2%2F2021/", got.Location)
	_, err = turned.Locate([]string{"03/02/2021"})
	require.Error(t, err)
}
