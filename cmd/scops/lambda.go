package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/lambda"
	"github.com/scopsdb/scops/internal/lambda/execution"
)

func (a *app) openLambda(ctx context.Context, cfg *config.Config) (err error) {
	c := lambda.Config{
		DB: a.db, Objects: a.objects, Queue: a.queue, Log: a.log, Now: time.Now,
		Dir: filepath.Join(a.options.data, "functions"), TempDir: filepath.Join(a.tempDir(), "lambda"),
		Region: a.region, AccountID: accountID,
		Endpoint:    func() string { return a.endpoint },
		Credentials: (&functionKeys{keys: a.keys, sessions: map[string]credentials.Session{}}).of,
		Runtimes: execution.Runtimes{
			Python: cfg.Lambda.Runtimes.Python, PythonClient: cfg.Lambda.Runtimes.PythonClient,
			Node: cfg.Lambda.Runtimes.Node, NodeClient: cfg.Lambda.Runtimes.NodeClient,
		},
	}
	if cfg.Lambda.Concurrency != nil {
		c.Concurrency = *cfg.Lambda.Concurrency
	}
	if cfg.Lambda.Idle != nil {
		c.Idle = time.Duration(*cfg.Lambda.Idle)
	}
	if cfg.Lambda.RetryWait != nil {
		c.RetryWait = time.Duration(*cfg.Lambda.RetryWait)
	}
	if a.lambda, err = lambda.New(ctx, c); err != nil {
		return err
	}
	a.onClose(a.lambda.Close)
	return nil
}

// functionKeys gives functions the temporary credentials of their roles, which
// their processes do not outlive.
type functionKeys struct {
	keys *credentials.Keyring

	mu       sync.Mutex
	sessions map[string]credentials.Session // by function and role
}

// A session serves every process that starts within an hour.
const (
	sessionLife  = execution.MaxAge + 2*time.Hour
	sessionReuse = time.Hour
)

func (f *functionKeys) of(fn *execution.Function) execution.Credentials {
	_, role, _ := strings.Cut(fn.Role, ":role/")
	role = role[strings.LastIndexByte(role, '/')+1:]
	arn := fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", accountID, role, fn.Name)
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.sessions[arn]
	if !ok || time.Until(s.Expires) < sessionLife-sessionReuse {
		s = f.keys.Issue(arn, credentials.NewUniqueID("AROA")+":"+fn.Name, sessionLife)
		f.sessions[arn] = s
	}
	return execution.Credentials{AccessKeyID: s.AccessKeyID, SecretAccessKey: s.SecretAccessKey, SessionToken: s.SessionToken}
}
