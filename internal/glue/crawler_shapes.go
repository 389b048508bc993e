package glue

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/crawler"
)

// changeCrawler gives c what in has. What a crawler here would not do is
// refused.
func changeCrawler(c *crawler.Crawler, in *glue.UpdateCrawlerInput) error {
	switch {
	case aws.ToString(in.CrawlerSecurityConfiguration) != "":
		return invalid("CrawlerSecurityConfiguration is not supported")
	case in.LakeFormationConfiguration != nil && aws.ToBool(in.LakeFormationConfiguration.UseLakeFormationCredentials):
		return invalid("LakeFormationConfiguration.UseLakeFormationCredentials is not supported")
	case in.LineageConfiguration != nil && in.LineageConfiguration.CrawlerLineageSettings == types.CrawlerLineageSettingsEnable:
		return invalid("LineageConfiguration.CrawlerLineageSettings ENABLE is not supported")
	}
	for to, from := range map[*string]*string{
		&c.Role: in.Role, &c.Database: in.DatabaseName, &c.Description: in.Description, &c.TablePrefix: in.TablePrefix,
		&c.Configuration: in.Configuration, &c.Schedule: in.Schedule,
	} {
		if from != nil {
			*to = *from
		}
	}
	if in.Classifiers != nil {
		c.Classifiers = slices.Clone(in.Classifiers)
	}
	if p := in.SchemaChangePolicy; p != nil {
		c.UpdateBehavior, c.DeleteBehavior = string(p.UpdateBehavior), string(p.DeleteBehavior)
	}
	if p := in.RecrawlPolicy; p != nil {
		c.Recrawl = string(p.RecrawlBehavior)
	}
	if in.Targets == nil {
		return nil
	}
	targets, err := targetsOf(in.Targets)
	c.Targets = targets
	return err
}

func targetsOf(in *types.CrawlerTargets) ([]crawler.Target, error) {
	for _, other := range []struct {
		name string
		n    int
	}{
		{"JdbcTargets", len(in.JdbcTargets)},
		{"MongoDBTargets", len(in.MongoDBTargets)},
		{"DynamoDBTargets", len(in.DynamoDBTargets)},
		{"CatalogTargets", len(in.CatalogTargets)},
		{"DeltaTargets", len(in.DeltaTargets)},
		{"IcebergTargets", len(in.IcebergTargets)},
		{"HudiTargets", len(in.HudiTargets)},
	} {
		if other.n > 0 {
			return nil, invalid("%s are not supported: crawlers have S3Targets here", other.name)
		}
	}
	out := make([]crawler.Target, len(in.S3Targets))
	for i, t := range in.S3Targets {
		switch {
		case aws.ToString(t.ConnectionName) != "":
			return nil, invalid("S3Targets: ConnectionName is not supported")
		case aws.ToString(t.EventQueueArn) != "" || aws.ToString(t.DlqEventQueueArn) != "":
			return nil, invalid("S3Targets: EventQueueArn and DlqEventQueueArn are not supported")
		case t.SampleSize != nil && *t.SampleSize < 1:
			return nil, invalid("S3Targets: SampleSize %d is less than 1", *t.SampleSize)
		}
		out[i] = crawler.Target{Path: aws.ToString(t.Path), Exclusions: slices.Clone(t.Exclusions), SampleSize: int(aws.ToInt32(t.SampleSize))}
	}
	return out, nil
}

func crawlerShape(s *crawler.Status) types.Crawler {
	c := s.Crawler
	out := types.Crawler{
		Name: &c.Name, Role: &c.Role, DatabaseName: text(c.Database), Description: text(c.Description), TablePrefix: text(c.TablePrefix),
		Classifiers: append([]string{}, c.Classifiers...), Configuration: text(c.Configuration), Targets: targetShapes(c.Targets),
		State: types.CrawlerState(s.State), CrawlElapsedTime: s.Elapsed.Milliseconds(), Version: c.Version,
		CreationTime: moment(c.Created), LastUpdated: moment(c.Updated),
		SchemaChangePolicy:         &types.SchemaChangePolicy{UpdateBehavior: types.UpdateBehavior(c.UpdateBehavior), DeleteBehavior: types.DeleteBehavior(c.DeleteBehavior)},
		RecrawlPolicy:              &types.RecrawlPolicy{RecrawlBehavior: types.RecrawlBehavior(c.Recrawl)},
		LineageConfiguration:       &types.LineageConfiguration{CrawlerLineageSettings: types.CrawlerLineageSettingsDisable},
		LakeFormationConfiguration: &types.LakeFormationConfiguration{UseLakeFormationCredentials: aws.Bool(false), AccountId: aws.String("")},
		LastCrawl:                  lastCrawl(s.Last),
	}
	if c.Schedule != "" {
		out.Schedule = &types.Schedule{ScheduleExpression: &c.Schedule, State: types.ScheduleStateNotScheduled}
		if c.Scheduled {
			out.Schedule.State = types.ScheduleStateScheduled
		}
	}
	return out
}

func targetShapes(targets []crawler.Target) *types.CrawlerTargets {
	out := &types.CrawlerTargets{
		S3Targets: make([]types.S3Target, len(targets)), JdbcTargets: []types.JdbcTarget{}, MongoDBTargets: []types.MongoDBTarget{},
		DynamoDBTargets: []types.DynamoDBTarget{}, CatalogTargets: []types.CatalogTarget{}, DeltaTargets: []types.DeltaTarget{},
		IcebergTargets: []types.IcebergTarget{}, HudiTargets: []types.HudiTarget{},
	}
	for i, t := range targets {
		out.S3Targets[i] = types.S3Target{Path: aws.String(t.Path), Exclusions: append([]string{}, t.Exclusions...)}
		if t.SampleSize > 0 {
			out.S3Targets[i].SampleSize = aws.Int32(int32(t.SampleSize)) //nolint:gosec // at most 249
		}
	}
	return out
}

var crawlStatuses = map[string]types.LastCrawlStatus{
	crawler.RunCompleted: types.LastCrawlStatusSucceeded,
	crawler.RunFailed:    types.LastCrawlStatusFailed,
	crawler.RunStopped:   types.LastCrawlStatusCancelled,
}

// The places of Glue's logs. Here the summary of a run has what they would say.
const crawlerLogGroup = "/aws-glue/crawlers"

func lastCrawl(r *crawler.Run) *types.LastCrawlInfo {
	if r == nil {
		return nil
	}
	return &types.LastCrawlInfo{
		Status: crawlStatuses[r.State], ErrorMessage: text(r.Error), StartTime: moment(r.Start),
		LogGroup: aws.String(crawlerLogGroup), LogStream: &r.Crawler, MessagePrefix: &r.ID,
	}
}
