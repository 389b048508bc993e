package execution

import (
	"maps"
	"slices"
	"strconv"
)

// environment is all that the process sees: what AWS sets, what the function's
// configuration says, and nothing of scops's own environment.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (m *Manager) environment(fn *Function, files string, i *instance, api string) []string {
	keys := m.cfg.Credentials(fn)
	region := m.cfg.Region
	env := map[string]string{
		"PATH":             m.cfg.Path,
		"LANG":             "en_US.UTF-8",
		"TZ":               ":UTC",
		"HOME":             i.temp,
		"TMPDIR":           i.temp,
		"LD_LIBRARY_PATH":  files + ":" + files + "/lib",
		"AWS_ENDPOINT_URL": m.cfg.Endpoint(),
		// There is no instance metadata to ask for anything.
		"AWS_EC2_METADATA_DISABLED": "true",
	}
	maps.Copy(env, runtimeEnv(fn, files, m.cfg.Runtimes))
	maps.Copy(env, fn.Env)
	maps.Copy(env, map[string]string{ // reserved: the function's configuration cannot have these
		"AWS_REGION":                      region,
		"AWS_DEFAULT_REGION":              region,
		"AWS_ACCESS_KEY_ID":               keys.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY":           keys.SecretAccessKey,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_" + fn.Runtime,
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_LAMBDA_FUNCTION_NAME":        fn.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     fn.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(fn.Memory),
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + fn.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      i.stream,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"LAMBDA_TASK_ROOT":                files,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"_HANDLER":                        fn.Handler,
	})
	if keys.SessionToken != "" {
		env["AWS_SESSION_TOKEN"] = keys.SessionToken
	}
	list := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list
}
