"""A server that speaks S3 in a process of its own (moto's, which keeps objects in memory).

It is no S3: it does not check signatures. That links are signed and end is read off the links.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from bootstrap.ports import answers, free_port
from tests.audits.waiting import until

BUCKET = "overread-tests"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIATESTS", "AWS_SECRET_ACCESS_KEY": "a key for tests only"}


@contextmanager
def s3_server(log: Path) -> Iterator[str]:
    """The address of an empty store."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as server:
        try:
            asked = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
            until(lambda: answers(port, asked, b"200 OK"), "the S3 server", or_say=log.read_text)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def make_bucket(address: str) -> Any:
    """The bucket, seen past the platform."""
    store = boto3.resource(
        "s3",
        endpoint_url=address,
        region_name="eu-central-1",
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    bucket = store.Bucket(BUCKET)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return bucket


def keys(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}
