package delivery

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
)

func TestLateAndFuture(t *testing.T) {
	sent := time.Date(2021, 3, 10, 12, 0, 0, 0, time.UTC)
	const tooOld = "column ordered_at: 2021-03-08T11:59:59.999Z is more than 48h0m0s before the event was sent (2021-03-10T12:00:00.000Z): it is late"
	const tooNew = "column ordered_at: 2021-03-10T13:00:00.001Z is more than 1h0m0s after the event was sent (2021-03-10T12:00:00.000Z): it is of the future"
	for _, c := range []struct {
		late, future Action
		at           string
		day          string // of the partition; "" where it is rejected
		reason       string
		counted      int64 // late, or -1 for future
	}{
		{Deliver, Deliver, "2021-03-08T12:00:00Z", "08", "", 0},
		{Deliver, Deliver, "2021-03-08T11:59:59.999Z", "08", "", 1},
		{Reject, Deliver, "2021-03-08T11:59:59.999Z", "", tooOld, 1},
		{Reject, Deliver, "2021-03-08 20:59:59.999", "", tooOld, 1}, // a clock of Seoul
		{Reject, Reject, "2021-03-08 21:00:00", "08", "", 0},
		{Reject, Reject, "2021-03-10T13:00:00Z", "10", "", 0},
		{Deliver, Deliver, "2021-03-10T13:00:00.001Z", "10", "", -1},
		{Deliver, Reject, "2021-03-10T13:00:00.001Z", "", tooNew, -1},
		{Deliver, ReceiveTime, "2099-01-01T00:00:00Z", "10", "", -1},
		{Reject, ReceiveTime, "0001-01-01T00:00:00Z", "", "column ordered_at: 0001-01-01T00:00:00.000Z is more than 48h0m0s before the event was sent (2021-03-10T12:00:00.000Z): it is late", 1},
	} {
		config := ordersConfig()
		config.Late = Late{OlderThan: 48 * time.Hour, Action: c.late}
		config.Future = Future{AheadOf: time.Hour, Action: c.future}
		l := mustLayout(t, ordersTable(formats.Parquet), config)
		p := mustPlan(t, l, "b", sent, []message{{sentAt: sent, body: `{"id":1,"ordered_at":"` + c.at + `"}`}}, nil)
		require.Equal(t, max(c.counted, 0), p.late, c.at)
		require.Equal(t, max(-c.counted, 0), p.future, c.at)
		if c.reason != "" {
			require.Empty(t, p.Objects, c.at)
			require.Equal(t, c.reason, p.rejected[0].reason)
			continue
		}
		require.Empty(t, p.rejected, c.at)
		require.Equal(t, c.day, p.Objects[0].Values[2], c.at)
	}
}

// The second of two equal clocks, when summer time ends, is an hour younger.
func TestLateKnowsInstants(t *testing.T) {
	config := ordersConfig()
	config.Timezone = "America/New_York"
	config.Late = Late{OlderThan: 30 * time.Minute, Action: Reject}
	l := mustLayout(t, ordersTable(formats.Parquet), config)
	sent := time.Date(2021, 11, 7, 6, 35, 0, 0, time.UTC)                                            // 01:35 EST
	for at, rejected := range map[string]int{"2021-11-07T06:30:00Z": 0, "2021-11-07T05:30:00Z": 1} { // 01:30 EST, 01:30 EDT
		p := mustPlan(t, l, "b", sent, []message{{sentAt: sent, body: `{"ordered_at":"` + at + `"}`}}, nil)
		require.Len(t, p.rejected, rejected, at)
	}
}

func TestBoundsAreCounted(t *testing.T) {
	config := ordersConfig()
	config.Late = Late{OlderThan: time.Hour, Action: Reject}
	r := newRig(t, nil, config)
	require.NoError(t, r.catalog.CreateTable(t.Context(), ordersTable(formats.Parquet), false))
	r.start()
	r.send(orderEvent(1), `{"id":2}`, `{"id":3,"ordered_at":"2999-01-01"}`)
	s := r.waitDone()
	require.EqualValues(t, 1, s.Late)
	require.EqualValues(t, 1, s.Rejected)
	require.EqualValues(t, 2, s.InFiles)
	require.Zero(t, s.Future, "nothing bounds the future")
	r.closeManager()
	r.reopen()
	r.start()
	require.EqualValues(t, 1, r.status().Late)
}

func TestBoundsOfTheConfiguration(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`delivery "orders": event_time: is missing: late and future events are told by it`: func(c *Config) { c.EventTime, c.Late.OlderThan = "", time.Hour },
		`delivery "orders": late.older_than: is missing or negative: give a duration such as 30d`: func(c *Config) {
			c.Late.Action = Reject
		},
		`delivery "orders": late.action: "receive_time" is none of ["deliver" "reject"]`: func(c *Config) {
			c.Late = Late{time.Hour, ReceiveTime}
		},
		`delivery "orders": future.action: "drop" is none of ["deliver" "reject" "receive_time"]`: func(c *Config) {
			c.Future = Future{time.Hour, "drop"}
		},
	} {
		c := ordersConfig()
		change(&c)
		require.EqualError(t, c.Validate(), want)
	}
}
