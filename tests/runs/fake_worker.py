"""A worker without torch that speaks the protocol of a real one, and misbehaves where an experiment's name says so."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tui_trainer.runs.events import EventWriter
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import Lock
from tui_trainer.runs.mailbox import MailboxReader


def main() -> None:
    parent = os.getppid()
    answer({"ready": True, "torch": "none"})
    held_back: list[dict[str, Any]] = []
    for line in sys.stdin:
        question = json.loads(line)
        if "run" in question:
            run(question, parent)
            return
        name = question["describe"].get("name", "")
        reply = describe(question["id"], name)
        if name == "later":
            held_back.append(reply)
            continue
        answer(reply)
        for earlier in held_back:
            answer(earlier)
        held_back.clear()
    for earlier in held_back:
        answer(earlier)


def describe(id: int, name: str) -> dict[str, Any]:
    if name == "crash":
        print("RuntimeError: out of\x1b[31m luck", file=sys.stderr)
        os._exit(3)
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "noise":
        print("a library prints this\n[1, 2]\n" + '{"id": 99999}\n{"id": "x"}', flush=True)
    if name == "wrong":
        return {
            "id": id,
            "errors": [{"path": "data.folder", "message": "no such folder"}, {"path": "", "message": "x"}],
        }
    if name == "nonsense":
        return {"id": id, "description": {"parameters": "many"}}
    return {"id": id, "description": {"parameters": len(name), "device": name, "bytes": {"total": os.getpid()}}}


def run(question: dict[str, Any], parent: int) -> None:
    folder = RunFolder(Path(question["run"]))
    if folder.experiment().name == "wrong":
        answer({"id": question["id"], "errors": [{"path": "", "message": "this run has a worker already"}]})
        sys.stdin.read()
        return
    if folder.experiment().name == "crash":
        sys.exit("no luck at all")
    lock = Lock(folder.lock_file)
    lock.take()
    answer({"id": question["id"], "running": os.getpid()})
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    train(folder, question, parent)


def train(folder: RunFolder, question: dict[str, Any], parent: int) -> None:
    """Says that it started, then waits to be stopped; without its parent it ends, unless it may outlive it."""
    events = EventWriter(folder.events_file)
    events.write("started", step=0, epoch=0.0, pid=os.getpid(), planned_epochs=question["extend"])
    mailbox = MailboxReader(folder.mailbox_file)
    while question["detached"] or os.getppid() == parent:
        for command, end in mailbox.read_new():
            if command["command"] == "stop":
                events.write("stopped", step=0, epoch=0.0, reason="by a person", id=command["id"], mailbox=end)
                return
        time.sleep(0.005)
    events.write("interrupted", step=0, epoch=0.0, reason="the program that started it is gone")


def answer(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
