package athena

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// reuse says whether an earlier result may answer a query.
type reuse struct {
	enabled bool
	maxAge  time.Duration // of the result; 0: any
}

// Limits of API_ResultReuseByAgeConfiguration.
const (
	defaultReuseMinutes = 60
	maxReuseMinutes     = 10_080
)

// reuseOf reads a client's wish. The age bounds only how old a result may be:
// whether it is still right, its key says.
func reuseOf(c *api.ResultReuseConfiguration) reuse {
	if c == nil || c.ResultReuseByAgeConfiguration == nil || !c.ResultReuseByAgeConfiguration.Enabled {
		return reuse{}
	}
	minutes := int32(defaultReuseMinutes)
	if m := c.ResultReuseByAgeConfiguration.MaxAgeInMinutes; m != nil {
		minutes = *m
	}
	if minutes == 0 {
		return reuse{}
	}
	return reuse{enabled: true, maxAge: time.Duration(minutes) * time.Minute}
}

func checkResultReuse(c *api.ResultReuseConfiguration) error {
	if c == nil || c.ResultReuseByAgeConfiguration == nil || c.ResultReuseByAgeConfiguration.MaxAgeInMinutes == nil {
		return nil
	}
	switch m := *c.ResultReuseByAgeConfiguration.MaxAgeInMinutes; {
	case m < 0:
		return constraint("Value at 'resultReuseConfiguration.resultReuseByAgeConfiguration.maxAgeInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 0")
	case m > maxReuseMinutes:
		return constraint("Value at 'resultReuseConfiguration.resultReuseByAgeConfiguration.maxAgeInMinutes' failed to satisfy constraint: Member must have value less than or equal to %d", maxReuseMinutes)
	}
	return nil
}

// reuseKey identifies the result of a query: two queries with the same key give
// the same rows, whenever they run. It is a hash of all that the rows follow
// from: the statement with its names and parameters, the definitions of the
// views, tables and partitions that it reads, and the version of each file. It
// is "" where the rows follow from something else too: the time, chance, or
// rows in memory that no file has yet.
func reuseKey(r *record, stmt *sql.Statement, p *planned) string {
	switch stmt.Query.(type) {
	case *ast.Query, *ast.Execute:
	default:
		return ""
	}
	if p.analysis.Unrepeatable != "" {
		return ""
	}
	k := keyHash{sha256.New()}
	k.add(buildOfScops(), r.WorkGroup, r.Catalog, r.database(), folderOf(r.OutputLocation), r.Query, p.prepared)
	k.add(strconv.Itoa(len(r.Parameters)))
	k.add(r.Parameters...)
	for _, view := range p.analysis.Views {
		k.addJSON(view)
	}
	for i := range p.scans {
		if p.scans[i].TailRows() > 0 {
			return ""
		}
		k.addScan(&p.scans[i])
	}
	return hex.EncodeToString(k.Sum(nil))
}

// buildOfScops keeps the results of another build apart, which may have had a
// defect that this one has not.
var buildOfScops = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			text += " " + s.Value
		}
	}
	return text
})

func folderOf(uri string) string { return uri[:strings.LastIndexByte(uri, '/')+1] }

// keyHash hashes parts so that no two lists of parts give the same bytes.
type keyHash struct{ hash.Hash }

func (k keyHash) add(parts ...string) {
	for _, p := range parts {
		k.Write(strconv.AppendInt(nil, int64(len(p)), 10))
		k.Write([]byte{':'})
		k.Write([]byte(p))
	}
}

func (k keyHash) addJSON(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // definitions are plain structs
	}
	k.add(string(text))
}

// addScan adds a table as it is read. When a partition was registered and what a
// delivery counts of it is left out: its files say more.
func (k keyHash) addScan(scan *planner.Scan) {
	k.addJSON(scan.Table)
	k.add(strconv.Itoa(len(scan.Partitions)), strconv.Itoa(len(scan.Files)))
	for _, p := range scan.Partitions {
		p.CreateTime, p.Files, p.Bytes = time.Time{}, 0, 0
		k.addJSON(p)
	}
	for i := range scan.Files {
		f := &scan.Files[i]
		partition := -1
		if f.Partition != nil {
			partition = *f.Partition
		}
		k.add(f.URI, f.ETag, strconv.FormatInt(f.Size, 10), strconv.FormatInt(f.Modified, 10), strconv.Itoa(partition))
	}
}

// reusable finds the execution whose result answers a query of the key, or nil.
// typed says that its rows are needed as values, not only as the result object.
func (s *Service) reusable(ctx context.Context, wish reuse, key string, a *analyzer.Analysis, typed bool) *record {
	if !wish.enabled || key == "" || typed && !readableBack(a.Columns) {
		return nil
	}
	previous, err := s.store.byReuseKey(ctx, key)
	if err != nil || previous.ResultETag == "" {
		return nil // computing it is always right
	}
	if wish.maxAge > 0 && s.now().Sub(previous.Completed) > wish.maxAge {
		return nil
	}
	bucket, object, err := objects.SplitURI(previous.OutputLocation)
	if err != nil {
		return nil
	}
	info, err := s.cfg.Objects.Head(ctx, bucket, object)
	if err != nil || previous.sameResult(info) != nil {
		return nil
	}
	return previous
}

// answerAgain makes an earlier result that of an execution, as Athena does: its
// output location is that of the earlier one, and it has scanned nothing.
func (s *Service) answerAgain(ctx context.Context, e *execution, previous *record, columns []analyzer.Column, sink RowSink) error {
	began := s.now()
	e.change(func(r *record) {
		r.ReusedFrom, r.OutputLocation, r.ResultETag = previous.ID, previous.OutputLocation, previous.ResultETag
		r.Stats.Rows, r.Stats.ResultBytes = previous.Stats.Rows, previous.Stats.ResultBytes
		r.UpdateCount = aws.Int64(0)
	})
	if sink == nil {
		return nil
	}
	err := s.sinkResult(ctx, e.snapshot(), columns, sink)
	e.change(func(r *record) { r.Stats.Service = s.now().Sub(began) })
	return err
}
