"""The whole way from the first send to the Athena answer that counts every
event, with boto3, on scops and on MiniStack.

    wholeway.py EVENTS ROUNDS scops=DATA-FOLDER ministack=URL

Events are sent in batches of ten on one connection. On scops a delivery
(max_wait 20ms) takes them from there; on MiniStack, which has none, this program
does what the Lambda function between queue and bucket would do: receive ten,
put them as one file of JSON lines, delete ten. Then both are asked by
StartQueryExecution, looked at every 10 ms, and fetched; on scops again until the
count is complete. Queue and table are new in each round. The benchmark pipeline
calls it.
"""

import configparser
import json
import os
import statistics
import sys
import time

import boto3
from botocore.config import Config

COLUMNS = {"order_id": "string", "district": "string", "delivery_type": "string", "product_name": "string", "quantity": "int"}


class Server:
    def __init__(self, endpoint, key="test", secret="test"):
        make = lambda service: boto3.client(
            service, endpoint_url=endpoint, region_name="ap-northeast-2", aws_access_key_id=key,
            aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}))
        self.sqs, self.s3, self.athena, self.glue = make("sqs"), make("s3"), make("athena"), make("glue")

    def ask(self, sql):
        query = self.athena.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": "s3://bench/results/"})["QueryExecutionId"]
        while True:
            status = self.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                break
            if status["State"] in ("FAILED", "CANCELLED"):
                sys.exit(f"{sql}: {status}")
            time.sleep(0.01)
        return [[d.get("VarCharValue") for d in r["Data"]]
                for r in self.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]]

    def send(self, queue, events):
        for i in range(0, len(events), 10):
            entries = [{"Id": str(n), "MessageBody": e} for n, e in enumerate(events[i:i + 10])]
            answer = self.sqs.send_message_batch(QueueUrl=queue, Entries=entries)
            if len(answer.get("Successful", [])) != len(entries):
                sys.exit(f"not every event was accepted: {answer}")

    def count(self, table):
        rows = self.ask(f"SELECT district, count(*) AS orders FROM bench.{table} GROUP BY district")
        return sum(int(r[1]) for r in rows if r[1] != "orders")


def events(n):
    return [json.dumps({"order_id": f"o-{i}", "district": f"gu-{i % 25}", "delivery_type": "dawn",
                        "product_name": f"product-{i % 200}", "quantity": 1 + i % 5}) for i in range(n)]


def scops(server, number, all_events):
    """Round n has queue and table rN, made by its configuration."""
    queue = server.sqs.get_queue_url(QueueName=f"r{number}")["QueueUrl"]
    start = time.perf_counter()
    server.send(queue, all_events)
    sent = time.perf_counter()
    while server.count(f"r{number}") < len(all_events):
        time.sleep(0.01)
    return time.perf_counter() - start, sent - start


def ministack(server, number, all_events):
    queue = server.sqs.create_queue(QueueName=f"r{number}")["QueueUrl"]
    server.glue.create_table(DatabaseName="bench", TableInput={  # CREATE TABLE is no SQL to it
        "Name": f"r{number}", "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "json"},
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()],
            "Location": f"s3://bench/r{number}/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"}}})
    start = time.perf_counter()
    server.send(queue, all_events)
    sent = time.perf_counter()
    moved = 0
    while moved < len(all_events):
        got = server.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        if not got:
            continue
        server.s3.put_object(Bucket="bench", Key=f"r{number}/{moved}.json",
                             Body="".join(m["Body"] + "\n" for m in got).encode())
        server.sqs.delete_message_batch(QueueUrl=queue, Entries=[
            {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
        moved += len(got)
    n = server.count(f"r{number}")
    if n != len(all_events):
        sys.exit(f"MiniStack counts {n} of {len(all_events)} events")
    return time.perf_counter() - start, sent - start


def open_scops(folder):
    with open(os.path.join(folder, "lock")) as f:
        lock = json.load(f)
    keys = configparser.ConfigParser()
    keys.read(os.path.join(folder, "credentials"))
    (section,) = keys.sections()
    return Server(lock["endpoint"], keys[section]["aws_access_key_id"], keys[section]["aws_secret_access_key"])


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def main():
    n, rounds = int(sys.argv[1]), int(sys.argv[2])
    servers = dict(a.split("=", 1) for a in sys.argv[3:])
    all_events = events(n)
    ours, other = open_scops(servers["scops"]), Server(servers["ministack"])
    other.s3.create_bucket(Bucket="bench", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    other.glue.create_database(DatabaseInput={"Name": "bench"})
    times = {"scops": [], "ministack": []}
    for number in range(rounds):
        times["scops"].append(scops(ours, number, all_events))
        times["ministack"].append(ministack(other, number, all_events))
    print(f"| {n} events | to the complete answer, s | of it sending, s |\n| --- | --- | --- |")
    for name, values in times.items():
        print(f"| {name} | {spread([v[0] for v in values])} | {spread([v[1] for v in values])} |")
    print(f"\nMiniStack / scops, to the answer: {spread([m[0] / s[0] for m, s in zip(times['ministack'], times['scops'])])}")


main()
