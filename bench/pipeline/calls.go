package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/scopsdb/scops/bench/rig"
)

// api is one client of a scops: one connection, not for concurrent use.
type api struct {
	scops *rig.Scops
	http  *rig.Client
}

func newAPI(s *rig.Scops) (*api, error) {
	c, err := rig.NewClient(s.Endpoint)
	return &api{s, c}, err
}

func (a *api) close() { a.http.Close() }

// call does an operation of an AWS JSON protocol: "AmazonSQS.SendMessage".
func (a *api) call(ctx context.Context, service, version, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := a.scops.Signer.Request(ctx, a.scops.Endpoint+"/", service,
		map[string]string{"Content-Type": "application/x-amz-json-" + version, "X-Amz-Target": target}, body)
	if err != nil {
		return err
	}
	answer, err := a.http.Do(r)
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	return json.Unmarshal(answer, out)
}

func (a *api) queueURL(ctx context.Context, name string) (string, error) {
	var out struct{ QueueUrl string }
	err := a.call(ctx, "sqs", "1.0", "AmazonSQS.GetQueueUrl", map[string]string{"QueueName": name}, &out)
	return out.QueueUrl, err
}

type entry struct{ Id, MessageBody string }

// send sends at most ten events in one request; all must be accepted.
func (a *api) send(ctx context.Context, queueURL string, events ...[]byte) error {
	entries := make([]entry, len(events))
	for i, e := range events {
		entries[i] = entry{strconv.Itoa(i), string(e)}
	}
	var out struct {
		Successful []json.RawMessage
		Failed     []struct{ Code string }
	}
	in := struct {
		QueueUrl string
		Entries  []entry
	}{queueURL, entries}
	if err := a.call(ctx, "sqs", "1.0", "AmazonSQS.SendMessageBatch", in, &out); err != nil {
		return err
	}
	if len(out.Successful) != len(events) {
		return fmt.Errorf("%d of %d events were accepted: %v", len(out.Successful), len(events), out.Failed)
	}
	return nil
}

// timing is where a query spent its time, in ms, and what it read, as its answer
// says.
type timing struct {
	Planning float64 `json:"planning_ms"`
	Engine   float64 `json:"engine_ms"`
	Total    float64 `json:"total_ms"`
	Files    int     `json:"files"`
}

// query asks the one-call API and returns the rows' values as JSON.
func (a *api) query(ctx context.Context, sql string) ([][]json.RawMessage, error) {
	rows, _, err := a.timed(ctx, sql)
	return rows, err
}

func (a *api) timed(ctx context.Context, sql string) ([][]json.RawMessage, timing, error) {
	rows, statistics, err := a.lines(ctx, sql)
	var t timing
	if err == nil {
		err = json.Unmarshal(statistics, &t)
	}
	return rows, t, err
}

// lines returns the rows and the statistics of an answer.
func (a *api) lines(ctx context.Context, sql string) (rows [][]json.RawMessage, statistics json.RawMessage, err error) {
	body, err := json.Marshal(map[string]string{"sql": sql})
	if err != nil {
		return nil, nil, err
	}
	r, err := a.scops.Signer.Request(ctx, a.scops.Endpoint+"/_scops/v1/query", "scops",
		map[string]string{"Content-Type": "application/json", "Accept": "application/x-ndjson"}, body)
	if err != nil {
		return nil, nil, err
	}
	answer, err := a.http.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", sql, err)
	}
	for text := range bytes.Lines(answer) {
		var line struct {
			Row        []json.RawMessage
			Statistics json.RawMessage
			Error      json.RawMessage
		}
		if err := json.Unmarshal(text, &line); err != nil {
			return nil, nil, err
		}
		switch {
		case line.Error != nil:
			return nil, nil, fmt.Errorf("%s: %s", sql, line.Error)
		case line.Statistics != nil:
			return rows, line.Statistics, nil
		case line.Row != nil:
			rows = append(rows, line.Row)
		}
	}
	return nil, nil, fmt.Errorf("%s: the answer has no end", sql)
}

// athena asks the Athena API: start, look until it has ended, fetch. It returns
// the rows without the header.
func (a *api) athena(ctx context.Context, sql string) ([][]string, error) {
	id := struct{ QueryExecutionId string }{}
	in := map[string]string{"QueryString": sql, "ClientRequestToken": uuid.NewString()}
	if err := a.call(ctx, "athena", "1.1", "AmazonAthena.StartQueryExecution", in, &id); err != nil {
		return nil, err
	}
	for {
		var out struct {
			QueryExecution struct {
				Status struct{ State, StateChangeReason string }
			}
		}
		if err := a.call(ctx, "athena", "1.1", "AmazonAthena.GetQueryExecution", id, &out); err != nil {
			return nil, err
		}
		switch status := out.QueryExecution.Status; status.State {
		case "SUCCEEDED":
			return a.results(ctx, id)
		case "FAILED", "CANCELLED":
			return nil, fmt.Errorf("%s: %s", sql, status.StateChangeReason)
		}
		time.Sleep(time.Millisecond)
	}
}

func (a *api) results(ctx context.Context, id any) ([][]string, error) {
	var out struct {
		ResultSet struct {
			Rows []struct {
				Data []struct{ VarCharValue string }
			}
		}
	}
	if err := a.call(ctx, "athena", "1.1", "AmazonAthena.GetQueryResults", id, &out); err != nil {
		return nil, err
	}
	var rows [][]string
	for _, r := range out.ResultSet.Rows {
		var row []string
		for _, d := range r.Data {
			row = append(row, d.VarCharValue)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no header row")
	}
	return rows[1:], nil
}
