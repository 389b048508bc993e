package crawler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What a crawler does to tables whose files changed, and to those without any.
// https://docs.aws.amazon.com/glue/latest/webapi/API_SchemaChangePolicy.html
const (
	UpdateInDatabase   = "UPDATE_IN_DATABASE"
	UpdateLog          = "LOG"
	DeleteFromDatabase = "DELETE_FROM_DATABASE"
	DeleteDeprecate    = "DEPRECATE_IN_DATABASE"
	DeleteLog          = "LOG"
)

// What a crawler looks at when it runs again.
// https://docs.aws.amazon.com/glue/latest/webapi/API_RecrawlPolicy.html
const (
	CrawlEverything     = "CRAWL_EVERYTHING"
	CrawlNewFoldersOnly = "CRAWL_NEW_FOLDERS_ONLY"
)

// Crawler is a crawler as it is defined.
type Crawler struct {
	Name        string
	Role        string
	Database    string
	Description string
	TablePrefix string
	Targets     []Target
	Classifiers []string // names, in order
	// UpdateBehavior and DeleteBehavior are the schema change policy.
	UpdateBehavior, DeleteBehavior string
	Recrawl                        string
	Configuration                  string // JSON, as it came; "" for none
	Schedule                       string // cron(…), "" for none
	Scheduled                      bool   // the schedule is on
	Tags                           map[string]string
	Created, Updated               time.Time
	Version                        int64
}

// Settings are a Configuration, read.
type Settings struct {
	Grouping         Grouping
	MergeNewColumns  bool
	InheritFromTable bool
	TableThreshold   int // 0 is no limit
}

// configuration is the JSON of a crawler.
// https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
type configuration struct {
	Version       float64
	CrawlerOutput struct {
		Partitions struct{ AddOrUpdateBehavior string }
		Tables     struct {
			AddOrUpdateBehavior string
			TableThreshold      int
		}
	}
	Grouping struct {
		TableGroupingPolicy     string
		TableLevelConfiguration int
	}
	CreatePartitionIndex bool // partitions are always found by an index here
}

// ReadConfiguration reads a crawler's Configuration; an error names what is
// wrong or not known.
func ReadConfiguration(text string) (*Settings, error) {
	out := &Settings{}
	if text == "" {
		return out, nil
	}
	var c configuration
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("Configuration: %w", err) //nolint:staticcheck // the name of the field
	}
	choice := func(field, value, known string) error {
		if value == "" || value == known {
			return nil
		}
		return fmt.Errorf("Configuration: %s %q is not known", field, value) //nolint:staticcheck // the name of the field
	}
	var errs []error
	if c.Version != 1 {
		errs = append(errs, fmt.Errorf("Configuration: Version %v is not known", c.Version)) //nolint:staticcheck // the name of the field
	}
	errs = append(errs,
		choice("CrawlerOutput.Partitions.AddOrUpdateBehavior", c.CrawlerOutput.Partitions.AddOrUpdateBehavior, "InheritFromTable"),
		choice("CrawlerOutput.Tables.AddOrUpdateBehavior", c.CrawlerOutput.Tables.AddOrUpdateBehavior, "MergeNewColumns"),
		choice("Grouping.TableGroupingPolicy", c.Grouping.TableGroupingPolicy, "CombineCompatibleSchemas"))
	if c.Grouping.TableLevelConfiguration < 0 || c.CrawlerOutput.Tables.TableThreshold < 0 {
		errs = append(errs, errors.New("Configuration: TableLevelConfiguration and TableThreshold are at least 1")) //nolint:staticcheck // the name of the field
	}
	out.Grouping = Grouping{CombineCompatible: c.Grouping.TableGroupingPolicy != "", TableLevel: c.Grouping.TableLevelConfiguration}
	out.MergeNewColumns = c.CrawlerOutput.Tables.AddOrUpdateBehavior != ""
	out.InheritFromTable = c.CrawlerOutput.Partitions.AddOrUpdateBehavior != ""
	out.TableThreshold = c.CrawlerOutput.Tables.TableThreshold
	return out, errors.Join(errs...)
}
