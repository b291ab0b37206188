"""A server of S3's protocol on loopback, with one bucket."""

from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

NAME = "calls"
ACCESS = {"aws_access_key_id": "who", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@contextmanager
def serving():
    """Runs the server until the block ends; its URL."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def client(url):
    return boto3.client("s3", endpoint_url=url, **ACCESS)


@contextmanager
def bucket(settings, url, prefix="deep/recordings"):
    """RECORDING_STORAGE is a bucket of this server; its name and a client that looks in from outside."""
    from callstore.media import storage

    s3 = client(url)
    s3.create_bucket(Bucket=NAME)
    settings.AWS_S3_ENDPOINT_URL = url
    settings.AWS_ACCESS_KEY_ID, settings.AWS_SECRET_ACCESS_KEY = "who", "secret"
    settings.RECORDING_STORAGE = f"s3://{NAME}/{prefix}"
    storage._store.cache_clear()
    yield s3
    storage._store.cache_clear()
    empty(s3)


def empty(s3):
    """Takes everything and the bucket away."""
    versions = s3.list_object_versions(Bucket=NAME)
    for one in [*versions.get("Versions", ()), *versions.get("DeleteMarkers", ())]:
        s3.delete_object(Bucket=NAME, Key=one["Key"], VersionId=one["VersionId"])
    s3.delete_bucket(Bucket=NAME)


def keys(s3):
    """What lies in the bucket."""
    return sorted(one["Key"] for one in s3.list_objects_v2(Bucket=NAME).get("Contents", ()))
