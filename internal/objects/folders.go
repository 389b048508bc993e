package objects

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Folders returns folders below a prefix; see Store. A folder of the disk that
// somebody emptied by hand is among them.
func (l *Local) Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error) {
	dir, err := l.backend.existing(bucket)
	if err != nil {
		return nil, false, storeError("list", bucket, prefix, err)
	}
	at := prefix[:strings.LastIndexByte(prefix, '/')+1]
	if at != "" && checkKey(at) != nil {
		return nil, false, nil
	}
	entries, err := os.ReadDir(filepath.Join(dir, at))
	if err != nil {
		if isMissing(err) {
			return nil, false, nil
		}
		return nil, false, storeError("list", bucket, prefix, err)
	}
	folders := make([]string, 0, len(entries))
	for _, e := range entries {
		if folder := at + e.Name() + "/"; e.IsDir() && strings.HasPrefix(folder, prefix) && folder > startAfter && !internalFolder(e) {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders) // with the slash, as S3 does
	if len(folders) > max {
		return folders[:max], true, ctx.Err()
	}
	return folders, false, ctx.Err()
}

func internalFolder(e fs.DirEntry) bool { return e.Name() == tempDir || isTempName(e.Name()) }

// Folders returns folders below a prefix, by S3's delimiter; see Store.
func (r *Remote) Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error) {
	in := &s3.ListObjectsV2Input{Bucket: &bucket, Delimiter: aws.String("/")}
	if prefix != "" {
		in.Prefix = &prefix
	}
	if startAfter != "" {
		in.StartAfter = aws.String(startAfter + lastKey)
	}
	var folders []string
	for {
		in.MaxKeys = aws.Int32(int32(min(max-len(folders), remotePage)))
		page, err := r.client.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, false, remoteError("list", bucket, prefix, err)
		}
		for _, p := range page.CommonPrefixes {
			folders = append(folders, aws.ToString(p.Prefix))
		}
		more := aws.ToBool(page.IsTruncated)
		if !more || len(folders) >= max {
			return folders, more, nil
		}
		in.ContinuationToken, in.StartAfter = page.NextContinuationToken, nil
	}
}

// lastKey sorts after all that keys of a folder go on with.
const lastKey = "\U0010FFFF"

// Folders returns folders below a prefix; see Store.
func (r *Routed) Folders(ctx context.Context, bucket, prefix, startAfter string, max int) ([]string, bool, error) {
	return r.of(bucket).Folders(ctx, bucket, prefix, startAfter, max)
}
