package eventsource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// failedItems reads the partial batch response of a function: the message ids
// that failed. An answer without any is a success; one that cannot be
// understood is an error, and the whole batch has failed:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func failedItems(answer []byte, records []record) (map[string]bool, error) {
	answer = bytes.TrimSpace(answer)
	if len(answer) == 0 || string(answer) == "null" || string(answer) == `""` {
		return nil, nil
	}
	// A map, since the names are matched exactly, unlike those of structs.
	var response map[string]json.RawMessage
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, errors.New("the answer is no JSON object")
	}
	list, ok := response["batchItemFailures"]
	if !ok {
		return nil, nil
	}
	var items []map[string]json.RawMessage
	if err := json.Unmarshal(list, &items); err != nil {
		return nil, errors.New("batchItemFailures is no array of objects")
	}
	known := make(map[string]bool, len(records))
	for i := range records {
		known[records[i].id] = true
	}
	failed := make(map[string]bool, len(items))
	for _, item := range items {
		var id string
		if json.Unmarshal(item["itemIdentifier"], &id) != nil || id == "" {
			return nil, errors.New("batchItemFailures has an entry without an itemIdentifier")
		}
		if !known[id] {
			return nil, fmt.Errorf("itemIdentifier %q is no message of the batch", id)
		}
		failed[id] = true
	}
	return failed, nil
}
