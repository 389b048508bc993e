package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriteIsSeenAtItsCommit(t *testing.T) {
	ctx := t.Context()
	s, _ := open(t)
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "db"}, false))
	table := Table{Database: "db", Name: "t", Location: "s3://lake/t/", Columns: []Column{{Name: "a", Type: "int"}}, PartitionKeys: []Column{{Name: "p", Type: "string"}}}
	require.NoError(t, s.BeginWrite(ctx, "w1", "s3://lake/t"))
	require.NoError(t, s.AddWriteObjects(ctx, "w1", []FileName{{Bucket: "lake", Key: "t/p=1/w1_0.parquet"}, {Bucket: "lake", Key: "t/p=2/w1_0.parquet"}}))
	before := s.ViewWrites()
	defer before.Close()
	require.NoError(t, s.BeginWrite(ctx, "w2", ""))

	for _, location := range []string{"s3://lake/t/", "s3://lake/", "s3a://lake/t/p=1/"} {
		require.ErrorIs(t, s.BeginWrite(ctx, "w3", location), ErrConflict, location)
	}
	pending, err := s.PendingWrites(ctx)
	require.NoError(t, err)
	require.Equal(t, []PendingWrite{{ID: "w1", Objects: []FileName{{Bucket: "lake", Key: "t/p=1/w1_0.parquet"}, {Bucket: "lake", Key: "t/p=2/w1_0.parquet"}}}, {ID: "w2"}}, pending)

	p1 := Partition{Values: []string{"1"}, Location: "s3://lake/t/p=1/"}
	require.NoError(t, s.CommitWrite(ctx, "w1", WriteCommit{Create: &table, Partitions: []Partition{p1}}))
	list, err := s.Partitions(ctx, "db", "t")
	require.NoError(t, err)
	require.Len(t, list, 1)
	after := s.ViewWrites()
	defer after.Close()
	require.True(t, before.Hides("t/p=1/w1_0.parquet"), "what was seen before does not change")
	require.False(t, after.Hides("t/p=1/w1_0.parquet"))
	require.True(t, before.Hides("t/w2_0"), "a write that began after the view")
	require.True(t, after.Hides("t/w2_0"))
	require.False(t, after.Hides("t/other"))

	require.NoError(t, s.AbortWrite(ctx, "w2"))
	pending, err = s.PendingWrites(ctx)
	require.NoError(t, err)
	require.Empty(t, pending)
	require.True(t, after.Hides("t/w2_0"), "its objects are deleted")
	before.Close()
	after.Close()
	require.Empty(t, s.writes.known, "what no view needs is forgotten")
}

func TestWriteIntoATableThatChanges(t *testing.T) {
	ctx := t.Context()
	s, _ := open(t)
	require.NoError(t, s.CreateDatabase(ctx, Database{Name: "db"}, false))
	definition := Table{Database: "db", Name: "t", Location: "s3://lake/t/", Columns: []Column{{Name: "a", Type: "int"}}, PartitionKeys: []Column{{Name: "p", Type: "string"}}}
	require.NoError(t, s.CreateTable(ctx, definition, false))
	at := func(location string) []Partition { return []Partition{{Values: []string{"1"}, Location: location}} }
	read, err := s.Table(ctx, "db", "t")
	require.NoError(t, err)
	require.NoError(t, s.BeginWrite(ctx, "w", ""))

	// A comment changes nothing of the files.
	commented := *read
	commented.Description = "text"
	require.NoError(t, s.UpdateTable(ctx, commented))
	require.NoError(t, s.CommitWrite(ctx, "w", WriteCommit{Into: read, Partitions: at("s3://lake/t/p=1/"), Rows: 5}))
	list, err := s.Partitions(ctx, "db", "t")
	require.NoError(t, err)
	require.Len(t, list, 1)

	// Into a partition that is there, and one that was moved away.
	committed, err := s.CommittedWrites(ctx)
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"w": 5}, committed)
	require.ErrorIs(t, s.CommitWrite(ctx, "w", WriteCommit{}), ErrNotFound, "it has ended")
	require.NoError(t, s.ForgetWrites(ctx, []string{"w"}))
	require.NoError(t, s.BeginWrite(ctx, "w2", ""))
	require.NoError(t, s.CommitWrite(ctx, "w2", WriteCommit{Into: read, Partitions: at("s3://lake/t/p=1")}))
	require.NoError(t, s.BeginWrite(ctx, "w", ""))
	require.ErrorIs(t, s.CommitWrite(ctx, "w", WriteCommit{Into: read, Partitions: at("s3://lake/elsewhere/")}), ErrConflict)

	// Another definition.
	now, err := s.Table(ctx, "db", "t")
	require.NoError(t, err)
	wider := *now
	wider.Columns = append(wider.Columns, Column{Name: "b", Type: "int"})
	require.NoError(t, s.UpdateTable(ctx, wider))
	require.ErrorIs(t, s.CommitWrite(ctx, "w", WriteCommit{Into: read, Partitions: at("s3://lake/t/p=1/")}), ErrConflict)
	require.NoError(t, s.DropTable(ctx, "db", "t", false))
	require.ErrorIs(t, s.CommitWrite(ctx, "w", WriteCommit{Into: read}), ErrNotFound)
	pending, err := s.PendingWrites(ctx)
	require.NoError(t, err)
	require.Len(t, pending, 1, "it is for the caller to abort")
}

func TestPendingWritesSurviveARestart(t *testing.T) {
	ctx := t.Context()
	s, reopen := open(t)
	require.NoError(t, s.BeginWrite(ctx, "w1", "s3://lake/t/"))
	require.NoError(t, s.AddWriteObjects(ctx, "w1", []FileName{{Bucket: "lake", Key: "t/w1"}}))
	s = reopen()
	view := s.ViewWrites()
	defer view.Close()
	require.True(t, view.Hides("t/w1"))
	require.ErrorIs(t, s.BeginWrite(ctx, "w2", "s3://lake/t/"), ErrConflict)
	pending, err := s.PendingWrites(ctx)
	require.NoError(t, err)
	require.Equal(t, []PendingWrite{{ID: "w1", Objects: []FileName{{Bucket: "lake", Key: "t/w1"}}}}, pending)
}
