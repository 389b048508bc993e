package delivery

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/queue"
)

// Defaults of a Config and the limits of its values.
const (
	DefaultMaxWait    = time.Second
	DefaultMaxRecords = 100_000
	DefaultMaxBytes   = 64 << 20
	// DefaultTargetFileSize is what engines on S3 like best: large enough to
	// read in long runs, small enough for several cores to share a table.
	DefaultTargetFileSize = 128 << 20
	// DefaultMaxFileWait makes about 1,000 files a day in a partition that is
	// written all the time.
	DefaultMaxFileWait = 90 * time.Second

	minBytes   = 1 << 20 // the largest message must fit
	maxBytes   = 512 << 20
	maxRecords = 1_000_000
	maxWait    = 15 * time.Minute

	minFileSize = 1 << 20
	maxFileSize = 1 << 30
	maxRowGroup = 32 << 20
)

// Config is one delivery: queue → table.
type Config struct {
	Name     string
	Queue    queue.Name
	Database string
	Table    string
	// EventTime is the field that decides the partition; "" and events without
	// it take the time at which the event was sent.
	EventTime string
	Timezone  string // IANA name of the zone that partitions follow; "" is UTC
	// A batch is written when one of the three is reached.
	MaxWait    time.Duration // since its first message; 0 is 1 s
	MaxRecords int           // 0 is 100,000
	MaxBytes   int64         // of bodies; 0 is 64 MiB
	// MaxFileWait is how long a batch is held at most, instead of MaxWait, where
	// its partitions were written often lately and queries see it all the same;
	// 0 is 90 s, or MaxWait where that is longer.
	MaxFileWait time.Duration
	// Errors is the s3:// folder for records that cannot be delivered.
	Errors string
	// Late and Future bound the event's time around the time at which the event
	// was sent.
	Late   Late
	Future Future
	// Transform is SELECT … FROM batch WHERE … over the events of a batch; ""
	// writes them as they are.
	Transform string
	// Partition are SQL expressions over the same columns, by partition key.
	Partition map[string]string
	// Fields are the columns of batch with their Hive types; nil is those of the
	// table.
	Fields map[string]string
	// UnknownFields says what becomes of fields that no column asks for; "" is
	// Ignore. UnknownColumn is the string column that collects them.
	UnknownFields UnknownFields
	UnknownColumn string
	// Dedup tells events that were sent again.
	Dedup Dedup
	// SortBy are the columns by which the rows of each file are sorted.
	SortBy []string
	// TargetFileSize is the size of a file, in bytes, that large batches are
	// split at and compaction aims at; 0 is 128 MiB.
	TargetFileSize int64

	// Document is the declaration that this was made from, as JSON, for whoever
	// asks. It says nothing to the delivery itself.
	Document json.RawMessage `json:"-"`
}

// fields are the declared columns of batch, by name.
func (c Config) fields() []catalog.Column {
	var out []catalog.Column
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		out = append(out, catalog.Column{Name: strings.ToLower(name), Type: strings.ToLower(c.Fields[name])})
	}
	return out
}

// validateTransform checks the declared columns of batch; the SQL is checked
// with the table.
func (c Config) validateTransform(bad func(field, format string, args ...any)) {
	if len(c.Fields) > 0 && c.Transform == "" {
		bad("fields", "they are the columns of batch, and there is no transform")
	}
	seen := map[string]bool{}
	for _, f := range c.fields() {
		if _, err := record.NewColumn(f.Name, f.Type); err != nil || f.Name == "" || strings.HasPrefix(f.Name, "$") {
			bad("fields", "%s: %q is no Hive type, or the name is empty or begins with $", f.Name, f.Type)
		}
		if seen[f.Name] {
			bad("fields", "%s is there twice", f.Name)
		}
		seen[f.Name] = true
	}
	for key, expression := range c.Partition {
		if strings.TrimSpace(expression) == "" {
			bad("partition", "%s: the expression is missing", key)
		}
	}
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// withDefaults fills what is not given.
func (c Config) withDefaults() Config {
	if c.MaxWait == 0 {
		c.MaxWait = DefaultMaxWait
	}
	if c.MaxRecords == 0 {
		c.MaxRecords = DefaultMaxRecords
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.MaxFileWait == 0 {
		c.MaxFileWait = max(DefaultMaxFileWait, c.MaxWait)
	}
	if c.Timezone == "" {
		c.Timezone = "UTC"
	}
	if c.TargetFileSize == 0 {
		c.TargetFileSize = DefaultTargetFileSize
	}
	if c.UnknownFields == "" {
		c.UnknownFields = Ignore
	}
	if c.Late.Action == "" {
		c.Late.Action = Deliver
	}
	if c.Future.Action == "" {
		c.Future.Action = Deliver
	}
	c.Database, c.Table = strings.ToLower(c.Database), strings.ToLower(c.Table)
	return c
}

// Validate checks what the configuration says by itself. Its errors name the
// delivery and the field, all of them at once.
func (c Config) Validate() error {
	c = c.withDefaults()
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("delivery %q: %s: %s", c.Name, field, fmt.Sprintf(format, args...)))
	}
	if !nameForm.MatchString(c.Name) {
		bad("name", "it must be 1 to 64 letters, digits, _ or -, and begin with a letter or digit")
	}
	if c.Queue == "" {
		bad("queue", "is missing")
	}
	if c.Database == "" || c.Table == "" {
		bad("table", "give database.table")
	}
	if _, err := loadZone(c.Timezone); err != nil {
		bad("timezone", "%q is not a time zone such as Asia/Seoul", c.Timezone)
	}
	if c.MaxWait < time.Millisecond || c.MaxWait > maxWait {
		bad("max_wait", "%s is not within 1ms and %s", c.MaxWait, maxWait)
	}
	if c.MaxWait <= maxWait && (c.MaxFileWait < c.MaxWait || c.MaxFileWait > maxWait) {
		bad("max_file_wait", "%s is not within max_wait, which is %s, and %s", c.MaxFileWait, c.MaxWait, maxWait)
	}
	if c.MaxRecords < 1 || c.MaxRecords > maxRecords {
		bad("max_records", "%d is not within 1 and %d", c.MaxRecords, maxRecords)
	}
	if c.MaxBytes < minBytes || c.MaxBytes > maxBytes {
		bad("max_bytes", "%d is not within 1 MiB, so that every message fits, and 512 MiB", c.MaxBytes)
	}
	if c.Errors == "" {
		bad("errors", "is missing: records that cannot be delivered need a place, for example s3://logs/errors/")
	} else if _, _, err := objects.SplitURI(c.Errors); err != nil {
		bad("errors", "%v", err)
	}
	if c.TargetFileSize < minFileSize || c.TargetFileSize > maxFileSize {
		bad("target_file_size", "%d is not within 1 MiB and 1 GiB", c.TargetFileSize)
	}
	c.validateBounds(bad)
	c.validateTransform(bad)
	c.validateDedup(bad)
	c.validateUnknown(bad)
	return errors.Join(errs...)
}

func (c Config) validateBounds(bad func(field, format string, args ...any)) {
	if (c.Late.OlderThan != 0 || c.Future.AheadOf != 0) && c.EventTime == "" {
		bad("event_time", "is missing: late and future events are told by it")
	}
	if c.Late.OlderThan < 0 || c.Late.OlderThan == 0 && c.Late.Action != Deliver {
		bad("late.older_than", "is missing or negative: give a duration such as 30d")
	}
	if c.Future.AheadOf < 0 || c.Future.AheadOf == 0 && c.Future.Action != Deliver {
		bad("future.ahead_of", "is missing or negative: give a duration such as 1h")
	}
	if err := c.Late.Action.validate(Deliver, Reject); err != nil {
		bad("late.action", "%v", err)
	}
	if err := c.Future.Action.validate(Deliver, Reject, ReceiveTime); err != nil {
		bad("future.action", "%v", err)
	}
}

// loadZone refuses "Local", which would follow the machine.
func loadZone(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, errors.New("the zone must not depend on the machine")
	}
	return time.LoadLocation(name)
}

// mostOfQueue bounds the deliveries of one queue: each message is handed to all.
const mostOfQueue = 64

// checkTogether refuses deliveries that would take from one another.
func checkTogether(configs []Config) error {
	var errs []error
	names, queues, tables := map[string]bool{}, map[queue.Name]int{}, map[string]string{}
	for _, c := range configs {
		errs = append(errs, c.Validate())
		if names[c.Name] {
			errs = append(errs, fmt.Errorf("delivery %q: name: there are two of this name", c.Name))
		}
		names[c.Name] = true
		if queues[c.Queue]++; queues[c.Queue] == mostOfQueue+1 {
			errs = append(errs, fmt.Errorf("delivery %q: queue: %q feeds %d deliveries already, which is the most", c.Name, c.Queue, mostOfQueue))
		}
		table := strings.ToLower(c.Database + "." + c.Table)
		if other, ok := tables[table]; ok {
			errs = append(errs, fmt.Errorf("delivery %q: table: %s is filled by delivery %q already", c.Name, table, other))
		}
		tables[table] = c.Name
	}
	return errors.Join(errs...)
}
