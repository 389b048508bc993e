// Package compaction keeps the files of delivered tables few and of good size.
// It merges the files of a partition in tiers, puts the merged ones in their
// place in the catalog in one transaction, and later, once no query needs them,
// deletes the others and gives the merged ones their public names. Whatever step
// a crash interrupts, the next start finishes it or undoes it.
//
// It owns the choice of what to merge, the journal of merges and publications
// (tables compaction_… of catalog.db), its pace and its counts. It must not know
// SQL, queues or how deliveries work. Files come from the catalog and the object
// store, and go back there through package formats/merge.
package compaction
