package jsonpath

// Path is a parsed path.
type Path struct {
	lax  bool
	root node
}

// node is an expression of a path.
type node interface{}

type (
	literalNode  struct{ value any }
	contextNode  struct{}
	variableNode struct{ name string }
	lastNode     struct{}
	currentNode  struct{}
	memberNode   struct {
		base node
		name string
		all  bool
	}
	descendantNode struct {
		base node
		name string
	}
	arrayNode struct {
		base       node
		subscripts []subscript // none is [*]
	}
	filterNode struct {
		base      node
		condition predicate
	}
	methodNode struct {
		base node
		name string
	}
	unaryNode struct {
		base     node
		negative bool
	}
	binaryNode struct {
		operator    string
		left, right node
	}
)

// subscript is from [to to].
type subscript struct{ from, to node }

// predicate is a condition of a filter.
type predicate interface{}

type (
	notPredicate     struct{ of predicate }
	logicalPredicate struct {
		or          bool
		left, right predicate
	}
	comparison struct {
		operator    string
		left, right node
	}
	existsPredicate  struct{ of node }
	unknownPredicate struct{ of predicate }
	startsPredicate  struct{ whole, prefix node }
)
