package crawler

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// CreateClassifier keeps a new classifier.
func (m *Manager) CreateClassifier(ctx context.Context, c Classifier) error {
	if err := c.check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.classifiers[c.Name] != nil {
		return fail(ErrAlreadyExists, "Classifier with name %s already exists", c.Name)
	}
	c.Created, c.Version = m.Now().UTC(), 1
	c.Updated = c.Created
	return m.keepClassifier(ctx, &c)
}

// keepClassifier writes a classifier down; the caller holds mu.
func (m *Manager) keepClassifier(ctx context.Context, c *Classifier) error {
	if err := m.store.put(ctx, "crawler_classifiers", c.Name, c); err != nil {
		return err
	}
	m.classifiers[c.Name] = c
	return nil
}

// ChangeClassifier changes a classifier.
func (m *Manager) ChangeClassifier(ctx context.Context, name string, change func(*Classifier) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.classifiers[name]
	if old == nil {
		return noClassifier(name)
	}
	c := *old
	if old.CSV != nil {
		csv := *old.CSV
		c.CSV = &csv
	}
	if old.Grok != nil {
		grok := *old.Grok
		c.Grok = &grok
	}
	if err := change(&c); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	c.Updated = m.Now().UTC()
	c.Version++
	return m.keepClassifier(ctx, &c)
}

// DeleteClassifier forgets a classifier. Crawlers that name it go on without.
func (m *Manager) DeleteClassifier(ctx context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.classifiers[name] == nil {
		return noClassifier(name)
	}
	if err := m.store.exec(ctx, "DELETE FROM crawler_classifiers WHERE name = ?", name); err != nil {
		return err
	}
	delete(m.classifiers, name)
	return nil
}

// Classifier returns one classifier.
func (m *Manager) Classifier(name string) (Classifier, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.classifiers[name]
	if c == nil {
		return Classifier{}, noClassifier(name)
	}
	return *c, nil
}

// Classifiers returns all classifiers by name.
func (m *Manager) Classifiers() []Classifier {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Classifier, 0, len(m.classifiers))
	for _, c := range slices.SortedFunc(maps.Values(m.classifiers), func(a, b *Classifier) int { return cmp.Compare(a.Name, b.Name) }) {
		out = append(out, *c)
	}
	return out
}

func noClassifier(name string) error {
	return fail(ErrNotFound, "Classifier entry with name %s does not exist", name)
}
