"""Where the bytes of recordings lie, as RECORDING_STORAGE says: a folder, or a bucket of S3 or its like."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from callstore.media.folder import Folder
from callstore.media.store import Store


def storage() -> Store:
    """The store that RECORDING_STORAGE names. Raises ImproperlyConfigured for one that is not built in."""
    return _store(settings.RECORDING_STORAGE)


@cache  # a connection to a bucket is kept, and with it what it costs to open one
def _store(place: str) -> Store:
    scheme, parted, rest = place.partition("://")
    if not parted:
        return Folder(Path(place))
    bucket, _, prefix = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise ImproperlyConfigured(f"RECORDING_STORAGE must be a folder or s3://bucket/prefix, not {place}")
    # Imported where it is used: boto3 takes half a second and 30 MB.
    from callstore.media.bucket import Bucket

    return Bucket(bucket, prefix)
