"""Writes the Avro files of the tests, and what is in them as JSON lines:
pip install fastavro==1.13.1 cramjam backports.zstd && python3 make.py"""
import datetime, decimal, json, random
import fastavro

decimal.getcontext().prec = 38
r = random.Random(7)
N = 1200


def null(t):
    return ["null", t]


schema = {
    "type": "record", "name": "Row", "namespace": "scops.test", "fields": [
        {"name": "row_number", "type": "int"},
        {"name": "flag", "type": null("boolean")},
        {"name": "number", "type": null("int")},
        {"name": "big", "type": null("long")},
        {"name": "real", "type": null("float")},
        {"name": "wide", "type": ["double", "null"]},
        {"name": "text", "type": null("string")},
        {"name": "bytes", "type": null("bytes")},
        {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 4}},
        {"name": "suit", "type": {"type": "enum", "name": "Suit", "symbols": ["SPADES", "HEARTS"]}},
        {"name": "day", "type": null({"type": "int", "logicalType": "date"})},
        {"name": "moment", "type": null({"type": "long", "logicalType": "timestamp-millis"})},
        {"name": "micros", "type": null({"type": "long", "logicalType": "timestamp-micros"})},
        {"name": "price", "type": null({"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2})},
        {"name": "sum", "type": null({"type": "fixed", "name": "Sum", "size": 16, "logicalType": "decimal", "precision": 38, "scale": 6})},
        {"name": "list", "type": null({"type": "array", "items": null("int")})},
        {"name": "map", "type": null({"type": "map", "values": null("long")})},
        {"name": "row", "type": null({"type": "record", "name": "Part", "fields": [
            {"name": "a", "type": null("int")},
            {"name": "unread", "type": {"type": "array", "items": {"type": "map", "values": ["null", "string", "double"]}}},
            {"name": "b", "type": "string"},
            {"name": "other", "type": "Hash"},
        ]})},
        {"name": "either", "type": ["null", "int", "long"]},
        {"name": "nothing", "type": "null"},
    ]}


def opt(v):
    return None if r.random() < 0.2 else v


def instant(i):
    return datetime.datetime(1955, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=r.randrange(4_000_000_000_000))


rows = []
for i in range(N):
    rows.append({
        "row_number": i, "flag": opt(r.random() < 0.5), "number": opt(r.randrange(-2**31, 2**31)), "big": opt(r.randrange(-2**63, 2**63)),
        "real": opt(r.randrange(-1000, 1000) / 8), "wide": opt(r.random() * 1e9), "text": opt("é%d" % i * r.randrange(4)),
        "bytes": opt(bytes(r.randrange(256) for _ in range(r.randrange(9)))), "hash": i.to_bytes(4, "big"), "suit": r.choice(["SPADES", "HEARTS"]),
        "day": opt(datetime.date(1900, 1, 1) + datetime.timedelta(days=r.randrange(80000))), "moment": opt(instant(i)), "micros": opt(instant(i)),
        "price": opt(decimal.Decimal(r.randrange(-10**9 + 1, 10**9)).scaleb(-2)),
        "sum": opt(decimal.Decimal(r.randrange(-10**37, 10**37)).scaleb(-6)),
        "list": opt([opt(r.randrange(99)) for _ in range(r.randrange(5))]), "map": opt({"k%d" % k: opt(i) for k in range(r.randrange(4))}),
        "row": opt({"a": opt(i), "unread": [{"x": "y", "z": 2.5}, {}], "b": "b%d" % i, "other": b"abcd"}),
        "either": r.choice([None, i, 2**40 + i]), "nothing": None,
    })


def plain(v):
    if isinstance(v, datetime.datetime):
        return v.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    if isinstance(v, datetime.date):
        return v.isoformat()
    if isinstance(v, decimal.Decimal):
        return format(v, "f")
    if isinstance(v, bytes):
        return v.hex()
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    return v


for codec in ["null", "deflate", "snappy", "zstandard", "bzip2"]:
    with open(codec + ".avro", "wb") as out:
        fastavro.writer(out, schema, rows, codec=codec, sync_interval=8000, sync_marker=b"0123456789abcdef")
with open("rows.json", "w") as out:
    for i, row in enumerate(rows):
        if i % 100 < 2 or i < 20 or i > N - 20:
            out.write(json.dumps({k: plain(v) for k, v in row.items()}) + "\n")
