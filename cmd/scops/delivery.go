package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/spf13/cobra"
)

// remote is a command on the running scops of a data folder.
type remote struct {
	data, endpoint, region, format string
}

// command makes a subcommand that calls the running scops.
func (r *remote) command(use, short string, args cobra.PositionalArgs, run func(*cobra.Command, *client.Client, []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		c, err := connect(r.data, r.endpoint, r.region)
		if err != nil {
			return err
		}
		return run(cmd, c.client(), args)
	}}
	addConnectionFlags(cmd, &r.data, &r.endpoint, &r.region)
	cmd.Flags().StringVar(&r.format, "format", "", "table, csv, json or ndjson (default: table on a terminal, csv in a pipe)")
	return cmd
}

func deliveryCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "delivery", Short: "Show and change the deliveries of the running scops"}
	cmd.AddCommand(
		listDeliveriesCommand(), showDeliveryCommand(), createDeliveryCommand(), updateDeliveryCommand(),
		deleteDeliveryCommand(), pauseDeliveryCommand(), resumeDeliveryCommand(),
		deliveryErrorsCommand(), resendDeliveryCommand(),
	)
	return cmd
}

func listDeliveriesCommand() *cobra.Command {
	r := &remote{}
	return r.command("list", "List the deliveries with their books", cobra.NoArgs,
		func(cmd *cobra.Command, c *client.Client, _ []string) error {
			list, err := c.Deliveries(cmd.Context())
			if err != nil {
				return err
			}
			var rows []object
			for _, s := range list {
				rows = append(rows, booksOf(s))
			}
			return printObjects(cmd.OutOrStdout(), r.format, booksOf(delivery.Status{}), rows)
		})
}

func showDeliveryCommand() *cobra.Command {
	r := &remote{}
	return r.command("show NAME", "Show a delivery: its definition, its state and its books", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			d, err := c.Delivery(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return r.printDetail(cmd, d)
		})
}

func createDeliveryCommand() *cobra.Command {
	r := &remote{}
	var set []string
	cmd := r.command("create [FILE]", "Make a delivery from a definition: a file, standard input (-) or --set",
		cobra.MaximumNArgs(1), func(cmd *cobra.Command, c *client.Client, args []string) error {
			definition, err := readDefinition(cmd.InOrStdin(), args, nil)
			if err == nil {
				err = setKeys(definition, set)
			}
			if err != nil {
				return err
			}
			d, err := c.CreateDelivery(cmd.Context(), definition)
			if err != nil {
				return err
			}
			return r.printDetail(cmd, d)
		})
	addSetFlag(cmd, &set)
	return cmd
}

func updateDeliveryCommand() *cobra.Command {
	r := &remote{}
	var set []string
	cmd := r.command("update NAME [FILE]", "Replace the definition of a delivery, or some of its keys by --set",
		cobra.RangeArgs(1, 2), func(cmd *cobra.Command, c *client.Client, args []string) error {
			definition, err := readDefinition(cmd.InOrStdin(), args[1:], func() ([]byte, error) {
				if len(set) == 0 {
					return nil, errors.New("give a file or --set")
				}
				d, err := c.Delivery(cmd.Context(), args[0])
				return d.Definition, err
			})
			if err == nil {
				err = setKeys(definition, set)
			}
			if err != nil {
				return err
			}
			d, err := c.UpdateDelivery(cmd.Context(), args[0], definition)
			if err != nil {
				return err
			}
			return r.printDetail(cmd, d)
		})
	addSetFlag(cmd, &set)
	return cmd
}

func deleteDeliveryCommand() *cobra.Command {
	r := &remote{}
	return r.command("delete NAME", "End a delivery; its table keeps the committed files", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			return c.DeleteDelivery(cmd.Context(), args[0])
		})
}

func pauseDeliveryCommand() *cobra.Command {
	r := &remote{}
	var reason string
	cmd := r.command("pause NAME", "Stop a delivery until it is resumed; its messages stay in the queue", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			return r.changed(cmd, func(ctx context.Context) (delivery.Detail, error) {
				return c.PauseDelivery(ctx, args[0], reason)
			})
		})
	cmd.Flags().StringVar(&reason, "reason", "", "why, for whoever looks at its state")
	return cmd
}

func resumeDeliveryCommand() *cobra.Command {
	r := &remote{}
	return r.command("resume NAME", "Let a paused delivery go on", cobra.ExactArgs(1),
		func(cmd *cobra.Command, c *client.Client, args []string) error {
			return r.changed(cmd, func(ctx context.Context) (delivery.Detail, error) {
				return c.ResumeDelivery(ctx, args[0])
			})
		})
}

func (r *remote) changed(cmd *cobra.Command, change func(context.Context) (delivery.Detail, error)) error {
	d, err := change(cmd.Context())
	if err != nil {
		return err
	}
	return r.printDetail(cmd, d)
}

func addSetFlag(cmd *cobra.Command, set *[]string) {
	cmd.Flags().StringArrayVar(set, "set", nil, "key=value of the definition as in scops.yaml, for example max_wait=5s; once for each")
}

// readDefinition reads a definition from a file, or without one from otherwise,
// which may be nil: then it is empty.
func readDefinition(in io.Reader, file []string, otherwise func() ([]byte, error)) (map[string]any, error) {
	var text []byte
	var err error
	switch {
	case len(file) > 0:
		var f io.ReadCloser
		if f, err = events(file, in); err != nil {
			return nil, err
		}
		defer f.Close()
		text, err = io.ReadAll(f)
	case otherwise != nil:
		text, err = otherwise()
	}
	if err != nil {
		return nil, err
	}
	var definition map[string]any
	if err := yaml.Unmarshal(text, &definition); err != nil {
		return nil, fmt.Errorf("the definition is not understood: %w", err)
	}
	if definition == nil { // nothing but --set
		definition = map[string]any{}
	}
	return definition, nil
}

// setKeys puts values into a definition; "a.b=1" is key b of a.
func setKeys(definition map[string]any, set []string) error {
	for _, s := range set {
		key, text, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("--set: %q is not of the form key=value", s)
		}
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return fmt.Errorf("--set: %s: %w", key, err)
		}
		at := definition
		keys := strings.Split(key, ".")
		for _, k := range keys[:len(keys)-1] {
			inner, ok := at[k].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[k] = inner
			}
			at = inner
		}
		at[keys[len(keys)-1]] = value
	}
	return nil
}

// printDetail shows a delivery as JSON, or as a table of its keys.
func (r *remote) printDetail(cmd *cobra.Command, d delivery.Detail) error {
	if r.format == "json" {
		text, err := json.MarshalIndent(d, "", "  ")
		if err == nil {
			_, err = fmt.Fprintln(cmd.OutOrStdout(), string(text))
		}
		return err
	}
	rows := []object{}
	for _, m := range append(booksOf(d.Status), detailOf(d)...) {
		rows = append(rows, object{{"key", m.name}, {"value", m.value}})
	}
	return printObjects(cmd.OutOrStdout(), r.format, object{{"key", nil}, {"value", nil}}, rows)
}
