import io
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from callstore.media.folder import Folder
from callstore.media.storage import storage
from callstore.media.store import CHUNK, NotKept


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "deep" / "recordings")


def test_what_was_put_is_read_again(folder):
    folder.put("REa.wav", io.BytesIO(b"sound"))
    assert folder.read("REa.wav") == b"sound"
    assert folder.size("REa.wav") == 5


def test_a_second_put_replaces_the_first_whole(folder):
    folder.put("REa.wav", io.BytesIO(b"a longer sound"))
    folder.put("REa.wav", io.BytesIO(b"short"))
    assert folder.read("REa.wav") == b"short"
    assert [path.name for path in folder.root.iterdir()] == ["REa.wav"]


def test_a_put_that_fails_leaves_the_old_bytes_and_no_rubbish(folder):
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            raise OSError("the disk is gone")

    folder.put("REa.wav", io.BytesIO(b"old"))
    with pytest.raises(OSError, match="gone"):
        folder.put("REa.wav", Breaks())
    assert folder.read("REa.wav") == b"old"
    assert [path.name for path in folder.root.iterdir()] == ["REa.wav"]


def test_a_put_keeps_all_of_a_stream_that_somebody_has_read(folder):
    stream = io.BytesIO(b"sound")
    stream.read()
    folder.put("REa.wav", stream)
    assert folder.read("REa.wav") == b"sound"


def test_a_range_is_read_without_the_rest(folder):
    data = bytes(range(256)) * (3 * CHUNK // 256)
    folder.put("REa.wav", io.BytesIO(data))
    chunks = list(folder.chunks("REa.wav", 100, CHUNK + 7))
    assert b"".join(chunks) == data[100 : 100 + CHUNK + 7]
    assert max(map(len, chunks)) == CHUNK
    assert b"".join(folder.chunks("REa.wav", len(data) - 3)) == data[-3:]
    assert b"".join(folder.chunks("REa.wav", len(data), 10)) == b""


def test_what_was_never_put_is_not_kept(folder):
    assert folder.size("REa.wav") is None
    with pytest.raises(NotKept):
        folder.chunks("REa.wav")


@pytest.mark.parametrize(
    "key", ["../secret", "a/../../secret", "/etc/passwd", "..", ".hidden", "", "a\0", "a\n"]
)
def test_a_key_cannot_leave_the_folder(folder, key):
    folder.put("REa.wav", io.BytesIO(b"sound"))
    (folder.root.parent / "secret").write_bytes(b"secret")
    (folder.root / ".hidden").write_bytes(b"part of a put")
    with pytest.raises(NotKept):
        folder.read(key)
    with pytest.raises(NotKept):
        folder.size(key)
    with pytest.raises(NotKept):
        folder.put(key, io.BytesIO(b""))


def test_nobody_else_on_the_machine_may_read_a_call(folder):
    folder.put("REa.wav", io.BytesIO(b"sound"))
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.root / "REa.wav").stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["gs://bucket/prefix", "s3://", "s3:///prefix"])
def test_a_store_that_is_not_built_in_is_named(settings, place):
    settings.RECORDING_STORAGE = place
    with pytest.raises(ImproperlyConfigured, match=f"must be a folder or s3://bucket/prefix, not {place}"):
        storage()
