package crawler

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

func openBucket(t testing.TB) *objects.Local {
	o, err := objects.OpenLocal(filepath.Join(t.TempDir(), "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.Close()) })
	require.NoError(t, o.CreateBucket(t.Context(), "lake"))
	return o
}

func put(t testing.TB, o objects.Store, key, body string) {
	t.Helper()
	_, err := o.Put(t.Context(), "lake", key, strings.NewReader(body), int64(len(body)), objects.PutOptions{})
	require.NoError(t, err)
}

func zipped(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	return b.String()
}

// columnsText prints columns as name:type, …
func columnsText(columns []catalog.Column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c.Name + ":" + c.Type
	}
	return strings.Join(parts, ", ")
}

// foundText prints a table on one line.
func foundText(f *found) string {
	t := &f.table
	out := fmt.Sprintf("%s %s %s(%s)", t.Name, t.Location, t.Parameters[paramClass], columnsText(t.Columns))
	if len(t.PartitionKeys) == 0 {
		return out
	}
	var values []string
	for _, p := range f.partitions {
		values = append(values, strings.Join(p.Values, "/"))
	}
	return out + " by " + columnsText(t.PartitionKeys) + " [" + strings.Join(values, " ") + "]"
}

func TestDiscover(t *testing.T) {
	const orders, clicks = `{"id":1,"sum":2.5}`, `{"page":"/","user":"u","at":"now"}`
	for _, c := range []struct {
		name    string
		objects map[string]string
		target  Target
		group   Grouping
		want    []string
		notes   []string // parts of them
	}{
		{
			name:    "Hive-style folders are partitions of one table",
			objects: map[string]string{"t/year=2019/month=Jan/a.json": orders, "t/year=2019/month=Feb/a.json": orders, "t/year=2020/month=Jan/a.json": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"t s3://lake/t/ json(id:int, sum:double) by year:string, month:string [2019/Feb 2019/Jan 2020/Jan]"},
		},
		{
			name:    "one partition is a partition",
			objects: map[string]string{"t/Dt=2021-02-03/a.json": orders},
			target:  Target{Path: "s3://lake/t"},
			want:    []string{"t s3://lake/t/ json(id:int, sum:double) by dt:string [2021-02-03]"},
		},
		{
			name:    "folders of dates get names by their place",
			objects: map[string]string{"t/2021/02/03/a.json": orders, "t/2021/02/04/a.json": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"t s3://lake/t/ json(id:int, sum:double) by partition_0:string, partition_1:string, partition_2:string [2021/02/03 2021/02/04]"},
		},
		{
			name:    "folders of different data are tables",
			objects: map[string]string{"lake/orders/d=1/a.json": orders, "lake/orders/d=2/a.json": orders, "lake/clicks/a.json": clicks},
			target:  Target{Path: "s3://lake/lake/"},
			want: []string{
				"clicks s3://lake/lake/clicks/ json(page:string, user:string, at:string)",
				"orders s3://lake/lake/orders/ json(id:int, sum:double) by d:string [1 2]",
			},
		},
		{ // the example of Glue's "How does a crawler determine when to create partitions?"
			name: "similar folders of similar folders are one table",
			objects: map[string]string{
				"f1/table1/partition1/a.json": orders, "f1/table1/partition2/a.json": orders, "f1/table1/partition3/a.json": orders,
				"f1/table2/partition4/a.json": orders, "f1/table2/partition5/a.json": orders,
			},
			target: Target{Path: "s3://lake/f1"},
			want:   []string{"f1 s3://lake/f1/ json(id:int, sum:double) by partition_0:string, partition_1:string [table1/partition1 table1/partition2 table1/partition3 table2/partition4 table2/partition5]"},
		},
		{
			name:    "one folder of objects is a table and no partition",
			objects: map[string]string{"raw/orders/a.json": orders, "raw/orders/b.json": orders},
			target:  Target{Path: "s3://lake/raw/"},
			want:    []string{"orders s3://lake/raw/orders/ json(id:int, sum:double)"},
		},
		{ // the example of Glue's CombineCompatibleSchemas
			name:    "different columns are different tables",
			objects: map[string]string{"t/year=2017/data1.json": `{"A": 1, "B": 2}`, "t/year=2018/data2.json": `{"C": 3, "D": 4}`},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"year_2017 s3://lake/t/year=2017/ json(a:int, b:int)", "year_2018 s3://lake/t/year=2018/ json(c:int, d:int)"},
		},
		{
			name:    "different columns are one table where schemas are combined",
			objects: map[string]string{"t/year=2017/data1.json": `{"A": 1, "B": 2}`, "t/year=2018/data2.json": `{"C": 3, "D": 4}`},
			target:  Target{Path: "s3://lake/t/"}, group: Grouping{CombineCompatible: true},
			want: []string{"t s3://lake/t/ json(a:int, b:int, c:int, d:int) by year:string [2017 2018]"},
		},
		{
			name:    "the level of tables is absolute",
			objects: map[string]string{"t/a/2021/x.json": orders, "t/b/2021/x.json": orders},
			target:  Target{Path: "s3://lake/t/"}, group: Grouping{TableLevel: 3},
			want: []string{
				"a s3://lake/t/a/ json(id:int, sum:double) by partition_0:string [2021]",
				"b s3://lake/t/b/ json(id:int, sum:double) by partition_0:string [2021]",
			},
		},
		{
			name: "what is unlike most is a table of its own",
			objects: map[string]string{
				"t/d=1/a.json": orders, "t/d=2/a.json": orders, "t/d=3/a.json": orders, "t/d=4/a.json": clicks,
			},
			target: Target{Path: "s3://lake/t/"},
			want:   []string{"t s3://lake/t/ json(id:int, sum:double) by d:string [1 2 3]", "d_4 s3://lake/t/d=4/ json(page:string, user:string, at:string)"},
		},
		{
			name: "types are merged over files",
			objects: map[string]string{
				"t/a.json": `{"n":1,"f":1,"s":{"a":1},"l":[1],"x":1,"z":null,"b":true}`,
				"t/b.json": `{"n":3000000000,"f":1.5,"s":{"B":"x"},"l":[3000000000],"x":"y","b":false,"e":{},"q":[]}`,
			},
			target: Target{Path: "s3://lake/t/"},
			want:   []string{"t s3://lake/t/ json(n:bigint, f:double, s:struct<a:int,b:string>, l:array<bigint>, x:string, z:string, b:boolean, e:string, q:array<string>)"},
		},
		{
			name: "CSV with a header, of which one file holds texts alone",
			objects: map[string]string{
				"t/a.csv": "Order ID,price,note\n1,2.5,x\n2,3,y\n", "t/b.csv": "order id,price,note\nfirst,,x\nsecond,,y\n",
			},
			target: Target{Path: "s3://lake/t/"},
			want:   []string{"t s3://lake/t/ csv(order id:string, price:double, note:string)"},
		},
		{
			name:    "CSV of texts has no header that can be told",
			objects: map[string]string{"t/a.csv": "a;b\nc;d\n"},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"t s3://lake/t/ csv(col0:string, col1:string)"},
		},
		{
			name:    "a partition whose rows leave out fields",
			objects: map[string]string{"t/d=1/a.json": orders, "t/d=2/a.json": `{"id":2}`, "u/a/a.json": orders, "u/b/a.json": `{"id":2}`},
			target:  Target{Path: "s3://lake/"},
			want: []string{
				"t s3://lake/t/ json(id:int, sum:double) by d:string [1 2]",
				"a s3://lake/u/a/ json(id:int, sum:double)", "b s3://lake/u/b/ json(id:int)",
			},
		},
		{
			name:    "a partition of one line",
			objects: map[string]string{"t/d=1/a.csv": "1,x\n2,y\n", "t/d=2/b.csv": "3,z\n", "u/c.txt": "one line\n"},
			target:  Target{Path: "s3://lake/"},
			want:    []string{"t s3://lake/t/ csv(col0:bigint, col1:string) by d:string [1 2]"},
			notes:   []string{"s3://lake/u/ was not read, or holds one line alone"},
		},
		{
			name:    "hidden, empty and excluded objects are no data",
			objects: map[string]string{"t/_SUCCESS": "x", "t/.x/a.json": clicks, "t/empty": "", "t/log/x.csv": "a,b\n1,2\n", "t/d/a.json": orders},
			target:  Target{Path: "s3://lake/t/", Exclusions: []string{"log/**"}},
			want:    []string{"d s3://lake/t/d/ json(id:int, sum:double)"},
		},
		{
			name:    "unlike objects in one folder are no table",
			objects: map[string]string{"t/a.json": orders, "t/b.csv": "a,b\n1,2\n"},
			target:  Target{Path: "s3://lake/t/"},
			notes:   []string{"s3://lake/t/b.csv: its format is csv"},
		},
		{
			name:    "objects beside folders of the same data are one table with them",
			objects: map[string]string{"t/a.json": orders, "t/2021/b.json": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"t s3://lake/t/ json(id:int, sum:double)"},
			notes:   []string{"without partitions"},
		},
		{
			name:    "objects beside folders of other data are no table",
			objects: map[string]string{"t/a.csv": "a,b\n1,2\n", "t/o/b.json": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"o s3://lake/t/o/ json(id:int, sum:double)"},
			notes:   []string{"objects of s3://lake/t/ lie beside"},
		},
		{
			name:    "compression is in the content and must be in the name",
			objects: map[string]string{"t/a/x.json.gz": zipped(orders), "t/b/x.json": zipped(orders), "t/c/x.gz": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"a s3://lake/t/a/ json(id:int, sum:double)"},
			notes:   []string{"s3://lake/t/b/x.json: its content is compressed with gzip", "s3://lake/t/c/x.gz: its name ends with .gz"},
		},
		{
			name:    "a key that is also a column is left out",
			objects: map[string]string{"t/id=1/x.json": orders, "t/id=2/x.json": orders},
			target:  Target{Path: "s3://lake/t/"},
			want:    []string{"t s3://lake/t/ json(sum:double) by id:string [1 2]"},
			notes:   []string{"column id is left out"},
		},
		{
			name:    "documents over several lines are no rows",
			objects: map[string]string{"t/a.json": "{\n \"a\": 1\n}\n", "u/a.json": "[{\"a\":1}]"},
			target:  Target{Path: "s3://lake"},
			notes:   []string{"one whole object a line", "a JSON array"},
		},
		{
			name:    "an empty prefix has no tables",
			objects: map[string]string{"t/a.json": orders},
			target:  Target{Path: "s3://lake/other/"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := openBucket(t)
			for key, body := range c.objects {
				put(t, store, key, body)
			}
			_, tables, notes, err := discover(t.Context(), store, &c.target, c.group, nil)
			require.NoError(t, err)
			var got []string
			for i := range tables {
				got = append(got, foundText(&tables[i]))
			}
			require.Equal(t, c.want, got)
			require.Len(t, notes, len(c.notes), "%q", notes)
			for i, n := range c.notes {
				require.Contains(t, notes[i], n)
			}
		})
	}
}

// TestFoldersThatAreNotRead: of many folders some are read, and all are
// partitions.
func TestFoldersThatAreNotRead(t *testing.T) {
	store := openBucket(t)
	for i := range 20 {
		put(t, store, fmt.Sprintf("t/d=%02d/a.json", i), `{"id":1}`)
		put(t, store, fmt.Sprintf("t/d=%02d/b.json", i), `{"id":1}`)
	}
	put(t, store, "t/d=19/b.json", `{"id":1,"last":2}`)
	put(t, store, "t/clicks/a.json", `{"page":1}`)
	put(t, store, "t/errors/d=1/a.json", `{"code":1}`)
	put(t, store, "t/errors/d=2/a.json", `{"code":1}`)
	l, err := list(t.Context(), store, &Target{Path: "s3://lake/t/"})
	require.NoError(t, err)
	reads := &counting{Store: store}
	g := &grouper{bucket: "lake", sampler: sampler{store: reads}, most: 3}
	found, err := g.find(t.Context(), l.root, false)
	require.NoError(t, err)
	require.Less(t, reads.gets.Load(), int64(8), "few of 44 objects")
	require.Empty(t, g.notes)
	var got []string
	for i := range found {
		got = append(got, fmt.Sprintf("%s(%s) %d", found[i].table.Name, columnsText(found[i].table.Columns), len(found[i].partitions)))
	}
	require.Equal(t, []string{"t(id:int) 20", "clicks(page:int) 0", "errors(code:int) 2"}, got)
}
