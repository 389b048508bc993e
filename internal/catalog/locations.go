package catalog

import "strings"

// FolderURI returns a location with the scheme s3:// (Hive also writes s3a and
// s3n) and a final slash, the form to compare and to list by.
func FolderURI(location string) string {
	for _, scheme := range []string{"s3a://", "s3n://"} {
		if rest, ok := strings.CutPrefix(location, scheme); ok {
			location = "s3://" + rest
		}
	}
	if !strings.HasSuffix(location, "/") {
		location += "/"
	}
	return location
}

// SameLocation reports whether two locations are the same folder.
func SameLocation(a, b string) bool { return FolderURI(a) == FolderURI(b) }

// PartitionLocation returns the folder of a partition that names no other: the
// table's location with the partition's name below it and a final slash.
func PartitionLocation(t *Table, values []string) string {
	return strings.TrimSuffix(t.Location, "/") + "/" + PartitionName(t.PartitionKeys, values) + "/"
}
