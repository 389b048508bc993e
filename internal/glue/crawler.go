package glue

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/crawler"
)

// Crawlers is Glue's API of crawlers and classifiers. It is safe for concurrent
// use.
type Crawlers struct {
	manager *crawler.Manager
}

// NewCrawlers returns the API of a manager of crawlers.
func NewCrawlers(m *crawler.Manager) *Crawlers { return &Crawlers{m} }

// Operations are those of Glue's API that are about crawlers.
func (s *Crawlers) Operations() []awsapi.Operation {
	return []awsapi.Operation{
		awsapi.Op("CreateCrawler", s.CreateCrawler),
		awsapi.Op("UpdateCrawler", s.UpdateCrawler),
		awsapi.Op("DeleteCrawler", s.DeleteCrawler),
		awsapi.Op("GetCrawler", s.GetCrawler),
		awsapi.Op("GetCrawlers", s.GetCrawlers),
		awsapi.Op("BatchGetCrawlers", s.BatchGetCrawlers),
		awsapi.Op("ListCrawlers", s.ListCrawlers),
		awsapi.Op("StartCrawler", s.StartCrawler),
		awsapi.Op("StopCrawler", s.StopCrawler),
		awsapi.Op("ListCrawls", s.ListCrawls),
		awsapi.Op("GetCrawlerMetrics", s.GetCrawlerMetrics),
		awsapi.Op("StartCrawlerSchedule", s.StartCrawlerSchedule),
		awsapi.Op("StopCrawlerSchedule", s.StopCrawlerSchedule),
		awsapi.Op("UpdateCrawlerSchedule", s.UpdateCrawlerSchedule),
		awsapi.Op("CreateClassifier", s.CreateClassifier),
		awsapi.Op("UpdateClassifier", s.UpdateClassifier),
		awsapi.Op("GetClassifier", s.GetClassifier),
		awsapi.Op("GetClassifiers", s.GetClassifiers),
		awsapi.Op("DeleteClassifier", s.DeleteClassifier),
	}
}

// crawlerCodes are Glue's error codes of what crawlers answer.
var crawlerCodes = map[error]string{
	crawler.ErrNotFound:           codeNotFound,
	crawler.ErrAlreadyExists:      codeAlreadyExists,
	crawler.ErrInvalid:            codeInvalidInput,
	crawler.ErrRunning:            "CrawlerRunningException",
	crawler.ErrNotRunning:         "CrawlerNotRunningException",
	crawler.ErrStopping:           "CrawlerStoppingException",
	crawler.ErrScheduleRunning:    "SchedulerRunningException",
	crawler.ErrScheduleNotRunning: "SchedulerNotRunningException",
	crawler.ErrNoSchedule:         "NoScheduleException",
}

func crawlerError(err error) error {
	var e *crawler.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	return &awsapi.Error{Code: crawlerCodes[e.Kind], Message: e.Message, Cause: err}
}

// CreateCrawler keeps a new crawler.
func (s *Crawlers) CreateCrawler(ctx context.Context, in *glue.CreateCrawlerInput) (*glue.CreateCrawlerOutput, error) {
	if in.Targets == nil {
		return nil, invalid("Targets cannot be null")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	c := crawler.Crawler{Name: aws.ToString(in.Name), Tags: in.Tags}
	if err := changeCrawler(&c, updateOf(in)); err != nil {
		return nil, err
	}
	return &glue.CreateCrawlerOutput{}, crawlerError(s.manager.Create(ctx, c))
}

// updateOf is what a CreateCrawler has in common with an UpdateCrawler.
func updateOf(in *glue.CreateCrawlerInput) *glue.UpdateCrawlerInput {
	return &glue.UpdateCrawlerInput{
		Name: in.Name, Role: in.Role, Targets: in.Targets, CatalogId: in.CatalogId, Classifiers: in.Classifiers, Configuration: in.Configuration,
		CrawlerSecurityConfiguration: in.CrawlerSecurityConfiguration, DatabaseName: in.DatabaseName, Description: in.Description,
		LakeFormationConfiguration: in.LakeFormationConfiguration, LineageConfiguration: in.LineageConfiguration, RecrawlPolicy: in.RecrawlPolicy,
		Schedule: in.Schedule, SchemaChangePolicy: in.SchemaChangePolicy, TablePrefix: in.TablePrefix,
	}
}

// UpdateCrawler changes what it is given of a crawler that does not run.
func (s *Crawlers) UpdateCrawler(ctx context.Context, in *glue.UpdateCrawlerInput) (*glue.UpdateCrawlerOutput, error) {
	if err := changeCrawler(&crawler.Crawler{}, in); err != nil {
		return nil, err
	}
	err := s.manager.Change(ctx, aws.ToString(in.Name), func(c *crawler.Crawler) {
		_ = changeCrawler(c, in) // it has just been checked, and does not depend on c
	})
	return &glue.UpdateCrawlerOutput{}, crawlerError(err)
}

// DeleteCrawler forgets a crawler. Its tables stay.
func (s *Crawlers) DeleteCrawler(ctx context.Context, in *glue.DeleteCrawlerInput) (*glue.DeleteCrawlerOutput, error) {
	return &glue.DeleteCrawlerOutput{}, crawlerError(s.manager.Delete(ctx, aws.ToString(in.Name)))
}

// StartCrawler starts a run.
func (s *Crawlers) StartCrawler(ctx context.Context, in *glue.StartCrawlerInput) (*glue.StartCrawlerOutput, error) {
	return &glue.StartCrawlerOutput{}, crawlerError(s.manager.Run(ctx, aws.ToString(in.Name)))
}

// StopCrawler stops a run.
func (s *Crawlers) StopCrawler(_ context.Context, in *glue.StopCrawlerInput) (*glue.StopCrawlerOutput, error) {
	return &glue.StopCrawlerOutput{}, crawlerError(s.manager.Stop(aws.ToString(in.Name)))
}

// StartCrawlerSchedule turns a schedule on.
func (s *Crawlers) StartCrawlerSchedule(ctx context.Context, in *glue.StartCrawlerScheduleInput) (*glue.StartCrawlerScheduleOutput, error) {
	return &glue.StartCrawlerScheduleOutput{}, crawlerError(s.manager.StartSchedule(ctx, aws.ToString(in.CrawlerName)))
}

// StopCrawlerSchedule turns a schedule off.
func (s *Crawlers) StopCrawlerSchedule(ctx context.Context, in *glue.StopCrawlerScheduleInput) (*glue.StopCrawlerScheduleOutput, error) {
	return &glue.StopCrawlerScheduleOutput{}, crawlerError(s.manager.StopSchedule(ctx, aws.ToString(in.CrawlerName)))
}

// UpdateCrawlerSchedule gives a crawler another schedule.
func (s *Crawlers) UpdateCrawlerSchedule(ctx context.Context, in *glue.UpdateCrawlerScheduleInput) (*glue.UpdateCrawlerScheduleOutput, error) {
	return &glue.UpdateCrawlerScheduleOutput{}, crawlerError(s.manager.SetSchedule(ctx, aws.ToString(in.CrawlerName), aws.ToString(in.Schedule)))
}
