package iceberg

import (
	"bytes"
	"context"

	ice "github.com/apache/iceberg-go"
)

// manifestList reads which manifests a snapshot has.
func (s *Tables) manifestList(ctx context.Context, snap *Snapshot) ([]ice.ManifestFile, error) {
	if snap == nil {
		return nil, nil
	}
	if snap.ManifestList == "" {
		return nil, fail(errNotSupported, nil, "Snapshot %d has no manifest list: manifests embedded in the metadata are not supported", snap.ID)
	}
	data, err := s.read(ctx, snap.ManifestList)
	if err != nil {
		return nil, err
	}
	list, err := ice.ReadManifestList(bytes.NewReader(data))
	if err != nil {
		return nil, fail(errInvalidMetadata, err, "Invalid manifest list %s: %v", snap.ManifestList, err)
	}
	return list, nil
}

// entries reads what a manifest says of files that are there. Nothing of it
// changes.
func (s *Tables) entries(ctx context.Context, m ice.ManifestFile) ([]ice.ManifestEntry, error) {
	all, err := s.allEntries(ctx, m)
	if err != nil {
		return nil, err
	}
	var out []ice.ManifestEntry
	for _, e := range all {
		if e.Status() != ice.EntryStatusDELETED {
			out = append(out, e)
		}
	}
	return out, nil
}

// allEntries are the entries of a manifest with those of files that it removed.
func (s *Tables) allEntries(ctx context.Context, m ice.ManifestFile) ([]ice.ManifestEntry, error) {
	if found, ok := s.manifests.Get(m.FilePath()); ok {
		return found, nil
	}
	data, err := s.read(ctx, m.FilePath())
	if err != nil {
		return nil, err
	}
	entries, err := ice.ReadManifest(m, bytes.NewReader(data), false)
	if err != nil {
		return nil, fail(errInvalidMetadata, err, "Invalid manifest %s: %v", m.FilePath(), err)
	}
	s.manifests.Add(m.FilePath(), entries)
	return entries, nil
}
