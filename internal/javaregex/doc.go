// Package javaregex matches regular expressions as java.util.regex does: its
// syntax, its order of backtracking, its groups. The Regex and Grok SerDes are
// defined by it.
//
// It owns the dialect and knows nothing of SerDes. Patterns come from table
// properties, texts from files, so both the time and the depth of a search are
// bounded. Input is UTF-8; what the dialect counts in characters are code
// points. Constructs whose meaning differs between releases of Java, or that are
// not here, are refused by name when the pattern is compiled.
package javaregex
