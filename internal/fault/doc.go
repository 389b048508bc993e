// Package fault is where tests stop the process: each Point is a moment just
// before something becomes durable, such as a write, a sync, a put or a commit.
//
// It owns the counting of points and does nothing in a program that is built
// without the tag faultpoints. It must not know what the points mean. Every
// package that makes something durable calls it; make crashtest stops a running
// scops at each of them in turn.
package fault
