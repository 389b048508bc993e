package athena

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/lint"
)

// QueryID is the id of a query execution, a UUID of version 4.
type QueryID string

// record is a query execution as it is kept.
type record struct {
	ID             QueryID
	Query          string
	StatementType  api.StatementType
	Substatement   string
	WorkGroup      string
	Catalog        string // as answered: lower-case; "" where the client sent none
	Database       string // as sent
	OutputLocation string // full path of the result object
	Result         *api.ResultConfiguration
	Parameters     []string
	ResultReuse    *api.ResultReuseConfiguration
	Token          string
	Fingerprint    string  // of the parameters that ClientRequestToken guards
	ReuseKey       string  `json:",omitempty"` // see reuseKey; "" where the result answers no other query
	ReusedFrom     QueryID `json:",omitempty"` // whose result this one answers with; "" where it was computed

	prepared string // the statement that EXECUTE names, once it was read

	State     api.QueryExecutionState
	Reason    string
	Error     *api.AthenaError
	Submitted time.Time
	Completed time.Time

	Columns     []api.ColumnInfo // nil where the statement has no result columns
	UpdateCount *int64
	Writes      bool   `json:",omitempty"` // it writes files, and has no result object
	Manifest    string `json:",omitempty"` // the location of the list of the files that it wrote
	ResultETag  string // of the result object; "" in records of earlier versions
	Stats       Statistics
}

// Statistics are the figures of a query execution.
type Statistics struct {
	BytesScanned    int64
	Rows            int64
	ResultBytes     int64
	PartitionsRead  int
	PartitionsTotal int
	Files           int
	MemoryRows      int            // of delivered tables, read from memory
	Warnings        []lint.Warning `json:",omitempty"`
	// CompleteUpTo, by delivered table: every event whose send was answered
	// before is in the result, or rejected.
	CompleteUpTo map[string]time.Time `json:",omitempty"`

	Queue      time.Duration // waiting for a free place
	PreProcess time.Duration // parsing and checking
	Planning   time.Duration // partitions and files
	Engine     time.Duration // running, first row to last
	Service    time.Duration // writing the result
	Total      time.Duration
}

func (r *record) terminal() bool {
	switch r.State {
	case api.QueryExecutionStateSucceeded, api.QueryExecutionStateFailed, api.QueryExecutionStateCancelled:
		return true
	}
	return false
}

// millis rounds up: a duration that is not zero is at least a millisecond,
// since clients take 0 for "no figure".
func millis(d time.Duration) *int64 {
	return aws.Int64(int64((d + time.Millisecond - 1) / time.Millisecond))
}

// shape renders the record as the API answers it.
func (r *record) shape() *api.QueryExecution {
	q := &api.QueryExecution{
		QueryExecutionId:         aws.String(string(r.ID)),
		Query:                    aws.String(r.Query),
		StatementType:            r.StatementType,
		WorkGroup:                aws.String(r.WorkGroup),
		ExecutionParameters:      r.Parameters,
		QueryExecutionContext:    &api.QueryExecutionContext{},
		ResultConfiguration:      r.resultConfiguration(),
		ResultReuseConfiguration: r.ResultReuse,
		EngineVersion:            engineVersion(),
		Status:                   r.status(),
		Statistics:               r.Stats.shape(r.terminal()),
	}
	if r.terminal() {
		q.Statistics.ResultReuseInformation = &api.ResultReuseInformation{ReusedPreviousResult: r.ReusedFrom != ""}
	}
	if r.Manifest != "" {
		q.Statistics.DataManifestLocation = aws.String(r.Manifest)
	}
	if r.Substatement != "" {
		q.SubstatementType = aws.String(r.Substatement)
	}
	if r.Catalog != "" {
		q.QueryExecutionContext.Catalog = aws.String(r.Catalog)
	}
	if r.Database != "" {
		q.QueryExecutionContext.Database = aws.String(r.Database)
	}
	return q
}

func (r *record) resultConfiguration() *api.ResultConfiguration {
	c := api.ResultConfiguration{}
	if r.Result != nil {
		c = *r.Result
	}
	c.OutputLocation = aws.String(r.OutputLocation)
	return &c
}

func (r *record) status() *api.QueryExecutionStatus {
	s := &api.QueryExecutionStatus{
		State:              r.State,
		SubmissionDateTime: aws.Time(r.Submitted),
		AthenaError:        r.Error,
	}
	if !r.Completed.IsZero() {
		s.CompletionDateTime = aws.Time(r.Completed)
	}
	if r.Reason != "" {
		s.StateChangeReason = aws.String(r.Reason)
	}
	return s
}

func (s Statistics) shape(terminal bool) *api.QueryExecutionStatistics {
	out := &api.QueryExecutionStatistics{
		DataScannedInBytes:          aws.Int64(s.BytesScanned),
		EngineExecutionTimeInMillis: millis(s.Engine),
		QueryQueueTimeInMillis:      millis(s.Queue),
		TotalExecutionTimeInMillis:  millis(s.Total),
	}
	if terminal {
		out.QueryPlanningTimeInMillis = millis(s.Planning)
		out.ServicePreProcessingTimeInMillis = millis(s.PreProcess)
		out.ServiceProcessingTimeInMillis = millis(s.Service)
	}
	return out
}

// engineVersion is what Athena answers for its current engine; clients (Grafana)
// dereference both members.
func engineVersion() *api.EngineVersion {
	return &api.EngineVersion{
		SelectedEngineVersion:  aws.String("AUTO"),
		EffectiveEngineVersion: aws.String("Athena engine version 3"),
	}
}
