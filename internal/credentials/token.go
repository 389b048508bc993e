package credentials

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MetricsTokenFile is the name of the file in the data folder with the token
// that reads the metrics, and nothing else.
const MetricsTokenFile = "metrics-token"

// LoadOrCreateMetricsToken returns the token for the metrics; the first call in
// a data folder makes it. To have another, remove or replace the file and start
// again.
func LoadOrCreateMetricsToken(dataDir string) (string, error) {
	path := filepath.Join(dataDir, MetricsTokenFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		token := rand.Text()
		if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
			return "", fmt.Errorf("make the metrics token: %w", err)
		}
		return token, nil
	}
	if err != nil {
		return "", fmt.Errorf("read the metrics token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("%s is empty: remove it, and the next start makes another", path)
	}
	return token, nil
}
