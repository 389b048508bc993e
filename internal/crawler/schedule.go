package crawler

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"
)

// leastInterval is how often a crawler can be scheduled.
// https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
const leastInterval = 5 * time.Minute

// parseSchedule reads cron(Minutes Hours Day-of-month Month Day-of-week Year),
// of which one of the days is a question mark. Times are UTC.
func parseSchedule(text string) (*cronexpr.Expression, error) {
	inside, ok := strings.CutPrefix(strings.TrimSpace(text), "cron(")
	inside, closed := strings.CutSuffix(inside, ")")
	fields := strings.Fields(inside)
	if !ok || !closed || len(fields) != 6 {
		return nil, fail(ErrInvalid, "Schedule %q is not of the form cron(Minutes Hours Day-of-month Month Day-of-week Year)", text)
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		return nil, fail(ErrInvalid, "Schedule %q: one of Day-of-month and Day-of-week must be ?", text)
	}
	weekday, err := weekdays(fields[4])
	if err != nil {
		return nil, fail(ErrInvalid, "Schedule %q: %v", text, err)
	}
	fields[4] = weekday
	e, err := cronexpr.Parse("0 " + strings.Join(fields, " "))
	if err != nil {
		return nil, fail(ErrInvalid, "Schedule %q: %v", text, err)
	}
	if tooOften(e) {
		return nil, fail(ErrInvalid, "Schedule %q runs more often than every 5 minutes", text)
	}
	return e, nil
}

var weekdayNumber = regexp.MustCompile(`(^|[,-])([0-9]+)`)

// weekdays turns AWS's numbers, of which 1 is Sunday, into cron's, of which 0 is.
func weekdays(field string) (string, error) {
	bad := false
	out := weekdayNumber.ReplaceAllStringFunc(field, func(m string) string {
		before := strings.TrimRight(m, "0123456789")
		n, err := strconv.Atoi(m[len(before):])
		bad = bad || err != nil || n < 1 || n > 7
		return before + strconv.Itoa(n-1)
	})
	if bad {
		return "", errors.New("Day-of-week is 1 to 7") //nolint:staticcheck // the name of the field
	}
	return out, nil
}

func tooOften(e *cronexpr.Expression) bool {
	times := e.NextN(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), 24)
	for i := 1; i < len(times); i++ {
		if times[i].Sub(times[i-1]) < leastInterval {
			return true
		}
	}
	return false
}

// SetSchedule gives a crawler another schedule, which is on, or none for "".
func (m *Manager) SetSchedule(ctx context.Context, name, schedule string) error {
	return m.reschedule(ctx, name, func(c *Crawler) error {
		if schedule != "" {
			if _, err := parseSchedule(schedule); err != nil {
				return err
			}
		}
		c.Schedule, c.Scheduled = schedule, schedule != ""
		return nil
	})
}

// StartSchedule turns the schedule of a crawler on.
func (m *Manager) StartSchedule(ctx context.Context, name string) error {
	return m.reschedule(ctx, name, func(c *Crawler) error {
		switch {
		case c.Schedule == "":
			return fail(ErrNoSchedule, "Crawler with name %s has no schedule", name)
		case c.Scheduled:
			return fail(ErrScheduleRunning, "The schedule of crawler %s is already running", name)
		}
		c.Scheduled = true
		return nil
	})
}

// StopSchedule turns the schedule of a crawler off. A run under way goes on.
func (m *Manager) StopSchedule(ctx context.Context, name string) error {
	return m.reschedule(ctx, name, func(c *Crawler) error {
		if !c.Scheduled {
			return fail(ErrScheduleNotRunning, "The schedule of crawler %s is not running", name)
		}
		c.Scheduled = false
		return nil
	})
}

func (m *Manager) reschedule(ctx context.Context, name string, change func(*Crawler) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.crawlers[name]
	if !ok {
		return noCrawler(name)
	}
	c := *old
	if err := change(&c); err != nil {
		return err
	}
	c.Updated = m.Now().UTC()
	return m.keep(ctx, &c)
}

// longestSleep bounds how late a change of the machine's clock is seen.
const longestSleep = time.Minute

// follow starts crawlers when their schedules say so.
func (m *Manager) follow(ctx context.Context) {
	last := m.Now()
	for {
		next := m.next(last)
		wait := longestSleep
		if !next.IsZero() {
			wait = min(max(next.Sub(m.Now()), 0), longestSleep)
		}
		select {
		case <-ctx.Done():
			return
		case <-m.change:
		case <-time.After(wait):
		}
		now := m.Now()
		m.startDue(ctx, last, now)
		last = now
	}
}

// next is when the first schedule is due after a time; zero is never.
func (m *Manager) next(after time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	var first time.Time
	for _, c := range m.crawlers {
		if t := c.next(after); !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

func (c *Crawler) next(after time.Time) time.Time {
	if !c.Scheduled {
		return time.Time{}
	}
	e, err := parseSchedule(c.Schedule)
	if err != nil {
		return time.Time{} // it was checked before it was kept
	}
	return e.Next(after.UTC())
}

// startDue starts the crawlers that were due after last and until now. One that
// still runs is passed over.
func (m *Manager) startDue(ctx context.Context, last, now time.Time) {
	m.mu.Lock()
	var due []string
	for name, c := range m.crawlers {
		if t := c.next(last); !t.IsZero() && !t.After(now) {
			due = append(due, name)
		}
	}
	m.mu.Unlock()
	for _, name := range due {
		if err := m.Run(ctx, name); err != nil && !errors.Is(err, ErrRunning) && !errors.Is(err, ErrNotFound) {
			m.Log.Error("a scheduled crawler cannot start", "crawler", name, "error", err)
		}
	}
}
