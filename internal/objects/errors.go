package objects

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/versity/versitygw/s3err"
)

// ErrNoSpace is the cause of a put that failed because the disk, or a quota,
// is full. Nothing of the object is visible after it.
var ErrNoSpace = errors.New("no space left on device")

// isCode tells whether err is the S3 error of that code.
func isCode(err error, code string) bool {
	var e s3err.S3Error
	return errors.As(err, &e) && e.BaseError().Code == code
}

// plain turns an S3 error, which prints as XML, into a sentence.
func plain(err error) error {
	var e s3err.S3Error
	if !errors.As(err, &e) {
		return err
	}
	base := e.BaseError()
	return fmt.Errorf("%s: %s", base.Code, base.Description)
}

// missingKey turns the file system's ways to say "no such file" into ErrNoSuchKey.
func missingKey(err error) error {
	if isMissing(err) {
		return ErrNoSuchKey
	}
	return err
}

func isMissing(err error) bool {
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG)
}

// s3Error makes the errors of the posix backend fit for an S3 client: bucket
// names instead of the folders that the backend was called with, and a full
// disk as such.
func (b *durableBackend) s3Error(bucket, key string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)
	}
	// The backend reports every failure to make a folder or a name as this one.
	if isCode(err, "ExistingObjectIsDirectory") && b.full() {
		return s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)
	}
	var be s3err.BucketError
	if errors.As(err, &be) {
		be.BucketName = filepath.Base(bucket)
		return be
	}
	var se s3err.S3Error
	if errors.As(err, &se) {
		return se
	}
	return fmt.Errorf("s3://%s/%s: %w", filepath.Base(bucket), key, err)
}

// full tells whether the file system has no block or no inode left.
func (b *durableBackend) full() bool {
	var st syscall.Statfs_t
	if err := syscall.Statfs(b.root, &st); err != nil {
		return false
	}
	return st.Bavail == 0 || (st.Files > 0 && st.Ffree == 0)
}

const maxKeyBytes = 1024

// checkKey returns the S3 error for a key that a file cannot represent. A key
// that ends with a slash is a folder object.
func checkKey(key string) error {
	if key == "" {
		return invalidKey("it is empty")
	}
	if len(key) > maxKeyBytes {
		return s3err.GetKeyTooLongErr(int64(len(key)), maxKeyBytes)
	}
	if strings.IndexByte(key, 0) >= 0 {
		return invalidKey("it contains a NUL byte")
	}
	for seg := range strings.SplitSeq(strings.TrimSuffix(key, "/"), "/") {
		switch {
		case seg == "" || seg == "." || seg == "..":
			return invalidKey(fmt.Sprintf("objects are files here, so a key cannot have the segment %q", seg))
		case seg == tempDir || isTempName(seg):
			return invalidKey(fmt.Sprintf("the segment %q is reserved for uploads under way", seg))
		case len(seg) > 255:
			return s3err.GetKeyTooLongErr(int64(len(seg)), 255)
		}
	}
	return nil
}

func invalidKey(why string) error {
	return s3err.APIError{Code: "InvalidArgument", Description: "This key cannot be stored: " + why + ".", HTTPStatusCode: http.StatusBadRequest}
}

// validBucket tells whether name follows the rules for bucket names of S3. It
// excludes names that begin with an underscore or a dot.
func validBucket(name string) bool {
	if len(name) < 3 || len(name) > 63 || strings.Contains(name, "..") {
		return false
	}
	for i := range len(name) {
		c := name[i]
		alnum := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		edge := i == 0 || i == len(name)-1
		if !alnum && (edge || c != '-' && c != '.') {
			return false
		}
	}
	return true
}
