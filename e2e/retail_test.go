package e2e

import (
	"context"
	enccsv "encoding/csv"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// retailYAML delivers the same order lines twice: as Parquet, and as JSON. The
// retailer is British, so its days are London's.
const retailYAML = `
buckets: [{name: retail}]
queues: [{name: retail-parquet}, {name: retail-json}]
statements:
  - sql: CREATE DATABASE IF NOT EXISTS retail
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS retail.parquet (
        invoice string, stock_code string, description string, quantity int, invoiced_at timestamp,
        unit_price decimal(10,3), customer int, country string
      ) PARTITIONED BY (day date) STORED AS PARQUET LOCATION 's3://retail/parquet/'
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS retail.json (
        invoice string, stock_code string, description string, quantity int, invoiced_at timestamp,
        unit_price decimal(10,3), customer int, country string
      ) PARTITIONED BY (year string, month string, day string)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://retail/json/'
deliveries:
  - {name: parquet, queue: retail-parquet, table: retail.parquet, event_time: invoiced_at, timezone: Europe/London, max_wait: 200ms, errors: "s3://retail/errors/"}
  - {name: json, queue: retail-json, table: retail.json, event_time: invoiced_at, timezone: Europe/London, max_wait: 200ms, max_records: 1000, errors: "s3://retail/errors/"}
`

// orderLine is one line of the file. Amounts are in thousandths.
type orderLine struct {
	invoice, stockCode, description, country, day string
	customer                                      string // "" for none
	quantity, price                               int64
	at                                            time.Time
}

// retailLines reads the file, or skips the test where it is not there.
func retailLines(t testing.TB) []orderLine {
	t.Helper()
	dir := os.Getenv("SCOPS_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "online-retail.csv"))
	if os.IsNotExist(err) {
		t.Skipf("%v: the UCI data set \"Online Retail\" is not there; SCOPS_TEST_DATA names its folder", err)
	}
	require.NoError(t, err)
	defer f.Close()
	records, err := enccsv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"}, records[0])
	london, err := time.LoadLocation("Europe/London")
	require.NoError(t, err)
	var lines []orderLine
	for _, r := range records[1:] {
		quantity, err := strconv.ParseInt(r[3], 10, 32)
		require.NoError(t, err)
		price, ok := new(big.Rat).SetString(r[5])
		require.True(t, ok)
		price.Mul(price, big.NewRat(1000, 1))
		require.True(t, price.IsInt(), "%s has more than three decimals", r[5])
		at, err := time.ParseInLocation("1/2/2006 15:04", r[4], london)
		require.NoError(t, err)
		lines = append(lines, orderLine{
			invoice: r[0], stockCode: r[1], description: r[2], country: r[7], customer: r[6], day: at.Format(time.DateOnly),
			quantity: quantity, price: price.Num().Int64(), at: at,
		})
	}
	return lines
}

// withReturns adds the return of every 20th line a few hours later, as the
// retailer books them: under a credit note, with a negative quantity. The days
// of the file have none themselves.
func withReturns(lines []orderLine) []orderLine {
	for i := 0; i < len(lines); i += 20 {
		back := lines[i]
		if back.quantity > 0 {
			back.invoice, back.quantity, back.at = "C"+back.invoice, -back.quantity, back.at.Add(7*time.Hour)
			back.day = back.at.Format(time.DateOnly)
			lines = append(lines, back)
			i++ // not the same place each time
		}
	}
	return lines
}

// event is the line as its producer would send it.
func (l orderLine) event(t testing.TB) string {
	t.Helper()
	e := map[string]any{
		"invoice": l.invoice, "stock_code": l.stockCode, "description": l.description, "quantity": l.quantity,
		"invoiced_at": l.at.Format(time.RFC3339), "unit_price": json.Number(thousandths(l.price)), "country": l.country,
	}
	if l.customer != "" {
		e["customer"] = json.Number(l.customer)
	}
	text, err := json.Marshal(e)
	require.NoError(t, err)
	return string(text)
}

func thousandths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
}

// total is what a statistic sums.
type total struct{ lines, quantity, returned, amount int64 }

// totals computes a statistic from the file alone.
func totals(lines []orderLine, by func(orderLine) string) map[string]total {
	out := map[string]total{}
	for _, l := range lines {
		x := out[by(l)]
		x.lines++
		x.quantity += l.quantity
		x.amount += l.quantity * l.price
		if l.quantity < 0 {
			x.returned += l.quantity
		}
		out[by(l)] = x
	}
	return out
}

// sendAll sends one message a line, ten a request, to each queue.
func sendAll(t testing.TB, s *scops, bodies []string, queues ...string) {
	t.Helper()
	c, ctx := s.sqs(), context.Background()
	for _, queue := range queues {
		u, err := c.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queue})
		require.NoError(t, err)
		for i := 0; i < len(bodies); i += 10 {
			var entries []types.SendMessageBatchRequestEntry
			for j, body := range bodies[i:min(i+10, len(bodies))] {
				entries = append(entries, types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(j)), MessageBody: &body})
			}
			out, err := c.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: u.QueueUrl, Entries: entries})
			require.NoError(t, err)
			require.Empty(t, out.Failed)
		}
	}
}

// TestOnlineRetail sends real order lines through the whole pipeline and
// compares its statistics with sums over the file.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	lines := withReturns(retailLines(t))
	s := start(t, retailYAML)
	bodies := make([]string, len(lines))
	for i, l := range lines {
		bodies[i] = l.event(t)
	}
	sendAll(t, s, bodies, "retail-parquet", "retail-json")
	require.Eventually(t, func() bool {
		list, err := s.client().Deliveries(context.Background())
		require.NoError(t, err)
		require.Len(t, list, 2)
		for _, d := range list {
			require.Equal(t, d.Sent, d.InQueue+d.InFlight+d.InFiles+d.Rejected+d.Filtered+d.Duplicates+d.Elsewhere, "the books of %s balance", d.Name)
			require.Zero(t, d.Rejected, "%s: every line can be delivered", d.Name)
			if d.InFiles != int64(len(lines)) {
				return false
			}
			require.Equal(t, int64(len(lines)), d.Sent)
		}
		return true
	}, 60*time.Second, 20*time.Millisecond)
	require.Empty(t, objectKeys(t, s, "retail", "errors/"))

	returned := int64(0)
	for _, l := range lines {
		returned += min(0, l.quantity)
	}
	require.Negative(t, returned)
	// The day is a date in one table, and three texts in the other.
	for table, day := range map[string]string{
		"retail.parquet": "CAST(day AS varchar)",
		"retail.json":    "year || '-' || month || '-' || day",
	} {
		for by, c := range map[string]struct {
			expression string
			key        func(orderLine) string
		}{
			"country": {"country", func(l orderLine) string { return l.country }},
			"product": {"stock_code", func(l orderLine) string { return l.stockCode }},
			"day":     {day, func(l orderLine) string { return l.day }},
			"hour":    {"date_format(invoiced_at, '%H')", func(l orderLine) string { return l.at.UTC().Format("15") }},
			"customer": {"coalesce(CAST(customer AS varchar), 'none')", func(l orderLine) string {
				if l.customer == "" {
					return "none"
				}
				return l.customer
			}},
		} {
			sql := "SELECT " + c.expression + ", count(*), sum(quantity), coalesce(sum(quantity) FILTER (WHERE quantity < 0), 0), sum(quantity * unit_price) FROM " + table + " GROUP BY 1"
			got := map[string]total{}
			for _, row := range values(t, s.athena(), sql) {
				x := total{parseInt(t, row[1]), parseInt(t, row[2]), parseInt(t, row[3]), parseThousandths(t, row[4])}
				require.NotContains(t, got, row[0])
				got[row[0]] = x
			}
			require.Equal(t, totals(lines, c.key), got, "%s by %s", table, by)
		}
	}
	// One day reads one partition, and its texts are those of the file.
	first := lines[0]
	q := run(t, s.athena(), "SELECT description, unit_price, invoiced_at, customer FROM retail.parquet WHERE day = DATE '"+first.day+"' AND invoice = '"+first.invoice+"' AND stock_code = '"+first.stockCode+"'")
	got, _ := results(t, s.athena(), *q.QueryExecutionId)
	require.Equal(t, []string{first.description, thousandths(first.price), first.at.UTC().Format("2006-01-02 15:04:05.000"), first.customer}, got[1])
	days := totals(lines, func(l orderLine) string { return l.day })
	require.Len(t, rows(t, s.athena(), "SHOW PARTITIONS retail.parquet"), len(days))
	require.Len(t, rows(t, s.athena(), "SHOW PARTITIONS retail.json"), len(days))
	// The two tables hold the same rows.
	columns := "invoice, stock_code, description, quantity, invoiced_at, unit_price, customer, country"
	require.Empty(t, values(t, s.athena(), "SELECT "+columns+" FROM retail.parquet EXCEPT SELECT "+columns+" FROM retail.json"))
}

func parseInt(t testing.TB, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// parseThousandths reads a decimal of exactly three decimals.
func parseThousandths(t testing.TB, text string) int64 {
	t.Helper()
	whole, part, ok := strings.Cut(text, ".")
	require.True(t, ok && len(part) == 3, text)
	return parseInt(t, whole+part)
}
