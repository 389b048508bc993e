package functions

var momentAggregates = []Function{
	deviation("stddev", "Sample standard deviation.", "stddev_samp", 2, "stddev_samp"),
	deviation("stddev_pop", "Standard deviation of the population.", "stddev_pop", 1),
	deviation("variance", "Sample variance.", "var_samp", 2, "var_samp"),
	deviation("var_pop", "Variance of the population.", "var_pop", 1),
	ofPairs("covar_pop", "Covariance of the population.", covariance("covar_pop", 1)),
	ofPairs("covar_samp", "Sample covariance.", covariance("covar_samp", 2)),
	ofPairs("corr", "Correlation coefficient; NULL where it is not defined.", overLists("scops_corr")),
	ofPairs("regr_slope", "Slope of the line of regression.", overLists("scops_regr_slope")),
	ofPairs("regr_intercept", "Intercept of the line of regression.", overLists("scops_regr_intercept")),
	{Name: "skewness", Kind: Aggregate, Doc: "Skewness; NULL of fewer than three values.", Example: "skewness(x)", Sigs: ofDoubles("scops_skewness(list<$1|$1 IS NOT NULL>)")},
	{Name: "kurtosis", Kind: Aggregate, Doc: "Excess kurtosis; NULL of fewer than four values.", Example: "kurtosis(x)", Sigs: ofDoubles("scops_kurtosis(list<$1|$1 IS NOT NULL>)")},
	{Name: "geometric_mean", Kind: Aggregate, Doc: "Geometric mean.", Example: "geometric_mean(x)",
		Sigs: []Signature{
			{Text: "(bigint) -> double", Emit: A(geometricMean)},
			{Text: "(double) -> double", Emit: A(geometricMean)},
			{Text: "(real) -> real", Emit: A("CAST(" + geometricMean + " AS FLOAT)")},
		}},
	{Name: "numeric_histogram", Kind: Aggregate, Doc: "Centres and weights of at most n buckets of numbers.", Example: "numeric_histogram(10, x)",
		Sigs: []Signature{
			{Text: "(bigint, double) -> map(double,double)", Emit: numericHistogram},
			{Text: "(bigint, double, double) -> map(double,double)", Emit: numericHistogram},
			{Text: "(bigint, real) -> map(real,real)", Emit: numericHistogram},
			{Text: "(bigint, real, double) -> map(real,real)", Emit: numericHistogram},
		}},
}

const geometricMean = "exp(sum<scops_ln(CAST($1 AS DOUBLE))> / count<$1>)"

func ofDoubles(template string) []Signature {
	return []Signature{
		{Text: "(bigint) -> double", Emit: func(c *Call) string {
			with := *c
			with.Args = []string{"CAST(" + c.Args[0] + " AS DOUBLE)"}
			return A(template)(&with)
		}},
		{Text: "(double) -> double", Emit: A(template)},
	}
}

// deviation is a statistic that both systems compute in the same way of finite
// numbers. Of others it is NaN, or NULL of fewer than least values.
func deviation(name, doc, duck string, least int, aliases ...string) Function {
	return Function{
		Name: name, Aliases: aliases, Kind: Aggregate, Doc: doc, Example: name + "(x)",
		Sigs: []Signature{{Text: "(double) -> double", Emit: ofFinite(duck+"<$1|isfinite($1)>", "isfinite($1)", least)}},
	}
}

// ofFinite guards an aggregate of finite numbers.
func ofFinite(template, condition string, least int) Emission {
	enough := "count<$1>"
	if least > 1 {
		enough = "(count<$1> - 1)"
	}
	return A("(CASE WHEN count<$1|NOT (" + condition + ")> > 0 THEN CASE WHEN " + enough + " > 0 THEN CAST('nan' AS DOUBLE) END ELSE " + template + " END)")
}

// covariance is DuckDB's where all pairs are finite.
func covariance(duck string, least int) Emission {
	const condition = "isfinite($1) AND isfinite($2)"
	return func(c *Call) string {
		with := *c
		with.Args = []string{c.Args[0], c.Args[1], "(" + c.Args[0] + " + 0 * " + c.Args[1] + ")"}
		enough := "count<$3>"
		if least > 1 {
			enough = "(count<$3> - 1)"
		}
		return A("(CASE WHEN count<$3|NOT (" + condition + ")> > 0 THEN CASE WHEN " + enough + " > 0 THEN CAST('nan' AS DOUBLE) END ELSE " +
			duck + "<$1, $2|" + condition + "> END)")(&with)
	}
}

// ofPairs is an aggregate of two numbers; that of reals is computed as of
// doubles.
func ofPairs(name, doc string, emit Emission) Function {
	return Function{Name: name, Kind: Aggregate, Doc: doc, Example: name + "(y, x)",
		Sigs: []Signature{
			{Text: "(double, double) -> double", Emit: emit},
			{Text: "(real, real) -> real", Emit: func(c *Call) string {
				with := *c
				with.Args = []string{"CAST(" + c.Args[0] + " AS DOUBLE)", "CAST(" + c.Args[1] + " AS DOUBLE)"}
				return "CAST(" + emit(&with) + " AS FLOAT)"
			}},
		}}
}

func overLists(name string) Emission {
	return func(c *Call) string {
		y, x := columns(c, "$1", "$2")
		return name + "(" + y + ", " + x + ")"
	}
}

// columns are the lists of two expressions over the rows where both have a
// value. With DISTINCT or an order the pairs are collected together.
func columns(c *Call, a, b string) (string, string) {
	condition := "|" + a + " IS NOT NULL AND " + b + " IS NOT NULL>"
	if !c.Clauses.Distinct && c.Clauses.OrderBy == "" {
		return A("list<" + a + condition)(c), A("list<" + b + condition)(c)
	}
	pairs := A("list<struct_pack(a := " + a + ", b := " + b + ")" + condition)(c)
	return member(pairs, "a"), member(pairs, "b")
}

func numericHistogram(c *Call) string {
	weight := "CAST(1 AS DOUBLE)"
	if len(c.Args) == 3 {
		weight = "$3"
	}
	values, weights := columns(c, "CAST($2 AS DOUBLE)", weight)
	plain := *c
	plain.Clauses.Distinct, plain.Clauses.OrderBy = false, ""
	flat := "scops_numeric_histogram(" + A("any_value<$1>")(&plain) + ", " + values + ", " + weights + ")"
	return "CAST(" + expand("map(list_slice($1, 1, len($1), 2), list_slice($1, 2, len($1), 2))", []string{flat}) + " AS " + duckType(c.Return) + ")"
}
