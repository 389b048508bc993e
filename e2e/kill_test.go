package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/httpapi"
)

const (
	killSenders = 4
	// longestLife is how long a process lives at most before it is killed.
	longestLife = 300 * time.Millisecond
	// checkpoints are the restarts after which everything is counted.
	checkpoints = 4
)

// killTest is one data folder and what is known of the events sent to it.
type killTest struct {
	t      *testing.T
	s      *scops
	random *rand.Rand

	next atomic.Int64 // event id
	mu   sync.Mutex
	sent map[int64]bool // true: acknowledged

	executions map[string]athenatypes.QueryExecutionState // as last seen in this life
	restarts   []time.Duration
	looks      atomic.Int64 // at the books
	cutOff     int          // executions that a kill ended
}

// TestKill kills scops -9 at random moments while events are sent and delivered
// and queries run: at work, in the middle of a long query, and while it starts.
// SCOPS_KILLS says how often, SCOPS_SEED repeats a run's moments.
func TestKill(t *testing.T) {
	kills := int(environmentInt(t, "SCOPS_KILLS", 50))
	seed := uint64(environmentInt(t, "SCOPS_SEED", int64(rand.Uint32())))
	t.Logf("SCOPS_SEED=%d", seed)
	k := &killTest{
		t: t, random: rand.New(rand.NewPCG(seed, 0)), sent: map[int64]bool{},
		executions: map[string]athenatypes.QueryExecutionState{},
	}
	k.s = start(t, eventsPipeline)
	for i := range kills {
		switch i % 8 {
		case 7:
			k.s.kill()
			k.dieStarting()
		case 3:
			k.live(k.queryLong)
		default:
			k.live(k.queryShort)
		}
		k.restart()
		if (i+1)%max(1, kills/checkpoints) == 0 || i == kills-1 {
			k.check()
		}
	}
	slices.Sort(k.restarts)
	t.Logf("%d kills; a restart took %s in the middle, %s at most; %d events sent, %d acknowledged; the books were read %d times; %d query executions were cut off",
		kills, k.restarts[len(k.restarts)/2].Round(time.Millisecond), k.restarts[len(k.restarts)-1].Round(time.Millisecond),
		len(k.sent), k.acknowledged(), k.looks.Load(), k.cutOff)
	require.True(t, kills < 50 || k.cutOff > 0, "no query was running at a kill")
}

func environmentInt(t *testing.T, name string, fallback int64) int64 {
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, name)
	return n
}

// moment is a random part of d.
func (k *killTest) moment(d time.Duration) time.Duration {
	return time.Duration(k.random.Int64N(int64(d)))
}

// life is a process from its first answer to its kill.
type life struct {
	k      *killTest
	s      *scops
	dead   atomic.Bool // the kill is under way: failures mean nothing
	end    context.CancelFunc
	work   sync.WaitGroup
	mu     sync.Mutex
	failed error
}

// fail keeps the first failure that is not the kill's.
func (l *life) fail(what string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed == nil && (!l.dead.Load() || errors.Is(err, errUnbalanced)) {
		l.failed = fmt.Errorf("%s: %w", what, err)
	}
}

// live sends events, reads the books and queries until the kill.
func (k *killTest) live(query func(ctx context.Context, l *life)) {
	ctx, cancel := context.WithCancel(k.t.Context())
	l := &life{k: k, s: k.s}
	l.end = func() { // what this cuts off is no failure
		l.dead.Store(true)
		cancel()
	}
	for i := range killSenders {
		l.work.Go(func() { l.send(ctx, i) })
	}
	l.work.Go(func() { l.watchBooks(ctx) })
	l.work.Go(func() { query(ctx, l) })
	timer := time.NewTimer(k.moment(longestLife))
	select {
	case <-timer.C:
	case <-ctx.Done(): // a query asked for the kill
	}
	l.dead.Store(true)
	k.s.kill()
	l.end()
	l.work.Wait()
	require.NoError(k.t, l.failed)
}

// dieStarting kills a process before it answers.
func (k *killTest) dieStarting() {
	k.s.spawn()
	timer := time.NewTimer(k.moment(longestLife))
	select {
	case <-timer.C:
	case <-k.s.exited:
		k.t.Fatalf("scops ended at its start: %v\n%s", k.s.waitErr, k.s.log)
	}
	k.s.kill()
}

func (k *killTest) restart() {
	began := time.Now()
	k.s.run()
	k.restarts = append(k.restarts, time.Since(began))
	k.checkExecutions()
	k.checkAtOnce()
}

// checkAtOnce asks right after a start for all that was acknowledged before:
// each event is there once, from a file or from the queue.
func (k *killTest) checkAtOnce() {
	row, _, err := ask(k.t.Context(), k.s.client(), httpapi.QueryRequest{SQL: "SELECT count(*), count(DISTINCT id) FROM shop.events", WaitFor: "now"})
	require.NoError(k.t, err)
	least, most := 0, 0
	k.mu.Lock()
	for id, acknowledged := range k.sent {
		if id%killBad == 0 {
			continue
		}
		most++
		if acknowledged {
			least++
		}
	}
	k.mu.Unlock()
	require.Equal(k.t, row[0], row[1], "an event is there twice")
	n, err := strconv.Atoi(row[0])
	require.NoError(k.t, err)
	require.True(k.t, least <= n && n <= most, "%d events, where %d were acknowledged and %d sent", n, least, most)
}

// Every killBad-th event does not fit its table.
const killBad = 97

func killEvent(id int64, sender int) string {
	if id%killBad == 0 {
		return fmt.Sprintf(`{"id":"event %d","sender":%d}`, id, sender)
	}
	at := time.Date(2021, 2, 1+int(id%3), 4, 5, 6, 0, time.UTC) // three partitions
	return fmt.Sprintf(`{"id":%d,"sender":%d,"at":"%s"}`, id, sender, at.Format(time.RFC3339))
}

// send sends single events and batches of ten in turn.
func (l *life) send(ctx context.Context, sender int) {
	c := l.s.sender()
	for n := 0; ctx.Err() == nil && !l.dead.Load(); n++ {
		count := int64(1)
		if n%2 == 1 {
			count = 10
		}
		last := l.k.next.Add(count)
		var ids []int64
		for id := last - count + 1; id <= last; id++ {
			ids = append(ids, id)
		}
		l.k.note(ids, false)
		acknowledged, err := sendEvents(ctx, c, ids, func(id int64) string { return killEvent(id, sender) })
		l.k.note(acknowledged, true)
		if err != nil {
			l.fail("send", err)
			return
		}
	}
}

func (k *killTest) note(ids []int64, acknowledged bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		k.sent[id] = acknowledged
	}
}

func (k *killTest) acknowledged() (n int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, yes := range k.sent {
		if yes {
			n++
		}
	}
	return n
}

// sendEvents sends up to ten events in one call and returns those that were
// acknowledged.
func sendEvents(ctx context.Context, c *sqs.Client, ids []int64, body func(int64) string) ([]int64, error) {
	if len(ids) == 1 {
		_, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(eventsQueue), MessageBody: aws.String(body(ids[0]))})
		if err != nil {
			return nil, err
		}
		return ids, nil
	}
	in := &sqs.SendMessageBatchInput{QueueUrl: aws.String(eventsQueue)}
	for _, id := range ids {
		in.Entries = append(in.Entries, sqstypes.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.FormatInt(id, 10)), MessageBody: aws.String(body(id)),
		})
	}
	out, err := c.SendMessageBatch(ctx, in)
	if err != nil {
		return nil, err
	}
	var acknowledged []int64
	for _, e := range out.Successful {
		id, err := strconv.ParseInt(*e.Id, 10, 64)
		if err != nil {
			return acknowledged, err
		}
		acknowledged = append(acknowledged, id)
	}
	for _, f := range out.Failed {
		return acknowledged, fmt.Errorf("entry %s: %s: %s", *f.Id, *f.Code, aws.ToString(f.Message))
	}
	return acknowledged, nil
}

// watchBooks reads the books without a pause. They balance, and know of every
// event that was acknowledged before they were asked for.
func (l *life) watchBooks(ctx context.Context) {
	last := books{}
	for ctx.Err() == nil && !l.dead.Load() {
		least := l.k.acknowledged()
		b, err := l.s.readBooks(ctx)
		if err != nil {
			l.fail("books", err)
			return
		}
		l.k.looks.Add(1)
		if b.sent < least || b.sent < last.sent || b.inFiles < last.inFiles || b.rejected < last.rejected {
			l.fail("books", fmt.Errorf("%w: %+v after %+v, with %d events acknowledged", errUnbalanced, b, last, least))
			return
		}
		last = b
	}
}

// queryShort counts the events again and again: no id is there twice, at no
// moment.
func (k *killTest) queryShort(ctx context.Context, l *life) {
	c := l.s.athena()
	for ctx.Err() == nil && !l.dead.Load() {
		id, err := k.startQuery(ctx, c, "SELECT count(*), count(DISTINCT id) FROM shop.events")
		if err != nil {
			l.fail("start query", err)
			return
		}
		if err := k.awaitQuery(ctx, c, id); err != nil {
			l.fail("query", err)
			return
		}
		out, err := c.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: &id})
		if err != nil {
			l.fail("results", err)
			return
		}
		row := out.ResultSet.Rows[1].Data
		if all, distinct := *row[0].VarCharValue, *row[1].VarCharValue; all != distinct {
			l.fail("query", fmt.Errorf("%w: %s rows with %s ids", errUnbalanced, all, distinct))
			return
		}
	}
}

// queryLong asks for the kill while queries are sure to be RUNNING.
func (k *killTest) queryLong(ctx context.Context, l *life) {
	c := l.s.athena()
	for range 2 {
		_, err := k.startQuery(ctx, c, "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) WHERE (x * y) % 7 = 3")
		if err != nil {
			l.fail("start query", err)
			return
		}
	}
	l.end()
}

func (k *killTest) startQuery(ctx context.Context, c *athena.Client, sql string) (string, error) {
	out, err := c.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: &sql, ClientRequestToken: aws.String(uuid.NewString())})
	if err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.executions[*out.QueryExecutionId] = athenatypes.QueryExecutionStateRunning
	return *out.QueryExecutionId, nil
}

// awaitQuery waits for a query that must succeed.
func (k *killTest) awaitQuery(ctx context.Context, c *athena.Client, id string) error {
	for {
		out, err := c.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		if err != nil {
			return err
		}
		switch status := out.QueryExecution.Status; status.State {
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
		case athenatypes.QueryExecutionStateSucceeded:
			k.mu.Lock()
			defer k.mu.Unlock()
			k.executions[id] = status.State
			return nil
		default:
			return fmt.Errorf("%s: %s", status.State, aws.ToString(status.StateChangeReason))
		}
	}
}

// checkExecutions looks after a restart at the executions of the life before:
// one that was seen SUCCEEDED still is, none runs, and one that did is FAILED
// with a reason.
func (k *killTest) checkExecutions() {
	for id, seen := range k.executions {
		out, err := k.s.athena().GetQueryExecution(k.t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		require.NoError(k.t, err)
		status := out.QueryExecution.Status
		switch {
		case status.State == athenatypes.QueryExecutionStateSucceeded:
			results(k.t, k.s.athena(), id) // its result is there
		case seen == athenatypes.QueryExecutionStateSucceeded, status.State != athenatypes.QueryExecutionStateFailed:
			k.t.Fatalf("query execution %s was %s before the kill and is %s now", id, seen, status.State)
		default:
			require.Contains(k.t, aws.ToString(status.StateChangeReason), "stopped while the query was running")
			require.NotNil(k.t, status.CompletionDateTime)
			k.cutOff++
		}
	}
	clear(k.executions)
}

// check waits until everything is delivered and counts: every acknowledged
// event is there once, every other at most once, for readers of the catalog and
// for readers of the bucket.
func (k *killTest) check() {
	b := awaitBooks(k.t, k.s, time.Minute, "delivered", delivered)
	rejected := map[int64]int{}
	for _, r := range errorRecords(k.t, k.s) {
		_, rest, ok := strings.Cut(r.Body, `"event `)
		require.True(k.t, ok, r.Body)
		text, _, _ := strings.Cut(rest, `"`)
		id, err := strconv.ParseInt(text, 10, 64)
		require.NoError(k.t, err)
		rejected[id]++
	}
	table := countIDs(k.t, k.s, "shop.events")
	require.Equal(k.t, table, countIDs(k.t, k.s, "shop.listed"), "the bucket's files and the catalog's differ")
	require.EqualValues(k.t, len(table), b.inFiles)
	require.EqualValues(k.t, len(rejected), b.rejected)
	for id, acknowledged := range k.sent {
		place, other := table, rejected
		if id%killBad == 0 {
			place, other = rejected, table
		}
		require.Zero(k.t, other[id], "event %d", id)
		if n := place[id]; acknowledged && n != 1 || n > 1 {
			k.t.Fatalf("event %d is there %d times (acknowledged: %v)", id, n, acknowledged)
		}
	}
	for id := range table {
		_, known := k.sent[id]
		require.True(k.t, known, "event %d was never sent", id)
	}
}

// TestKillAtFirstStart kills scops while it makes its data folder. The next
// start finishes that.
func TestKillAtFirstStart(t *testing.T) {
	config := filepath.Join(t.TempDir(), "scops.yaml")
	require.NoError(t, os.WriteFile(config, []byte(eventsPipeline), 0o600))
	for i := range 8 {
		s := &scops{t: t, data: filepath.Join(t.TempDir(), "data"), args: []string{"--config", config}}
		s.spawn()
		timer := time.NewTimer(time.Duration(i)*20*time.Millisecond + rand.N(20*time.Millisecond))
		select {
		case <-timer.C:
		case <-s.exited:
			t.Fatalf("scops ended at its start: %v\n%s", s.waitErr, s.log)
		}
		s.kill()
		s.run()
		_, err := sendEvents(t.Context(), s.sender(), []int64{1}, func(id int64) string { return killEvent(id, 0) })
		require.NoError(t, err)
		require.EqualValues(t, 1, awaitBooks(t, s, 10*time.Second, "delivered", delivered).inFiles)
		s.kill()
	}
}
