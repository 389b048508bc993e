package sqs

// The shapes of the message operations have the field names of the SQS model,
// as all shapes do. They differ from those of aws-sdk-go-v2 where that cannot
// tell 0 from absent (numbers are pointers here), and where a pointer to a
// string would only cost an allocation (absent and empty mean the same).

type attributeValue struct {
	DataType         string
	StringValue      string
	BinaryValue      []byte
	StringListValues []string
	BinaryListValues [][]byte
}

type sendMessageInput struct {
	QueueUrl                string
	MessageBody             string
	DelaySeconds            *int32
	MessageAttributes       map[string]attributeValue
	MessageSystemAttributes map[string]attributeValue
	MessageDeduplicationId  string
	MessageGroupId          string
}

type sendMessageOutput struct {
	MD5OfMessageAttributes       string
	MD5OfMessageBody             string
	MD5OfMessageSystemAttributes string
	MessageId                    string
	SequenceNumber               string
}

type sendMessageBatchInput struct {
	QueueUrl string
	Entries  []sendEntry
}

type sendEntry struct {
	Id                      string
	MessageBody             string
	DelaySeconds            *int32
	MessageAttributes       map[string]attributeValue
	MessageSystemAttributes map[string]attributeValue
	MessageDeduplicationId  string
	MessageGroupId          string
}

type sendMessageBatchOutput struct {
	Failed     []failedEntry
	Successful []sentEntry
}

type sentEntry struct {
	Id                           string
	MD5OfMessageAttributes       string
	MD5OfMessageBody             string
	MD5OfMessageSystemAttributes string
	MessageId                    string
	SequenceNumber               string
}

type failedEntry struct {
	Code        string
	Id          string
	Message     string
	SenderFault bool
}

type receiveMessageInput struct {
	QueueUrl                    string
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	MaxNumberOfMessages         *int32
	VisibilityTimeout           *int32
	WaitTimeSeconds             *int32
	ReceiveRequestAttemptId     string
}

type receiveMessageOutput struct {
	Messages []message
}

type message struct {
	Attributes             map[string]string
	Body                   string
	MD5OfBody              string
	MD5OfMessageAttributes string
	MessageAttributes      map[string]attributeValue
	MessageId              string
	ReceiptHandle          string
}

type changeVisibilityInput struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int32
}

type changeVisibilityBatchInput struct {
	QueueUrl string
	Entries  []changeVisibilityEntry
}

type changeVisibilityEntry struct {
	Id                string
	ReceiptHandle     string
	VisibilityTimeout *int32
}

type deleteMessageBatchInput struct {
	QueueUrl string
	Entries  []deleteEntry
}

type deleteEntry struct {
	Id            string
	ReceiptHandle string
}

type batchOutput struct {
	Failed     []failedEntry
	Successful []doneEntry
}

type doneEntry struct{ Id string }

type listMoveTasksOutput struct {
	Results []moveTaskEntry
}

type moveTaskEntry struct {
	ApproximateNumberOfMessagesMoved  int64
	ApproximateNumberOfMessagesToMove int64
	DestinationArn                    string
	FailureReason                     string
	MaxNumberOfMessagesPerSecond      *int32
	SourceArn                         string
	StartedTimestamp                  int64 // Unix ms
	Status                            string
	TaskHandle                        string
}

type empty struct{}

type getQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}
