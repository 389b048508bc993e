// Package config reads scops.yaml, the pipelines as code: queues, Athena
// statements and deliveries. It owns the file's form and its errors, which name
// the line. It must not know how any part works: cmd/scops maps it to them.
package config
