package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func queryCommand() *cobra.Command {
	var data, endpoint, region, format, database, waitFor string
	var reuse, explain bool
	var parameters []string
	cmd := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Run one statement and print its rows; without SQL it is read from standard input",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			sql, err := statement(args, cmd.InOrStdin())
			if err != nil {
				return err
			}
			if explain {
				sql = "EXPLAIN " + sql
			}
			printer, err := client.NewPrinter(chooseFormat(format), cmd.OutOrStdout())
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			c, err := connect(data, endpoint, region)
			if err != nil {
				return err
			}
			request := httpapi.QueryRequest{SQL: sql, Database: database, Parameters: parameters, WaitFor: waitFor, Reuse: reuse}
			return runQuery(cmd.Context(), c.client(), request, printer, cmd.ErrOrStderr())
		},
	}
	addConnectionFlags(cmd, &data, &endpoint, &region)
	cmd.Flags().StringVar(&format, "format", "", "table, csv, json or ndjson (default: table on a terminal, csv in a pipe)")
	cmd.Flags().StringVar(&database, "database", "", "database of names without one")
	cmd.Flags().StringVar(&waitFor, "wait-for", "", "id of a message whose event the query must see, or now: all that were acknowledged before")
	cmd.Flags().BoolVar(&reuse, "reuse", false, "answer with the result of an earlier query where nothing that it read has changed")
	cmd.Flags().BoolVar(&explain, "explain", false, "run nothing: print the plan, and what the statement would read and cost")
	cmd.Flags().StringArrayVar(&parameters, "parameter", nil, "value of a ? in the statement, in order")
	return cmd
}

func statement(args []string, in io.Reader) (string, error) {
	if len(args) == 1 && args[0] != "-" {
		return args[0], nil
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(string(text)) == "" {
		return "", errors.New("give a statement as the argument or on standard input")
	}
	return string(text), nil
}

func chooseFormat(format string) string {
	switch {
	case format != "":
		return format
	case term.IsTerminal(int(os.Stdout.Fd())):
		return "table"
	}
	return "csv"
}

func runQuery(ctx context.Context, c *client.Client, q httpapi.QueryRequest, printer client.Printer, stderr io.Writer) error {
	rows, err := c.Query(ctx, q)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Next told what went wrong
	if err := printer.Begin(rows.Columns); err != nil {
		return err
	}
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := printer.Row(row); err != nil {
			return err
		}
	}
	if err := printer.End(); err != nil {
		return err
	}
	s := rows.Statistics
	for _, w := range s.Warnings {
		fmt.Fprintf(stderr, "warning: %s: %s\n", w.Code, w.Message)
	}
	if s.ReusedFrom != "" {
		fmt.Fprintf(stderr, "the result of %s: nothing that it read has changed\n", s.ReusedFrom)
	}
	fmt.Fprintf(stderr, "%d rows, %.1f ms, %d of %d partitions, %d files, %d bytes scanned, %s, %s\n",
		s.Rows, s.TotalMillis, s.PartitionsRead, s.PartitionsTotal, s.Files, s.BytesScanned,
		httpapi.DefaultPricing.Describe(s.BytesScanned), s.QueryExecutionID)
	for _, table := range slices.Sorted(maps.Keys(s.CompleteUpTo)) {
		fmt.Fprintf(stderr, "%s is complete up to %s\n", table, s.CompleteUpTo[table].Format(time.RFC3339Nano))
	}
	return nil
}
