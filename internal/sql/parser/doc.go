// Package parser reads the query language, Trino's, into the tree of package
// ast: ParseStatement for a whole statement, ParseExpression for one value.
//
// It owns the words (the lexer and its keywords) and the grammar. Errors are
// *ast.Error with Trino's place and wording: SYNTAX_ERROR for text that Trino
// does not accept, NOT_SUPPORTED for what Trino's grammar has and scops has
// not. It must not know what names, functions or types exist. The tree goes to
// the analyzer.
//
// The parser is recursive descent over a slice of tokens, without
// backtracking, so its time is linear in the length of the text. Where it fails,
// package syntax finds the message that Trino has for the text; for one that
// would take it too long the tokens that were looked for and not found are the
// "Expecting" list. Nesting (MaxDepth) and length (MaxLength) are bounded, so no
// text can exhaust the stack.
package parser
