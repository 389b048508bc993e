package s3

import (
	"errors"

	"github.com/scopsdb/scops/internal/credentials"
	"github.com/scopsdb/scops/internal/sigv4"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3err"
)

// sessions lets versitygw accept the temporary credentials of STS. There are
// no users: whatever would change one is refused.
type sessions struct{ keys *credentials.Keyring }

var (
	_ auth.IAMService         = sessions{}
	_ auth.SigningKeyProvider = sessions{}
)

// DeriveSigningKey returns the key that signs in a scope, for the root pair
// and for sessions with their token.
func (s sessions) DeriveSigningKey(access, token, date, region, service string) ([]byte, auth.Account, error) {
	id, err := s.keys.Lookup(access, token)
	switch {
	case errors.Is(err, credentials.ErrUnknownKey):
		return nil, auth.Account{}, auth.ErrNoSuchUser
	case errors.Is(err, credentials.ErrExpired):
		return nil, auth.Account{}, errExpiredToken
	case err != nil:
		return nil, auth.Account{}, auth.ErrInvalidSessionToken
	}
	return sigv4.SigningKey(id.SecretAccessKey, date, region, service), account(id), nil
}

var errExpiredToken = s3err.APIError{Code: "ExpiredToken", Description: "The provided token has expired.", HTTPStatusCode: 400}

func account(id credentials.Identity) auth.Account {
	return auth.Account{Access: id.AccessKeyID, Role: auth.RoleAdmin}
}

func (s sessions) GetUserAccount(access string) (auth.Account, error) {
	if root := s.keys.Root(); access == root.AccessKeyID {
		return account(root), nil
	}
	return auth.Account{}, auth.ErrNoSuchUser
}

func (s sessions) ResolveAccounts(ids []string) ([]string, error) {
	var missing []string
	for _, id := range ids {
		if id != s.keys.Root().AccessKeyID {
			missing = append(missing, id)
		}
	}
	return missing, nil
}

var errNoUsers = s3err.GetAPIError(s3err.ErrAdminMethodNotSupported)

func (sessions) CreateAccount(auth.Account) error                  { return errNoUsers }
func (sessions) UpdateUserAccount(string, auth.MutableProps) error { return errNoUsers }
func (sessions) DeleteUserAccount(string) error                    { return errNoUsers }
func (sessions) ListUserAccounts() ([]auth.Account, error)         { return nil, errNoUsers }
func (sessions) Shutdown() error                                   { return nil }
