"""Writes the ORC files of the tests, and what is in them as JSON lines:
pip install pyarrow==26.0.1 && python3 make.py"""
import datetime, decimal, json, random
import pyarrow as pa
import pyarrow.orc as orc

decimal.getcontext().prec = 38
r = random.Random(7)
N = 1600


def opt(f, share=0.2):
    return [None if r.random() < share else f(i) for i in range(N)]


def ts(i):
    # pyarrow writes fractions of seconds before 1970 as no other reader knows.
    t = datetime.datetime(1955, 1, 1) + datetime.timedelta(milliseconds=r.randrange(4_000_000_000_000))
    return t.replace(microsecond=0) if t.year < 1970 else t


columns = {
    "flag": (pa.bool_(), opt(lambda i: r.random() < 0.3)),
    "tiny": (pa.int8(), opt(lambda i: r.randrange(-128, 128))),
    "small": (pa.int16(), opt(lambda i: r.randrange(-32768, 32768))),
    "number": (pa.int32(), opt(lambda i: i * 3 - 7000)),
    "big": (pa.int64(), opt(lambda i: r.choice([r.randrange(100), r.randrange(-2**63, 2**63), i]))),
    "patched": (pa.int64(), [r.randrange(1000) if i % 50 else r.randrange(2**40) for i in range(N)]),
    "steady": (pa.int64(), [10_000 + 5 * i for i in range(N)]),
    "falling": (pa.int64(), [10_000_000 - i * 7 - r.randrange(7) for i in range(N)]),
    "same": (pa.int64(), [-42] * N),
    "real": (pa.float32(), opt(lambda i: r.randrange(-1000, 1000) / 8)),
    "wide": (pa.float64(), opt(lambda i: r.random() * 1e9)),
    "word": (pa.string(), opt(lambda i: "word %d" % r.randrange(40))),
    "text": (pa.string(), opt(lambda i: "é%d-" % i * r.randrange(4))),
    "bytes": (pa.binary(), opt(lambda i: bytes(r.randrange(256) for _ in range(r.randrange(9))))),
    "day": (pa.date32(), opt(lambda i: datetime.date(1900, 1, 1) + datetime.timedelta(days=r.randrange(80000)))),
    "moment": (pa.timestamp("ns"), opt(ts)),
    "price": (pa.decimal128(9, 2), opt(lambda i: decimal.Decimal(r.randrange(-10**9 + 1, 10**9)).scaleb(-2))),
    "sum": (pa.decimal128(38, 6), opt(lambda i: decimal.Decimal(r.randrange(-10**37, 10**37)).scaleb(-6))),
    "list": (pa.list_(pa.int32()), opt(lambda i: [None if r.random() < 0.1 else r.randrange(99) for _ in range(r.randrange(5))])),
    "map": (pa.map_(pa.string(), pa.int64()), opt(lambda i: {"k%d" % k: None if k == 2 else i for k in range(r.randrange(4))})),
    "row": (pa.struct([("a", pa.int32()), ("B", pa.string()), ("c", pa.list_(pa.struct([("d", pa.float64())])))]),
            opt(lambda i: {"a": None if i % 3 == 0 else i, "B": "b%d" % i, "c": [{"d": i / 4}] * r.randrange(3)})),
    "nothing": (pa.int32(), [None] * N),
}


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
        return {k.lower(): plain(x) for k, x in v.items()}
    return v


if __name__ == "__main__":
    t = pa.table({k: pa.array([list(x.items()) if x is not None and k == "map" else x for x in v], type=of)
                  for k, (of, v) in columns.items()})
    for codec in ["uncompressed", "zlib", "snappy", "lz4", "zstd"]:
        orc.write_table(t, codec + ".orc", compression=codec, dictionary_key_size_threshold=0.5, stripe_size=65536,
                        compression_block_size=65536, batch_size=512)
    orc.write_table(t.slice(0, 1000), "v011.orc", file_version="0.11", compression="zlib", dictionary_key_size_threshold=0.5)
    with open("rows.json", "w") as out:
        for i in range(N):
            if i % 100 < 2 or i < 20 or i > N - 20:
                row = {"row_number": i}
                row.update({k: plain(v[i]) for k, (_, v) in columns.items()})
                out.write(json.dumps(row) + "\n")
