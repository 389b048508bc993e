// Package lint says beside a result what its reader would trip over: folders
// that match a query and are not registered as partitions, a condition on a
// partition key that cannot prune, a scan that one more condition would cut to
// a hundredth. scops reads what Athena reads; a warning changes nothing of that.
//
// It owns the warnings and their texts. It must not know how a query is run or
// shown, and costs a query next to nothing: it looks at what was planned, and
// lists a handful of folders at most.
package lint
