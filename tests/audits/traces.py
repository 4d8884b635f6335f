"""Looks for words in everything that the platform keeps, in every spelling that hides them."""

import base64
import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Iterator, Mapping

import pyarrow.parquet as pq
import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

Places = Mapping[str, bytes]
"""What is kept, by where it lies. A place's own name is looked at too."""

PLAIN_PNG = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def traces(words: tuple[str, ...], places: Places) -> list[str]:
    """Each word with each place where it is found, however it is written there."""
    spelled = [(word, way) for word in words for way in spellings(word)]
    found = set()
    for place, kept in places.items():
        whole = place.encode().lower() + b"\0" + kept.lower()
        found |= {f"{word} in {place}" for word, way in spelled if way in whole}
    return sorted(found)


def spellings(word: str) -> set[bytes]:
    """As text, UTF-16, hex, base64 at any offset, reversed, and under a hash without a key."""
    plain = word.encode()
    ways = {plain, plain[::-1], plain.hex().encode()}
    ways |= {word.encode("utf-16-le"), word.encode("utf-16-be")}
    ways |= {hashlib.new(name, plain).hexdigest().encode() for name in ("md5", "sha1", "sha256")}
    for before in range(3):
        coded = base64.b64encode(bytes(before) + plain)
        # What shares a group with a neighbour depends on it, and is left out.
        ways.add(coded[-(-before * 4 // 3) : len(coded) - 4])
    return {way.lower() for way in ways}


def database() -> dict[str, bytes]:
    """Every row of every table as Postgres writes it; bytes come as hex."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) "
            "FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = [str(row[0]) for row in cursor.fetchall()]
        kept = {}
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            kept[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return kept


def files(names: set[str]) -> dict[str, bytes]:
    """Every stored file, and what is packed in it: members of archives, rows of Parquet."""
    kept: dict[str, bytes] = {}
    for name in names:
        with default_storage.open(name) as stream:
            kept |= unpacked(name, bytes(stream.read()))
    return kept


def unpacked(name: str, data: bytes) -> dict[str, bytes]:
    kept = {name: data}
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                kept |= unpacked(f"{name}!{member}", archive.read(member))
    elif data.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(data))
        kept[f"{name}!rows"] = json.dumps(table.to_pylist(), default=str).encode()
    elif data.startswith(b"\x89PNG"):
        # Words could lie packed in a chunk: so there is none but those that hold pixels.
        assert set(png_chunks(data)) <= PLAIN_PNG, name
    return kept


def png_chunks(data: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name
        at += 12 + length


def valkey() -> dict[str, bytes]:
    """Every key of the database that carries messages, streams and counters."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        b"hash": client.hgetall,
        b"stream": client.xrange,
    }
    return {
        f"valkey {key!r}": repr(readers[client.type(key)](key)).encode()
        for key in client.scan_iter()
    }
