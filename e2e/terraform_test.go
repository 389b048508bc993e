package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// terraformPlugins is where a machine keeps providers of Terraform without its
// registry: SCOPS_TERRAFORM_PLUGINS, a filesystem mirror.
func terraformPlugins(t testing.TB) string {
	dir := os.Getenv("SCOPS_TERRAFORM_PLUGINS")
	if dir == "" {
		dir = "/opt/tf-plugins"
	}
	if _, err := os.Stat(filepath.Join(dir, "registry.terraform.io", "hashicorp", "aws")); err != nil {
		t.Skip("no Terraform provider hashicorp/aws in " + dir + ": set SCOPS_TERRAFORM_PLUGINS to a filesystem mirror with it")
	}
	return dir
}

// TestTerraform applies terraform/main.tf with the AWS provider: a plan after
// each apply has nothing to do, so that all fields come back as they were.
func TestTerraform(t *testing.T) {
	t.Parallel()
	heavy(t)
	plugins := terraformPlugins(t)
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not in PATH")
	}
	s, dir, name := shared(t), t.TempDir(), unique("tf_")
	main, err := os.ReadFile(filepath.Join("terraform", "main.tf"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.tf"), main, 0o600))
	rc := filepath.Join(dir, "terraform.rc")
	require.NoError(t, os.WriteFile(rc, []byte("provider_installation {\n  filesystem_mirror {\n    path = \""+plugins+"\"\n  }\n}\ndisable_checkpoint = true\n"), 0o600))

	// terraform runs a command and returns its exit status.
	terraform := func(args ...string) (int, string) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.Dir = dir
		cmd.Env = append(s.awsEnv(), "TF_CLI_CONFIG_FILE="+rc, "TF_IN_AUTOMATION=1", "TF_VAR_name="+name)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			require.NoError(t, err, out.String())
		}
		return cmd.ProcessState.ExitCode(), out.String()
	}
	do := func(args ...string) {
		t.Helper()
		code, out := terraform(args...)
		require.Zero(t, code, out)
	}
	do("init", "-no-color")
	for _, note := range []string{"first", "second"} {
		do("apply", "-no-color", "-auto-approve", "-var", "note="+note)
		code, out := terraform("plan", "-no-color", "-detailed-exitcode", "-var", "note="+note) // 2: there is something to do
		require.Zero(t, code, out)
	}
	got := s.texts(t, "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = '"+name+"' AND table_name = 'orders' ORDER BY ordinal_position")
	require.Equal(t, []string{
		`["orders","id","bigint"]`, `["orders","items","array(row(name varchar, price decimal(10,2)))"]`, `["orders","year","integer"]`, `["orders","month","varchar"]`,
	}, got)
	require.Equal(t, []string{`["year=2021/month=02"]`}, s.texts(t, "SHOW PARTITIONS "+name+".orders"))
	do("destroy", "-no-color", "-auto-approve")
	require.Empty(t, s.texts(t, "SELECT 1 FROM information_schema.schemata WHERE schema_name = '"+name+"'"))
}
