package crawler

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/objects"
)

func (l *lake) open(store objects.Store, now func() time.Time) *Manager {
	l.Helper()
	m, err := Open(l.Context(), Options{DB: l.db, Catalog: l.catalog, Objects: store, Log: slog.New(slog.DiscardHandler), Now: now})
	require.NoError(l, err)
	l.Cleanup(func() { require.NoError(l, m.Close(context.Background())) })
	return m
}

func defined() Crawler {
	c := *testCrawler()
	c.Role = "glue"
	return c
}

// held is a store whose listings wait until they are let go, or cancelled.
type held struct {
	objects.Store
	listing chan struct{}
}

func (h *held) List(ctx context.Context, bucket, prefix, after string, max int) ([]objects.Info, bool, error) {
	h.listing <- struct{}{}
	<-ctx.Done()
	return nil, false, ctx.Err()
}

func TestCrawlerStates(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	h := &held{Store: l.objects, listing: make(chan struct{})}
	m := l.open(h, time.Now)
	require.ErrorIs(t, m.Run(ctx, "spider"), ErrNotFound)
	require.NoError(t, m.Create(ctx, defined()))
	require.ErrorIs(t, m.Create(ctx, defined()), ErrAlreadyExists)
	require.ErrorIs(t, m.Stop("spider"), ErrNotRunning)
	require.NoError(t, m.Run(ctx, "spider"))
	<-h.listing
	s, err := m.Get(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, StateRunning, s.State)
	require.Nil(t, s.Last)
	require.ErrorIs(t, m.Run(ctx, "spider"), ErrRunning)
	require.ErrorIs(t, m.Delete(ctx, "spider"), ErrRunning)
	require.ErrorIs(t, m.Change(ctx, "spider", func(*Crawler) {}), ErrRunning)

	// A process that dies here leaves a run that the next one fails.
	again := l.open(l.objects, time.Now)
	s, err = again.Get(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, StateReady, s.State)
	require.Equal(t, RunFailed, s.Last.State)
	require.Contains(t, s.Last.Error, "scops stopped")

	require.NoError(t, m.Stop("spider"))
	run, err := m.Await(ctx, "spider")
	if err == nil && run != nil {
		require.Equal(t, RunStopped, run.State)
	}
	require.Eventually(t, func() bool {
		s, err := m.Get(ctx, "spider")
		require.NoError(t, err)
		return s.State == StateReady && s.Last.State == RunStopped
	}, time.Minute, time.Millisecond)
	require.NoError(t, m.Delete(ctx, "spider"))
	_, err = m.Runs(ctx, "spider")
	require.ErrorIs(t, err, ErrNotFound)
}

func TestCrawlersAreKept(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	l.put("t/a.csv", "x;y\nz;1\n")
	m := l.open(l.objects, time.Now)
	require.NoError(t, m.CreateClassifier(ctx, Classifier{Name: "semicolons", CSV: &CSVClassifier{Delimiter: ";", ContainsHeader: "ABSENT", SerDe: "OpenCSVSerDe"}}))
	c := defined()
	c.Classifiers, c.Tags = []string{"nothing"}, map[string]string{"a": "b"}
	require.ErrorIs(t, m.Create(ctx, c), ErrNotFound)
	c.Classifiers = []string{"semicolons"}
	require.NoError(t, m.Create(ctx, c))
	run, err := m.Await(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, RunCompleted, run.State, run.Error)
	require.Equal(t, "t(col0:string, col1:string)", l.tables(), "the custom classifier comes first")

	again := l.open(l.objects, time.Now)
	got, err := again.Get(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "b"}, got.Tags)
	require.Equal(t, run.ID, got.Last.ID)
	require.Equal(t, run.Changes, got.Last.Changes)
	classifier, err := again.Classifier("semicolons")
	require.NoError(t, err)
	require.Equal(t, ";", classifier.CSV.Delimiter)
	require.NoError(t, again.DeleteClassifier(ctx, "semicolons"))
	require.ErrorIs(t, again.DeleteClassifier(ctx, "semicolons"), ErrNotFound)
}

// broken is a store that cannot list.
type broken struct{ objects.Store }

func (broken) List(context.Context, string, string, string, int) ([]objects.Info, bool, error) {
	return nil, false, io.ErrUnexpectedEOF
}

func TestAFailedRunSaysWhy(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	m := l.open(broken{l.objects}, time.Now)
	require.NoError(t, m.Create(ctx, defined()))
	run, err := m.Await(ctx, "spider")
	require.NoError(t, err)
	require.Equal(t, RunFailed, run.State)
	require.Contains(t, run.Error, io.ErrUnexpectedEOF.Error())
}

func TestWhatACrawlerCannotBe(t *testing.T) {
	m := newLake(t).open(nil, time.Now)
	for name, change := range map[string]func(*Crawler){
		"name":            func(c *Crawler) { c.Name = "" },
		"Role":            func(c *Crawler) { c.Role = "" },
		"DatabaseName":    func(c *Crawler) { c.Database = "" },
		"S3 target":       func(c *Crawler) { c.Targets = nil },
		"not an S3 URI":   func(c *Crawler) { c.Targets[0].Path = "lake/t" },
		"exclude pattern": func(c *Crawler) { c.Targets[0].Exclusions = []string{"{a"} },
		"SampleSize":      func(c *Crawler) { c.Targets[0].SampleSize = 250 },
		"UpdateBehavior":  func(c *Crawler) { c.UpdateBehavior = "MERGE" },
		"DeleteBehavior":  func(c *Crawler) { c.DeleteBehavior = "KEEP" },
		"LOG":             func(c *Crawler) { c.Recrawl = CrawlNewFoldersOnly },
		"RecrawlPolicy":   func(c *Crawler) { c.Recrawl = "CRAWL_EVENT_MODE" },
		"Version":         func(c *Crawler) { c.Configuration = `{"Version":2}` },
		"unknown field":   func(c *Crawler) { c.Configuration = `{"Version":1.0,"Other":1}` },
		"TableGroupingPolicy": func(c *Crawler) {
			c.Configuration = `{"Version":1.0,"Grouping":{"TableGroupingPolicy":"x"}}`
		},
		"Schedule": func(c *Crawler) { c.Schedule = "rate(5 minutes)" },
	} {
		c := defined()
		change(&c)
		err := m.Create(t.Context(), c)
		require.ErrorIs(t, err, ErrInvalid, name)
		require.ErrorContains(t, err, name)
	}
}

func TestSchedules(t *testing.T) {
	at := func(text string) time.Time {
		out, err := time.Parse(time.DateTime, text)
		require.NoError(t, err)
		return out
	}
	now := at("2021-02-03 04:05:06") // a Wednesday
	for _, c := range []struct{ schedule, next string }{
		{"cron(15 12 * * ? *)", "2021-02-03 12:15:00"},
		{"cron(0 10 ? * 4 *)", "2021-02-03 10:00:00"},
		{"cron(0 10 ? * 1 *)", "2021-02-07 10:00:00"},
		{"cron(0 18 ? * MON-FRI *)", "2021-02-03 18:00:00"},
		{"cron(0 18 ? * 5-6 *)", "2021-02-04 18:00:00"},
		{"cron(0 8 1 * ? *)", "2021-03-01 08:00:00"},
		{"cron(0 8 L * ? *)", "2021-02-28 08:00:00"},
		{"cron(0 8 ? * 6#1 *)", "2021-02-05 08:00:00"},
		{"cron(0/15 * * * ? *)", "2021-02-03 04:15:00"},
		{"cron(0 0 1 1 ? 2023)", "2023-01-01 00:00:00"},
	} {
		e, err := parseSchedule(c.schedule)
		require.NoError(t, err, c.schedule)
		require.Equal(t, c.next, e.Next(now).Format(time.DateTime), c.schedule)
	}
	for _, wrong := range []string{
		"", "15 12 * * ? *", "rate(1 day)", "cron(15 12 * * ?)", "cron(15 12 * * * *)", "cron(15 12 ? * ? *)", "cron(15 12 ? * 0 *)",
		"cron(15 12 ? * 8 *)", "cron(61 12 * * ? *)", "cron(* * * * ? *)", "cron(0/2 * * * ? *)", "cron(x 12 * * ? *)",
	} {
		_, err := parseSchedule(wrong)
		require.ErrorIs(t, err, ErrInvalid, wrong)
	}
}

func TestAScheduleStartsRuns(t *testing.T) {
	l, ctx := newLake(t), t.Context()
	now := time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)
	m := l.open(l.objects, func() time.Time { return now })
	c := defined()
	c.Schedule = "cron(15 12 * * ? *)"
	require.NoError(t, m.Create(ctx, c))
	ran := func(from, to time.Time) int {
		m.startDue(ctx, from, to)
		m.runs.Wait()
		runs, err := m.Runs(ctx, "spider")
		require.NoError(t, err)
		return len(runs)
	}
	noon := time.Date(2021, 2, 3, 12, 15, 0, 0, time.UTC)
	require.Equal(t, noon, m.next(now))
	require.Equal(t, 0, ran(now, noon.Add(-time.Nanosecond)))
	require.Equal(t, 1, ran(noon.Add(-time.Nanosecond), noon))
	require.Equal(t, 1, ran(noon, noon.Add(time.Hour)))
	require.NoError(t, m.StopSchedule(ctx, "spider"))
	require.ErrorIs(t, m.StopSchedule(ctx, "spider"), ErrScheduleNotRunning)
	require.Equal(t, 1, ran(noon.Add(-time.Second), noon.Add(time.Hour)))
	require.True(t, m.next(now).IsZero())
	require.NoError(t, m.StartSchedule(ctx, "spider"))
	require.ErrorIs(t, m.StartSchedule(ctx, "spider"), ErrScheduleRunning)
	require.NoError(t, m.SetSchedule(ctx, "spider", ""))
	require.ErrorIs(t, m.StartSchedule(ctx, "spider"), ErrNoSchedule)
	require.True(t, errors.Is(m.SetSchedule(ctx, "spider", "x"), ErrInvalid))
}
