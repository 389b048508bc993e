// Package ast is the tree of the query language: what the parser makes of the
// text of a Trino statement, under the names that Trino's own tree has.
//
// It owns the nodes, their places in the text, the errors that point at a
// place (Error), walking (Walk) and printing (Format). It must not know what a
// name means, which functions exist or what type an expression has: that is
// the analyzer's. It imports nothing of scops.
//
// Places are Trino's: line and column count from 1, in code points. An
// arithmetic or comparison expression stands at its operator, BETWEEN, IN,
// LIKE and IS stand at that keyword (or at the NOT before it), everything else
// stands at its first token.
//
// Some syntax is rewritten by the parser, as Trino does it, so that those who
// read the tree meet fewer shapes:
//
//   - x != y is Comparison with "<>"; x NOT IN (…) is Not over In, and so with
//     BETWEEN, LIKE and IS DISTINCT FROM
//   - a || b is the FunctionCall concat(a, b), at the place of ||
//   - POSITION(a IN b) is strpos(b, a); SUBSTRING(a FROM b FOR c) is
//     substr(a, b, c)
//   - a AND b AND c is one Logical with three terms
//   - -1 is one LongLiteral; -x is ArithmeticUnary
//   - COALESCE, NULLIF, IF and TRY are plain FunctionCalls: their special
//     evaluation is the analyzer's to know
//   - ORDER BY, OFFSET and LIMIT belong to Query, never to QuerySpecification.
//     Where Query.Body is a *QuerySpecification its sort keys may also refer
//     to columns of that specification's FROM clause
package ast
