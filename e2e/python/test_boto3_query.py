"""scops as a boto3 sees it that speaks SQS's Query protocol (requirements-old.txt).

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_boto3_query.py
"""

import json
import os
import unittest
import uuid

import boto3
from botocore.exceptions import ClientError


def client():
    return boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"])  # this boto3 does not read the variable


class QueryProtocol(unittest.TestCase):
    def setUp(self):
        self.sqs = client()
        self.assertEqual("query", self.sqs.meta.service_model.metadata["protocol"])
        self.name = "boto-old-" + uuid.uuid4().hex[:12]
        self.url = self.sqs.create_queue(
            QueueName=self.name, Attributes={"VisibilityTimeout": "45", "DelaySeconds": "0"}, tags={"team": "한국 <&>"}
        )["QueueUrl"]

    def tearDown(self):
        self.sqs.delete_queue(QueueUrl=self.url)

    def test_queue(self):
        self.assertEqual(self.url, self.sqs.get_queue_url(QueueName=self.name)["QueueUrl"])
        pages = self.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=self.name, PaginationConfig={"PageSize": 1})
        self.assertEqual([self.url], [u for page in pages for u in page.get("QueueUrls", [])])
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"MessageRetentionPeriod": "120"})
        names = ["VisibilityTimeout", "MessageRetentionPeriod"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        self.assertEqual({"VisibilityTimeout": "45", "MessageRetentionPeriod": "120"}, attributes)
        self.assertIn("QueueArn", self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"])
        self.sqs.tag_queue(QueueUrl=self.url, Tags={"a": "b"})
        self.sqs.untag_queue(QueueUrl=self.url, TagKeys=["team"])
        self.assertEqual({"a": "b"}, self.sqs.list_queue_tags(QueueUrl=self.url)["Tags"])
        self.sqs.purge_queue(QueueUrl=self.url)

    def test_messages(self):
        body = "본문 <&>\r\n\"'\t"
        attributes = {"n": {"DataType": "Number", "StringValue": "5"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
        sent = self.sqs.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes)
        got = self.sqs.receive_message(
            QueueUrl=self.url, WaitTimeSeconds=5, MessageAttributeNames=["All"], AttributeNames=["SentTimestamp", "ApproximateReceiveCount"]
        )["Messages"][0]
        self.assertEqual(body, got["Body"])
        self.assertEqual(attributes, got["MessageAttributes"])
        self.assertEqual(sent["MD5OfMessageAttributes"], got["MD5OfMessageAttributes"])
        self.assertEqual({"SentTimestamp", "ApproximateReceiveCount"}, set(got["Attributes"]))
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=self.url, AttributeNames=[]))
        self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=got["ReceiptHandle"], VisibilityTimeout=0)
        again = self.sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=5)["Messages"][0]
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=again["ReceiptHandle"])

    def test_batches(self):
        entries = [{"Id": str(i), "MessageBody": str(i), "DelaySeconds": 0} for i in range(10)]
        out = self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
        self.assertEqual([str(i) for i in range(10)], [e["Id"] for e in out["Successful"]])
        bodies = set()
        while len(bodies) < 10:
            messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
            bodies |= {m["Body"] for m in messages}
            handles = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
            changed = self.sqs.change_message_visibility_batch(
                QueueUrl=self.url, Entries=[dict(h, VisibilityTimeout=60) for h in handles]
            )
            self.assertEqual(len(messages), len(changed["Successful"]))
            done = self.sqs.delete_message_batch(QueueUrl=self.url, Entries=handles)
            self.assertEqual(len(messages), len(done["Successful"]))
        self.assertEqual({str(i) for i in range(10)}, bodies)
        failed = self.sqs.delete_message_batch(QueueUrl=self.url, Entries=[{"Id": "x", "ReceiptHandle": "x"}])["Failed"]
        self.assertEqual(["ReceiptHandleIsInvalid"], [f["Code"] for f in failed])

    def test_fifo(self):
        url = self.sqs.create_queue(
            QueueName=self.name + ".fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        )["QueueUrl"]
        first = self.sqs.send_message(QueueUrl=url, MessageBody="1", MessageGroupId="g")
        again = self.sqs.send_message(QueueUrl=url, MessageBody="1", MessageGroupId="g")
        self.assertEqual((first["MessageId"], first["SequenceNumber"]), (again["MessageId"], again["SequenceNumber"]))
        got = self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, AttributeNames=["All"], ReceiveRequestAttemptId="a")["Messages"]
        self.assertEqual(["g"], [m["Attributes"]["MessageGroupId"] for m in got])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        self.sqs.delete_queue(QueueUrl=url)

    def test_dead_letters(self):
        source = self.sqs.create_queue(QueueName=self.name + "-source")["QueueUrl"]
        arn = lambda url: self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn(self.url), "maxReceiveCount": 1})
        self.sqs.set_queue_attributes(QueueUrl=source, Attributes={"RedrivePolicy": policy})
        self.assertEqual([source], self.sqs.list_dead_letter_source_queues(QueueUrl=self.url)["queueUrls"])
        self.sqs.send_message(QueueUrl=source, MessageBody="x")
        handle = self.sqs.receive_message(QueueUrl=source)["Messages"][0]["ReceiptHandle"]
        self.sqs.change_message_visibility(QueueUrl=source, ReceiptHandle=handle, VisibilityTimeout=0)
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=source))
        dead = self.sqs.receive_message(QueueUrl=self.url, AttributeNames=["All"])["Messages"][0]
        self.assertEqual(arn(source), dead["Attributes"]["DeadLetterQueueSourceArn"])
        with self.assertRaises(ClientError) as caught:
            self.sqs.set_queue_attributes(QueueUrl=source, Attributes={"RedrivePolicy": "x"})
        self.assertEqual("InvalidParameterValue", caught.exception.response["Error"]["Code"])
        self.sqs.delete_queue(QueueUrl=source)

    def test_permissions(self):
        self.sqs.add_permission(QueueUrl=self.url, Label="a", AWSAccountIds=["111111111111", "222222222222"], Actions=["SendMessage", "ReceiveMessage"])
        policy = json.loads(self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["Policy"])["Attributes"]["Policy"])
        self.assertEqual(["SQS:SendMessage", "SQS:ReceiveMessage"], policy["Statement"][0]["Action"])
        self.assertEqual(2, len(policy["Statement"][0]["Principal"]["AWS"]))
        self.sqs.remove_permission(QueueUrl=self.url, Label="a")
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["Policy"]))

    def test_errors(self):
        with self.assertRaises(self.sqs.exceptions.QueueDoesNotExist) as caught:
            self.sqs.get_queue_url(QueueName="none-" + self.name)
        error = caught.exception.response["Error"]
        self.assertEqual("AWS.SimpleQueueService.NonExistentQueue", error["Code"])
        self.assertEqual("The specified queue does not exist for this wsdl version.", error["Message"])
        self.assertEqual("Sender", error["Type"])
        with self.assertRaises(ClientError) as caught:
            self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=11)
        self.assertEqual("InvalidParameterValue", caught.exception.response["Error"]["Code"])
        with self.assertRaises(self.sqs.exceptions.EmptyBatchRequest):
            self.sqs.send_message_batch(QueueUrl=self.url, Entries=[])
        wrong = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"], aws_access_key_id="AKIAWRONG", aws_secret_access_key="wrong")
        with self.assertRaises(ClientError) as caught:
            wrong.list_queues()
        self.assertEqual("InvalidClientTokenId", caught.exception.response["Error"]["Code"])


if __name__ == "__main__":
    unittest.main()
