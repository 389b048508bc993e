package functions

// needConstant refuses an argument that is not a constant text.
func needConstant(c *Call, arg int, what string) *Error {
	if _, ok := c.Consts[arg].(string); !c.IsConst[arg] || !ok {
		return &Error{Name: notSupported, Message: "The " + what + " must be a constant", Arg: arg}
	}
	return nil
}

// constText is a constant text argument that needConstant has let through.
func constText(c *Call, arg int) string {
	s, _ := c.Consts[arg].(string)
	return s
}

// both joins checks.
func both(checks ...func(*Call) *Error) func(*Call) *Error {
	return func(c *Call) *Error {
		for _, check := range checks {
			if err := check(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// strict is a template that gives NULL where one of the first n arguments is,
// before anything in it can fail.
func strict(n int, cases string) string {
	out := "(CASE WHEN "
	for i := range n {
		if i > 0 {
			out += " OR "
		}
		out += "$" + string(rune('1'+i)) + " IS NULL"
	}
	return out + " THEN NULL " + cases + " END)"
}

// flat refuses nested values where NULL inside them would matter.
func flat(c *Call) *Error {
	if nested(c.Types[0]) {
		return refuse(notSupported, "Aggregation of %s is not supported", c.Types[0])
	}
	return nil
}
