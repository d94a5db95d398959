"""Runs of a capture, each in a process of its own that is killed at one durable write. Started by
test_killed_process.py with the vault to copy; reads `folder point fate` a line and prints what was acknowledged.

`fate`: `before` the step, or `torn` in the middle of a write. Point -1 is never reached: an undisturbed run.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from conftest import START, Kit, Ticking

from psa_evidence.vault import Disk, Vault


class KillingDisk(Disk):
    """Ends this process, at once and for good, at step `point`; says how many steps there were."""

    def __init__(self, point, fate):
        super().__init__(self.step)
        self.point, self.fate, self.count = point, fate, 0

    def step(self, name, path):
        if self.count == self.point and not (self.fate == "torn" and name == "write"):
            die()
        self.count += 1

    def put(self, file, data, path):
        if self.count == self.point and self.fate == "torn":
            file.write(data[: len(data) // 2])
            die()
        super().put(file, data, path)


def die():
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(9)


def second_capture(path, disk, told):
    """Edits a ticket, adds a note, and lists the tickets that are left: one has vanished."""
    clock = Ticking(START.replace(month=4))
    writer = Kit.begin(Vault.open(path, clock=clock, disk=disk), clock=clock)
    for kind, rows in (
        ("ticket", [{"id": 1, "client": 10, "summary": "edited"}]),
        ("note", [{"id": 999, "client": 10, "text": "new"}]),
    ):
        page, seen = Kit.rows_exchange(kind, rows)
        writer.keep(page, seen, unit=f"{kind}s", basis="2")
        os.write(told, "".join(f"{s.kind}/{s.id} " for s in seen).encode())
    writer.present("ticket", ["1"], complete=True)
    writer.finish()


def run(template, folder, point, fate):
    shutil.copytree(template, folder)
    os.fsync = lambda _descriptor: None  # a killed process loses nothing that the system was given
    told = os.open(f"{folder}.told", os.O_WRONLY | os.O_CREAT)
    disk = KillingDisk(int(point), fate)
    second_capture(Path(folder), disk, told)
    Path(f"{folder}.steps").write_text(str(disk.count))


def main(template):
    for line in sys.stdin:
        folder, point, fate = json.loads(line)
        if not hasattr(os, "fork"):
            subprocess.run([sys.executable, __file__, template, folder, str(point), fate], check=False)
            continue
        child = os.fork()
        if child == 0:
            try:
                run(template, folder, point, fate)
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else run(*sys.argv[1:])
