package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDBT builds the project of dbt/ twice: seeds, tables by CREATE TABLE AS,
// views, incremental models and the tests of its columns.
func TestDBT(t *testing.T) {
	t.Parallel()
	heavy(t)
	path := toolIn(t, "venv-dbt", "dbt")
	s, out := shared(t), t.TempDir()
	bucket, schema := s.bucket(), unique("dbt_")
	dbt := func(args ...string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, append(args, "--profiles-dir", ".", "--project-dir", ".", "--target-path", out, "--log-path", out)...)
		cmd.Dir = "dbt"
		cmd.Env = append(s.awsEnv(), "DBT_BUCKET="+bucket, "DBT_SCHEMA="+schema, "DBT_SEND_ANONYMOUS_USAGE_STATS=false")
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, string(text))
	}
	dbt("build", "--vars", "run: 1")
	dbt("build", "--vars", "run: 2")
	for table, first := range map[string]string{
		"orders_table": `[1,"Gangnam","10.50","2021-01-01"]`,
		"orders_json":  `[1,"Gangnam"]`,
	} {
		rows := s.texts(t, "SELECT * FROM "+schema+"."+table+" ORDER BY id")
		require.Len(t, rows, 4)
		require.Equal(t, first, rows[0])
	}
	require.Equal(t, []string{`[1,1]`, `[2,1]`, `[3,1]`, `[3,2]`, `[4,1]`, `[4,2]`}, s.texts(t, "SELECT id, run FROM "+schema+".appended ORDER BY id, run"))
	require.Equal(t, []string{`[1,1]`, `[2,1]`, `[3,2]`, `[4,2]`}, s.texts(t, "SELECT id, run FROM "+schema+".overwritten ORDER BY id, run"))
	require.Equal(t, []string{`["Gangnam",2,"13.50"]`, `["Jongno",1,"8.75"]`, `["Mapo",1,"7.25"]`}, s.texts(t, "SELECT * FROM "+schema+".by_district ORDER BY 1"))
	dbt("docs", "generate", "--vars", "run: 2")
	_, err := os.Stat(filepath.Join(out, "catalog.json"))
	require.NoError(t, err)
}
