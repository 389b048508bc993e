package credentials

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Errors of Lookup.
var (
	ErrUnknownKey = errors.New("access key id is not known")
	ErrBadToken   = errors.New("session token does not belong to the access key")
	ErrExpired    = errors.New("temporary credentials have expired")
)

// Identity is who a key belongs to.
type Identity struct {
	AccessKeyID     string
	SecretAccessKey string
	ARN             string // for example arn:aws:iam::000000000000:root
	UserID          string
	Root            bool
}

// Session is a set of temporary credentials.
type Session struct {
	Identity
	SessionToken string
	Expires      time.Time
}

// Keyring holds the root pair and the sessions. Sessions live in memory only:
// a restart ends them. It is safe for concurrent use.
type Keyring struct {
	root Identity
	now  func() time.Time

	mu       sync.RWMutex
	sessions map[string]Session // by access key id
}

// NewKeyring returns a keyring with the root pair of an account (12 digits).
func NewKeyring(root Pair, accountID string, now func() time.Time) *Keyring {
	return &Keyring{
		root: Identity{
			AccessKeyID:     root.AccessKeyID,
			SecretAccessKey: root.SecretAccessKey,
			ARN:             fmt.Sprintf("arn:aws:iam::%s:root", accountID),
			UserID:          accountID,
			Root:            true,
		},
		now:      now,
		sessions: map[string]Session{},
	}
}

// Root returns the identity of the root pair.
func (k *Keyring) Root() Identity { return k.root }

// Lookup returns whom an access key id belongs to. The token is empty for the
// root pair and that of the session for temporary keys.
func (k *Keyring) Lookup(accessKeyID, sessionToken string) (Identity, error) {
	if accessKeyID == k.root.AccessKeyID {
		if sessionToken != "" {
			return Identity{}, ErrBadToken
		}
		return k.root, nil
	}
	k.mu.RLock()
	s, ok := k.sessions[accessKeyID]
	k.mu.RUnlock()
	switch {
	case !ok:
		return Identity{}, ErrUnknownKey
	case subtle.ConstantTimeCompare([]byte(s.SessionToken), []byte(sessionToken)) != 1:
		return Identity{}, ErrBadToken
	case !k.now().Before(s.Expires):
		return Identity{}, ErrExpired
	}
	return s.Identity, nil
}

// Identity returns whom an access key id of a verified request belongs to, or
// a zero Identity.
func (k *Keyring) Identity(accessKeyID string) Identity {
	if accessKeyID == k.root.AccessKeyID {
		return k.root
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.sessions[accessKeyID].Identity
}

// Issue makes temporary credentials for an identity.
func (k *Keyring) Issue(arn, userID string, lifetime time.Duration) Session {
	s := Session{
		Identity: Identity{
			AccessKeyID:     "ASIA" + random(base32, 16),
			SecretAccessKey: random(base64, 40),
			ARN:             arn,
			UserID:          userID,
		},
		SessionToken: random(base64, 160),
		Expires:      k.now().Add(lifetime).Truncate(time.Second),
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.forget()
	k.sessions[s.AccessKeyID] = s
	return s
}

// forget drops sessions that expired a day ago; until then a client gets told
// that its token expired. The caller holds mu.
func (k *Keyring) forget() {
	limit := k.now().Add(-24 * time.Hour)
	for id, s := range k.sessions {
		if s.Expires.Before(limit) {
			delete(k.sessions, id)
		}
	}
}

// NewUniqueID returns an id in the form of IAM's, for example of a role:
// "AROA" and 17 characters.
func NewUniqueID(prefix string) string { return prefix + random(base32, 17) }
