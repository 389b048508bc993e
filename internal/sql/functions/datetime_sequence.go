package functions

// monthSequence is a sequence by months: each element is so many from the start,
// which element computes of scops_i. start and stop are what is compared.
func monthSequence(element, start, stop string) string {
	months := "date_sub('month', " + start + ", " + stop + ")"
	return strict(3, "WHEN $3 = 0 THEN "+raise(invalidArgument, "step must not be zero")+
		" WHEN ($3 > 0) <> ("+stop+" >= "+start+") AND "+stop+" <> "+start+" THEN "+raise(invalidArgument, wrongDirection)+
		" WHEN abs("+months+") // abs($3) >= 10000 THEN "+raise(invalidArgument, longSequence)+
		" ELSE list_transform(generate_series(0, "+months+", CAST($3 AS BIGINT)), lambda scops_i: "+element+")")
}

const (
	wrongDirection = "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start"
	longSequence   = "result of sequence function must not have more than 10000 entries"
)

// timestampSequence is a sequence by milliseconds, in microseconds.
func timestampSequence(c *Call) string {
	series := checkedSequence("epoch_us($1)", "epoch_us($2)", "($3 * 1000)", 3,
		"list_transform(generate_series(epoch_us($1), epoch_us($2), $3 * 1000), lambda scops_i: make_timestamp(scops_i))")
	if unit := roundUnit(c.Types[0].Precision); unit > 1000 {
		series = sprint("(CASE WHEN $3 * 1000 %% %d <> 0 THEN %s ELSE %s END)", unit, raise(notSupported, "A step with more digits than the start is not supported"), series)
	}
	return expand(series, c.Args)
}
