package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/spf13/cobra"
)

func deliveryErrorsCommand() *cobra.Command {
	r := &remote{}
	var where string
	var limit int
	cmd := r.command("errors NAME", "Print the rejected events of a delivery, the newest first", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			d, err := c.Delivery(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			printer, err := client.NewPrinter(chooseFormat(r.format), cmd.OutOrStdout())
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			sql := fmt.Sprintf("SELECT rejected_at, message_id, reason, position, body, sent_at, batch_id, body_encoding, resent_at, resent_message_id FROM %s.%s WHERE delivery = '%s' AND (%s\n) ORDER BY rejected_at DESC LIMIT %d",
				quoteName(d.Database), quoteName(d.Table+"$errors"), args[0], where, limit)
			return runQuery(cmd.Context(), c, httpapi.QueryRequest{SQL: sql}, printer, io.Discard)
		})
	cmd.Flags().StringVar(&where, "where", "true", "SQL condition over the errors table, for example \"resent_at IS NULL\"")
	cmd.Flags().IntVar(&limit, "limit", 1000, "how many at most")
	return cmd
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func resendDeliveryCommand() *cobra.Command {
	r := &remote{}
	var in httpapi.ResendRequest
	var edited string
	cmd := r.command("resend NAME", "Send rejected events of a delivery again, each once", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			if edited != "" {
				f, err := events([]string{edited}, cmd.InOrStdin())
				if err != nil {
					return err
				}
				defer f.Close()
				if in.Events, err = readCorrected(f); err != nil {
					return fmt.Errorf("--edit: %w", err)
				}
			}
			if in.Where == "" && len(in.MessageIDs) == 0 && len(in.Events) == 0 {
				return errors.New("say which events: --where, --message-id or --edit")
			}
			out, err := c.ResendDelivery(cmd.Context(), args[0], in)
			if err != nil {
				return err
			}
			like := object{{"message_id", nil}, {"resent_message_id", nil}}
			var rows []object
			for _, e := range out.Events {
				rows = append(rows, object{{"message_id", e.MessageID}, {"resent_message_id", e.NewMessageID}})
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d events sent again\n", out.Resent)
			return printObjects(cmd.OutOrStdout(), r.format, like, rows)
		})
	cmd.Flags().StringVar(&in.Where, "where", "", "SQL condition over the errors table; true for all")
	cmd.Flags().StringArrayVar(&in.MessageIDs, "message-id", nil, "message id of a rejected event, once for each")
	cmd.Flags().StringVar(&edited, "edit", "", "file (or -) of corrected events: lines of {\"message_id\": …, \"event\": {…}}")
	return cmd
}

// readCorrected reads lines of JSON.
func readCorrected(in io.Reader) (all []httpapi.CorrectedEvent, err error) {
	lines := json.NewDecoder(in)
	lines.DisallowUnknownFields()
	for n := 1; ; n++ {
		var e httpapi.CorrectedEvent
		if err := lines.Decode(&e); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("event %d: %w", n, err)
		}
		all = append(all, e)
	}
}
