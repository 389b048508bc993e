package lambda

import (
	api "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// alias is a name for a version.
type alias struct{ Config api.AliasConfiguration }
