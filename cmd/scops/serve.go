package main

import (
	"context"
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/config"
	"github.com/spf13/cobra"
)

// shutdownGrace is how long requests and queries may take to finish after a
// signal.
const shutdownGrace = 20 * time.Second

func serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer SQS, S3, Glue, Lambda, Athena and STS on one endpoint, and the console under /_scops/",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return err
			}
			cfg := &config.Config{}
			if o.config != "" {
				var err error
				if cfg, err = config.Load(o.config); err != nil {
					return err
				}
			}
			return serve(cmd.Context(), o, cfg)
		},
	}
	o.register(cmd)
	return cmd
}

// serve runs until ctx ends.
func serve(ctx context.Context, o serveOptions, cfg *config.Config) error {
	return withApp(ctx, o, cfg, func(a *app) error {
		if err := a.listen(ctx); err != nil {
			return err
		}
		a.log.Info("scops answers", "endpoint", a.endpoint, "data", o.data, "version", version)
		fmt.Printf("endpoint        %s\nconsole         %s%s (works once)\nconnect with    eval \"$(scops env --data %s)\"\n",
			a.endpoint, a.endpoint, a.console.OneTimePath(), o.data)
		return a.wait(ctx)
	})
}

// withApp opens scops, lets use have it and stops in order: no new requests,
// those under way finish, queries and deliveries end, stores close.
func withApp(ctx context.Context, o serveOptions, cfg *config.Config, use func(*app) error) (err error) {
	log, err := o.logger()
	if err != nil {
		return err
	}
	a, err := openApp(ctx, o, cfg, log)
	if err != nil {
		return err
	}
	defer func() {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		if cerr := a.close(stopCtx); err == nil {
			err = cerr
		}
	}()
	return use(a)
}

// wait returns when ctx ends, or with the error of a listener that broke.
func (a *app) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		a.log.Info("stopping")
		return nil
	case err := <-a.failed:
		return err
	}
}
