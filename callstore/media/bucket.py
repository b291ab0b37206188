"""Bytes by key in a bucket of Amazon S3, or of a store that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from storages.backends.s3 import S3Storage

from callstore.media.store import CHUNK, KEY, NotKept

# A worker waits for the network no longer than for a provider's.
CONNECT_S, READ_S, TRIES = 5, 30, 3
ABSENT = ("404", "NoSuchKey", "NotFound")
BEYOND = ("416", "InvalidRange")
# Some stores know no versions; then there is one of each object.
NO_VERSIONS = ("NotImplemented", "MethodNotAllowed")


class Bucket:
    """Bytes by key below one prefix. Credentials, region and endpoint come from the AWS_… environment."""

    def __init__(self, name: str, prefix: str) -> None:
        # Stores of one's own seldom have a host name for each bucket, and not all know the newer checksums.
        addressing = "path" if settings.AWS_S3_ENDPOINT_URL else "auto"
        self._storage = S3Storage(
            bucket_name=name,
            location=prefix.strip("/"),
            file_overwrite=True,
            default_acl=None,
            client_config=Config(
                connect_timeout=CONNECT_S,
                read_timeout=READ_S,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": addressing},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            # One part of 8 MB in memory, not ten.
            transfer_config=TransferConfig(use_threads=False),
        )

    def put(self, key: str, source: BinaryIO) -> None:
        """Keeps everything `source` has from its start on. An object shows when all of it is there."""
        with _telling(key):
            source.seek(0)
            self._storage.save(_known(key), File(source))

    def remove(self, key: str) -> bool:
        """Forgets the bytes in every version, and the parts of a killed `put`; whether there were any."""
        with _telling(key):
            there = self.size(key) is not None
            self._storage.delete(_known(key))
            return self._remove_versions(key) or self._remove_parts(key) or there

    def size(self, key: str) -> int | None:
        """The number of bytes, or None where there are none."""
        try:
            with _telling(key):
                return int(self._storage.size(_known(key)))
        except FileNotFoundError:
            return None

    def read(self, key: str) -> bytes:
        """All bytes. Raises NotKept."""
        return b"".join(self.chunks(key))

    def chunks(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` on, `length` of them or to the end, a chunk at a time.

        Raises NotKept before the first chunk is asked for.
        """
        _known(key)
        if length is not None and length <= 0:
            return iter(())
        until = "" if length is None else start + length - 1
        asked = {"Range": f"bytes={start}-{until}"} if start or length is not None else {}
        try:
            with _telling(key):
                answer = self._client.get_object(**self._named(key), **asked)
        except NothingThere:
            return iter(())
        return _chunks(key, answer["Body"])

    def _remove_versions(self, key: str) -> bool:
        found = False
        for page in self._pages("list_object_versions", key):
            for version in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                if version["Key"] == self._named(key)["Key"]:
                    self._client.delete_object(**self._named(key), VersionId=version["VersionId"])
                    found = True
        return found

    def _remove_parts(self, key: str) -> bool:
        found = False
        for page in self._pages("list_multipart_uploads", key):
            for upload in page.get("Uploads", ()):
                if upload["Key"] == self._named(key)["Key"]:
                    self._client.abort_multipart_upload(**self._named(key), UploadId=upload["UploadId"])
                    found = True
        return found

    def _pages(self, operation: str, key: str) -> Iterator[dict[str, Any]]:
        named = self._named(key)
        try:
            yield from self._client.get_paginator(operation).paginate(
                Bucket=named["Bucket"], Prefix=named["Key"]
            )
        except ClientError as error:
            if _code(error) not in NO_VERSIONS:
                raise

    def _named(self, key: str) -> dict[str, str]:
        prefix = f"{self._storage.location}/" if self._storage.location else ""
        return {"Bucket": self._storage.bucket_name, "Key": f"{prefix}{key}"}

    @property
    def _client(self) -> Any:
        return self._storage.connection.meta.client


class NothingThere(LookupError):
    """There are no bytes in the range that was asked for."""


def _known(key: str) -> str:
    if not KEY.fullmatch(key):
        raise NotKept(key)
    return key


def _chunks(key: str, body: Any) -> Iterator[bytes]:
    with _telling(key), body:
        yield from body.iter_chunks(CHUNK)


@contextmanager
def _telling(key: str) -> Iterator[None]:
    """Says what the store answered in our words: NotKept, or an OSError with its reason."""
    try:
        yield
    except ClientError as error:
        if _code(error) in ABSENT:
            raise NotKept(key) from None
        if _code(error) in BEYOND:
            raise NothingThere(key) from None
        raise OSError(None, f"the bucket answered {_code(error)}") from None
    except BotoCoreError as error:
        raise OSError(None, f"the bucket did not answer: {type(error).__name__}") from None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))
