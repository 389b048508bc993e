package main

import (
	"context"
	"errors"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine"
)

// await lets a query wait for an event, and gives failures the form of a
// query's.
func (a *app) await(ctx context.Context, event string, tables []*catalog.Table) error {
	err := a.deliver.Await(ctx, event, tables)
	var said *delivery.AwaitError
	if errors.As(err, &said) {
		return &engine.Error{Name: said.Code, Message: said.Message}
	}
	return err
}
