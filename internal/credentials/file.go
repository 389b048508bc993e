package credentials

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FileName is the name of the credentials file in the data folder. It has the
// format of the AWS shared credentials file, so that
// AWS_SHARED_CREDENTIALS_FILE can point to it.
const FileName = "credentials"

// Pair is a pair of long-lived keys.
type Pair struct {
	AccessKeyID     string // 20 characters, for example AKIAIOSFODNN7EXAMPLE
	SecretAccessKey string // 40 characters
}

// ErrMissing is returned by Load where the data folder has no credentials yet.
var ErrMissing = errors.New("no credentials yet: start `scops serve` once to make them")

// Load reads the credentials of a data folder.
func Load(dataDir string) (Pair, error) {
	path := filepath.Join(dataDir, FileName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Pair{}, fmt.Errorf("%s: %w", path, ErrMissing)
	}
	if err != nil {
		return Pair{}, fmt.Errorf("read credentials: %w", err)
	}
	defer f.Close()
	return parse(path, bufio.NewScanner(f))
}

func parse(path string, lines *bufio.Scanner) (Pair, error) {
	var p Pair
	section := ""
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
			continue
		case line[0] == '[':
			section = strings.Trim(line, "[] ")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return Pair{}, fmt.Errorf("%s:%d: want name = value", path, n)
		}
		if section != "default" {
			continue
		}
		switch strings.TrimSpace(key) {
		case "aws_access_key_id":
			p.AccessKeyID = strings.TrimSpace(value)
		case "aws_secret_access_key":
			p.SecretAccessKey = strings.TrimSpace(value)
		}
	}
	if err := lines.Err(); err != nil {
		return Pair{}, fmt.Errorf("read %s: %w", path, err)
	}
	if p.AccessKeyID == "" || p.SecretAccessKey == "" {
		return Pair{}, fmt.Errorf("%s: section [default] needs aws_access_key_id and aws_secret_access_key", path)
	}
	return p, nil
}

// LoadOrCreate reads the credentials of a data folder, and makes random ones,
// durably and readable by the owner alone, where there are none. The second
// result tells whether they are new.
func LoadOrCreate(dataDir string) (Pair, bool, error) {
	p, err := Load(dataDir)
	if !errors.Is(err, ErrMissing) {
		return p, false, err
	}
	p = Pair{AccessKeyID: "AKIA" + random(base32, 16), SecretAccessKey: random(base64, 40)}
	if err := write(dataDir, p); err != nil {
		return Pair{}, false, fmt.Errorf("make credentials: %w", err)
	}
	return p, true, nil
}

func write(dataDir string, p Pair) error {
	path := filepath.Join(dataDir, FileName)
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", p.AccessKeyID, p.SecretAccessKey)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	dir, err := os.Open(dataDir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Alphabets of 32 and 64 characters, so that a byte modulo the length is even.
const (
	base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)

func random(alphabet string, n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see its documentation
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}
