package catalog

import (
	"errors"
	"time"
)

// Errors that the catalog answers with (test with errors.Is); the text of the
// wrapping error names the item.
var (
	ErrNotFound      = errors.New("not found")
	ErrAlreadyExists = errors.New("already exists")
	ErrInvalid       = errors.New("invalid")
	ErrNotEmpty      = errors.New("not empty")
	ErrConflict      = errors.New("concurrent modification")
	ErrLimit         = errors.New("limit exceeded")
)

// Database is a Glue database (Athena: schema).
type Database struct {
	Name        string
	Description string
	LocationURI string
	Parameters  map[string]string
	CreateTime  time.Time
	// DefaultPermissions are Lake Formation's for new tables, as clients gave
	// them; nil for its own default. They are kept and given back.
	DefaultPermissions []Permissions `json:",omitempty"`
}

// Permissions are what Lake Formation lets a principal do.
type Permissions struct {
	Principal   string
	Permissions []string
}

// Column is a table column or partition key, with its Hive type text.
type Column struct {
	Name    string // lower-case
	Type    string // Hive type, lower-case: "string", "array<struct<a:int>>"
	Comment string
	// Parameters are free properties that clients keep with a column (Iceberg
	// keeps its field ids there); nil for most.
	Parameters map[string]string `json:",omitempty"`
}

// SerDe says how rows lie in the files, as in Glue's SerDeInfo.
type SerDe struct {
	Name       string
	Library    string            // class name, for example org.openx.data.jsonserde.JsonSerDe
	Parameters map[string]string // for example field.delim
}

// Storage is what else Glue keeps of a table's files. scops stores and returns
// it and reads nothing from it.
type Storage struct {
	Compressed             bool
	NumberOfBuckets        int32
	BucketColumns          []string
	SortColumns            []SortColumn
	StoredAsSubDirectories bool
	Parameters             map[string]string
	Skewed                 *Skewed `json:",omitempty"`
}

// Skewed is what Hive knows of values that are very frequent.
type Skewed struct {
	Columns   []string
	Values    []string
	Locations map[string]string // by value
}

// SortColumn is a column that files are sorted by, as Glue keeps it.
type SortColumn struct {
	Column string
	Order  int32 // 1 ascending, 0 descending
}

// Table is a Glue table.
type Table struct {
	Database                           string
	Name                               string
	Type                               string // EXTERNAL_TABLE or VIRTUAL_VIEW
	Description                        string
	Owner                              string
	Columns                            []Column
	PartitionKeys                      []Column
	Location                           string // s3://bucket/prefix/, as given
	InputFormat                        string
	OutputFormat                       string
	SerDe                              SerDe
	Storage                            Storage
	Retention                          int32 // days, as Glue keeps it
	Parameters                         map[string]string
	ViewOriginalText, ViewExpandedText string
	CreateTime                         time.Time
	UpdateTime                         time.Time
	LastAccessTime, LastAnalyzedTime   time.Time // as clients say; zero where they do not
	// Absent tells what the writer of the definition left out.
	Absent Absent `json:",omitzero"`
	// Delivery is the name of the delivery that owns the table's files, or ""
	// for an external table. Files of a delivered table are those that the
	// catalog committed; files of an external table are those in its folders.
	Delivery string
	// Version changes with every change of the table's definition.
	Version int64
}

// Absent are parts of a definition that its writer left out. They are left out
// when it is given back, as clients expect that compare the two.
type Absent struct {
	Type  bool `json:",omitempty"`
	SerDe bool `json:",omitempty"`
}

// Partition is one registered partition.
type Partition struct {
	Values     []string // one per partition key, as text
	Location   string   // s3://bucket/prefix/
	Parameters map[string]string
	CreateTime time.Time
	// Details is what clients keep with the partition beside that, nil for most.
	Details *PartitionDetails
	// Files and Bytes count the committed data files of a delivered table.
	Files int64
	Bytes int64
}

// PartitionDetails is what Glue keeps of a partition beside its location.
type PartitionDetails struct {
	LastAccessTime, LastAnalyzedTime time.Time
	// Descriptor is the partition's own, nil where it is as the table's. It says
	// how the files of the partition are read.
	Descriptor *Descriptor `json:",omitempty"`
}

// Descriptor is Glue's StorageDescriptor without its location.
type Descriptor struct {
	Columns                   []Column
	InputFormat, OutputFormat string
	SerDe                     SerDe
	NoSerDe                   bool // its writer gave none
	Storage                   Storage
}

// DataFile is a committed object of a delivered table.
type DataFile struct {
	Partition []string // values; empty for a table without partition keys
	Bucket    string
	Key       string
	Size      int64 // bytes
	Rows      int64
	// Level is how often the rows were merged since the delivery wrote them.
	Level int
	// CommittedAt is when the newest of its rows became part of the table; zero
	// in files of versions that did not keep it. Where it is not given, that is
	// the time of the commit.
	CommittedAt time.Time
}

// Batch is what a delivery commits in one transaction: its files, their
// partitions and its counts. Committing the same Delivery and ID again is no
// error and changes nothing.
type Batch struct {
	Delivery string
	ID       string
	Database string
	Table    string
	Files    []DataFile
	// Errors are the objects with the rejected records.
	Errors []DataFile
	// Partitions to register where they are new, with their locations.
	Partitions []Partition
	Delivered  int64 // records in Files
	Rejected   int64 // records in the error location
	Filtered   int64 // that the transform left out
	Duplicates int64 // of events delivered before
	Late       int64 // of all of these: too old when they were sent
	Future     int64 // of all of these: too far ahead of when they were sent
	// NewestSentAt is the send time of the newest message in the batch.
	NewestSentAt time.Time
	CommittedAt  time.Time
	// Applied, if not nil, is called in the moment from which on Snapshot shows
	// the files of the batch, so that a caller who shows their rows until then
	// shows each once. It must be quick, may be called again, and must not call
	// the catalog.
	Applied func()
}

// Settled counts the messages that are done with, whatever became of them.
func (t DeliveryTotals) Settled() int64 {
	return t.Delivered + t.Rejected + t.Filtered + t.Duplicates
}

// DeliveryTotals are the books of a delivery, as committed.
type DeliveryTotals struct {
	Delivered    int64
	Rejected     int64
	Filtered     int64
	Duplicates   int64
	Late         int64
	Future       int64
	Batches      int64
	Files        int64
	Bytes        int64
	NewestSentAt time.Time
	CommittedAt  time.Time
}
