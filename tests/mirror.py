"""A web server that holds the files of a small MNIST, and gives them out as badly as it is told to."""

from __future__ import annotations

import gzip
import hashlib
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from tui_trainer.choices.data import Mnist
from tui_trainer.choices.data.base import PublishedFile
from tui_trainer.choices.data.idx_set import TEST, TRAIN

SIZE = 6


def small_mnist(train: int = 40, test: int = 20) -> dict[str, bytes]:
    """The four files, by name: tiny images, in ten classes that take turns."""
    files = {}
    for (images, labels), count in ((TRAIN, train), (TEST, test)):
        y = np.arange(count) % 10
        x = np.random.default_rng(count).integers(0, 25, (count, SIZE, SIZE)) + 23 * y[:, None, None]
        pixels, digits = x.astype(np.uint8).tobytes(), y.astype(np.uint8).tobytes()
        files[f"{images}.gz"] = gzip.compress(struct.pack(">4I", 0x0803, count, SIZE, SIZE) + pixels, mtime=0)
        files[f"{labels}.gz"] = gzip.compress(struct.pack(">2I", 0x0801, count) + digits, mtime=0)
    return files


class Mirror:
    """Where the server is, what it was asked for, and how it answers."""

    def __init__(self, port: int) -> None:
        self.files = small_mnist()
        self.address = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.gate = threading.Event()  # answers wait for it
        self.gate.set()
        self.cut_off: set[str] = set()  # files whose second half never comes
        self.endless: set[str] = set()  # files that go on and on

    def publish(self, patch: pytest.MonkeyPatch, *addresses: str) -> None:
        """Has MNIST be these files, at these addresses instead of this one."""
        published = (PublishedFile(name, len(it), hashlib.md5(it).hexdigest()) for name, it in self.files.items())
        patch.setattr(Mnist, "published", tuple(published))
        patch.setattr(Mnist, "addresses", addresses or (f"{self.address}/mnist/",))

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.rpartition("/")[2]
        self.asked.append(name)
        self.gate.wait()
        if name not in self.files:
            request.send_error(404)
            return
        content = self.files[name]
        request.send_response(200)
        if name not in self.endless:
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        try:
            request.wfile.write(content[: len(content) // 2] if name in self.cut_off else content)
            while name in self.endless:
                request.wfile.write(bytes(1 << 16))
        except OSError:
            pass  # whoever asked has enough


@contextmanager
def serving() -> Iterator[Mirror]:
    """A server on a free port of this machine, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mirror.answer(self)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mirror = Mirror(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        mirror.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
