"""scops's Glue and S3 as PyIceberg sees them.

Run by TestPython, or by hand: eval "$(scops env)"; python3 test_pyiceberg.py
"""

import os
import threading
import unittest
import uuid

import awswrangler as wr
import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import CommitFailedException, NamespaceAlreadyExistsError, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType


def rows(first, n=3):
    return pa.table({"id": pa.array(range(first, first + n), pa.int64()), "name": ["n%d" % i for i in range(n)]})


class PyIceberg(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bucket, cls.db = "ice-" + uuid.uuid4().hex[:12], "ice_" + uuid.uuid4().hex[:12]
        boto3.client("s3").create_bucket(
            Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]}
        )
        cls.catalog = load_catalog(
            "glue",
            **{
                "type": "glue",
                "warehouse": "s3://%s/" % cls.bucket,
                "s3.endpoint": os.environ["AWS_ENDPOINT_URL"],
                "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"],
                "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"],
                "s3.region": os.environ["AWS_REGION"],
            },
        )
        cls.catalog.create_namespace(cls.db, {"comment": "by PyIceberg", "location": "s3://%s/%s" % (cls.bucket, cls.db)})

    def table(self, spec=PartitionSpec()):
        schema = Schema(NestedField(1, "id", LongType()), NestedField(2, "name", StringType()))
        return self.catalog.create_table((self.db, "t_" + uuid.uuid4().hex[:8]), schema, partition_spec=spec)

    def athena(self, sql):
        return wr.athena.read_sql_query(sql, database=self.db, ctas_approach=False, s3_output="s3://%s/results/" % self.bucket)

    def test_namespaces(self):
        self.assertIn((self.db,), self.catalog.list_namespaces())
        self.assertEqual("by PyIceberg", self.catalog.load_namespace_properties(self.db)["comment"])
        with self.assertRaises(NamespaceAlreadyExistsError):
            self.catalog.create_namespace(self.db)
        self.catalog.update_namespace_properties(self.db, updates={"k": "v"})
        self.assertEqual("v", self.catalog.load_namespace_properties(self.db)["k"])

    def test_writes_that_athena_reads(self):
        for spec in (PartitionSpec(), PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "name"))):
            table = self.table(spec)
            name = table.name()[1]
            table.append(rows(0))
            table.append(rows(10))
            self.assertEqual(6, self.catalog.load_table(table.name()).scan().to_arrow().num_rows)
            got = self.athena("SELECT id, name FROM %s ORDER BY id" % name)
            self.assertEqual([0, 1, 2, 10, 11, 12], got["id"].tolist())
            table.overwrite(rows(20))
            self.assertEqual([20, 21, 22], sorted(self.athena("SELECT id FROM %s" % name)["id"]))
            with table.update_schema() as update:
                update.add_column("more", StringType())
            self.assertEqual(3, len(self.athena("SELECT id, more FROM %s WHERE more IS NULL" % name)))
            table.delete("id = 21")
            self.assertEqual([20, 22], sorted(self.athena("SELECT id FROM %s" % name)["id"]))

    def test_catalog(self):
        table = self.table()
        with self.assertRaises(TableAlreadyExistsError):
            self.catalog.create_table(table.name(), table.schema())
        self.assertIn(table.name(), self.catalog.list_tables(self.db))
        table.append(rows(0))
        renamed = (self.db, table.name()[1] + "_r")
        self.catalog.rename_table(table.name(), renamed)
        self.assertEqual(3, self.catalog.load_table(renamed).scan().to_arrow().num_rows)
        with self.assertRaises(NoSuchTableError):
            self.catalog.load_table(table.name())
        self.catalog.drop_table(renamed)
        self.assertFalse(self.catalog.table_exists(renamed))

    def test_commits_at_once(self):
        table = self.table()
        stale = self.catalog.load_table(table.name())
        table.append(rows(0))
        stale.append(rows(10))  # is refused, and tried again on the newer version

        def append(first):
            for i in range(3):
                while True:
                    try:
                        self.catalog.load_table(table.name()).append(rows(first + 10 * i))
                        break
                    except CommitFailedException:
                        pass

        threads = [threading.Thread(target=append, args=(1000 * (n + 1),)) for n in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        got = self.catalog.load_table(table.name()).scan().to_arrow()
        self.assertEqual(33, got.num_rows)
        self.assertEqual(33, len(set(got["id"].to_pylist())))


if __name__ == "__main__":
    unittest.main()
