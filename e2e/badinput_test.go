package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

// badInputPipeline delivers into a table with a column of each kind.
const badInputPipeline = `
queues:
  - name: events
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.events (
        id bigint, small tinyint, n int, price decimal(10,2), ratio double, ok boolean,
        name string, born date, at timestamp, tags array<string>, address struct<city:string,zip:int>)
      PARTITIONED BY (year string, month string, day string)
      STORED AS PARQUET LOCATION 's3://lake/events/'
deliveries:
  - name: events
    queue: events
    table: shop.events
    event_time: at
    max_wait: 50ms
    errors: s3://logs/errors/
`

const mebibyte = 1 << 20

// padded is an event of exactly n bytes.
func padded(id, n int) string {
	head := fmt.Sprintf(`{"id":%d,"name":"`, id)
	return head + strings.Repeat("x", n-len(head)-2) + `"}`
}

// goodEvents are delivered; row is what SQL must say of them.
var goodEvents = []struct{ what, body, column, value string }{
	{"unknown columns", `{"id":1,"name":"a","else":{"deep":[1,{"x":null}]},"more":1e999}`, "name", "a"},
	{"another letter case", `{"ID":2,"Name":"b"}`, "name", "b"},
	{"white space", " \n\t{ \"id\" : 3 , \"name\" : \"c\" }\r\n", "name", "c"},
	{"Korean and emoji", `{"id":4,"name":"강남구 🚚 \ud83d\ude9a"}`, "name", "강남구 🚚 🚚"},
	{"null", `{"id":5,"name":null}`, "name", null},
	{"limits of types", `{"id":9223372036854775807,"small":-128,"n":2147483647,"price":-99999999.99}`, "price", "-99999999.99"},
	{"the smallest bigint", `{"id":-9223372036854775808,"small":127}`, "small", "127"},
	{"nested values", `{"id":6,"tags":["x",null],"address":{"city":"서울","zip":1}}`, "address.city", "서울"},
	{"a leap day", `{"id":7,"born":"2020-02-29","at":"2020-02-29T23:59:59.999Z"}`, "born", "2020-02-29"},
	{"the last year", `{"id":8,"at":"9999-12-31T23:59:59Z"}`, "year", "9999"},
	{"a long time ago", `{"id":9,"at":"0001-01-01T00:00:00Z"}`, "year", "0001"},
	{"exactly 1 MiB", padded(10, mebibyte), "length(name)", strconv.Itoa(mebibyte - len(`{"id":10,"name":""}`))},
	{"a number of many digits for no column", `{"id":11,"else":` + strings.Repeat("9", 100_000) + `}`, "id", "11"},
	{"nested deep, for no column", `{"id":12,"else":` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}`, "id", "12"},
	{"what looks like SQL", `{"id":13,"name":"'; DROP TABLE shop.events; --"}`, "name", "'; DROP TABLE shop.events; --"},
}

// badEvents end in the error location with a reason.
var badEvents = []struct{ what, body, reason string }{
	{"no JSON", `hello`, "invalid JSON"},
	{"broken JSON", `{"id":1,"name":"a"`, "invalid JSON"},
	{"a comma too many", `{"id":1,}`, "invalid JSON"},
	{"two objects", `{"id":1}{"id":2}`, "invalid JSON"},
	{"single quotes", `{'id':1}`, "invalid JSON"},
	{"NaN", `{"ratio":NaN}`, "invalid JSON"},
	{"a leading zero", `{"id":01}`, "invalid JSON"},
	{"half a surrogate", `{"name":"\ud83d"}`, "surrogate"},
	{"no object", `[{"id":1}]`, "not a JSON object"},
	{"only a number", `42`, "not a JSON object"},
	{"only white space", "  \n ", "empty body"},
	{"text for a number", `{"id":"one"}`, "column id: expected bigint"},
	{"a number for text", `{"name":7}`, ""},
	{"a fraction for an integer", `{"n":1.5}`, "column n: expected int"},
	{"text for a boolean", `{"ok":"yes"}`, "column ok: expected boolean"},
	{"an object for text", `{"name":{"first":"a"}}`, "column name: expected string"},
	{"an array for a number", `{"id":[1]}`, "column id: expected bigint"},
	{"text for an array", `{"tags":"x"}`, "column tags: expected array"},
	{"a wrong value deep inside", `{"address":{"zip":"x"}}`, "column address.zip: expected int"},
	{"above tinyint", `{"small":128}`, "column small: expected tinyint"},
	{"above int", `{"n":2147483648}`, "column n: expected int"},
	{"above bigint", `{"id":9223372036854775808}`, "column id: expected bigint"},
	{"a huge number", `{"id":1e400}`, "column id: expected bigint"},
	{"a number of many digits", `{"id":` + strings.Repeat("9", 100_000) + `}`, "column id: expected bigint"},
	{"above double", `{"ratio":1e400}`, "column ratio: expected double"},
	{"above decimal", `{"price":100000000}`, "column price: expected decimal(10,2)"},
	{"too many digits after the point", `{"price":1.005}`, "column price: expected decimal(10,2)"},
	{"no such day", `{"born":"2021-02-29"}`, "column born: expected date"},
	{"no such month", `{"born":"2021-13-01"}`, "column born: expected date"},
	{"no such time", `{"at":"2021-02-03T25:00:00Z"}`, "column at: expected"},
	{"after the last year", `{"at":"10000-01-01T00:00:00Z"}`, "column at: expected"},
	{"before the last year, but not in milliseconds", `{"at":999999999999999999}`, "column at: expected"},
	{"one key twice", `{"id":1,"id":2}`, "column id: expected one value"},
	{"one key twice, in another case", `{"id":1,"ID":2}`, "column id: expected one value"},
	{"nested 100,000 deep", `{"else":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, "nested more than"},
	{"nested 100,000 deep and cut off", `{"else":` + strings.Repeat(`{"a":`, 100_000), "nested more than"},
	{"nested 100,000 deep for a column", `{"tags":` + strings.Repeat("[", 100_000), "nested more than"},
	{"1 MiB of no JSON", strings.Repeat("x", mebibyte), "invalid JSON"},
}

// TestBadInput sends good and bad events through SQS in one mix: the good ones
// are in SQL, the bad ones in the error location as they were sent.
func TestBadInput(t *testing.T) {
	s := start(t, badInputPipeline)
	c := s.sender()
	ids := map[string]string{} // message id → body
	for i := range max(len(goodEvents), len(badEvents)) {
		if i < len(goodEvents) {
			sendOne(t, c, goodEvents[i].body)
		}
		if i < len(badEvents) {
			ids[sendOne(t, c, badEvents[i].body)] = badEvents[i].body
		}
	}
	b := awaitBooks(t, s, 30*time.Second, "delivered", delivered)
	require.EqualValues(t, len(goodEvents), b.inFiles)
	require.EqualValues(t, len(badEvents), b.rejected)
	require.Equal(t, "running", b.state)

	for _, g := range goodEvents {
		id, _, _ := strings.Cut(strings.TrimLeft(g.body[strings.IndexByte(g.body, ':')+1:], " "), ",")
		id = strings.TrimSpace(id)
		got := values(t, s.athena(), fmt.Sprintf("SELECT cast(%s AS varchar) FROM shop.events WHERE id = %s", g.column, id))
		require.Equal(t, [][]string{{g.value}}, got, g.what)
	}
	reasons := map[string]string{} // body → reason
	for _, r := range errorRecords(t, s) {
		body, sent := ids[r.MessageID]
		require.True(t, sent, "message %s was not sent or is there twice", r.MessageID)
		delete(ids, r.MessageID)
		require.True(t, body == r.Body, "the body changed: %.100s", r.Body)
		require.Equal(t, "events", r.Delivery)
		require.NotEmpty(t, r.BatchID)
		_, err := time.Parse(time.RFC3339Nano, r.SentAt)
		require.NoError(t, err)
		require.Less(t, len(r.Reason), 500, "a reason is for people")
		reasons[r.Body] = r.Reason
	}
	require.Empty(t, ids, "rejected and in no error record")
	for _, bad := range badEvents {
		require.Contains(t, reasons[bad.body], bad.reason, bad.what)
	}
}

func sendOne(t *testing.T, c *sqs.Client, body string) (messageID string) {
	t.Helper()
	out, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(eventsQueue), MessageBody: &body})
	require.NoError(t, err, "%.100s", body)
	return *out.MessageId
}

// TestBadInputRefused sends what SQS does not take. Nothing of it is queued.
func TestBadInputRefused(t *testing.T) {
	s := start(t, badInputPipeline)
	c := s.sender()
	for _, tt := range []struct{ what, body, code string }{
		{"an empty body", "", "MissingParameter"},
		{"one byte more than 1 MiB", padded(1, mebibyte+1), "InvalidParameterValue"},
		{"8 MiB", padded(1, 8*mebibyte), "RequestEntityTooLarge"},
		{"a NUL", "{\"name\":\"a\x00\"}", "InvalidMessageContents"},
		{"a control character", "{\"name\":\"\x1b[1m\"}", "InvalidMessageContents"},
		{"no character", "{\"name\":\"\uffff\"}", "InvalidMessageContents"},
	} {
		_, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(eventsQueue), MessageBody: &tt.body})
		var api smithy.APIError
		require.ErrorAs(t, err, &api, tt.what)
		require.Contains(t, api.ErrorCode(), tt.code, tt.what)
	}
	for _, tt := range []struct{ what, request string }{
		{"bytes that are not UTF-8", "{\"QueueUrl\":\"" + eventsQueue + "\",\"MessageBody\":\"{\\\"name\\\":\\\"\xff\xfe\\\"}\"}"},
		{"half a surrogate", `{"QueueUrl":"` + eventsQueue + `","MessageBody":"\ud83d"}`},
		{"broken JSON", `{"QueueUrl":"` + eventsQueue + `","MessageBody":"a`},
		{"a body that is no string", `{"QueueUrl":"` + eventsQueue + `","MessageBody":{"id":1}}`},
		{"no object", `["a"]`},
		{"nothing", ``},
		{"nested 100,000 deep", strings.Repeat(`{"a":`, 100_000)},
		{"nested 100,000 deep in an unknown member", `{"QueueUrl":"` + eventsQueue + `","MessageBody":"` + `","Other":` + strings.Repeat("[", 100_000) + `}`},
	} {
		status, text := s.rawSend(t, []byte(tt.request))
		require.Equal(t, http.StatusBadRequest, status, "%s: %s", tt.what, text)
		require.Contains(t, text, `"__type"`, tt.what)
	}
	b, err := s.readBooks(t.Context())
	require.NoError(t, err)
	require.Zero(t, b.sent)
	sendOne(t, c, `{"id":1}`) // it still works
	require.EqualValues(t, 1, awaitBooks(t, s, 10*time.Second, "delivered", delivered).inFiles)
}

// rawSend sends bytes as the body of a signed SendMessage.
func (s *scops) rawSend(t *testing.T, body []byte) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.endpoint+"/", bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	credentials, err := s.provider().Retrieve(t.Context())
	require.NoError(t, err)
	sum := sha256.Sum256(body)
	require.NoError(t, v4.NewSigner().SignHTTP(t.Context(), credentials, req, hex.EncodeToString(sum[:]), "sqs", region, time.Now()))
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(out)
}

// memory reads a value of /proc/PID/status in MiB: VmRSS is what the process
// holds now, VmHWM the most that it ever held.
func (s *scops) memory(t *testing.T, name string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Skipf("memory can be read on Linux only: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.Atoi(strings.Fields(rest)[0])
			require.NoError(t, err)
			return kib >> 10
		}
	}
	t.Fatalf("no %s in %s", name, status)
	return 0
}

// TestBadInputMemory sends 500 messages of 1 MiB while they are delivered.
func TestBadInputMemory(t *testing.T) {
	const events, most = 500, 704 // MiB
	s := start(t, badInputPipeline)
	atRest := s.memory(t, "VmRSS")
	sendLarge(t, s, 0, events)
	awaitBooks(t, s, 60*time.Second, "delivered", delivered)
	peak := s.memory(t, "VmHWM")
	t.Logf("%d MiB at rest, %d MiB at most", atRest, peak)
	require.Less(t, peak, most)
	got := values(t, s.athena(), "SELECT count(*), count(DISTINCT id) FROM shop.events")
	require.Equal(t, [][]string{{strconv.Itoa(events), strconv.Itoa(events)}}, got)
}
