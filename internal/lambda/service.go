package lambda

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/lambda/code"
	"github.com/scopsdb/scops/internal/lambda/execution"
	"github.com/scopsdb/scops/internal/lambda/functionlog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/sqlite"
)

// Config wires the service. All parts are required; numbers and durations have
// defaults where zero.
type Config struct {
	DB      *sqlite.DB
	Objects objects.Store // of deployment packages in S3
	Queue   *queue.Store  // of dead-letter queues and destinations
	Log     *slog.Logger
	Now     func() time.Time

	Dir       string // of deployment packages and logs
	TempDir   string // of unpacked code and of folders of processes; emptied between runs
	Region    string
	AccountID string // twelve digits

	Endpoint    func() string // URL of this scops, for functions
	Credentials func(*execution.Function) execution.Credentials
	Runtimes    execution.Runtimes

	Concurrency int           // invocations at a time; 0 is DefaultConcurrency
	Idle        time.Duration // how long a process is kept; 0 is execution.DefaultIdle
	RetryWait   time.Duration // before the second attempt at an event; 0 is DefaultRetryWait
}

// DefaultRetryWait is AWS's: a failed event is run again after a minute, and once
// more after two.
const DefaultRetryWait = time.Minute

// DefaultConcurrency is how many invocations run at a time on this machine: a
// function often waits for others, so more than there are cores.
func DefaultConcurrency() int { return max(16, 8*runtime.NumCPU()) }

// Service is the Lambda service. Close it to end its processes.
type Service struct {
	cfg    Config
	store  *store
	code   *code.Store
	logs   *functionlog.Store
	runner *execution.Manager
	limits limits
	events *dispatcher

	mappings Mappings // nil: there are none

	mu sync.Mutex // one change of functions at a time
}

// New opens the service.
func New(ctx context.Context, cfg Config) (_ *Service, err error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Concurrency == 0 {
		cfg.Concurrency = DefaultConcurrency()
	}
	if cfg.RetryWait == 0 {
		cfg.RetryWait = DefaultRetryWait
	}
	s := &Service{cfg: cfg, events: newDispatcher(cfg.Concurrency), limits: limits{byFunction: map[string]int{}}}
	if s.store, err = openStore(ctx, cfg.DB); err != nil {
		return nil, err
	}
	if s.code, err = code.Open(filepath.Join(cfg.Dir, "code"), filepath.Join(cfg.TempDir, "functions")); err != nil {
		return nil, err
	}
	if s.logs, err = functionlog.Open(filepath.Join(cfg.Dir, "logs")); err != nil {
		return nil, err
	}
	if err := s.checkCode(ctx); err != nil {
		return nil, err
	}
	s.runner, err = execution.NewManager(execution.Config{
		Log: cfg.Log, Logs: s.logs, TempDir: filepath.Join(cfg.TempDir, "instances"), Region: cfg.Region,
		Endpoint: cfg.Endpoint, Credentials: cfg.Credentials, Runtimes: cfg.Runtimes,
		Idle: cfg.Idle, MaxProcesses: cfg.Concurrency,
	})
	return s, err
}

// checkCode refuses a folder that has lost the code of a function, and removes
// code that no function has.
func (s *Service) checkCode(ctx context.Context) error {
	used, err := s.usedCode(ctx)
	if err != nil {
		return err
	}
	for h, name := range used {
		if !s.code.Has(h) {
			return fmt.Errorf("the code of function %s is lost (%s of %s): restore it from a backup", name, h, s.cfg.Dir)
		}
	}
	return s.sweepCode(used)
}

// usedCode are the archives that functions have, and the name of one of them.
func (s *Service) usedCode(ctx context.Context) (map[code.Hash]string, error) {
	rows, err := s.store.db.Read.QueryContext(ctx, `SELECT DISTINCT function, record ->> '$.Code' FROM lambda_versions`)
	if err != nil {
		return nil, fmt.Errorf("list the code of functions: %w", err)
	}
	defer rows.Close()
	used := map[code.Hash]string{}
	for rows.Next() {
		var name, hash string
		if err := rows.Scan(&name, &hash); err != nil {
			return nil, err
		}
		used[code.Hash(hash)] = name
	}
	return used, rows.Err()
}

func (s *Service) sweepCode(used map[code.Hash]string) error {
	keep := map[code.Hash]bool{}
	for h := range used {
		keep[h] = true
	}
	return s.code.Sweep(keep)
}

// Close takes no more invocations, waits for those under way until ctx ends, and
// ends all processes.
func (s *Service) Close(ctx context.Context) error {
	close(s.events.stop)
	s.events.loop.Wait()
	defer s.events.runs.Wait()
	if err := s.runner.Close(ctx); err != nil {
		return err
	}
	return s.logs.Close()
}

// maxRequest is the largest request of Lambda: an archive of 50 MB in base64.
const maxRequest = 70167211

// API describes the service to the gateway. more are operations of Lambda that
// another package does, for example those of event source mappings.
func (s *Service) API(more ...awsapi.Operation) awsapi.Service {
	done := append([]awsapi.Operation{
		awsapi.Op("CreateFunction", s.CreateFunction),
		awsapi.Op("GetFunction", s.GetFunction),
		awsapi.Op("GetFunctionConfiguration", s.GetFunctionConfiguration),
		awsapi.Op("ListFunctions", s.ListFunctions),
		awsapi.Op("UpdateFunctionCode", s.UpdateFunctionCode),
		awsapi.Op("UpdateFunctionConfiguration", s.UpdateFunctionConfiguration),
		awsapi.Op("DeleteFunction", s.DeleteFunction),
		awsapi.Op("PublishVersion", s.PublishVersion),
		awsapi.Op("ListVersionsByFunction", s.ListVersionsByFunction),
		awsapi.Op("CreateAlias", s.CreateAlias),
		awsapi.Op("GetAlias", s.GetAlias),
		awsapi.Op("ListAliases", s.ListAliases),
		awsapi.Op("UpdateAlias", s.UpdateAlias),
		awsapi.Op("DeleteAlias", s.DeleteAlias),
		awsapi.Op("PutFunctionConcurrency", s.PutFunctionConcurrency),
		awsapi.Op("GetFunctionConcurrency", s.GetFunctionConcurrency),
		awsapi.Op("DeleteFunctionConcurrency", s.DeleteFunctionConcurrency),
		awsapi.Op("TagResource", s.TagResource),
		awsapi.Op("UntagResource", s.UntagResource),
		awsapi.Op("ListTags", s.ListTags),
		awsapi.Op("AddPermission", s.AddPermission),
		awsapi.Op("GetPolicy", s.GetPolicy),
		awsapi.Op("RemovePermission", s.RemovePermission),
		awsapi.Op("PutFunctionEventInvokeConfig", s.PutFunctionEventInvokeConfig),
		awsapi.Op("UpdateFunctionEventInvokeConfig", s.UpdateFunctionEventInvokeConfig),
		awsapi.Op("GetFunctionEventInvokeConfig", s.GetFunctionEventInvokeConfig),
		awsapi.Op("DeleteFunctionEventInvokeConfig", s.DeleteFunctionEventInvokeConfig),
		awsapi.Op("ListFunctionEventInvokeConfigs", s.ListFunctionEventInvokeConfigs),
		awsapi.Op("GetAccountSettings", s.GetAccountSettings),
		awsapi.Op("GetFunctionCodeSigningConfig", s.GetFunctionCodeSigningConfig),
		awsapi.Op("Invoke", s.Invoke),
		awsapi.Op("InvokeAsync", s.InvokeAsync),
	}, more...)
	all := maps.Clone(routes)
	maps.Copy(all, missingRoutes)
	missing := maps.Clone(all)
	for _, op := range done {
		delete(missing, op.Name)
	}
	return awsapi.Service{
		SigningName: "lambda", Protocol: awsapi.REST, Routes: all, MaxBody: maxRequest,
		Operations: done, NotImplemented: slices.Sorted(maps.Keys(missing)),
	}
}
