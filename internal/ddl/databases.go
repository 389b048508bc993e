package ddl

import (
	"errors"
	"maps"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/hive"
)

func (r *run) createDatabase(s *hive.CreateDatabase) error {
	if s.Location != "" {
		if _, _, err := objects.SplitURI(s.Location); err != nil {
			return semantic(s, "LOCATION: %v", err)
		}
	}
	return refused(r.Catalog.CreateDatabase(r.ctx, catalog.Database{
		Name:        s.Name,
		Description: s.Comment,
		LocationURI: s.Location,
		Parameters:  s.Properties,
	}, s.IfNotExists))
}

func (r *run) dropDatabase(s *hive.DropDatabase) error {
	err := r.Catalog.DropDatabase(r.ctx, s.Name, s.IfExists, s.Cascade)
	if errors.Is(err, catalog.ErrNotFound) {
		return r.missing(hive.TableName{Position: s.Position, Database: s.Name}, err)
	}
	return refused(err)
}

func (r *run) setDatabaseProperties(s *hive.SetDatabaseProperties) error {
	d, err := r.Catalog.Database(r.ctx, s.Name)
	if err != nil {
		return r.missing(hive.TableName{Position: s.Position, Database: s.Name}, err)
	}
	d.Parameters = maps.Clone(d.Parameters)
	if d.Parameters == nil {
		d.Parameters = map[string]string{}
	}
	maps.Copy(d.Parameters, s.Properties)
	return refused(r.Catalog.UpdateDatabase(r.ctx, d))
}
