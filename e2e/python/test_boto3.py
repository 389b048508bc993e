"""scops as boto3 sees it: unmodified clients, an endpoint from the environment.

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_boto3.py
"""

import json
import time
import unittest
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def unique(prefix):
    return prefix + uuid.uuid4().hex[:12]


class Queue(unittest.TestCase):
    def setUp(self):
        self.sqs = boto3.client("sqs")
        self.url = self.sqs.create_queue(QueueName=unique("boto-"))["QueueUrl"]

    def tearDown(self):
        self.sqs.delete_queue(QueueUrl=self.url)

    def test_messages(self):
        attributes = {"n": {"DataType": "Number", "StringValue": "5"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
        sent = self.sqs.send_message(QueueUrl=self.url, MessageBody="본문 <&>\n", MessageAttributes=attributes)
        got = self.sqs.receive_message(
            QueueUrl=self.url, WaitTimeSeconds=5, MessageAttributeNames=["All"], AttributeNames=["All"]
        )["Messages"]
        self.assertEqual(["본문 <&>\n"], [m["Body"] for m in got])
        self.assertEqual(attributes, got[0]["MessageAttributes"])
        self.assertEqual(sent["MD5OfMessageAttributes"], got[0]["MD5OfMessageAttributes"])
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=self.url))
        self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=0)
        again = self.sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=5)["Messages"][0]
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=again["ReceiptHandle"])

    def test_batches(self):
        out = self.sqs.send_message_batch(QueueUrl=self.url, Entries=[{"Id": str(i), "MessageBody": str(i)} for i in range(10)])
        self.assertEqual(10, len(out["Successful"]))
        bodies = set()
        while len(bodies) < 10:
            messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=5)["Messages"]
            bodies |= {m["Body"] for m in messages}
            done = self.sqs.delete_message_batch(
                QueueUrl=self.url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
            )
            self.assertEqual(len(messages), len(done["Successful"]))
        self.assertEqual({str(i) for i in range(10)}, bodies)

    def test_queue(self):
        name = self.url.rsplit("/", 1)[1]
        self.assertEqual(self.url, self.sqs.get_queue_url(QueueName=name)["QueueUrl"])
        pages = self.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=name, PaginationConfig={"PageSize": 1})
        self.assertEqual([self.url], [u for page in pages for u in page.get("QueueUrls", [])])
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"MessageRetentionPeriod": "120"})
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["MessageRetentionPeriod", "QueueArn"])["Attributes"]
        self.assertEqual("120", attributes["MessageRetentionPeriod"])
        self.assertTrue(attributes["QueueArn"].endswith(":000000000000:" + name))
        self.sqs.tag_queue(QueueUrl=self.url, Tags={"team": "한국", "a": "b"})
        self.sqs.untag_queue(QueueUrl=self.url, TagKeys=["a"])
        self.assertEqual({"team": "한국"}, self.sqs.list_queue_tags(QueueUrl=self.url)["Tags"])

    def test_fifo(self):
        url = self.sqs.create_queue(QueueName=unique("boto-") + ".fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        entries = [{"Id": str(i), "MessageBody": str(i), "MessageGroupId": "g%d" % (i % 2), "MessageDeduplicationId": str(i)} for i in range(6)]
        sent = self.sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]
        self.assertEqual(sent, self.sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"])
        messages = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5, AttributeNames=["All"])["Messages"]
        self.assertEqual({str(i) for i in range(6)}, {m["Body"] for m in messages})
        for group in ("g0", "g1"):
            bodies = [m["Body"] for m in messages if m["Attributes"]["MessageGroupId"] == group]
            self.assertEqual(sorted(bodies), bodies)
        with self.assertRaises(ClientError) as caught:
            self.sqs.send_message(QueueUrl=url, MessageBody="no group")
        self.assertEqual("MissingParameter", caught.exception.response["Error"]["Code"])
        self.sqs.delete_queue(QueueUrl=url)

    def test_resource(self):
        queue = boto3.resource("sqs").Queue(self.url)
        queue.send_messages(Entries=[{"Id": str(i), "MessageBody": str(i)} for i in range(3)])
        left = {"0", "1", "2"}
        while left:
            for message in queue.receive_messages(MaxNumberOfMessages=10, WaitTimeSeconds=5):
                left.remove(message.body)
                message.delete()
        self.assertEqual([], queue.receive_messages())

    def test_errors(self):
        with self.assertRaises(self.sqs.exceptions.QueueDoesNotExist) as caught:
            self.sqs.get_queue_url(QueueName=unique("none-"))
        error = caught.exception.response["Error"]
        self.assertEqual("AWS.SimpleQueueService.NonExistentQueue", error["Code"])
        self.assertEqual("QueueDoesNotExist", error["QueryErrorCode"])
        with self.assertRaises(ClientError) as caught:
            self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=11)
        self.assertEqual("InvalidParameterValue", caught.exception.response["Error"]["Code"])


class Objects(unittest.TestCase):
    def setUp(self):
        self.s3 = boto3.client("s3")
        self.bucket = unique("boto-")
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": self.s3.meta.region_name})
        self.s3.get_waiter("bucket_exists").wait(Bucket=self.bucket)

    def test_objects(self):
        self.s3.put_object(Bucket=self.bucket, Key="한국/a b", Body="본문".encode(), Metadata={"k": "v"})
        got = self.s3.get_object(Bucket=self.bucket, Key="한국/a b")
        self.assertEqual("본문", got["Body"].read().decode())
        self.assertEqual({"k": "v"}, got["Metadata"])
        self.assertEqual(b"\xb3", self.s3.get_object(Bucket=self.bucket, Key="한국/a b", Range="bytes=1-1")["Body"].read())
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            self.s3.put_object(Bucket=self.bucket, Key="sum/" + algorithm, Body=b"x", ChecksumAlgorithm=algorithm)
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, PaginationConfig={"PageSize": 2})
        keys = [o["Key"] for page in pages for o in page["Contents"]]
        self.assertEqual(["sum/CRC32", "sum/SHA1", "sum/SHA256", "한국/a b"], keys)
        with self.assertRaises(self.s3.exceptions.NoSuchKey):
            self.s3.get_object(Bucket=self.bucket, Key="none")
        self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": k} for k in keys]})
        self.s3.delete_bucket(Bucket=self.bucket)

    def test_transfers(self):
        import io

        body = bytes(range(256)) * (9 << 12)  # 9 MiB: parts
        self.s3.upload_fileobj(io.BytesIO(body), self.bucket, "big")
        back = io.BytesIO()
        self.s3.download_fileobj(self.bucket, "big", back)
        self.assertEqual(body, back.getvalue())
        self.assertRegex(self.s3.head_object(Bucket=self.bucket, Key="big")["ETag"], r'-2"$')

    def test_presigned(self):
        self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"by link")
        for config in (None, Config(signature_version="s3v4")):
            url = boto3.client("s3", config=config).generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": "k"})
            with urllib.request.urlopen(url) as answer:
                self.assertEqual(b"by link", answer.read())


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.athena, cls.s3 = boto3.client("athena"), boto3.client("s3")
        cls.bucket, cls.database = unique("boto-"), unique("boto_")
        cls.s3.create_bucket(Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": cls.s3.meta.region_name})
        lines = [json.dumps({"n": n, "text": None if n % 2 else "t%d" % n, "price": n / 4}) for n in range(1500)]
        cls.s3.put_object(Bucket=cls.bucket, Key="t/part-0", Body="\n".join(lines).encode())
        cls.run_query("CREATE DATABASE " + cls.database)
        cls.run_query(
            "CREATE EXTERNAL TABLE t (n int, text string, price decimal(10,2)) "
            "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://%s/t/'" % cls.bucket
        )

    @classmethod
    def start(cls, sql, **more):
        return cls.athena.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": cls.database},
            ResultConfiguration={"OutputLocation": "s3://%s/out" % cls.bucket},
            **more
        )["QueryExecutionId"]

    @classmethod
    def wait(cls, query_id):
        while True:
            execution = cls.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            time.sleep(0.02)

    @classmethod
    def run_query(cls, sql, **more):
        execution = cls.wait(cls.start(sql, **more))
        if execution["Status"]["State"] != "SUCCEEDED":
            raise AssertionError("%s: %s" % (sql, execution["Status"]))
        return execution

    def test_pages(self):
        execution = self.run_query("SELECT n, text FROM t ORDER BY n")
        pages = list(self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution["QueryExecutionId"]))
        rows = [r["Data"] for page in pages for r in page["ResultSet"]["Rows"]]
        self.assertEqual(1501, len(rows))
        self.assertEqual([{"VarCharValue": "n"}, {"VarCharValue": "text"}], rows[0])
        self.assertEqual([{"VarCharValue": "1"}, {}], rows[2])
        self.assertEqual([1000, 501], [len(page["ResultSet"]["Rows"]) for page in pages])
        self.assertEqual(["integer", "varchar"], [c["Type"] for c in pages[0]["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]])
        size = self.s3.head_object(Bucket=self.bucket, Key="t/part-0")["ContentLength"]
        self.assertEqual(size, execution["Statistics"]["DataScannedInBytes"])
        key = execution["ResultConfiguration"]["OutputLocation"].split("/", 3)[3]
        csv = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
        self.assertTrue(csv.startswith('"n","text"\n"0","t0"\n"1",\n'))

    def test_parameters(self):
        execution = self.run_query("SELECT sum(price) FROM t WHERE n < ? AND text = ?", ExecutionParameters=["100", "'t8'"])
        rows = self.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]["Rows"]
        self.assertEqual("2.00", rows[1]["Data"][0]["VarCharValue"])

    def test_failures(self):
        with self.assertRaises(self.athena.exceptions.InvalidRequestException) as caught:
            self.start("SELEC 1")
        self.assertIn("line 1:1: mismatched input 'SELEC'. Expecting: ", str(caught.exception))
        self.assertEqual("MALFORMED_QUERY", caught.exception.response["AthenaErrorCode"])
        status = self.wait(self.start("SELECT nothing FROM t"))["Status"]
        self.assertEqual("FAILED", status["State"])
        self.assertTrue(status["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:8: "))

    def test_first_look_finds_the_answer(self):
        """A client that polls once a second needs no second look."""
        started = time.monotonic()
        query_id = self.start("SELECT count(*) FROM t")
        execution = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        if time.monotonic() - started < 0.1:  # else the machine was busy
            self.assertEqual("SUCCEEDED", execution["Status"]["State"])

    def test_catalog(self):
        glue = boto3.client("glue")
        table = glue.get_table(DatabaseName=self.database, Name="t")["Table"]
        self.assertEqual(["n", "text", "price"], [c["Name"] for c in table["StorageDescriptor"]["Columns"]])
        names = [t["Name"] for page in glue.get_paginator("get_tables").paginate(DatabaseName=self.database) for t in page["TableList"]]
        self.assertEqual(["t"], names)
        self.assertEqual("000000000000", boto3.client("sts").get_caller_identity()["Account"])


if __name__ == "__main__":
    unittest.main()
