//go:build !linux

package rig

import "os"

func datasync(f *os.File) error { return f.Sync() }
