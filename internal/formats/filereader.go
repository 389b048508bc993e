package formats

// FileReader reads rows of a file that has its own schema, such as ORC or Avro,
// or of a part of one. It is not safe for concurrent use.
type FileReader interface {
	// Read appends at most so many rows to the vectors, one for each column of
	// the scan, and returns how many: 0 at the end.
	Read(to []*Vector, most int) (int, error)
	Close() error
}

// BadData marks errors that say that the content of a file is broken, as opposed
// to the reading of it.
type BadData interface {
	error
	BadData()
}

// Part is what one worker reads of a file at once.
type Part struct {
	File int // its place in the files of the scan
	Open func() (FileReader, error)
}

// NewFileScan plans the reading of files by FileReaders.
func NewFileScan(columns []Column, files []SourceFile, parts []Part) *Scan {
	s := &Scan{columns: columns, files: files, parts: parts}
	for i, p := range parts {
		s.splits = append(s.splits, split{file: p.File, from: int64(i)})
	}
	return s
}

// fileStep is how many rows are read before their size is looked at.
const fileStep = 256

// openPart opens the part of a split.
func (w *Worker) openPart() (bool, error) {
	var err error
	if w.file, err = w.scan.parts[w.split.from].Open(); err != nil {
		return false, w.fileError(err)
	}
	return true, nil
}

// readFile is read for a FileReader.
func (w *Worker) readFile(rows int) (int, error) {
	n := 0
	for rows+n < BatchRows {
		got, err := w.file.Read(w.Vectors, min(fileStep, BatchRows-rows-n))
		if err != nil {
			return n, w.fileError(err)
		}
		if got == 0 {
			return n, w.Close()
		}
		if n += got; w.size() > batchBytes {
			break
		}
	}
	return n, nil
}

func (w *Worker) fileError(err error) error {
	return &DataError{URI: w.scan.files[w.split.file].URI, Err: err}
}
