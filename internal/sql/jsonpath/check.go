package jsonpath

import "strings"

// InvalidError is INVALID_PATH.
type InvalidError struct{ Reason string }

func (e *InvalidError) Error() string { return e.Reason }

// Check finds what cannot be right whatever the value is: variables that are
// not passed and operations on literals of the wrong kind.
func (p *Path) Check(variables []string) error {
	c := &checker{variables: variables}
	c.kind(p.root)
	if c.err == nil {
		return nil
	}
	return c.err
}

// Kind is NUMBER, STRING or BOOLEAN where all items that the path gives are of
// that kind, whatever the value is; else "".
func (p *Path) Kind() string { return (&checker{err: &InvalidError{}}).kind(p.root) }

type checker struct {
	variables []string
	err       *InvalidError
}

func (c *checker) fail(reason string) {
	if c.err == nil {
		c.err = &InvalidError{reason}
	}
}

// kind is the kind of all items of a node where the path alone says it, or "".
func (c *checker) kind(n node) string {
	switch n := n.(type) {
	case *literalNode:
		if n.value == any(Null{}) {
			return ""
		}
		return kindName(n.value)
	case *variableNode:
		c.variable(n.name)
	case *lastNode:
		return "NUMBER"
	case *memberNode:
		c.kind(n.base)
	case *descendantNode:
		c.kind(n.base)
	case *arrayNode:
		c.kind(n.base)
		for _, s := range n.subscripts {
			c.kind(s.from)
			if s.to != nil {
				c.kind(s.to)
			}
		}
	case *filterNode:
		kind := c.kind(n.base)
		c.predicate(n.condition)
		return kind
	case *methodNode:
		return c.method(n)
	case *unaryNode:
		return c.numeric(c.kind(n.base), "invalid operand type in JSON path arithmetic unary expression")
	case *binaryNode:
		left, right := c.kind(n.left), c.kind(n.right)
		if left == "" || right == "" {
			return ""
		}
		c.numeric(left, "invalid operand types in JSON path arithmetic binary expression")
		return c.numeric(right, "invalid operand types in JSON path arithmetic binary expression")
	}
	return ""
}

func (c *checker) numeric(kind, reason string) string {
	if kind != "" && kind != "NUMBER" {
		c.fail(reason)
	}
	return kind
}

func (c *checker) method(n *methodNode) string {
	kind := c.kind(n.base)
	switch n.name {
	case "type":
		return "STRING"
	case "size":
		return "NUMBER"
	case "keyvalue":
		return ""
	case "double":
		if kind == "BOOLEAN" {
			c.fail("cannot perform JSON path double() method with boolean argument")
		}
		return "NUMBER"
	}
	return c.numeric(kind, "cannot perform JSON path "+n.name+"() method with this argument")
}

func (c *checker) variable(name string) {
	for _, v := range c.variables {
		if v == name {
			return
		}
	}
	reason := "no value passed for parameter " + name
	for _, v := range c.variables {
		if strings.EqualFold(v, name) {
			reason += `. Try quoting "` + name + `" in the PASSING clause to match case`
			break
		}
	}
	c.fail(reason)
}

func (c *checker) predicate(p predicate) {
	switch p := p.(type) {
	case *notPredicate:
		c.predicate(p.of)
	case *unknownPredicate:
		c.predicate(p.of)
	case *existsPredicate:
		c.kind(p.of)
	case *logicalPredicate:
		c.predicate(p.left)
		c.predicate(p.right)
	case *startsPredicate:
		c.kind(p.whole)
		c.kind(p.prefix)
	case *comparison:
		c.kind(p.left)
		c.kind(p.right)
	}
}
