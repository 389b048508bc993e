package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscredentials "github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/credentials"
	"github.com/spf13/cobra"
)

const (
	defaultListen = "127.0.0.1:4566"
	defaultRegion = "ap-northeast-2"
	defaultData   = "./data"
)

// connection is how to reach the scops of a data folder.
type connection struct {
	endpoint string
	region   string
	pair     credentials.Pair
}

// connect finds the endpoint of the scops that serves a data folder, and its
// credentials. Without a running one the default endpoint is assumed.
func connect(data, endpoint, region string) (connection, error) {
	pair, err := credentials.Load(data)
	if err != nil {
		return connection{}, fmt.Errorf("%w; `scops serve --data %s` makes them at its first start", err, data)
	}
	h, err := readHolder(data)
	if err != nil {
		return connection{}, err
	}
	return connection{
		endpoint: firstOf(endpoint, h.Endpoint, "http://"+defaultListen),
		region:   firstOf(region, h.Region, os.Getenv("AWS_REGION"), defaultRegion),
		pair:     pair,
	}, nil
}

// firstOf is the first value that is given.
func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func (c connection) provider() aws.CredentialsProvider {
	return awscredentials.NewStaticCredentialsProvider(c.pair.AccessKeyID, c.pair.SecretAccessKey, "")
}

func (c connection) client() *client.Client {
	return &client.Client{Endpoint: c.endpoint, Region: c.region, Credentials: c.provider()}
}

func envCommand() *cobra.Command {
	var data, endpoint, region string
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Print the environment that connects any AWS client: eval \"$(scops env)\"",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := connect(data, endpoint, region)
			if err != nil {
				return err
			}
			for _, v := range [][2]string{
				{"AWS_ENDPOINT_URL", c.endpoint},
				{"AWS_ACCESS_KEY_ID", c.pair.AccessKeyID},
				{"AWS_SECRET_ACCESS_KEY", c.pair.SecretAccessKey},
				{"AWS_REGION", c.region},
				{"AWS_DEFAULT_REGION", c.region},
			} {
				fmt.Fprintf(cmd.OutOrStdout(), "export %s=%s\n", v[0], v[1])
			}
			fmt.Fprintln(cmd.OutOrStdout(), "unset AWS_SESSION_TOKEN AWS_PROFILE")
			return nil
		},
	}
	addConnectionFlags(cmd, &data, &endpoint, &region)
	return cmd
}

func addConnectionFlags(cmd *cobra.Command, data, endpoint, region *string) {
	cmd.Flags().StringVar(data, "data", defaultData, "data folder of the running scops")
	cmd.Flags().StringVar(endpoint, "endpoint", "", "URL of the running scops (default: as the data folder tells)")
	cmd.Flags().StringVar(region, "region", "", "AWS region (default: as the data folder tells)")
}
