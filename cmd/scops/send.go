package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func sendCommand() *cobra.Command {
	var data, endpoint, region string
	cmd := &cobra.Command{
		Use:   "send QUEUE [FILE]",
		Short: "Send events to a queue: lines of JSON from a file, or from standard input",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := events(args[1:], cmd.InOrStdin())
			if err != nil {
				return err
			}
			defer in.Close()
			c, err := connect(data, endpoint, region)
			if err != nil {
				return err
			}
			stderr := cmd.ErrOrStderr()
			sent, err := c.client().SendEvents(cmd.Context(), args[0], in, func(line int, reason string) {
				fmt.Fprintf(stderr, "line %d: %s\n", line, reason)
			})
			fmt.Fprintf(stderr, "%d events sent to %s, %d rejected\n", sent.Accepted, args[0], sent.Rejected)
			if err == nil && sent.Rejected > 0 {
				err = fmt.Errorf("%d events were rejected", sent.Rejected)
			}
			return err
		},
	}
	addConnectionFlags(cmd, &data, &endpoint, &region)
	return cmd
}

// events opens what is to be sent.
func events(file []string, in io.Reader) (io.ReadCloser, error) {
	if len(file) == 0 || file[0] == "-" {
		return io.NopCloser(in), nil
	}
	return os.Open(file[0])
}
