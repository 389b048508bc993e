package functions

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
		Sigs: []Signature{{Text: "(bigint) -> bigint", Emit: A("ntile<$1>"), Check: positiveConstant(0, "Buckets must be greater than 0")}}},
	{Name: "first_value", Kind: Window, OwnNulls: true, Doc: "First value of the frame.", Example: "first_value(x) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("first_value<$1>")}}},
	{Name: "last_value", Kind: Window, OwnNulls: true, Doc: "Last value of the frame.", Example: "last_value(x) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("last_value<$1>")}}},
	{Name: "nth_value", Kind: Window, OwnNulls: true, Doc: "The nth value of the frame, NULL where it is shorter.", Example: "nth_value(x, 2) OVER (ORDER BY y)",
		Sigs: []Signature{{Text: "(T, bigint) -> T", Emit: A("nth_value<$1, $2>"), Check: positiveConstant(1, "Offset must be at least 1")}}},
	offset("lag", "Value of an earlier row."),
	offset("lead", "Value of a later row."),
}

func ranking(name, doc string) Function {
	return Function{Name: name, Kind: Window, Doc: doc, Example: name + "() OVER (ORDER BY x)",
		Sigs: []Signature{{Text: "() -> bigint", Emit: A(name + "<>")}}}
}

func offset(name, doc string) Function {
	check := constantOffset
	return Function{Name: name, Kind: Window, OwnNulls: true, Doc: doc, Example: name + "(x, 1) OVER (ORDER BY y)",
		Sigs: []Signature{
			{Text: "(T) -> T", Emit: A(name + "<$1>")},
			{Text: "(T, bigint) -> T", Emit: A(name + "<$1, $2>"), Check: check},
			{Text: "(T, bigint, T) -> T", Emit: A(name + "<$1, $2, $3>"), Check: check},
		}}
}

func positiveConstant(arg int, message string) func(*Call) *Error {
	return func(c *Call) *Error {
		n, ok := c.Consts[arg].(int64)
		if !c.IsConst[arg] || !ok {
			return &Error{Name: notSupported, Message: "The argument must be a constant", Arg: arg}
		}
		if n < 1 {
			return &Error{Name: invalidArgument, Message: message, Arg: arg}
		}
		return nil
	}
}

func constantOffset(c *Call) *Error {
	n, ok := c.Consts[1].(int64)
	if !c.IsConst[1] || !ok {
		return &Error{Name: notSupported, Message: "The offset must be a constant", Arg: 1}
	}
	if n < 0 {
		return &Error{Name: invalidArgument, Message: "Offset must be at least 0", Arg: 1}
	}
	return nil
}
