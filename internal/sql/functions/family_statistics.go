package functions

const statisticsFamily = "statistics"

var statistics = []Function{
	{Name: "normal_cdf", Doc: "Normal distribution: the probability of a value or less, for a mean and a deviation.", Example: "normal_cdf(0, 1, 1.96)",
		Sigs: []Signature{{Text: "(double, double, double) -> double", Emit: T("scops_normal_cdf($1, $2, $3)")}}},
	{Name: "inverse_normal_cdf", Doc: "Value of a normal distribution at a probability.", Example: "inverse_normal_cdf(0, 1, 0.5) = 0.0",
		Sigs: []Signature{{Text: "(double, double, double) -> double", Emit: T("scops_inverse_normal_cdf($1, $2, $3)")}}},
	{Name: "wilson_interval_lower", Doc: "Lower bound of the Wilson score interval of successes among trials at a z-score.", Example: "wilson_interval_lower(9, 10, 1.96)",
		Sigs: []Signature{{Text: "(bigint, bigint, double) -> double", Emit: T("scops_wilson(true, $1, $2, $3)")}}},
	{Name: "wilson_interval_upper", Doc: "Upper bound of the Wilson score interval of successes among trials at a z-score.", Example: "wilson_interval_upper(9, 10, 1.96)",
		Sigs: []Signature{{Text: "(bigint, bigint, double) -> double", Emit: T("scops_wilson(false, $1, $2, $3)")}}},
	{Name: "cosine_similarity", OwnNulls: true, Doc: "Cosine of the angle between two sparse vectors.", Example: "cosine_similarity(MAP(ARRAY['a'], ARRAY[1.0]), MAP(ARRAY['a'], ARRAY[2.0]))",
		Sigs: []Signature{{Text: "(map(varchar,double), map(varchar,double)) -> double", Emit: T("scops_cosine_similarity($1, $2)")}}},
}
