package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Config is scops.yaml.
type Config struct {
	// Region of the account; "" is ap-northeast-2.
	Region     string      `yaml:"region"`
	Buckets    []Bucket    `yaml:"buckets"`
	Stores     []Store     `yaml:"stores"`
	Queues     []Queue     `yaml:"queues"`
	Statements []Statement `yaml:"statements"`
	Deliveries []Delivery  `yaml:"deliveries"`
	Compaction Compaction  `yaml:"compaction"`
	Athena     Athena      `yaml:"athena"`
	Lambda     Lambda      `yaml:"lambda"`
	// CacheBytes bounds the folder in which objects of remote stores are kept
	// while queries read them; nil is DefaultCacheBytes.
	CacheBytes *Bytes `yaml:"cache_bytes"`
	Page       *Page  `yaml:"page"`

	// Dir is the folder of the file; paths in it are relative to Dir.
	Dir string `yaml:"-"`
}

// Bucket is an S3 bucket to make where it is missing.
type Bucket struct {
	Name string `yaml:"name"`
}

// Queue is an SQS queue to make where it is missing. Durations are Go's
// ("30s"); nil leaves AWS's default.
type Queue struct {
	Name              string    `yaml:"name"`
	VisibilityTimeout *Duration `yaml:"visibility_timeout"`
	Retention         *Duration `yaml:"retention"`
	// Source is an SQS queue elsewhere whose messages go into this one.
	Source *Source `yaml:"source"`
}

// Statement is Athena DDL to run at start, given as a file or as text. Applied
// in order; each must be safe to repeat (IF NOT EXISTS).
type Statement struct {
	File string `yaml:"file"`
	SQL  string `yaml:"sql"`
}

// Delivery is queue → table.
type Delivery struct {
	Name        string   `yaml:"name"`
	Queue       string   `yaml:"queue"`
	Table       string   `yaml:"table"` // database.table
	EventTime   string   `yaml:"event_time"`
	Timezone    string   `yaml:"timezone"`
	MaxWait     Duration `yaml:"max_wait"`
	MaxFileWait Duration `yaml:"max_file_wait"`
	MaxRecords  int      `yaml:"max_records"`
	MaxBytes    Bytes    `yaml:"max_bytes"`
	Errors      string   `yaml:"errors"`
	Late        Late     `yaml:"late"`
	Future      Future   `yaml:"future"`
	// Transform is SELECT … FROM batch WHERE …; Partition are expressions by
	// partition key; Fields are the columns of batch, with their Hive types.
	Transform string            `yaml:"transform"`
	Partition map[string]string `yaml:"partition"`
	Fields    map[string]string `yaml:"fields"`
	Dedup     Dedup             `yaml:"dedup"`
	// UnknownFields is ignore (default), collect (into UnknownColumn) or add.
	UnknownFields string   `yaml:"unknown_fields"`
	UnknownColumn string   `yaml:"unknown_column"`
	SortBy        []string `yaml:"sort_by"`
	// TargetFileSize is what large batches are split at and compaction aims at.
	TargetFileSize Bytes `yaml:"target_file_size"`
}

// Dedup says which events are taken for one that was sent again.
type Dedup struct {
	Key    Names    `yaml:"key"`
	Window Duration `yaml:"window"`
}

// Late is what becomes of events that were old when they were sent.
type Late struct {
	OlderThan Duration `yaml:"older_than"`
	Action    string   `yaml:"action"` // deliver (default) or reject
}

// Future is what becomes of events that claim a time after they were sent.
type Future struct {
	AheadOf Duration `yaml:"ahead_of"`
	Action  string   `yaml:"action"` // deliver (default), reject or receive_time
}

// Compaction says how the files of delivered tables are merged. What is not given
// has the defaults of package compaction.
type Compaction struct {
	Enabled        *bool     `yaml:"enabled"` // nil is true
	TargetFileSize *Bytes    `yaml:"target_file_size"`
	QuietAfter     *Duration `yaml:"quiet_after"`
	Grace          *Duration `yaml:"grace"`
	// MaxBytesPerSecond bounds what merges read and write.
	MaxBytesPerSecond *Bytes `yaml:"max_bytes_per_second"`
}

// validate refuses 0 where it would mean the default; package compaction knows
// the bounds.
func (c Compaction) validate() error {
	switch {
	case c.TargetFileSize != nil && *c.TargetFileSize == 0:
		return errors.New("compaction: target_file_size: it cannot be 0")
	case c.QuietAfter != nil && *c.QuietAfter == 0:
		return errors.New("compaction: quiet_after: it cannot be 0")
	case c.MaxBytesPerSecond != nil && *c.MaxBytesPerSecond == 0:
		return errors.New("compaction: max_bytes_per_second: it cannot be 0")
	}
	return nil
}

// Athena are the settings of the Athena service.
type Athena struct {
	// OutputLocation of workgroup primary at its making.
	OutputLocation string `yaml:"output_location"`
	// Hold is how long StartQueryExecution waits for the query's end; nil is
	// 50ms.
	Hold *Duration `yaml:"hold"`
	// PricePerTB in USD, for the cost that scops shows; nil is 5.
	PricePerTB *float64 `yaml:"price_per_tb"`
	// MinimumBytes billed a query; nil is 10 MB.
	MinimumBytes *Bytes `yaml:"minimum_bytes"`
	// MaxOpenPartitions is how many partitions and buckets a statement writes to
	// at most; 0 is Athena's 100.
	MaxOpenPartitions int `yaml:"max_open_partitions"`
	// Budgets of workgroups; a query beyond is refused.
	Budgets []Budget `yaml:"budgets"`
}

// Page is what the statistics page shows.
type Page struct {
	Title      string      `yaml:"title"`
	TitleKO    string      `yaml:"title_ko"` // Korean; "" is Title
	Table      string      `yaml:"table"`    // database.table
	Timezone   string      `yaml:"timezone"` // of "today"; "" is UTC
	Breakdowns []Breakdown `yaml:"breakdowns"`
}

// Breakdown is one chart: a count by a column.
type Breakdown struct {
	Title   string `yaml:"title"`
	TitleKO string `yaml:"title_ko"`
	Column  string `yaml:"column"`
}

// Load reads a file. Errors name the file, the line and the key.
func Load(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	c, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c.Dir = filepath.Dir(path)
	return c, nil
}

// Parse reads the text of a file. A key that is not known is an error.
func Parse(text []byte) (*Config, error) {
	c := &Config{Dir: "."}
	if err := refuseAliases(text); err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField())
	// io.EOF: a file of nothing but comments.
	if err := d.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(yaml.FormatError(err, false, true))
	}
	return c, c.validate()
}

// maxText is how long a file may be, in bytes.
const maxText = 1 << 20

// refuseAliases bounds what a file can make of itself: aliases of aliases grow
// a few lines to more than any memory.
func refuseAliases(text []byte) error {
	if len(text) > maxText {
		return fmt.Errorf("the file is longer than %d bytes", maxText)
	}
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Type == token.AliasType {
			return fmt.Errorf("[%d:%d] an alias (*) is not supported", t.Position.Line, t.Position.Column)
		}
	}
	return nil
}

func (c *Config) validate() error {
	var errs []error
	for i, q := range c.Queues {
		if err := q.validate(); err != nil {
			errs = append(errs, fmt.Errorf("queues[%d]: %w", i, err))
		}
	}
	errs = append(errs, c.validateStores()...)
	for i, b := range c.Buckets {
		if b.Name == "" {
			errs = append(errs, fmt.Errorf("buckets[%d]: name is missing", i))
		}
	}
	for i, s := range c.Statements {
		if (s.File == "") == (s.SQL == "") {
			errs = append(errs, fmt.Errorf("statements[%d]: give either file or sql", i))
		}
	}
	seen := map[string]bool{}
	for i, d := range c.Deliveries {
		for _, f := range []struct{ name, value string }{
			{"name", d.Name}, {"queue", d.Queue}, {"table", d.Table}, {"errors", d.Errors},
		} {
			if f.value == "" {
				errs = append(errs, fmt.Errorf("deliveries[%d]: %s is missing", i, f.name))
			}
		}
		if seen[d.Name] {
			errs = append(errs, fmt.Errorf("deliveries[%d]: the name %q is taken", i, d.Name))
		}
		seen[d.Name] = true
	}
	errs = append(errs, c.Compaction.validate(), c.Athena.validateBudgets())
	if c.Page != nil {
		errs = append(errs, c.Page.validate())
	}
	errs = append(errs, c.Lambda.validate())
	return errors.Join(errs...)
}

// validate holds a queue to the bounds of SQS.
func (q Queue) validate() error {
	if q.Name == "" {
		return errors.New("name is missing")
	}
	if q.Source != nil {
		if err := q.Source.validate(); err != nil {
			return fmt.Errorf("source: %w", err)
		}
	}
	for _, f := range []struct {
		name     string
		value    *Duration
		min, max time.Duration
	}{
		{"visibility_timeout", q.VisibilityTimeout, 0, 12 * time.Hour},
		{"retention", q.Retention, time.Minute, 14 * 24 * time.Hour},
	} {
		if f.value == nil {
			continue
		}
		if d := time.Duration(*f.value); d < f.min || d > f.max || d%time.Second != 0 {
			return fmt.Errorf("%s: %s is not whole seconds within %s and %s", f.name, d, f.min, f.max)
		}
	}
	return nil
}

// validate checks what the page says by itself; its table may come later.
func (p Page) validate() error {
	var errs []error
	if database, table, ok := strings.Cut(p.Table, "."); !ok || database == "" || table == "" {
		errs = append(errs, fmt.Errorf("page: table %q is not of the form database.table", p.Table))
	}
	if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "Local" {
		errs = append(errs, fmt.Errorf("page: timezone: %q is not a time zone such as Asia/Seoul", p.Timezone))
	}
	for i, b := range p.Breakdowns {
		if b.Column == "" {
			errs = append(errs, fmt.Errorf("page: breakdowns[%d]: column is missing", i))
		}
	}
	return errors.Join(errs...)
}

// Text returns the statement's SQL, from its file where it has one.
func (s Statement) Text(dir string) (string, error) {
	if s.File == "" {
		return s.SQL, nil
	}
	path := s.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read statement: %w", err)
	}
	return string(text), nil
}
