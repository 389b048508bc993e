package credentials_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/stretchr/testify/require"
)

func TestLoadOrCreate(t *testing.T) {
	dir := t.TempDir()
	_, err := credentials.Load(dir)
	require.ErrorIs(t, err, credentials.ErrMissing)
	p, created, err := credentials.LoadOrCreate(dir)
	require.NoError(t, err)
	require.True(t, created)
	require.Regexp(t, regexp.MustCompile(`^AKIA[A-Z2-7]{16}$`), p.AccessKeyID)
	require.Len(t, p.SecretAccessKey, 40)
	again, created, err := credentials.LoadOrCreate(dir)
	require.NoError(t, err)
	require.False(t, created)
	require.Equal(t, p, again)

	path := filepath.Join(dir, credentials.FileName)
	fi, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), fi.Mode().Perm())
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, names, 1)

	// The AWS SDK reads the file as its own.
	sdk, err := config.LoadSharedConfigProfile(t.Context(), "default", func(o *config.LoadSharedConfigOptions) {
		o.CredentialsFiles, o.ConfigFiles = []string{path}, []string{filepath.Join(dir, "none")}
	})
	require.NoError(t, err)
	require.Equal(t, p.SecretAccessKey, sdk.Credentials.SecretAccessKey)
}

func TestLoadBadFiles(t *testing.T) {
	for content, want := range map[string]string{
		"":                                  "needs aws_access_key_id",
		"[default]\nnonsense\n":             ":2: want name = value",
		"[other]\naws_access_key_id = AKIA": "needs aws_access_key_id",
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, credentials.FileName), []byte(content), 0o600))
		_, _, err := credentials.LoadOrCreate(dir)
		require.ErrorContains(t, err, want, "%q", content)
	}
}

func TestKeyring(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	k := credentials.NewKeyring(credentials.Pair{AccessKeyID: "AKIAROOT", SecretAccessKey: "s"}, "000000000000", func() time.Time { return now })
	id, err := k.Lookup("AKIAROOT", "")
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::000000000000:root", id.ARN)
	_, err = k.Lookup("AKIAROOT", "token")
	require.ErrorIs(t, err, credentials.ErrBadToken)
	_, err = k.Lookup("AKIAOTHER", "")
	require.ErrorIs(t, err, credentials.ErrUnknownKey)

	s := k.Issue("arn:aws:sts::000000000000:assumed-role/r/n", "AROAX:n", time.Hour)
	id, err = k.Lookup(s.AccessKeyID, s.SessionToken)
	require.NoError(t, err)
	require.Equal(t, s.Identity, id)
	_, err = k.Lookup(s.AccessKeyID, "")
	require.ErrorIs(t, err, credentials.ErrBadToken)
	now = now.Add(time.Hour)
	_, err = k.Lookup(s.AccessKeyID, s.SessionToken)
	require.ErrorIs(t, err, credentials.ErrExpired)
	now = now.Add(25 * time.Hour)
	k.Issue("arn", "id", time.Hour)
	_, err = k.Lookup(s.AccessKeyID, s.SessionToken)
	require.ErrorIs(t, err, credentials.ErrUnknownKey)
}
