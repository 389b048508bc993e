package compatibility

import (
	"fmt"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/glue"
	"github.com/scopsdb/scops/internal/lambda"
	"github.com/scopsdb/scops/internal/lambda/eventsource"
	"github.com/scopsdb/scops/internal/sqs"
	"github.com/scopsdb/scops/internal/sts"
)

// service is a section of the document.
type service struct {
	title string
	api   awsapi.Service
	notes []string
}

func services() []service {
	return []service{
		{"SQS", (&sqs.Service{}).API(), []string{
			"The AWS JSON protocol 1.0, which today's SDKs and CLI speak, and the older Query protocol (forms and XML, version 2012-11-05) of SDKs before November 2023, side by side on one endpoint: POST to `/` or to the queue's path, GET with a query string.",
			"Standard and FIFO queues, dead-letter queues and message move tasks. `KmsMasterKeyId` and `SqsManagedSseEnabled=true` are refused by name: messages are not encrypted. What differs from AWS: [sqs.md](sqs.md).",
			"A send is answered when it is on disk.",
		}},
		{"Athena", (&athena.Service{}).API(), []string{
			"StartQueryExecution and GetQueryExecution wait up to 50 ms (`athena.hold`) for the query's end before they answer.",
			"The SQL is that of Athena engine version 3: [sql.md](sql.md), [sql-functions.md](sql-functions.md).",
			"`EncryptionConfiguration` other than `SSE_S3`, managed query results, `EngineConfiguration` and tags are refused by name.",
			"`ResultReuseConfiguration` reuses a result of at most the age given, and only where the query would give the same rows again ([result-reuse.md](result-reuse.md)).",
		}},
		{"Glue", (&glue.Service{}).WithCrawlers(glue.NewCrawlers(nil)).API(), []string{
			"One catalog behind Glue, Athena's DDL and information_schema: [glue.md](glue.md).",
			"Column statistics, partition indexes, user-defined functions and resource policies are kept and given back; queries of scops do not use them.",
			"Crawlers are of S3 targets: [crawler.md](crawler.md).",
		}},
		{"Lambda", (&lambda.Service{}).API((&eventsource.Service{}).Operations()...), []string{
			"Functions run as processes of this machine, as the user that runs scops: [lambda.md](lambda.md).",
			"Event source mappings are of SQS queues: [lambda-event-sources.md](lambda-event-sources.md).",
			"Zip archives alone. Layers, images, VPCs, file systems, SnapStart, X-Ray, KMS keys, function URLs and streamed responses are refused by name.",
		}},
		{"STS", (&sts.Service{}).API(), []string{"Temporary credentials end with the process."}},
	}
}

const head = `# Compatibility

Written from the code by ` + "`go test ./internal/compatibility -rewrite`" + `; do not edit.

All services answer on one endpoint. Every call's Signature Version 4 is
checked. An operation that is not done answers a well-formed error that names
it: ` + "`NotImplemented`" + `, in SQS ` + "`UnsupportedOperation`" + `.

`

const s3Section = `## S3

S3 is [versitygw](https://github.com/versity/versitygw) over plain files, with
durable puts. Done: buckets, PutObject, GetObject (ranges, conditions),
HeadObject, DeleteObject(s), CopyObject, ListObjects (1 and 2), multipart
uploads, presigned URLs (SigV4, and SigV2 for old clients), checksums in headers
and trailers, tags, path-style and virtual-host addresses with any host, any
region.

Limits of plain files: a key cannot have an empty, ` + "`.` or `..`" + ` part, and cannot be
an object and a folder of objects at the same time. Such a put is refused.

`

const statements = `## SQL statements

| statement | |
| --- | --- |
| SELECT, WITH, VALUES, TABLE | done; what is missing of the grammar is refused with its line and column |
| PREPARE, EXECUTE, EXECUTE IMMEDIATE, DEALLOCATE PREPARE, DESCRIBE INPUT / OUTPUT | done, for queries, on the store that the API of prepared statements has |
| SHOW FUNCTIONS [LIKE] | done |
| EXPLAIN [(FORMAT TEXT, JSON or GRAPHVIZ, TYPE LOGICAL, DISTRIBUTED, IO or VALIDATE)] | done for queries and EXECUTE, with the names of other statements as Trino; the plan is scops's own, in one fragment and without estimates |
| EXPLAIN ANALYZE [VERBOSE] [(FORMAT TEXT or JSON)] | done for queries and EXECUTE: the plan with times, rows, partitions, files and bytes scanned |
| CREATE / ALTER / DROP DATABASE or SCHEMA | done |
| CREATE EXTERNAL TABLE | done, with every clause; what its files cannot be read with is refused by name when they are queried |
| ALTER TABLE ADD / DROP / RENAME PARTITION, ADD / REPLACE / CHANGE / DROP COLUMNS, SET LOCATION, SET TBLPROPERTIES | done; DROP PARTITION with comparisons too |
| MSCK REPAIR TABLE | done |
| DROP TABLE | done |
| CREATE [OR REPLACE] VIEW, DROP VIEW | done |
| SHOW DATABASES / TABLES / VIEWS / PARTITIONS / COLUMNS / TBLPROPERTIES / CREATE TABLE / CREATE VIEW, DESCRIBE | done, see [ddl.md](ddl.md) |
| SHOW SESSION / STATS / ROLES / GRANT, USE, SET and RESET SESSION, START TRANSACTION, COMMIT, ROLLBACK, CALL, GRANT, REVOKE, ANALYZE, LOCK, EXPORT, LOAD | refused by name |
| CREATE TABLE AS, INSERT, UNLOAD, DELETE, UPDATE, MERGE, OPTIMIZE, VACUUM | refused by name |

`

// Document renders docs/compatibility.md.
func Document() string {
	var b strings.Builder
	b.WriteString(head)
	for _, s := range services() {
		s.write(&b)
	}
	b.WriteString(s3Section)
	b.WriteString(statements)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func (s service) write(b *strings.Builder) {
	done := make([]string, len(s.api.Operations))
	for i, op := range s.api.Operations {
		done[i] = op.Name
	}
	fmt.Fprintf(b, "## %s\n\n", s.title)
	for _, n := range s.notes {
		fmt.Fprintf(b, "- %s\n", n)
	}
	fmt.Fprintf(b, "\n| | operations |\n| --- | --- |\n| done (%d) | %s |\n| not done (%d) | %s |\n\n",
		len(done), list(done), len(s.api.NotImplemented), list(s.api.NotImplemented))
}

func list(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(names, ", ")
}
