package glue

import (
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/catalog"
)

// Service is the Glue Data Catalog of one account. It is safe for concurrent
// use.
type Service struct {
	store *catalog.Store
}

// New returns the service on a catalog.
func New(store *catalog.Store) *Service { return &Service{store: store} }

// API describes the service to the gateway.
func (s *Service) API() awsapi.Service {
	return awsapi.Service{
		SigningName:  "glue",
		TargetPrefix: "AWSGlue",
		Protocol:     awsapi.JSON11,
		Operations: []awsapi.Operation{
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
		},
		NotImplemented: notImplemented,
	}
}
