package objects

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/s3api/utils"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// maxCopyBytes is S3's limit for one copy: 5 GiB.
const maxCopyBytes = 5 << 30

// source is an object that is being copied.
type source struct {
	dir, key string
	file     *os.File
	size     int64 // bytes
	head     *s3.HeadObjectOutput
}

// openSource opens the object that a copy names and checks its conditions.
// The caller closes the file.
func (b *durableBackend) openSource(ctx context.Context, copySource *string, conditions backend.PreConditions) (*source, error) {
	bucket, key, version, err := backend.ParseCopySource(deref(copySource))
	if err != nil {
		return nil, err
	}
	if version != "" {
		return nil, s3err.GetInvalidArgumentErr(s3err.InvalidArgVersionId, version)
	}
	dir, err := b.object(&bucket, &key)
	if err != nil {
		return nil, err
	}
	head, err := b.posix.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &dir, Key: &key})
	if err != nil {
		return nil, b.s3Error(dir, key, err)
	}
	f, err := os.Open(filepath.Join(dir, key))
	if isMissing(err) {
		return nil, s3err.GetAPIError(s3err.ErrNoSuchKey)
	}
	if err != nil {
		return nil, b.s3Error(dir, key, err)
	}
	fi, err := f.Stat()
	if err == nil {
		err = backend.EvaluatePreconditions(deref(head.ETag), fi.ModTime(), conditions)
	}
	if err != nil {
		_ = f.Close()
		return nil, b.s3Error(dir, key, err)
	}
	src := &source{dir: dir, key: key, file: f, size: fi.Size(), head: head}
	if fi.IsDir() {
		src.size = 0
	}
	return src, nil
}

// checksums returns the stored checksums of an object, or none.
func (b *durableBackend) checksums(dir, key string) (s3response.Checksum, error) {
	var sums s3response.Checksum
	data, err := b.meta.RetrieveAttribute(nil, dir, key, attrChecksums)
	if errors.Is(err, meta.ErrNoSuchKey) {
		return sums, nil
	}
	if err != nil {
		return sums, err
	}
	return sums, json.Unmarshal(data, &sums)
}

func (b *durableBackend) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	src, err := b.openSource(ctx, in.CopySource, backend.PreConditions{
		IfMatch: in.CopySourceIfMatch, IfNoneMatch: in.CopySourceIfNoneMatch,
		IfModSince: in.CopySourceIfModifiedSince, IfUnmodeSince: in.CopySourceIfUnmodifiedSince,
	})
	if err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	defer src.file.Close()
	if src.size > maxCopyBytes {
		return s3response.CopyObjectOutput{}, s3err.GetCopySourceObjectTooLargeErr(maxCopyBytes)
	}
	if src.dir == dir && src.key == *in.Key && in.MetadataDirective != types.MetadataDirectiveReplace {
		return s3response.CopyObjectOutput{}, s3err.GetAPIError(s3err.ErrInvalidCopyDest)
	}
	put, err := b.copyInput(in, src)
	if err != nil {
		return s3response.CopyObjectOutput{}, b.s3Error(src.dir, src.key, err)
	}
	out, err := b.put(ctx, dir, put)
	if err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	return b.copied(dir, *in.Key, out)
}

// copyInput is the put that stores the copy. Metadata and tags are those of
// the source unless the request replaces them.
func (b *durableBackend) copyInput(in s3response.CopyObjectInput, src *source) (s3response.PutObjectInput, error) {
	sums, err := b.checksums(src.dir, src.key)
	if err != nil {
		return s3response.PutObjectInput{}, err
	}
	if in.ChecksumAlgorithm != "" {
		sums.Algorithm = in.ChecksumAlgorithm
	}
	put := s3response.PutObjectInput{
		Key: in.Key, Body: src.file, ContentLength: &src.size, ChecksumAlgorithm: sums.Algorithm,
		WebsiteRedirectLocation:   in.WebsiteRedirectLocation,
		ObjectLockRetainUntilDate: in.ObjectLockRetainUntilDate,
		ObjectLockMode:            in.ObjectLockMode,
		ObjectLockLegalHoldStatus: in.ObjectLockLegalHoldStatus,
	}
	if strings.HasSuffix(*in.Key, "/") {
		put.Body = strings.NewReader("")
	}
	if in.MetadataDirective == types.MetadataDirectiveReplace {
		put.ContentType, put.ContentEncoding, put.ContentLanguage = in.ContentType, in.ContentEncoding, in.ContentLanguage
		put.ContentDisposition, put.CacheControl, put.Expires = in.ContentDisposition, in.CacheControl, in.Expires
		put.Metadata = in.Metadata
	} else {
		h := src.head
		put.ContentType, put.ContentEncoding, put.ContentLanguage = h.ContentType, h.ContentEncoding, h.ContentLanguage
		put.ContentDisposition, put.CacheControl, put.Expires = h.ContentDisposition, h.CacheControl, h.ExpiresString
		put.Metadata = h.Metadata
	}
	if in.TaggingDirective == types.TaggingDirectiveReplace {
		put.Tagging = in.Tagging
		return put, nil
	}
	tags, err := b.tags(src)
	put.Tagging = tags
	return put, err
}

// tags returns the tags of the source in the form of the x-amz-tagging header.
func (b *durableBackend) tags(src *source) (*string, error) {
	data, err := b.attribute(nil, src.dir, src.key, attrTagging)
	if err != nil || data == "" {
		return nil, err
	}
	var tags map[string]string
	if err := json.Unmarshal([]byte(data), &tags); err != nil {
		return nil, err
	}
	form := make(url.Values, len(tags))
	for k, v := range tags {
		form.Set(k, v)
	}
	encoded := form.Encode()
	return &encoded, nil
}

func (b *durableBackend) copied(dir, key string, put s3response.PutObjectOutput) (s3response.CopyObjectOutput, error) {
	fi, err := os.Stat(filepath.Join(dir, key))
	if err != nil {
		return s3response.CopyObjectOutput{}, b.s3Error(dir, key, err)
	}
	none := ""
	return s3response.CopyObjectOutput{
		CopyObjectResult: &s3response.CopyObjectResult{
			ETag: &put.ETag, LastModified: backend.GetTimePtr(fi.ModTime()),
			ChecksumCRC32: put.ChecksumCRC32, ChecksumCRC32C: put.ChecksumCRC32C,
			ChecksumSHA1: put.ChecksumSHA1, ChecksumSHA256: put.ChecksumSHA256,
			ChecksumCRC64NVME: put.ChecksumCRC64NVME, ChecksumSHA512: put.ChecksumSHA512,
			ChecksumMD5: put.ChecksumMD5, ChecksumXXHASH64: put.ChecksumXXHASH64,
			ChecksumXXHASH3: put.ChecksumXXHASH3, ChecksumXXHASH128: put.ChecksumXXHASH128,
			ChecksumType: put.ChecksumType,
		},
		VersionId: &put.VersionID, CopySourceVersionId: &none,
	}, nil
}

func (b *durableBackend) UploadPartCopy(ctx context.Context, in *s3.UploadPartCopyInput) (s3response.CopyPartResult, error) {
	b.removal.RLock()
	defer b.removal.RUnlock()
	dir, err := b.target(in.Bucket, in.Key)
	if err != nil {
		return s3response.CopyPartResult{}, err
	}
	src, err := b.openSource(ctx, in.CopySource, backend.PreConditions{
		IfMatch: in.CopySourceIfMatch, IfNoneMatch: in.CopySourceIfNoneMatch,
		IfModSince: in.CopySourceIfModifiedSince, IfUnmodeSince: in.CopySourceIfUnmodifiedSince,
	})
	if err != nil {
		return s3response.CopyPartResult{}, err
	}
	defer src.file.Close()
	off, n, err := backend.ParseCopySourceRange(src.size, deref(in.CopySourceRange))
	if err != nil {
		return s3response.CopyPartResult{}, err
	}
	if n > maxCopyBytes {
		return s3response.CopyPartResult{}, s3err.GetCopySourceObjectTooLargeErr(maxCopyBytes)
	}
	n = min(n, src.size-off)
	part := &s3.UploadPartInput{
		Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, PartNumber: in.PartNumber,
		Body: io.NewSectionReader(src.file, off, n), ContentLength: &n,
	}
	if err := b.partChecksum(dir, part, io.NewSectionReader(src.file, off, n)); err != nil {
		return s3response.CopyPartResult{}, b.s3Error(dir, *in.Key, err)
	}
	out, err := b.putPart(ctx, dir, part)
	if err != nil {
		return s3response.CopyPartResult{}, err
	}
	return b.copiedPart(dir, part, out)
}

// partChecksum gives the part the checksum that its upload asks for, read from
// body: a composite checksum of the whole needs that of each part.
func (b *durableBackend) partChecksum(dir string, part *s3.UploadPartInput, body io.Reader) error {
	sums, err := b.checksums(dir, uploadDir(*part.Key, *part.UploadId))
	if isMissing(err) {
		return s3err.GetNoSuchUploadErr(*part.UploadId)
	}
	if err != nil || sums.Algorithm == "" {
		return err
	}
	r, err := utils.NewHashReader(body, "", utils.HashType(strings.ToLower(string(sums.Algorithm))))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	sum := r.Sum()
	fields := map[types.ChecksumAlgorithm]**string{
		types.ChecksumAlgorithmCrc32: &part.ChecksumCRC32, types.ChecksumAlgorithmCrc32c: &part.ChecksumCRC32C,
		types.ChecksumAlgorithmSha1: &part.ChecksumSHA1, types.ChecksumAlgorithmSha256: &part.ChecksumSHA256,
		types.ChecksumAlgorithmCrc64nvme: &part.ChecksumCRC64NVME, types.ChecksumAlgorithmSha512: &part.ChecksumSHA512,
		types.ChecksumAlgorithmMd5: &part.ChecksumMD5, types.ChecksumAlgorithmXxhash64: &part.ChecksumXXHASH64,
		types.ChecksumAlgorithmXxhash3: &part.ChecksumXXHASH3, types.ChecksumAlgorithmXxhash128: &part.ChecksumXXHASH128,
	}
	if field, ok := fields[sums.Algorithm]; ok {
		*field = &sum
	}
	return nil
}

func (b *durableBackend) copiedPart(dir string, part *s3.UploadPartInput, out *s3.UploadPartOutput) (s3response.CopyPartResult, error) {
	fi, err := os.Stat(filepath.Join(dir, uploadDir(*part.Key, *part.UploadId), partName(part)))
	if err != nil {
		return s3response.CopyPartResult{}, b.s3Error(dir, *part.Key, err)
	}
	return s3response.CopyPartResult{
		LastModified: fi.ModTime(), ETag: out.ETag,
		ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C,
		ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
		ChecksumCRC64NVME: out.ChecksumCRC64NVME, ChecksumSHA512: out.ChecksumSHA512,
		ChecksumMD5: out.ChecksumMD5, ChecksumXXHASH64: out.ChecksumXXHASH64,
		ChecksumXXHASH3: out.ChecksumXXHASH3, ChecksumXXHASH128: out.ChecksumXXHASH128,
	}, nil
}
