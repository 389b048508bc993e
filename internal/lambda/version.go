package lambda

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/uuid"
	"github.com/scopsdb/scops/internal/lambda/code"
)

// version is one version of a function: the configuration as operations answer
// it, in its settled state, and its code.
type version struct {
	Config api.FunctionConfiguration
	Code   code.Hash
	Source string // of a published version: the revision of $LATEST that it is of
}

// touch gives the version a new revision and a new time of change.
func (v *version) touch(now time.Time) {
	v.Config.RevisionId = ptr(uuid.NewString())
	v.Config.LastModified = ptr(now.UTC().Format("2006-01-02T15:04:05.000+0000"))
}

// setCode records other code.
func (v *version) setCode(h code.Hash, size int) {
	v.Code = h
	v.Config.CodeSize = int64(size)
	sum, _ := hex.DecodeString(string(h)) // a hash is hexadecimal
	v.Config.CodeSha256 = ptr(base64.StdEncoding.EncodeToString(sum))
}

func ptr[T any](v T) *T { return &v }

// find returns the version that a reference names without weights of an alias:
// of an alias its main version.
func (s *Service) find(ctx context.Context, r reference) (*version, error) {
	key, err := s.versionKey(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := get[version](ctx, s.store.db.Read, versionsTable, r.name, key)
	if errors.Is(err, errNoRecord) {
		return nil, s.missing(r)
	}
	return v, err
}

// versionKey resolves a qualifier to the key of a version.
func (s *Service) versionKey(ctx context.Context, r reference) (string, error) {
	if r.qualifier == "" || r.qualifier == latest {
		return latest, nil
	}
	if numberPattern.MatchString(r.qualifier) {
		return r.qualifier, nil
	}
	a, err := get[alias](ctx, s.store.db.Read, aliasesTable, r.name, r.qualifier)
	if errors.Is(err, errNoRecord) {
		return "", s.missing(r)
	}
	if err != nil {
		return "", err
	}
	return value(a.Config.FunctionVersion), nil
}

// answer is a version's configuration as a caller named it.
func (s *Service) answer(r reference, v *version) api.FunctionConfiguration {
	c := v.Config
	if r.qualifier != "" && r.qualifier != value(c.Version) {
		c.FunctionArn = ptr(s.arn(r.name, r.qualifier)) // of an alias
	} else if r.qualifier == latest {
		c.FunctionArn = ptr(s.arn(r.name, latest))
	}
	return c
}
