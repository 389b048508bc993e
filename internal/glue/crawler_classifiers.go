package glue

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/crawler"
)

// CreateClassifier keeps a new classifier.
func (s *Crawlers) CreateClassifier(ctx context.Context, in *glue.CreateClassifierInput) (*glue.CreateClassifierOutput, error) {
	c := crawler.Classifier{}
	switch {
	case in.CsvClassifier != nil:
		u := types.UpdateCsvClassifierRequest(*in.CsvClassifier)
		c.Name, c.CSV = aws.ToString(u.Name), &crawler.CSVClassifier{}
		if err := changeCSV(c.CSV, &u); err != nil {
			return nil, err
		}
	case in.GrokClassifier != nil:
		g := in.GrokClassifier
		c.Name = aws.ToString(g.Name)
		c.Grok = &crawler.GrokClassifier{Classification: aws.ToString(g.Classification), Pattern: aws.ToString(g.GrokPattern), Custom: aws.ToString(g.CustomPatterns)}
	default:
		return nil, otherClassifier(in.JsonClassifier != nil, in.XMLClassifier != nil)
	}
	return &glue.CreateClassifierOutput{}, crawlerError(s.manager.CreateClassifier(ctx, c))
}

// UpdateClassifier changes what it is given of a classifier, which stays of its
// kind.
func (s *Crawlers) UpdateClassifier(ctx context.Context, in *glue.UpdateClassifierInput) (*glue.UpdateClassifierOutput, error) {
	var name *string
	switch {
	case in.CsvClassifier != nil:
		name = in.CsvClassifier.Name
	case in.GrokClassifier != nil:
		name = in.GrokClassifier.Name
	default:
		return nil, otherClassifier(in.JsonClassifier != nil, in.XMLClassifier != nil)
	}
	err := s.manager.ChangeClassifier(ctx, aws.ToString(name), func(c *crawler.Classifier) error {
		switch {
		case in.CsvClassifier != nil && c.CSV != nil:
			return changeCSV(c.CSV, in.CsvClassifier)
		case in.GrokClassifier != nil && c.Grok != nil:
			changeGrok(c.Grok, in.GrokClassifier)
			return nil
		}
		return invalid("Classifier %s is of another kind", c.Name)
	})
	return &glue.UpdateClassifierOutput{}, crawlerError(err)
}

func changeGrok(c *crawler.GrokClassifier, in *types.UpdateGrokClassifierRequest) {
	for to, from := range map[*string]*string{&c.Classification: in.Classification, &c.Pattern: in.GrokPattern, &c.Custom: in.CustomPatterns} {
		if from != nil {
			*to = *from
		}
	}
}

// otherClassifier names a kind of classifier that would make tables which
// queries cannot read.
func otherClassifier(json, xml bool) error {
	switch {
	case json:
		return invalid("JsonClassifier is not supported: queries read whole JSON objects, one a line")
	case xml:
		return invalid("XMLClassifier is not supported: queries do not read XML")
	}
	return invalid("A classifier must be given")
}

func changeCSV(c *crawler.CSVClassifier, in *types.UpdateCsvClassifierRequest) error {
	if aws.ToBool(in.CustomDatatypeConfigured) || len(in.CustomDatatypes) > 0 {
		return invalid("CsvClassifier: CustomDatatypes is not supported")
	}
	for to, from := range map[*string]*string{&c.Delimiter: in.Delimiter, &c.QuoteSymbol: in.QuoteSymbol} {
		if from != nil {
			*to = *from
		}
	}
	for to, from := range map[*bool]*bool{&c.AllowSingleColumn: in.AllowSingleColumn, &c.DisableTrimming: in.DisableValueTrimming} {
		if from != nil {
			*to = *from
		}
	}
	if in.ContainsHeader != "" {
		c.ContainsHeader = string(in.ContainsHeader)
	}
	if in.Serde != "" {
		c.SerDe = string(in.Serde)
	}
	if in.Header != nil {
		c.Header = slices.Clone(in.Header)
	}
	return nil
}

// GetClassifier returns one classifier.
func (s *Crawlers) GetClassifier(_ context.Context, in *glue.GetClassifierInput) (*glue.GetClassifierOutput, error) {
	c, err := s.manager.Classifier(aws.ToString(in.Name))
	if err != nil {
		return nil, crawlerError(err)
	}
	shape := classifierShape(&c)
	return &glue.GetClassifierOutput{Classifier: &shape}, nil
}

// GetClassifiers returns all classifiers, page by page.
func (s *Crawlers) GetClassifiers(_ context.Context, in *glue.GetClassifiersInput) (*glue.GetClassifiersOutput, error) {
	page, next, err := pageAfter(s.manager.Classifiers(), maxCrawlersPage, in.NextToken, in.MaxResults, func(c crawler.Classifier) string { return c.Name })
	if err != nil {
		return nil, err
	}
	out := &glue.GetClassifiersOutput{Classifiers: make([]types.Classifier, len(page)), NextToken: next}
	for i := range page {
		out.Classifiers[i] = classifierShape(&page[i])
	}
	return out, nil
}

// DeleteClassifier forgets a classifier.
func (s *Crawlers) DeleteClassifier(ctx context.Context, in *glue.DeleteClassifierInput) (*glue.DeleteClassifierOutput, error) {
	return &glue.DeleteClassifierOutput{}, crawlerError(s.manager.DeleteClassifier(ctx, aws.ToString(in.Name)))
}

func classifierShape(c *crawler.Classifier) types.Classifier {
	if g := c.Grok; g != nil {
		return types.Classifier{GrokClassifier: &types.GrokClassifier{
			Name: &c.Name, CreationTime: moment(c.Created), LastUpdated: moment(c.Updated), Version: c.Version,
			Classification: &g.Classification, GrokPattern: &g.Pattern, CustomPatterns: text(g.Custom),
		}}
	}
	return types.Classifier{CsvClassifier: &types.CsvClassifier{
		Name: &c.Name, CreationTime: moment(c.Created), LastUpdated: moment(c.Updated), Version: c.Version,
		AllowSingleColumn: &c.CSV.AllowSingleColumn, DisableValueTrimming: &c.CSV.DisableTrimming,
		ContainsHeader: types.CsvHeaderOption(c.CSV.ContainsHeader), Serde: types.CsvSerdeOption(c.CSV.SerDe),
		Delimiter: text(c.CSV.Delimiter), QuoteSymbol: text(c.CSV.QuoteSymbol), Header: c.CSV.Header,
	}}
}
