package catalog

import "slices"

// Names of the hidden columns of delivered tables. No table may have columns of
// these names of its own while a delivery writes it.
const (
	MessageIDColumn  = "$message_id"  // of the message that carried the event
	ReceivedAtColumn = "$received_at" // when its send was answered: SQS's SentTimestamp, UTC
)

// DeliveredColumns are the columns that each file of a delivery has after the
// table's own. They are no columns of the table: queries see them hidden, and
// they are NULL in files without them.
func DeliveredColumns() []Column {
	return []Column{{Name: MessageIDColumn, Type: "string"}, {Name: ReceivedAtColumn, Type: "timestamp"}}
}

// FileColumns are the columns that the table's files may have, in order.
func (t *Table) FileColumns() []Column {
	if t.Delivery == "" || t.OfErrors() {
		return t.Columns
	}
	return slices.Concat(t.Columns, DeliveredColumns())
}
