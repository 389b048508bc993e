package crawler

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of Glue.
const (
	maxNameLength  = 255
	maxDescription = 2048
	maxPrefix      = 128
	maxSampleSize  = 249
)

// check refuses what a crawler cannot be, with an error that names the field.
func (m *Manager) check(c *Crawler) error {
	if c.UpdateBehavior == "" {
		c.UpdateBehavior = UpdateInDatabase
	}
	if c.DeleteBehavior == "" {
		c.DeleteBehavior = DeleteDeprecate
	}
	if c.Recrawl == "" {
		c.Recrawl = CrawlEverything
	}
	switch {
	case !validName(c.Name):
		return fail(ErrInvalid, "Crawler name must have 1 to %d characters and no control characters", maxNameLength)
	case c.Role == "":
		return fail(ErrInvalid, "Role cannot be null or empty")
	case utf8.RuneCountInString(c.Description) > maxDescription:
		return fail(ErrInvalid, "Description has more than %d characters", maxDescription)
	case len(c.TablePrefix) > maxPrefix:
		return fail(ErrInvalid, "TablePrefix has more than %d characters", maxPrefix)
	case len(c.Targets) == 0:
		return fail(ErrInvalid, "Targets must have at least one S3 target")
	case c.Database == "":
		return fail(ErrInvalid, "DatabaseName is needed for S3 targets")
	}
	for i := range c.Targets {
		if err := checkTarget(&c.Targets[i]); err != nil {
			return err
		}
	}
	if err := checkPolicies(c); err != nil {
		return err
	}
	if _, err := ReadConfiguration(c.Configuration); err != nil {
		return fail(ErrInvalid, "%v", err)
	}
	if c.Schedule == "" {
		return nil
	}
	_, err := parseSchedule(c.Schedule)
	return err
}

func validName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxNameLength && !strings.ContainsFunc(name, unicode.IsControl)
}

func checkTarget(t *Target) error {
	if _, _, _, err := t.parse(); err != nil {
		return fail(ErrInvalid, "S3Targets: %v", err)
	}
	if t.SampleSize < 0 || t.SampleSize > maxSampleSize {
		return fail(ErrInvalid, "S3Targets: SampleSize %d is not within 1 and %d", t.SampleSize, maxSampleSize)
	}
	return nil
}

func checkPolicies(c *Crawler) error {
	switch c.UpdateBehavior {
	case UpdateInDatabase, UpdateLog:
	default:
		return fail(ErrInvalid, "SchemaChangePolicy: UpdateBehavior %q is not known", c.UpdateBehavior)
	}
	switch c.DeleteBehavior {
	case DeleteFromDatabase, DeleteDeprecate, DeleteLog:
	default:
		return fail(ErrInvalid, "SchemaChangePolicy: DeleteBehavior %q is not known", c.DeleteBehavior)
	}
	switch c.Recrawl {
	case CrawlEverything:
	case CrawlNewFoldersOnly:
		if c.UpdateBehavior != UpdateLog || c.DeleteBehavior != DeleteLog {
			return fail(ErrInvalid, "The SchemaChangePolicy for \"Crawl new folders only\" Amazon S3 target can have only LOG DeleteBehavior value and LOG UpdateBehavior value.")
		}
	default:
		return fail(ErrInvalid, "RecrawlPolicy: RecrawlBehavior %s is not supported", c.Recrawl)
	}
	return nil
}

// haveClassifiers refuses classifiers that do not exist; the caller holds mu.
func (m *Manager) haveClassifiers(c *Crawler) error {
	for _, name := range c.Classifiers {
		if m.classifiers[name] == nil {
			return fail(ErrNotFound, "Classifier entry with name %s does not exist", name)
		}
	}
	return nil
}
