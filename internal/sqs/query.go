package sqs

import "github.com/scopsdb/scops/internal/awsapi"

// queryNames are the names of the older Query protocol that do not follow from
// those of the fields: locationName in the SQS model of botocore 1.29.27,
// which still has that protocol.
var queryNames = awsapi.FlatNames{
	Members: map[string]string{
		"Entries":    "*RequestEntry", // SendMessageBatchRequestEntry
		"Successful": "*ResultEntry",
		"Failed":     "BatchResultErrorEntry",
		"Results":    "*ResultEntry", // ListMessageMoveTasksResultEntry
		"Actions":    "ActionName",
	},
	Keys: map[string]string{"Tag": "Key"},
}
