package lambda

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/lambda/code"
)

// maxTotalCode is how large the code of all versions may be, in bytes, as at AWS.
const maxTotalCode = 75 << 30

// AccountSettings is the shape of GetAccountSettings' answer.
type AccountSettings struct {
	AccountLimit *api.AccountLimit
	AccountUsage *api.AccountUsage
}

// GetAccountSettings answers the limits of this machine and what is used of them.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
func (s *Service) GetAccountSettings(ctx context.Context, _ *lambda.GetAccountSettingsInput) (*AccountSettings, error) {
	reserved, err := s.store.reservedTotal(ctx, "")
	if err != nil {
		return nil, err
	}
	usage := &api.AccountUsage{}
	if usage.FunctionCount, usage.TotalCodeSize, err = s.store.usage(ctx); err != nil {
		return nil, err
	}
	return &AccountSettings{
		AccountLimit: &api.AccountLimit{
			CodeSizeUnzipped: code.MaxUnzipped, CodeSizeZipped: code.MaxZipped, TotalCodeSize: maxTotalCode,
			ConcurrentExecutions: int32(s.cfg.Concurrency), UnreservedConcurrentExecutions: ptr(int32(s.cfg.Concurrency - reserved)),
		},
		AccountUsage: usage,
	}, nil
}

// usage counts functions and the bytes of their code.
func (s *store) usage(ctx context.Context) (functions, bytes int64, err error) {
	err = s.db.Read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM lambda_functions), (SELECT coalesce(sum(record ->> '$.Config.CodeSize'), 0) FROM lambda_versions)`).Scan(&functions, &bytes)
	if err != nil {
		return 0, 0, fmt.Errorf("count functions: %w", err)
	}
	return functions, bytes, nil
}

// checkTotal refuses code beyond the limit of the account.
func (s *Service) checkTotal(ctx context.Context, more int) error {
	_, used, err := s.store.usage(ctx)
	if err != nil {
		return err
	}
	if used+int64(more) > maxTotalCode {
		return &awsapi.Error{Code: "CodeStorageExceededException", Message: "Code storage limit exceeded.", Status: http.StatusBadRequest}
	}
	return nil
}

// SigningConfig is the shape of GetFunctionCodeSigningConfig's answer.
type SigningConfig struct{ FunctionName *string }

// GetFunctionCodeSigningConfig answers that a function has none; deployment tools
// ask for it.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html
func (s *Service) GetFunctionCodeSigningConfig(ctx context.Context, in *lambda.GetFunctionCodeSigningConfigInput) (*SigningConfig, error) {
	name, err := s.whole(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if _, err := s.existing(ctx, name); err != nil {
		return nil, err
	}
	return &SigningConfig{FunctionName: &name}, nil
}
