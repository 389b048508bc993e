package duckdb

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
)

// logRegex takes the combined log format of Apache.
const logRegex = `^([^ ]*) ([^ ]*) ([^ ]*) \[([^\]]*)\] "([^"]*)" (-|[0-9]*) (-|[0-9]*) "([^"]*)" "([^"]*)"$`

const logGrok = `^%{NOTSPACE:ip} %{NOTSPACE:ident} %{NOTSPACE:auth} \[%{HTTPDATE:time}\] %{QS:request} %{NUMBER:status} %{NOTSPACE:bytes} %{QS:referrer} %{QS:agent}$`

// BenchmarkLogs groups lines of a real access log, ten times over, by status:
// with the Regex SerDe, the Grok SerDe and DuckDB's own functions.
func BenchmarkLogs(b *testing.B) {
	text, err := os.ReadFile("../../../../shared/data/apache-access.log")
	if err != nil {
		b.Skip("the access log of ../shared/data is not there")
	}
	const times = 10
	w := newWorld(b)
	scan := files(w.write("access.log", strings.Repeat(string(text), times)))
	lines := float64(times * strings.Count(string(text), "\n"))
	columns := []string{"ip string", "ident string", "auth string", "time string", "request string", "status string", "bytes string", "referrer string", "agent string"}
	report := func(b *testing.B) {
		b.SetBytes(int64(times * len(text)))
		b.ReportMetric(float64(b.N)*lines/b.Elapsed().Seconds()/1e6, "Mrows/s")
	}
	for name, tb := range map[string]*catalog.Table{"regex": table(formats.SerDeRegex, columns...), "grok": table(formats.SerDeGrok, columns...)} {
		tb.SerDe.Parameters["input."+map[string]string{"regex": "regex", "grok": "format"}[name]] = map[string]string{"regex": logRegex, "grok": logGrok}[name]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.groupBy(b, scan, tb, "status")
			}
			report(b)
		})
	}
	b.Run("duckdb", func(b *testing.B) {
		db, err := sql.Open("duckdb", "?threads=2")
		require.NoError(b, err)
		defer db.Close()
		for b.Loop() {
			drainSQL(b, db, "SELECT regexp_extract(line, '"+strings.ReplaceAll(logRegex, "'", "''")+"', 6) AS status, count(*) FROM read_csv('"+filepath.Join(w.dir, "access.log")+"', header=false, delim='\x01', quote='', escape='', columns={line: 'VARCHAR'}) GROUP BY 1")
		}
		report(b)
	})
}
