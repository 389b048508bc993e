package main

import (
	"encoding/json"
	"fmt"

	"github.com/scopsdb/scops/internal/lambda/functionlog"
	"github.com/spf13/cobra"
)

func logsCommand() *cobra.Command {
	var data, endpoint, region string
	var follow, asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:   "logs FUNCTION",
		Short: "Print what a Lambda function printed",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := connect(data, endpoint, region)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			return c.client().FunctionLogs(cmd.Context(), args[0], limit, follow, func(l functionlog.Line) error {
				if asJSON {
					return json.NewEncoder(out).Encode(l)
				}
				_, err := fmt.Fprintf(out, "%s %s\n", l.Time.Format("2006-01-02T15:04:05.000Z07:00"), l.Message)
				return err
			})
		},
	}
	addConnectionFlags(cmd, &data, &endpoint, &region)
	cmd.Flags().BoolVar(&follow, "follow", false, "go on with the lines that come")
	cmd.Flags().BoolVar(&asJSON, "json", false, "a line of JSON each: time, stream, request_id, message")
	cmd.Flags().IntVar(&limit, "limit", 100, "how many of the newest lines to begin with")
	return cmd
}
