// Command scops is the whole pipeline from an SQS event to a statistic: serve
// runs it, query asks it, env connects other clients to it, demo shows it.
//
// This package is flags, wiring and process life; every behaviour lives in
// internal/.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// version is set by the linker.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	limitMemory()
	if err := rootCommand().ExecuteContext(ctx); err != nil {
		if errors.Is(err, context.Canceled) {
			os.Exit(130)
		}
		fmt.Fprintln(os.Stderr, "scops:", err)
		os.Exit(1)
	}
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "scops",
		Short:         "Statistics from logs on S3: SQS, S3, Glue and Athena on one endpoint",
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return flagsFromEnv(cmd.Flags(), os.LookupEnv)
		},
	}
	root.AddCommand(serveCommand(), demoCommand(), queryCommand(), sendCommand(), deliveryCommand(), compactCommand(), crawlCommand(), logsCommand(), envCommand(), versionCommand())
	return root
}

// flagsFromEnv sets each flag that the command line does not from its
// environment variable: --log-format is SCOPS_LOG_FORMAT.
func flagsFromEnv(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	var errs []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := envName(f.Name)
		value, ok := lookup(name)
		if !ok || f.Changed {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("environment variable %s: %w", name, err))
		}
	})
	return errors.Join(errs...)
}

func envName(flag string) string {
	return "SCOPS_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintln(cmd.OutOrStdout(), "scops", version)
		},
	}
}
