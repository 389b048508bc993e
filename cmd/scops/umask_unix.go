//go:build unix

package main

import "syscall"

// keepPrivate makes every new file readable by this user alone: the data folder
// holds keys and events.
func keepPrivate() { syscall.Umask(0o077) }
