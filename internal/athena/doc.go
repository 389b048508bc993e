// Package athena is the Athena service: it takes SQL, runs it as a query
// execution (parse, check, plan, run), writes the result to the output location
// as Athena does and answers the Athena API. It also runs a query in one call
// and streams its rows (Service.Query), recorded as an execution like any other.
//
// It owns query executions and workgroups (in catalog.db) and the files in the
// output location. It must not know how tables are stored or HTTP: rows come
// from the engine, definitions from the catalog, requests from the gateway.
//
// Where a message or an order of checks follows measured AWS behaviour, the
// comment says so.
package athena
