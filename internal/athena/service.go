package athena

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine"
	lakes "github.com/scopsdb/scops/internal/lake"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/pricing"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tablewriter"
)

// Config wires the service. All parts are required; durations and numbers have
// defaults where zero.
type Config struct {
	DB      *sqlite.DB
	Catalog *catalog.Store
	Objects objects.Store
	Planner *planner.Planner
	Engine  engine.Engine
	DDL     *ddl.Executor
	Writer  *tablewriter.Writer
	// Await waits until queries of delivered tables see an event (see
	// QueryInput.WaitFor); nil refuses to.
	Await func(ctx context.Context, event string, tables []*catalog.Table) error
	Log   *slog.Logger
	Now   func() time.Time
	// Pricing is how scans are priced; the zero value is pricing.Default.
	Pricing pricing.Pricing
	// Budgets are what workgroups may spend a day, by their names.
	Budgets map[string]Budget
	// Observe, if not nil, is told of each query execution that has ended.
	Observe func(state string, took time.Duration, bytesScanned int64)

	// OutputLocation is where results go when neither the client nor the
	// workgroup says so, as s3://bucket/prefix/. It is what workgroup primary
	// has at first.
	OutputLocation string
	// Hold is how long StartQueryExecution and GetQueryExecution wait for the
	// end of a query before they answer; 0 answers at once.
	Hold time.Duration
	// MaxConcurrent is how many queries run at a time; more are QUEUED.
	MaxConcurrent int
	// TempDir takes results that are too large for memory on their way to the
	// output location.
	TempDir string
}

const (
	// DefaultHold makes a client that polls once a second find SUCCEEDED at its
	// first look, for any query that takes less.
	DefaultHold          = 50 * time.Millisecond
	defaultMaxConcurrent = 16
	// remembered is how many ended executions stay in memory, where a poll
	// finds them without a read of the store.
	remembered = 256
)

// Service is the Athena service. Close it to end its queries.
type Service struct {
	cfg        Config
	store      *store
	workGroups *workGroups
	budgets    *budgets
	lint       *lint.Linter
	slots      chan struct{}
	lake       *lakes.Lake

	ctx    context.Context // parent of every execution
	cancel context.CancelCauseFunc
	work   sync.WaitGroup

	history sync.WaitGroup // keepHistory

	startMu sync.Mutex // one begin at a time, so that a token starts one execution

	bucketMu sync.Mutex // one makes the bucket of results

	mu     sync.Mutex
	closed bool
	byID   map[QueryID]*execution
	tokens map[string]*execution // of the executions in byID
	ended  []*execution          // oldest first, at most remembered
}

var (
	errShutdown = errors.New("scops was stopped while the query was running")
	errStopped  = errors.New("stopped by StopQueryExecution")
)

// New opens the service. Executions that a crash left open become FAILED.
func New(ctx context.Context, cfg Config) (*Service, error) {
	if cfg.MaxConcurrent == 0 {
		cfg.MaxConcurrent = defaultMaxConcurrent
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Pricing == (pricing.Pricing{}) {
		cfg.Pricing = pricing.Default
	}
	st, err := openStore(ctx, cfg.DB)
	if err != nil {
		return nil, err
	}
	if err := finishCommitted(ctx, st, cfg); err != nil {
		return nil, err
	}
	n, err := st.failOpen(ctx, cfg.Now(), "GENERIC_INTERNAL_ERROR: scops stopped while the query was running")
	if err != nil {
		return nil, err
	}
	if n > 0 {
		cfg.Log.Warn("query executions that a crash interrupted are FAILED", "count", n)
	}
	groups, err := openWorkGroups(ctx, st, cfg.OutputLocation, cfg.Now())
	if err != nil {
		return nil, err
	}
	s := &Service{
		cfg: cfg, store: st, workGroups: groups, lint: lint.New(cfg.Objects),
		budgets: &budgets{db: st, of: cfg.Budgets, pricing: cfg.Pricing, now: cfg.Now},
		slots:   make(chan struct{}, cfg.MaxConcurrent),
		byID:    map[QueryID]*execution{},
		tokens:  map[string]*execution{},
	}
	s.lake = openLake(cfg)
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	s.history.Add(1)
	go s.keepHistory()
	return s, nil
}

func (s *Service) now() time.Time { return s.cfg.Now() }

// Close takes no new query, waits for the running ones until ctx ends, then
// stops them (they become FAILED) and waits for their end.
func (s *Service) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	idle := make(chan struct{})
	go func() { s.work.Wait(); close(idle) }()
	select {
	case <-idle:
	case <-ctx.Done():
		s.cancel(errShutdown)
		<-idle
	}
	s.cancel(errShutdown)
	s.history.Wait()
	return nil
}

// API describes the service to the gateway.
func (s *Service) API() awsapi.Service {
	return awsapi.Service{
		SigningName:  "athena",
		TargetPrefix: "AmazonAthena",
		Protocol:     awsapi.JSON11,
		Operations: []awsapi.Operation{
			awsapi.Op("StartQueryExecution", s.StartQueryExecution),
			awsapi.Op("GetQueryExecution", s.GetQueryExecution),
			awsapi.Op("BatchGetQueryExecution", s.BatchGetQueryExecution),
			awsapi.Op("ListQueryExecutions", s.ListQueryExecutions),
			awsapi.Op("StopQueryExecution", s.StopQueryExecution),
			awsapi.Op("GetQueryResults", s.GetQueryResults),
			awsapi.Op("GetQueryRuntimeStatistics", s.GetQueryRuntimeStatistics),
			awsapi.Op("GetWorkGroup", s.GetWorkGroup),
			awsapi.Op("ListWorkGroups", s.ListWorkGroups),
			awsapi.Op("ListTagsForResource", s.ListTagsForResource),
			awsapi.Op("CreateWorkGroup", s.CreateWorkGroup),
			awsapi.Op("UpdateWorkGroup", s.UpdateWorkGroup),
			awsapi.Op("DeleteWorkGroup", s.DeleteWorkGroup),
			awsapi.Op("ListEngineVersions", s.ListEngineVersions),
			awsapi.Op("ListDataCatalogs", s.ListDataCatalogs),
			awsapi.Op("GetDataCatalog", s.GetDataCatalog),
			awsapi.Op("ListDatabases", s.ListDatabases),
			awsapi.Op("GetDatabase", s.GetDatabase),
			awsapi.Op("ListTableMetadata", s.ListTableMetadata),
			awsapi.Op("GetTableMetadata", s.GetTableMetadata),
			awsapi.Op("UpdatePreparedStatement", s.UpdatePreparedStatement),
			awsapi.Op("ListPreparedStatements", s.ListPreparedStatements),
			awsapi.Op("GetPreparedStatement", s.GetPreparedStatement),
			awsapi.Op("DeletePreparedStatement", s.DeletePreparedStatement),
			awsapi.Op("CreatePreparedStatement", s.CreatePreparedStatement),
			awsapi.Op("BatchGetPreparedStatement", s.BatchGetPreparedStatement),
		},
		NotImplemented: notImplemented,
	}
}

// notImplemented are the operations of the service model (2017-05-18) that
// scops does not do.
var notImplemented = []string{
	"BatchGetNamedQuery", "CancelCapacityReservation",
	"CreateCapacityReservation", "CreateDataCatalog", "CreateNamedQuery", "CreateNotebook",
	"CreatePresignedNotebookUrl", "CreateSystemTableConfiguration",
	"DeleteCapacityReservation", "DeleteDataCatalog", "DeleteNamedQuery", "DeleteNotebook",
	"DeleteSystemTableConfiguration", "ExportNotebook",
	"GetCalculationExecution", "GetCalculationExecutionCode", "GetCalculationExecutionStatus",
	"GetCapacityAssignmentConfiguration", "GetCapacityReservation", "GetNamedQuery",
	"GetNotebookMetadata", "GetResourceDashboard", "GetSession",
	"GetSessionEndpoint", "GetSessionStatus", "GetSystemTableConfiguration", "ImportNotebook",
	"ListApplicationDPUSizes", "ListCalculationExecutions", "ListCapacityReservations",
	"ListExecutors", "ListNamedQueries", "ListNotebookMetadata", "ListNotebookSessions",
	"ListSessions", "ListSystemTableStatuses",
	"PutCapacityAssignmentConfiguration", "StartCalculationExecution", "StartSession",
	"StopCalculationExecution", "TagResource", "TerminateSession", "UntagResource",
	"UpdateCapacityReservation", "UpdateDataCatalog", "UpdateNamedQuery", "UpdateNotebook",
	"UpdateNotebookMetadata", "UpdateSystemTableConfiguration",
}

// acquire waits for a free place among the running queries.
func (s *Service) acquire(ctx context.Context) error {
	select {
	case s.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Service) release() { <-s.slots }

// logFailure writes a failure that is ours, once; nil is none.
func (s *Service) logFailure(id QueryID, err error) {
	if err == nil {
		return
	}
	s.cfg.Log.Error("query execution failed", "query_execution_id", string(id), "error", err)
}
