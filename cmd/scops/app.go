package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/compaction"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/console"
	"github.com/scopsdb/scops/internal/crawler"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/dedup"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/gateway"
	"github.com/scopsdb/scops/internal/glue"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/scopsdb/scops/internal/lambda"
	"github.com/scopsdb/scops/internal/lambda/eventsource"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/queue"
	"github.com/scopsdb/scops/internal/s3"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/sqs"
	"github.com/scopsdb/scops/internal/sts"
	"github.com/scopsdb/scops/internal/tablewriter"
	"github.com/scopsdb/scops/internal/tail"
	"github.com/scopsdb/scops/internal/telemetry"
	"github.com/scopsdb/scops/internal/transform"
)

// accountID is the account of everything that scops holds.
const accountID = "000000000000"

// app is one running scops.
type app struct {
	region   string
	endpoint string
	pair     credentials.Pair
	pricing  httpapi.Pricing
	failed   chan error // a listener that broke
	complete bool       // the data folder had all its parts before

	options    serveOptions
	log        *slog.Logger
	lock       *lock
	db         *sqlite.DB
	local      *objects.Local // the embedded S3
	objects    objects.Store  // with the buckets that are elsewhere
	queue      *queue.Store
	catalog    *catalog.Store
	tails      *tail.Store
	planner    *planner.Planner
	engine     engine.Engine
	transforms delivery.Transforms
	athena     *athena.Service
	deliver    *delivery.Manager
	compact    *compaction.Compactor
	crawlers   *crawler.Manager
	keys       *credentials.Keyring
	lambda     *lambda.Service
	queues     *sqs.Service
	sources    *eventsource.Service
	metrics    *telemetry.Metrics
	token      string // of the metrics
	console    *console.Console
	gateway    *gateway.Gateway

	closers []func(context.Context) error // in order of opening
}

// onClose registers what to undo; close runs these in reverse.
func (a *app) onClose(f func(context.Context) error) { a.closers = append(a.closers, f) }

func (a *app) close(ctx context.Context) error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i](ctx))
	}
	return errors.Join(errs...)
}

// openApp opens a data folder and everything over it, and applies the
// configuration. Nothing listens yet.
func openApp(ctx context.Context, o serveOptions, cfg *config.Config, log *slog.Logger) (_ *app, err error) {
	a := &app{options: o, log: log, region: firstOf(cfg.Region, defaultRegion), pricing: pricing(cfg.Athena), tails: tail.New(), metrics: telemetry.NewMetrics(), failed: make(chan error, 2)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(context.WithoutCancel(ctx)))
		}
	}()
	for _, open := range []func(context.Context, *config.Config) error{
		a.openData, a.openStores, a.openAthena, a.apply, a.openDelivery, a.openCompaction, a.openCrawlers, a.openIntakes, a.openLambda, a.openEventSources, a.openGateway,
	} {
		if err := open(ctx, cfg); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func pricing(c config.Athena) httpapi.Pricing {
	p := httpapi.DefaultPricing
	if c.PricePerTB != nil {
		p.PerTB = *c.PricePerTB
	}
	if c.MinimumBytes != nil {
		p.MinimumBytes = int64(*c.MinimumBytes)
	}
	return p
}

// budgets are those of a configuration that was checked.
func budgets(c config.Athena) map[string]athena.Budget {
	out := map[string]athena.Budget{}
	for _, b := range c.Budgets {
		location, _ := time.LoadLocation(b.Timezone)
		out[b.WorkGroup] = athena.Budget{USD: *b.USDPerDay, Location: location}
	}
	return out
}

// openData claims the data folder and finds or makes the credentials.
func (a *app) openData(context.Context, *config.Config) error {
	if a.options.data == "" {
		return errors.New("--data names no folder")
	}
	keepPrivate()
	if err := os.MkdirAll(a.tempDir(), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	l, err := acquireLock(a.options.data)
	if err != nil {
		return err
	}
	a.lock = l
	a.onClose(func(context.Context) error { return l.release() })
	if err := a.clearTemp(); err != nil {
		return err
	}
	if a.complete, err = checkParts(a.options.data); err != nil {
		return err
	}
	pair, created, err := credentials.LoadOrCreate(a.options.data)
	if err != nil {
		return err
	}
	if created {
		a.log.Info("made new credentials", "file", filepath.Join(a.options.data, "credentials"))
	}
	a.pair, a.keys = pair, credentials.NewKeyring(pair, accountID, time.Now)
	a.token, err = credentials.LoadOrCreateMetricsToken(a.options.data)
	return err
}

func (a *app) tempDir() string { return filepath.Join(a.options.data, "tmp") }

// clearTemp removes what a crash left behind.
func (a *app) clearTemp() error {
	if err := os.RemoveAll(a.tempDir()); err != nil {
		return fmt.Errorf("clear the folder of temporary files: %w", err)
	}
	return os.MkdirAll(a.tempDir(), 0o700)
}

func (a *app) openStores(ctx context.Context, cfg *config.Config) (err error) {
	data := a.options.data
	if a.db, err = sqlite.Open(filepath.Join(data, "catalog.db")); err != nil {
		return err
	}
	a.onClose(func(context.Context) error { return a.db.Close() })
	if a.catalog, err = catalog.Open(a.db); err != nil {
		return err
	}
	if a.local, err = objects.OpenLocal(filepath.Join(data, "objects"), objects.WithOwner(a.pair.AccessKeyID)); err != nil {
		return err
	}
	a.onClose(func(context.Context) error { return a.local.Close() })
	if a.objects, err = a.withRemote(ctx, cfg.Stores); err != nil {
		return err
	}
	if a.queue, err = queue.Open(filepath.Join(data, "queue"), queue.Options{Log: a.log, MustExist: a.complete}); err != nil {
		return err
	}
	a.onClose(func(context.Context) error { return a.queue.Close() })
	return markComplete(data)
}

func (a *app) openAthena(ctx context.Context, cfg *config.Config) (err error) {
	objectDir, err := filepath.Abs(filepath.Join(a.options.data, "objects"))
	if err != nil {
		return err
	}
	options := duckdb.Options{AllowedDirs: []string{objectDir}, TempDir: a.tempDir()}
	if err := a.openCache(cfg, &options); err != nil {
		return err
	}
	e, err := duckdb.Open(options)
	if err != nil {
		return err
	}
	a.engine, a.transforms = e, &transform.Compiler{Engine: e}
	a.onClose(func(context.Context) error { return a.engine.Close() })
	hold := athena.DefaultHold
	if cfg.Athena.Hold != nil {
		hold = time.Duration(*cfg.Athena.Hold)
	}
	err = a.catalog.CreateDatabase(ctx, catalog.Database{Name: "default", Description: "Default database"}, true)
	if err != nil {
		return err
	}
	writer := tablewriter.New(tablewriter.Config{
		Catalog: a.catalog, Objects: a.objects, TempDir: a.tempDir(), Log: a.log, MaxOpenPartitions: cfg.Athena.MaxOpenPartitions,
	})
	a.recoverWrites(ctx, writer)
	a.planner = planner.New(a.catalog, a.objects, a.tails)
	a.athena, err = athena.New(ctx, athena.Config{
		DB: a.db, Catalog: a.catalog, Objects: a.objects, Planner: a.planner, Engine: a.engine, Pricing: a.pricing, Budgets: budgets(cfg.Athena), Writer: writer,
		DDL: &ddl.Executor{Catalog: a.catalog, Objects: a.objects, Candidates: a.planner.Candidates, Iceberg: a.planner.Iceberg()}, Await: a.await, Observe: a.metrics.NewQueries().Observe, Log: a.log, Now: time.Now,
		OutputLocation: firstOf(cfg.Athena.OutputLocation, fmt.Sprintf("s3://aws-athena-query-results-%s-%s/", accountID, a.region)),
		Hold:           hold, TempDir: a.tempDir(),
	})
	if err != nil {
		return err
	}
	a.onClose(a.athena.Close)
	return nil
}

// recoverTime bounds how long a start waits for stores elsewhere to delete what
// interrupted statements left. Queries do not see it meanwhile.
const recoverTime = 10 * time.Second

func (a *app) recoverWrites(ctx context.Context, w *tablewriter.Writer) {
	ctx, cancel := context.WithTimeout(ctx, recoverTime)
	defer cancel()
	if err := w.Recover(ctx); err != nil {
		a.log.Warn("objects of interrupted statements remain, hidden from queries, until the next start", "error", err)
	}
}

func (a *app) openDelivery(ctx context.Context, cfg *config.Config) error {
	configs, err := deliveryConfigs(cfg)
	if err != nil {
		return err
	}
	keys := dedup.New(filepath.Join(a.options.data, "dedup"), a.log)
	a.onClose(func(context.Context) error { return keys.Close() })
	a.deliver, err = delivery.Open(ctx, delivery.Options{
		Queue: a.queue, Objects: a.objects, Catalog: a.catalog, Tails: a.tails, DB: a.db, Transforms: a.transforms, Keys: keys, Log: a.log,
	}, configs)
	if err != nil {
		return err
	}
	a.onClose(a.deliver.Close)
	a.metrics.Add(a.queue.Collector(), a.deliver.Collector())
	a.deliver.Start()
	return nil
}

func (a *app) openGateway(_ context.Context, cfg *config.Config) error {
	s3server, err := s3.New(a.local, a.keys, a.region, time.Now)
	if err != nil {
		return err
	}
	a.console = console.New(console.Config{
		Athena: a.athena, Catalog: a.catalog, Deliveries: a.deliver, API: httpapi.New(a.athena, a.deliver, defineDelivery, a.queues, a.compact, a.log),
		Logs:        &httpapi.LogServer{Logs: a.lambda, Log: a.log},
		Crawls:      &httpapi.CrawlServer{Crawlers: a.crawlers, Log: a.log},
		Credentials: a.pair, Signed: gateway.Signed, Page: cfg.Page, Pricing: a.pricing, Log: a.log, Now: time.Now,
		Metrics: a.metrics, MetricsToken: a.token,
	})
	a.gateway, err = gateway.New(gateway.Config{Region: a.region, AccountID: accountID, Keys: a.keys, Log: a.log, Observe: a.metrics.NewRequests().Observe},
		[]awsapi.Service{
			a.queues.API(), a.athena.API(), glue.New(a.catalog, a.planner.Candidates).WithCrawlers(glue.NewCrawlers(a.crawlers)).API(), sts.New(a.keys).API(), a.lambda.API(a.sources.Operations()...),
		}, s3server.Handle, a.console.Handle)
	if err != nil {
		return err
	}
	a.onClose(a.gateway.Shutdown)
	a.onClose(a.closeEventSources) // before the gateway, which functions under way need
	return nil
}

// listen opens the listeners and begins to answer. The lock file then tells
// where.
func (a *app) listen(ctx context.Context) error {
	l, err := a.bind(ctx, a.options.listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	a.endpoint = "http://" + reachable(l.Addr())
	a.lambda.Start() // functions may call the endpoint
	a.serve(func() error { return a.gateway.Serve(l) })
	if a.options.tlsListen != "" {
		if err := a.listenTLS(ctx); err != nil {
			return fmt.Errorf("--tls-listen: %w", err)
		}
	}
	a.sources.Start()
	return a.lock.write(holder{PID: os.Getpid(), Endpoint: a.endpoint, Region: a.region})
}

func (a *app) listenTLS(ctx context.Context) error {
	cert, err := a.certificate()
	if err != nil {
		return err
	}
	l, err := a.bind(ctx, a.options.tlsListen)
	if err != nil {
		return err
	}
	a.log.Info("https endpoint", "endpoint", "https://"+reachable(l.Addr()))
	a.serve(func() error { return a.gateway.ServeTLS(l, cert) })
	return nil
}

func (a *app) bind(ctx context.Context, address string) (net.Listener, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	a.warnExposure(l.Addr())
	return l, nil
}

// checkAddress refuses an address without a port: package net would take any
// port, and for an empty address every interface of the machine.
func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil || port == "" {
		return fmt.Errorf("%q is not of the form host:port", address)
	}
	return nil
}

// serve runs a listener until the gateway shuts down, which the gateway's own
// close waits for.
func (a *app) serve(run func() error) {
	go func() {
		if err := run(); err != nil {
			a.failed <- err
		}
	}()
}

// certificate loads the given certificate, or makes a self-signed one.
func (a *app) certificate() (tls.Certificate, error) {
	if a.options.tlsCert != "" || a.options.tlsKey != "" {
		return tls.LoadX509KeyPair(a.options.tlsCert, a.options.tlsKey)
	}
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if host, _, err := net.SplitHostPort(a.options.tlsListen); err == nil && host != "" && !net.ParseIP(host).IsUnspecified() {
		hosts = append(hosts, host)
	}
	if name, err := os.Hostname(); err == nil {
		hosts = append(hosts, name)
	}
	return gateway.SelfSigned(filepath.Join(a.options.data, "tls"), hosts, time.Now())
}

// reachable is the address that a client on this machine can use.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return address.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
}

// warnExposure says what an address beyond this machine means.
func (a *app) warnExposure(address net.Addr) {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || tcp.IP.IsLoopback() {
		return
	}
	a.log.Warn("the endpoint is reachable from other machines: every AWS call needs a signature with the keys of the credentials file, and the console a login; http carries data in the clear, use --tls-listen for what leaves this machine",
		"address", address.String())
}
