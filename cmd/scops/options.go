package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/scopsdb/scops/internal/telemetry"
	"github.com/spf13/cobra"
)

// serveOptions are the flags of `scops serve`; the demo sets them itself.
type serveOptions struct {
	data      string
	listen    string
	tlsListen string
	tlsCert   string
	tlsKey    string
	config    string
	logFormat string
	logLevel  string
}

func (o *serveOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.data, "data", defaultData, "folder of everything that scops keeps")
	f.StringVar(&o.listen, "listen", defaultListen, "address of the endpoint")
	f.StringVar(&o.tlsListen, "tls-listen", "", "address of the same endpoint over https")
	f.StringVar(&o.tlsCert, "tls-cert", "", "PEM file of the certificate (default: a self-signed one)")
	f.StringVar(&o.tlsKey, "tls-key", "", "PEM file of the certificate's key")
	f.StringVar(&o.config, "config", "", "scops.yaml: queues, tables, deliveries, the page")
	f.StringVar(&o.logFormat, "log-format", "text", "text or json")
	f.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn or error")
}

// validate refuses flags that would be without effect or are half given.
func (o *serveOptions) validate() error {
	switch {
	case (o.tlsCert == "") != (o.tlsKey == ""):
		return errors.New("give both --tls-cert and --tls-key, or neither for a self-signed certificate")
	case o.tlsCert != "" && o.tlsListen == "":
		return errors.New("--tls-cert and --tls-key need --tls-listen, the address of the https endpoint")
	}
	return nil
}

func (o *serveOptions) logger() (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %q is none of debug, info, warn, error", o.logLevel)
	}
	log, err := telemetry.Logger(os.Stderr, o.logFormat, level)
	if err != nil {
		return nil, fmt.Errorf("--log-format: %w", err)
	}
	return log, nil
}
