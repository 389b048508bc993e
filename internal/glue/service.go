package glue

import (
	"context"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Service is the Glue Data Catalog of one account. It is safe for concurrent
// use.
type Service struct {
	store      *catalog.Store
	candidates Candidates
	crawlers   *Crawlers
}

// Candidates finds the partitions of a table for which a filter may hold without
// looking at all; known is false where it cannot tell (planner.Planner has it).
type Candidates func(t *catalog.Table, set *catalog.PartitionSet, filter predicate.Predicate) (places []int, known bool)

// New returns the service on a catalog. Without candidates GetPartitions looks
// at all partitions.
func New(store *catalog.Store, candidates Candidates) *Service {
	return &Service{store: store, candidates: candidates}
}

// WithCrawlers has the service answer for crawlers too.
func (s *Service) WithCrawlers(c *Crawlers) *Service {
	s.crawlers = c
	return s
}

// API describes the service to the gateway.
func (s *Service) API() awsapi.Service {
	var more []awsapi.Operation
	if s.crawlers != nil {
		more = s.crawlers.Operations()
	}
	return awsapi.Service{
		SigningName:  "glue",
		TargetPrefix: "AWSGlue",
		Protocol:     awsapi.JSON11,
		Operations: checked(append([]awsapi.Operation{
			awsapi.Op("CreateDatabase", s.CreateDatabase),
			awsapi.Op("GetDatabase", s.GetDatabase),
			awsapi.Op("GetDatabases", s.GetDatabases),
			awsapi.Op("UpdateDatabase", s.UpdateDatabase),
			awsapi.Op("DeleteDatabase", s.DeleteDatabase),
			awsapi.Op("CreateTable", s.CreateTable),
			awsapi.Op("GetTable", s.GetTable),
			awsapi.Op("GetTables", s.GetTables),
			awsapi.Op("UpdateTable", s.UpdateTable),
			awsapi.Op("DeleteTable", s.DeleteTable),
			awsapi.Op("BatchDeleteTable", s.BatchDeleteTable),
			awsapi.Op("CreatePartition", s.CreatePartition),
			awsapi.Op("BatchCreatePartition", s.BatchCreatePartition),
			awsapi.Op("GetPartition", s.GetPartition),
			awsapi.Op("GetPartitions", s.GetPartitions),
			awsapi.Op("BatchGetPartition", s.BatchGetPartition),
			awsapi.Op("UpdatePartition", s.UpdatePartition),
			awsapi.Op("BatchUpdatePartition", s.BatchUpdatePartition),
			awsapi.Op("DeletePartition", s.DeletePartition),
			awsapi.Op("BatchDeletePartition", s.BatchDeletePartition),
			awsapi.Op("GetTableVersion", s.GetTableVersion),
			awsapi.Op("GetTableVersions", s.GetTableVersions),
			awsapi.Op("DeleteTableVersion", s.DeleteTableVersion),
			awsapi.Op("BatchDeleteTableVersion", s.BatchDeleteTableVersion),
			awsapi.Op("SearchTables", s.SearchTables),
			awsapi.Op("CreatePartitionIndex", s.CreatePartitionIndex),
			awsapi.Op("DeletePartitionIndex", s.DeletePartitionIndex),
			awsapi.Op("GetPartitionIndexes", s.GetPartitionIndexes),
			awsapi.Op("UpdateColumnStatisticsForTable", s.UpdateColumnStatisticsForTable),
			awsapi.Op("UpdateColumnStatisticsForPartition", s.UpdateColumnStatisticsForPartition),
			awsapi.Op("GetColumnStatisticsForTable", s.GetColumnStatisticsForTable),
			awsapi.Op("GetColumnStatisticsForPartition", s.GetColumnStatisticsForPartition),
			awsapi.Op("DeleteColumnStatisticsForTable", s.DeleteColumnStatisticsForTable),
			awsapi.Op("DeleteColumnStatisticsForPartition", s.DeleteColumnStatisticsForPartition),
			awsapi.Op("CreateUserDefinedFunction", s.CreateUserDefinedFunction),
			awsapi.Op("UpdateUserDefinedFunction", s.UpdateUserDefinedFunction),
			awsapi.Op("GetUserDefinedFunction", s.GetUserDefinedFunction),
			awsapi.Op("GetUserDefinedFunctions", s.GetUserDefinedFunctions),
			awsapi.Op("DeleteUserDefinedFunction", s.DeleteUserDefinedFunction),
			awsapi.Op("TagResource", s.TagResource),
			awsapi.Op("UntagResource", s.UntagResource),
			awsapi.Op("GetTags", s.GetTags),
			awsapi.Op("GetCatalog", s.GetCatalog),
			awsapi.Op("GetCatalogs", s.GetCatalogs),
			awsapi.Op("GetCatalogImportStatus", s.GetCatalogImportStatus),
			awsapi.Op("ImportCatalogToGlue", s.ImportCatalogToGlue),
			awsapi.Op("GetDataCatalogEncryptionSettings", s.GetDataCatalogEncryptionSettings),
			awsapi.Op("PutDataCatalogEncryptionSettings", s.PutDataCatalogEncryptionSettings),
			awsapi.Op("PutResourcePolicy", s.PutResourcePolicy),
			awsapi.Op("GetResourcePolicy", s.GetResourcePolicy),
			awsapi.Op("GetResourcePolicies", s.GetResourcePolicies),
			awsapi.Op("DeleteResourcePolicy", s.DeleteResourcePolicy),
		}, more...)),
		NotImplemented: notImplemented,
	}
}

// checked has each operation's input checked first.
func checked(operations []awsapi.Operation) []awsapi.Operation {
	for i, op := range operations {
		operations[i].Call = func(ctx context.Context, in any) (any, error) {
			if err := checkInput(in); err != nil {
				return nil, err
			}
			if err := checkCatalog(in); err != nil {
				return nil, err
			}
			return op.Call(ctx, in)
		}
	}
	return operations
}
