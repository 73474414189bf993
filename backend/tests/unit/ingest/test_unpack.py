"""Files are found in folders and containers; what is broken, locked or out of proportion is named and costs no other."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tocsin.pipeline.ingest.containers import LIMITS, Limits
from tocsin.pipeline.ingest.types import Rejected
from tocsin.pipeline.ingest.unpack import Upload, uploads

TEXT = b"one\ntwo\nthree\n" * 300


def read(*paths: Path, limits: Limits = LIMITS) -> dict[str, bytes | str]:
    """What is in each file by its name below the first path's folder; why not, where it is rejected."""
    return dict(_read(paths, limits))


def _read(paths: tuple[Path, ...], limits: Limits) -> Iterator[tuple[str, bytes | str]]:
    for found in uploads(paths, limits=limits):
        name = found.source.removeprefix(f"{paths[0].parent}/")
        if isinstance(found, Rejected):
            yield name, found.reason
            continue
        data = content(found)
        assert found.reader.fault is not None or found.batch == sha256(data).hexdigest()
        yield name, data
        if found.reader.fault:
            yield f"{name} …", found.reader.fault.reason


def content(upload: Upload) -> bytes:
    return b"".join(iter(lambda: upload.reader.read(1000), b""))


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def zipped_alone(data: bytes) -> bytes:
    return zipped({"a": data})


def tarred(members: dict[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=style) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_795_411_308
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def test_a_file_is_itself(tmp_path: Path) -> None:
    file = written(tmp_path / "a.log", TEXT)
    os.utime(file, ns=(5, 7_000_000_000))
    found = uploads([file])
    upload = next(found)
    assert isinstance(upload, Upload)
    assert (upload.source, upload.lane, upload.modified) == (str(file), str(file), 7_000_000_000)
    assert upload.batch == sha256(TEXT).hexdigest()
    assert content(upload) == TEXT


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.log", gzip.compress(TEXT)),
        ("b.txt", zstandard.compress(TEXT)),
        ("c", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("d", zstandard.compress(TEXT[:100]) + zstandard.compress(TEXT[100:])),
        ("e", gzip.compress(zstandard.compress(TEXT))),
        ("f", gzip.compress(TEXT) + bytes(512)),
    ],
)
def test_compression_shows_in_the_content_and_leaves_the_name(tmp_path: Path, name: str, data: bytes) -> None:
    assert read(written(tmp_path / name, data)) == {name: TEXT}


@pytest.mark.parametrize(
    "data",
    [
        zipped({"a/b.log": TEXT, "c.log": b"c"}),
        tarred({"a/b.log": TEXT, "c.log": b"c"}),
        tarred({"a/b.log": TEXT, "c.log": b"c"}, tarfile.GNU_FORMAT),
        tarred({"a/b.log": TEXT, "c.log": b"c"}, tarfile.USTAR_FORMAT),
        gzip.compress(tarred({"a/b.log": TEXT, "c.log": b"c"})),
        zstandard.compress(tarred({"a/b.log": TEXT, "c.log": b"c"})),
    ],
)
def test_files_in_an_archive_are_named_by_both(tmp_path: Path, data: bytes) -> None:
    file = written(tmp_path / "x", data)
    assert read(file) == {"x!a/b.log": TEXT, "x!c.log": b"c"}
    assert {found.lane for found in uploads([file]) if isinstance(found, Upload)} == {str(file)}


def test_archives_stand_in_archives(tmp_path: Path) -> None:
    inner = zipped({"deep.log": TEXT})
    data = zipped({"in.zip": inner, "in.tgz": gzip.compress(tarred({"t.zip": inner, "t.log": b"t"})), "z.log": b"z"})
    assert read(written(tmp_path / "x.zip", data)) == {
        "x.zip!in.zip!deep.log": TEXT,
        "x.zip!in.tgz!t.zip!deep.log": TEXT,
        "x.zip!in.tgz!t.log": b"t",
        "x.zip!z.log": b"z",
    }


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_in_a_tar_are_whole(tmp_path: Path, style: int) -> None:
    name = "folder/" * 30 + "ä.log"
    assert read(written(tmp_path / "x", tarred({name: TEXT, "b": b"b"}, style))) == {f"x!{name}": TEXT, "x!b": b"b"}


def test_times_of_members_are_theirs(tmp_path: Path) -> None:
    (upload,) = uploads([written(tmp_path / "x", tarred({"a": TEXT}))])
    assert isinstance(upload, Upload)
    assert upload.modified == 1_795_411_308_000_000_000


def test_names_of_members_are_shown_and_never_followed(tmp_path: Path) -> None:
    names = read(written(tmp_path / "x", tarred({"../../etc/passwd": TEXT, "a\x1b[31m\nb": b"b", "n" * 2000: b"c"})))
    assert list(names) == ["x!../../etc/passwd", "x!a\ufffd[31m\ufffdb", "x!" + "n" * 400]


def test_links_and_folders_in_a_tar_are_no_files(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("x")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert read(written(tmp_path / "x", file.getvalue())) == {}


def test_a_folder_is_read_in_sorted_order_each_file_its_own_lane(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    (folder / "b").mkdir(parents=True)
    for name in ("z.log", "a.log", "b/c.log"):
        written(folder / name, name.encode())
    found = [one for one in uploads([folder]) if isinstance(one, Upload)]
    assert [one.source for one in found] == [str(folder / name) for name in ("a.log", "z.log", "b/c.log")]
    assert [one.lane for one in found] == [one.source for one in found]


def test_links_that_lead_back_are_followed_once(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    written(folder / "a.log", TEXT)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere").symlink_to(tmp_path / "missing")
    assert read(folder) == {"logs/a.log": TEXT, "logs/nowhere": "cannot be opened"}


def test_what_cannot_be_opened_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    file = written(tmp_path / "a.log", TEXT)
    assert read(tmp_path / "missing", file) == {"missing": "cannot be opened", "a.log": TEXT}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(os.urandom(9000))[:5000], "gzip: truncated"),
        (zstandard.compress(os.urandom(9000))[:5000], "zstd: truncated"),
        (gzip.compress(TEXT)[:40] + b"\xff" * 40, "gzip: damaged"),
        (zstandard.compress(TEXT)[:-8] + b"\xff" * 8, "zstd: damaged"),
    ],
)
def test_what_comes_before_a_break_is_read_and_the_break_is_named(tmp_path: Path, data: bytes, reason: str) -> None:
    found = read(written(tmp_path / "a.log", data), written(tmp_path / "b.log", TEXT))
    assert found["a.log …"] == reason
    assert found["b.log"] == TEXT


def test_compressed_data_with_something_else_behind_gives_the_data(tmp_path: Path) -> None:
    assert read(written(tmp_path / "a", gzip.compress(TEXT) + b"tail")) == {"a": TEXT, "a …": "gzip: damaged"}


def test_an_archive_that_breaks_gives_what_came_before(tmp_path: Path) -> None:
    whole = tarred({"a": TEXT, "b": TEXT, "c": TEXT})
    found = read(written(tmp_path / "x", whole[:6000]))
    assert found == {"x!a": TEXT, "x!b": TEXT[:368], "x!b …": "tar: truncated", "x": "tar: truncated"}
    broken = bytearray(whole)
    broken[5120 + 150] ^= 0x55
    found = read(written(tmp_path / "y", bytes(broken)))
    assert found["y!a"] == TEXT
    assert found["y"] == "tar: damaged"


def test_a_zip_whose_directory_is_gone_is_named(tmp_path: Path) -> None:
    assert read(written(tmp_path / "x", zipped({"a": TEXT})[:-30])) == {"x": "zip: truncated"}


def test_a_broken_file_in_a_zip_costs_no_other(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": os.urandom(3000), "b": TEXT}, method=0))
    data[500] ^= 0xFF
    found = read(written(tmp_path / "x", bytes(data)))
    assert found["x!a …"] == "zip: damaged"
    assert found["x!b"] == TEXT


def test_a_file_without_a_name_in_a_zip_is_a_file(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": TEXT}))
    for header, offset in ((b"PK\3\4", 26), (b"PK\1\2", 28)):
        place = data.index(header) + offset
        data[place : place + 4] = b"\0\0\1\0"  # its one letter now counts as an extra field
    assert read(written(tmp_path / "x", bytes(data))) == {"x!": TEXT}


def test_an_encrypted_file_in_a_zip_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": TEXT, "b": b"b"}))
    for header, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(header) + offset] |= 1
    assert read(written(tmp_path / "x", bytes(data))) == {"x!a": b"", "x!a …": "zip: encrypted", "x!b": b"b"}


def test_a_way_of_packing_that_is_not_supported_is_named(tmp_path: Path) -> None:
    assert read(written(tmp_path / "x", zipped({"a": TEXT}, ZIP_LZMA)))["x!a …"] == "zip: packed in a way not supported"
    assert read(written(tmp_path / "y", b"7z\xbc\xaf\x27\x1c" + TEXT)) == {"y": "packed as 7z, which is not supported"}


SMALL = Limits(depth=2, members=3, unpacked=1 << 30, ratio=10, free=100_000)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, zipped_alone])
def test_a_bomb_is_not_read_and_the_next_file_is(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    found = read(written(tmp_path / "bomb", pack(bytes(2_000_000))), written(tmp_path / "b", TEXT), limits=SMALL)
    assert set(found.values()) == {"unpacks to too much", TEXT}


def test_what_stands_before_a_bomb_in_an_archive_is_read(tmp_path: Path) -> None:
    found = read(written(tmp_path / "x", zipped({"a": TEXT, "bomb": bytes(9_000_000), "c": TEXT})), limits=SMALL)
    assert found == {"x!a": TEXT, "x!bomb": "unpacks to too much", "x": "unpacks to too much"}


def test_containers_nested_too_deeply_are_named(tmp_path: Path) -> None:
    data = zipped({"in": zipped({"in": zipped({"in": TEXT})})})
    assert read(written(tmp_path / "x", data), limits=SMALL) == {"x!in!in": "containers nested too deeply"}


def test_more_files_than_allowed_are_not_read(tmp_path: Path) -> None:
    found = read(written(tmp_path / "x", tarred(dict.fromkeys("abcdef", TEXT))), limits=SMALL)
    assert found == {"x!a": TEXT, "x!b": TEXT, "x!c": TEXT, "x": "holds too many files"}


def test_progress_adds_up_to_the_size_of_the_files(tmp_path: Path) -> None:
    paths = [
        written(tmp_path / "a", TEXT),
        written(tmp_path / "b.zip", zipped({"a": TEXT})),
        written(tmp_path / "c", b""),
    ]
    told: list[int] = []
    for found in uploads(paths, told.append):
        assert isinstance(found, Upload)
        content(found)
    assert sum(told) == sum(path.stat().st_size for path in paths)


@given(st.data())
def test_a_changed_byte_anywhere_never_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(PACKED))
    place = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255))
    end = data.draw(st.sampled_from([len(whole), len(whole) // 2, place + 1]))
    file = tmp_path_factory.getbasetemp() / "changed"
    file.write_bytes((whole[:place] + bytes([value]) + whole[place + 1 :])[:end])
    read(file, limits=SMALL)


PACKED = [
    zipped({"a.log": TEXT[:200], "b.zip": zipped({"c": b"c" * 50})}),
    tarred({"a.log": TEXT[:200], "b.log": b"b"}),
    gzip.compress(tarred({"a.log": TEXT[:200]}, tarfile.GNU_FORMAT)),
    zstandard.compress(TEXT[:500]),
    zipped({"t.tgz": gzip.compress(tarred({"l" * 150: TEXT[:100]}))}),
]


def test_a_pipe_and_a_dangling_link_are_refused_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    found = list(uploads([tmp_path]))
    assert [(Path(one.source).name, one.reason) for one in found if isinstance(one, Rejected)] == [
        ("link", "cannot be opened"),
        ("pipe", "cannot be opened"),
    ]
