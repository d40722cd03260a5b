"""Files that are downloaded once, into a cache, and checked against what was published."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tui_trainer.choices.data.base import DataError, Missing, Progress, PublishedFile

CONNECT_SECONDS, SILENCE_SECONDS = 10, 30
CHUNK = 1 << 16
WAIT_SECONDS = 0.1


def cache(name: str) -> Path:
    """The folder that keeps the files of that data set: in $TUI_TRAINER_CACHE, else in the user's cache folder.

    Raises DataError where that cannot be told.
    """
    from platformdirs import user_cache_path

    own = os.environ.get("TUI_TRAINER_CACHE")
    try:
        return (Path(own).expanduser().absolute() if own else user_cache_path("tui-trainer")) / name
    except RuntimeError as error:
        raise DataError(f"$TUI_TRAINER_CACHE: {own}: there is no such user whose home ~ could stand for") from error


def host(name: str, addresses: Sequence[str]) -> str:
    """The host, with its port if it is no usual one, that is asked first for the files of that data set.

    Raises DataError if a mirror of one's own has none.
    """
    return _host_of(_asked(name, addresses)[0])


def _asked(name: str, addresses: Sequence[str]) -> Sequence[str]:
    """The folders on the web to download from: those that are published, or that of a mirror of one's own.

    Raises DataError if that is no address.
    """
    mirror = os.environ.get("TUI_TRAINER_MIRROR")
    if not mirror:
        return addresses
    if not mirror.startswith(("https://", "http://")) or not _host_of(mirror):
        raise DataError("$TUI_TRAINER_MIRROR must be an address such as https://example.org/data")
    return (f"{mirror.rstrip('/')}/{name}/",)


def _host_of(address: str) -> str:
    """Without the name and the password before it; empty where an address has none."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _without_password(address: str) -> str:
    return urlsplit(address)._replace(netloc=_host_of(address)).geturl()


def download(missing: Missing, addresses: Sequence[str], progress: Progress) -> None:
    """Downloads what is missing; `addresses` are folders on the web that hold the files, asked one after the other.

    A file is put into the folder as a whole, once its checksum is right; what is there already stays. Where another
    process is at it, that one is awaited. $TUI_TRAINER_MIRROR names a place of one's own to download from instead.
    Raises DataError if it cannot be done, saying where to put the files.
    """
    addresses = _asked(missing.folder.name, addresses)
    try:
        missing.folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(missing.folder, lambda: progress(_bytes_in(missing), missing.bytes)):
            _forget_what_was_cut_off(missing.folder)
            done = 0
            for file in missing.files:
                if not (missing.folder / file.name).exists():
                    _download_file(file, missing, addresses, _Bar(done, file, missing.bytes, progress))
                done += file.bytes
            progress(missing.bytes, missing.bytes)
    except OSError as error:
        raise DataError(f"{missing.folder}: cannot be written: {error.strerror or error}", "folder") from error


def _download_file(file: PublishedFile, missing: Missing, addresses: Sequence[str], bar: _Bar) -> None:
    import pooch
    import requests

    pooch.get_logger().setLevel("ERROR")
    get = pooch.HTTPDownloader(
        progressbar=bar,
        chunk_size=CHUNK,
        timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
        headers={"Accept-Encoding": "identity"},
    )
    reasons, asked = [], []
    for address in addresses:
        bar.restart()
        try:
            pooch.retrieve(address + file.name, f"md5:{file.md5}", file.name, missing.folder, downloader=get)
        except requests.RequestException as error:
            reasons.append(_reason(error))
        except ValueError:
            reasons.append("it is not the file that was published (its checksum is another)")
        else:
            return
        asked.append(_without_password(address + file.name))
    names = ", ".join(file.name for file in missing.files)
    raise DataError(
        f"set data.folder to a folder with {names}, or put them into {missing.folder}: {missing.what} cannot be "
        f"downloaded: {'; '.join(dict.fromkeys(reasons))} (asked for: {', '.join(asked)})",
        "folder",
    )


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server says {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer in {SILENCE_SECONDS} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)


class _Bar:
    """What pooch tells how far a file is."""

    def __init__(self, before: int, file: PublishedFile, total: int, progress: Progress) -> None:
        self.total = 0  # set by pooch, to what the server says
        self._before = before
        self._file = file
        self._all = total
        self._progress = progress
        self._done = 0

    def restart(self) -> None:
        self._done = 0

    def update(self, bytes: int) -> None:
        """So many bytes more, but for the last ones, which may be fewer. Raises ValueError if they never end."""
        self._done += bytes
        if self._done > self._file.bytes + CHUNK:
            raise ValueError("more bytes than were published")
        self._progress(self._before + min(self._done, self._file.bytes), self._all)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        pass


@contextmanager
def _alone_in(folder: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Holds the folder's lock, which ends with the process; `wait` is called again and again until it is free."""
    with (folder / ".lock").open("a") as lock:
        while not _taken(lock):
            wait()
            time.sleep(WAIT_SECONDS)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _bytes_in(missing: Missing) -> int:
    """The bytes that another process has downloaded so far."""
    present = sum(path.stat().st_size for path in missing.folder.glob("[!.]*") if path.is_file())
    return min(present, missing.bytes)


def _forget_what_was_cut_off(folder: Path) -> None:
    """Removes what a process left that ended in the middle of a download: pooch's temporary files."""
    for path in folder.glob("tmp*"):
        path.unlink(missing_ok=True)
