package functions

import (
	"fmt"
	"slices"
	"strconv"
)

const windowFamily = "window"

var windows = []Function{
	ranking("row_number", "Number of the row in its partition, from 1."),
	ranking("rank", "Rank with gaps."),
	ranking("dense_rank", "Rank without gaps."),
	{Name: "percent_rank", Kind: Window, Doc: "(rank - 1) / (rows - 1).", Example: "percent_rank() OVER (ORDER BY x)",
		Sigs: []Signature{{Text: "() -> double", Emit: A("percent_rank<>")}}},
	{Name: "cume_dist", Kind: Window, Doc: "Share of rows up to and with this one.", Example: "cume_dist() OVER (ORDER BY x)",
		Sigs: []Signature{{Text: "() -> double", Emit: A("cume_dist<>")}}},
	{Name: "ntile", Kind: Window, Doc: "Number of the bucket, from 1, of n buckets of equal size.", Example: "ntile(4) OVER (ORDER BY x)",
		Sigs: []Signature{{Text: "(bigint) -> bigint", Emit: counted("ntile<%s>", 0, 1, "Buckets must be greater than 0")}}},
	{Name: "first_value", Kind: Window, OwnNulls: true, Doc: "First value of the frame.", Example: "first_value(x) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("first_value<$1>")}}},
	{Name: "last_value", Kind: Window, OwnNulls: true, Doc: "Last value of the frame.", Example: "last_value(x) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("last_value<$1>")}}},
	{Name: "nth_value", Kind: Window, OwnNulls: true, Doc: "The nth value of the frame, NULL where it is shorter.", Example: "nth_value(x, 2) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T, bigint) -> T", Emit: counted("nth_value<$1, %s>", 1, 1, "Offset must be at least 1")}}},
	offset("lag", "Value of an earlier row."),
	offset("lead", "Value of a later row."),
}

func ranking(name, doc string) Function {
	return Function{Name: name, Kind: Window, Doc: doc, Example: name + "() OVER (ORDER BY x)",
		Sigs: []Signature{{Text: "() -> bigint", Emit: A(name + "<>")}}}
}

func offset(name, doc string) Function {
	const message = "Offset must be at least 0"
	return Function{Name: name, Kind: Window, OwnNulls: true, Doc: doc, Example: name + "(x, 1) OVER (ORDER BY y)",
		Sigs: []Signature{
			{Text: "(T) -> T", Emit: A(name + "<$1>")},
			{Text: "(T, bigint) -> T", Emit: needed(counted(name+"<$1, %s>", 1, 0, message))},
			{Text: "(T, bigint, T) -> T", Emit: needed(counted(name+"<$1, %s, $3>", 1, 0, message))},
		}}
}

// counted is a window call with a number of rows, buckets or steps that is an
// error below the least. The template has %s for the checked number.
func counted(template string, arg int, least int64, message string) Emission {
	return func(c *Call) string {
		place := "$" + strconv.Itoa(arg+1)
		if n, ok := c.Consts[arg].(int64); ok && c.IsConst[arg] && n >= least {
			return A(fmt.Sprintf(template, place))(c)
		}
		with := *c
		with.Args = slices.Clone(c.Args)
		with.Args[arg] = fmt.Sprintf("(CASE WHEN %s < %d THEN %s ELSE %s END)", c.Args[arg], least, raise(invalidArgument, message), c.Args[arg])
		return A(fmt.Sprintf(template, place))(&with)
	}
}

// needed makes a NULL offset, the second argument, an error.
func needed(emit Emission) Emission {
	return func(c *Call) string {
		if c.IsConst[1] && c.Consts[1] != nil {
			return emit(c)
		}
		with := *c
		with.Args = slices.Clone(c.Args)
		with.Args[1] = "coalesce(" + c.Args[1] + ", " + raise(invalidArgument, "Offset must not be null") + ")"
		return emit(&with)
	}
}
