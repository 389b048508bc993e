"""The statistics page as its backend asks for it with boto3: start the three
queries, look at each (get, then sleep a second until it has ended), fetch.

    page.py ROUNDS NAME=DATA-FOLDER...

Prints the time of a page for each running scops, in interleaved rounds, and the
ratios to the first one. The benchmark pipeline calls it.
"""

import configparser
import json
import os
import statistics
import sys
import time

import boto3

SQL = (
    "SELECT {0}, count(*) AS orders FROM bench.daily WHERE year = '2021' AND month = '03'"
    " GROUP BY {0} ORDER BY orders DESC, {0}"
)
COLUMNS = {"district": 25, "delivery_type": 4, "product_name": 200}


def client(folder):
    with open(os.path.join(folder, "lock")) as f:
        lock = json.load(f)
    keys = configparser.ConfigParser()
    keys.read(os.path.join(folder, "credentials"))
    (section,) = keys.sections()
    return boto3.client(
        "athena", endpoint_url=lock["endpoint"], region_name="ap-northeast-2",
        aws_access_key_id=keys[section]["aws_access_key_id"],
        aws_secret_access_key=keys[section]["aws_secret_access_key"],
    )


def page(athena):
    start = time.perf_counter()
    ids = {c: athena.start_query_execution(QueryString=SQL.format(c))["QueryExecutionId"] for c in COLUMNS}
    for column, rows in COLUMNS.items():
        while True:
            status = athena.get_query_execution(QueryExecutionId=ids[column])["QueryExecution"]["Status"]
            if status["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                break
            time.sleep(1.0)
        if status["State"] != "SUCCEEDED":
            sys.exit(f"{column}: {status}")
        got = athena.get_query_results(QueryExecutionId=ids[column])["ResultSet"]["Rows"]
        if len(got) != rows + 1:
            sys.exit(f"{column}: {len(got)} rows")
    return (time.perf_counter() - start) * 1e3


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def main():
    rounds, servers = int(sys.argv[1]), [a.split("=", 1) for a in sys.argv[2:]]
    clients = [(name, client(folder)) for name, folder in servers]
    times = {name: [] for name, _ in clients}
    for _, athena in clients:
        page(athena)  # warm
    for _ in range(rounds):
        for name, athena in clients:
            times[name].append(page(athena))
    first = times[clients[0][0]]
    print("| server | page ms | times slower than the first |\n| --- | --- | --- |")
    for name, values in times.items():
        print(f"| {name} | {spread(values)} | {spread([v / f for v, f in zip(values, first)])} |")


main()
