package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/demo"
	"github.com/spf13/cobra"
)

func demoCommand() *cobra.Command {
	var once bool
	var events int
	o := serveOptions{listen: defaultListen, logFormat: "text", logLevel: "warn"}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start everything in a temporary folder, send order events and print their statistics",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if events < 1 {
				return fmt.Errorf("--events: %d is less than 1", events)
			}
			return runDemo(cmd.Context(), cmd, o, events, once)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "exit after the statistics, with a non-zero status if any count is off")
	cmd.Flags().IntVar(&events, "events", 100_000, "how many events to send")
	cmd.Flags().StringVar(&o.listen, "listen", defaultListen, "address of the endpoint")
	cmd.Flags().StringVar(&o.logFormat, "log-format", "text", "text or json")
	cmd.Flags().StringVar(&o.logLevel, "log-level", "warn", "debug, info, warn or error")
	return cmd
}

func runDemo(ctx context.Context, cmd *cobra.Command, o serveOptions, events int, once bool) (err error) {
	if o.data, err = os.MkdirTemp("", "scops-demo-"); err != nil {
		return err
	}
	defer os.RemoveAll(o.data)
	cfg, err := config.Parse(demo.Config)
	if err != nil {
		return fmt.Errorf("the demo's own configuration: %w", err)
	}
	return withApp(ctx, o, cfg, func(a *app) error { return a.demo(ctx, cmd, events, once) })
}

// demo plays the clients of a and shows what they see.
func (a *app) demo(ctx context.Context, cmd *cobra.Command, events int, once bool) error {
	if err := a.listen(ctx); err != nil {
		return fmt.Errorf("%w; is another scops running? --listen 127.0.0.1:0 takes a free port", err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "scops %s on %s, data in %s\n", version, a.endpoint, a.options.data)
	c := connection{endpoint: a.endpoint, region: a.region, pair: a.pair}
	err := demo.Run(ctx, demo.Options{
		Events: events, Out: out, Bar: cmd.ErrOrStderr(), Pricing: a.pricing, Scops: c.client(),
		SQS: sqs.New(sqs.Options{BaseEndpoint: aws.String(c.endpoint), Region: c.region, Credentials: c.provider()}),
	})
	if err != nil || once {
		return err
	}
	fmt.Fprintf(out, "\nThe statistics page: %s%s (the link works once)\nCtrl-C ends the demo and removes its data.\n", a.endpoint, a.console.OneTimePath())
	return a.wait(ctx)
}
