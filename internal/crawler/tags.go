package crawler

import (
	"context"
	"maps"
)

// Tag adds tags to a crawler and takes others away, also while it runs. allowed
// may refuse what that makes.
func (m *Manager) Tag(ctx context.Context, name string, add map[string]string, remove []string, allowed func(map[string]string) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.crawlers[name]
	if !ok {
		return noCrawler(name)
	}
	c := *old
	c.Tags = map[string]string{}
	maps.Copy(c.Tags, old.Tags)
	for _, key := range remove {
		delete(c.Tags, key)
	}
	maps.Copy(c.Tags, add)
	if err := allowed(c.Tags); err != nil {
		return err
	}
	return m.keep(ctx, &c)
}
