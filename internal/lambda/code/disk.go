package code

import (
	"errors"
	"io/fs"
	"syscall"
)

// isDisk tells whether an error is of the machine and not of what was asked.
func isDisk(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EMFILE, syscall.ENFILE, fs.ErrClosed} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
