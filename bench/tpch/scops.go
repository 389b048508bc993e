package main

import (
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/scopsdb/scops/bench/rig"
	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/httpapi"
)

// newScops asks a scops with one call a query.
func newScops(s *rig.Scops) engine {
	c := client.Client{Endpoint: s.Endpoint, Region: rig.Region, Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) { return s.Signer.Keys, nil })}
	return engine{"scops", func(ctx context.Context, text string) (int, error) {
		rows, err := c.Query(ctx, httpapi.QueryRequest{SQL: text, Database: "tpch"})
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		for n := 0; ; n++ {
			if _, err := rows.Next(); errors.Is(err, io.EOF) {
				return n, nil
			} else if err != nil {
				return 0, err
			}
		}
	}}
}
