package functions

var sketches = []Function{
	{Name: "approx_set", Kind: Aggregate, Doc: "HyperLogLog of all values.", Example: "cardinality(approx_set(x))",
		Sigs: []Signature{
			{Text: "(bigint) -> hyperloglog", Emit: distinctHashes("scops_murmur_bigint")},
			{Text: "(double) -> hyperloglog", Emit: distinctHashes("scops_murmur_double")},
			{Text: "(varchar(x)) -> hyperloglog", Emit: distinctHashes("scops_murmur_text")},
		}},
	{Name: "empty_approx_set", Family: "HyperLogLog", Doc: "HyperLogLog of no values.", Example: "empty_approx_set()",
		Sigs: []Signature{{Text: "() -> hyperloglog", Emit: T(`CAST('\x02\x0C\x00\x00' AS BLOB)`)}}},
	{Name: "merge", Kind: Aggregate, Doc: "One HyperLogLog or t-digest of several.", Example: "merge(h)",
		Sigs: []Signature{
			{Text: "(hyperloglog) -> hyperloglog", Emit: A("scops_hll_merge(list<$1|$1 IS NOT NULL>)")},
			{Text: "(tdigest) -> tdigest", Emit: A("scops_tdigest_merge(list<$1|$1 IS NOT NULL>)")},
		}},
	{Name: "tdigest_agg", Kind: Aggregate, Doc: "T-digest of numbers, with weights or without.", Example: "value_at_quantile(tdigest_agg(x), 0.5)",
		Sigs: []Signature{
			{Text: "(double) -> tdigest", Emit: tdigestAgg},
			{Text: "(double, double) -> tdigest", Emit: tdigestAgg},
		}},
	{Name: "value_at_quantile", Family: "Quantile digest", Doc: "Value at a quantile from 0 to 1.", Example: "value_at_quantile(d, 0.5)",
		Sigs: []Signature{{Text: "(tdigest, double) -> double", Emit: T("list_extract(scops_tdigest_values($1, (CASE WHEN $2 IS NOT NULL THEN [$2] END)), 1)")}}},
	{Name: "values_at_quantiles", Family: "Quantile digest", Doc: "Values at quantiles in ascending order.", Example: "values_at_quantiles(d, ARRAY[0.5, 0.9])",
		Sigs: []Signature{{Text: "(tdigest, array(double)) -> array(double)", Emit: T("scops_tdigest_values($1, $2)")}}},
	{Name: "make_set_digest", Kind: Aggregate, Doc: "Set digest of all values.", Example: "cardinality(make_set_digest(x))",
		Sigs: []Signature{
			{Text: "(bigint) -> setdigest", Emit: A("scops_set_digest(list<scops_murmur_bigint($1)|$1 IS NOT NULL>)")},
			{Text: "(varchar(x)) -> setdigest", Emit: A("scops_set_digest(list<scops_murmur_text($1)|$1 IS NOT NULL>)")},
		}},
	{Name: "merge_set_digest", Kind: Aggregate, Doc: "One set digest of several.", Example: "merge_set_digest(d)",
		Sigs: []Signature{{Text: "(setdigest) -> setdigest", Emit: A("scops_set_digest_merge(list<$1|$1 IS NOT NULL>)")}}},
	{Name: "intersection_cardinality", Family: "Set digest", Doc: "Estimated number of values that two sets have in common.", Example: "intersection_cardinality(a, b)",
		Sigs: []Signature{{Text: "(setdigest, setdigest) -> bigint", Emit: T("scops_set_intersection($1, $2)")}}},
	{Name: "jaccard_index", Family: "Set digest", Doc: "Estimated Jaccard index of two sets.", Example: "jaccard_index(a, b)",
		Sigs: []Signature{{Text: "(setdigest, setdigest) -> double", Emit: T("scops_set_jaccard($1, $2)")}}},
	{Name: "hash_counts", Family: "Set digest", Doc: "Map of the hashes of a set digest to how often each came.", Example: "hash_counts(d)",
		Sigs: []Signature{{Text: "(setdigest) -> map(bigint,smallint)", Emit: hashCounts}}},
}

// distinctHashes collects each hash once: a HyperLogLog takes no more from it.
func distinctHashes(hash string) Emission {
	return func(c *Call) string {
		with := *c
		with.Clauses.Distinct, with.Clauses.OrderBy = true, ""
		return A("scops_approx_set(list<" + hash + "($1)|$1 IS NOT NULL>)")(&with)
	}
}

func tdigestAgg(c *Call) string {
	weight := "CAST(1 AS DOUBLE)"
	if len(c.Args) == 2 {
		weight = "$2"
	}
	values, weights := columns(c, "$1", weight)
	return "scops_tdigest(" + values + ", " + weights + ")"
}

func hashCounts(c *Call) string {
	return "CAST(" + expand("map(list_slice($1, 1, len($1), 2), list_slice($1, 2, len($1), 2))", []string{"scops_hash_counts(" + c.Args[0] + ")"}) +
		" AS " + duckType(c.Return) + ")"
}
