package functions

// needConstant refuses an argument that is not a constant text.
func needConstant(c *Call, arg int, what string) *Error {
	if _, ok := c.Consts[arg].(string); !c.IsConst[arg] || !ok {
		return &Error{Name: notSupported, Message: "The " + what + " must be a constant", Arg: arg}
	}
	return nil
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
