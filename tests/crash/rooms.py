"""Media and limits that are too small: made, worked in, given room, and worked in again.

A room is a function that gets a bench, a delivery of many records that is taken in, and returns what was wrong.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import archive as judge
import scenarios

LACKS = "nothing lacked: the limit is too high to be a test"
FREE = ("free", "needed")
# Paths that the call names without a folder are named alike.
NAMED = re.compile(r"/|archive|\bout\b|stdout|standard output")


def all(program, work, sources):
    """Works in every room and returns how many were no good."""
    work.mkdir(parents=True)
    many = scenarios.Scenario("many", [scenarios.NEW], ["ingest", "{deliveries}/many"])
    many = scenarios.Bench(program, work, many, sources)
    violations, done = 0, 0
    for room in [file_size, open_files, memory, closed_output, full_output, without_output]:
        violations += judged(room, many)
        done += 1
    if os.geteuid() == 0 and mounts(work):
        for room in [full_disk, full_memory_disk, no_inodes, no_inodes_on_disk, read_only]:
            violations += judged(room, many)
            done += 1
    else:
        scenarios.not_tested("full media, media without inodes, read-only media (root and loop mounts are needed)")
    print(f"rooms: {done}, {violations} violations", flush=True)
    return violations


def judged(room, bench):
    try:
        faults = room(bench)
    except subprocess.CalledProcessError as error:
        scenarios.not_tested(f"{room.__name__}: {error}")
        return 0
    for fault in faults:
        print(f"VIOLATION {room.__name__}: {fault}", flush=True)
    return bool(faults)


def broken(code, err):
    """A run that hung, panicked or died is never right, whatever failed."""
    if code is None:
        return ["it hangs"]
    if code < 0 or code in (1, 101, 134, 139):
        return [f"it ends with {code}: {scenarios.last(err)}"]
    return []


def told(code, said, space=False, codes=(4,)):
    """What is wrong with the message of a run that failed: it names a path and, without space, how much is free."""
    faults = []
    if code not in codes:
        faults.append(f"exit {code} instead of {' or '.join(map(str, codes))}: {scenarios.last(said)}")
    if not NAMED.search(said):
        faults.append(f"the message names no path: {scenarios.last(said)}")
    # SQLite says only that it could not write, as long as the medium is not full in truth.
    if space and not any(word in said for word in FREE) and "catalogue.sqlite" not in said:
        faults.append(f"the message does not say what is free: {scenarios.last(said)}")
    return faults


def after(bench, place, out):
    """What must hold afterwards, once there is room again."""
    faults = bench.interrupted(place, out)
    return faults + bench.resumed(place)


def limited(bench, name, limits, codes=(4,), died=False, jobs=4, clears=True):
    place = bench.place(name)
    argv = [sys.executable, "-c",
            "import os, resource, sys\n"
            f"for what, most in {limits!r}: resource.setrlimit(getattr(resource, what), (most, most))\n"
            "os.execv(sys.argv[1], sys.argv[1:])", bench.program.binary, *bench.call]
    code, out, err = scenarios.strace.run(argv, place, bench.program.environment(place, jobs))
    faults = [] if died else broken(code, err)
    if code == 0:
        faults.append(LACKS)
    elif not faults and not died:
        faults += told(code, out + err, codes=codes)
    # Dying leaves what the next run clears; an orderly end does not.
    if not died and clears and os.listdir(place / "archive/staging"):
        faults.append(f"staging holds {os.listdir(place / 'archive/staging')}")
    return faults + after(bench, place, out)


def file_size(bench):
    """ulimit -f: a write past it fails (EFBIG); the signal that comes with it must not end the program."""
    return limited(bench, "file-size", [("RLIMIT_FSIZE", 20_000)]) + limited(bench, "file-size", [("RLIMIT_FSIZE", 6_000)])


def open_files(bench):
    faults = []
    for most in (6, 9, 12):
        # Not even a folder can be opened to clear it: the next run does.
        faults += limited(bench, f"open-files-{most}", [("RLIMIT_NOFILE", most)], clears=False)
    return faults


def memory(bench):
    """Without memory the program dies (SIGABRT); what it leaves is as after a kill."""
    for most in range(120, 8, -8):
        faults = limited(bench, "memory", [("RLIMIT_AS", most << 20)], died=True)
        if LACKS not in faults:
            return faults
    return [LACKS]


def to(bench, name, target, codes):
    place = bench.place(name)
    command = f'exec "$@" {target}'
    code, out, err = scenarios.strace.run(["bash", "-c", command, "-", bench.program.binary, *bench.call, "--json"], place,
                                          bench.program.environment(place, 4))
    faults = broken(code, err)
    if code not in codes:
        faults.append(f"{target}: exit {code}: {scenarios.last(err)}")
    return faults + after(bench, place, out)


def closed_output(bench):
    """A reader that has gone is no fault, and no reason to leave work undone."""
    place = bench.place("closed")
    argv = ["bash", "-c", 'set -o pipefail; "$@" | true', "-", bench.program.binary, *bench.call, "--json"]
    code, _, err = scenarios.strace.run(argv, place, bench.program.environment(place, 4))
    return broken(code, err) + ([] if code == 0 else [f"exit {code}"]) + after(bench, place, "")


def full_output(bench):
    return to(bench, "full-output", "> /dev/full", (4,))


def without_output(bench):
    return to(bench, "without-output", ">&- 2>&-", (0, 4))


def mounts(work):
    place = work / "probe"
    place.mkdir()
    try:
        call("mount", "-t", "tmpfs", "tmpfs", place)
        call("umount", place)
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


def call(*argv):
    subprocess.run([str(part) for part in argv], check=True, capture_output=True)


class Medium:
    """A file system of its own with the bench's archive in it; gone at the end."""

    def __init__(self, bench, name, make):
        self.bench, self.place = bench, bench.folder / f"medium-{name}"
        self.image = bench.folder / f"image-{name}"
        self.place.mkdir()
        make(self)

    def fill(self):
        shutil.copytree(self.bench.template, self.place, symlinks=True, dirs_exist_ok=True)
        return self

    def run(self, call=None):
        # The program's own temporary files lie elsewhere.
        more = {"TMPDIR": "/tmp"}
        return self.bench.program.run(self.place, call or self.bench.call, jobs=4, more=more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", str(self.place)], check=False, capture_output=True)
        self.image.unlink(missing_ok=True)


def ext4(size, *options):
    def make(medium):
        with open(medium.image, "wb") as file:
            file.truncate(size)
        call("mkfs.ext4", "-q", "-F", "-m", "0", *options, medium.image)
        call("mount", "-o", "loop", medium.image, medium.place)
        shutil.rmtree(medium.place / "lost+found")
    return make


def tmpfs(options):
    return lambda medium: call("mount", "-t", "tmpfs", "-o", options, "tmpfs", medium.place)


def stuffed(medium, left):
    """Fills the medium until only `left` bytes are free; returns the file that does it."""
    found = os.statvfs(medium.place)
    stuffing = medium.place / "archive/stuffing"
    with open(stuffing, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, found.f_bavail * found.f_frsize - left))
    return stuffing


def short_of_room(bench, name, make, lefts, give):
    faults = []
    for left in lefts:
        with Medium(bench, f"{name}-{left}", make) as medium:
            medium.fill()
            taken = give(medium, left)
            code, out, err = medium.run()
            faults += broken(code, err)
            if code == 0:
                faults.append(f"with {left}: nothing lacked")
            elif not faults:
                faults += told(code, out + err, space=True)
            if os.listdir(medium.place / "archive/staging"):
                faults.append(f"with {left}: staging holds {os.listdir(medium.place / 'archive/staging')}")
            taken()
            faults += [f"with {left}: {fault}" for fault in after(bench, medium.place, out)]
    return faults


def without_stuffing(medium, left):
    return stuffed(medium, left).unlink


def full_disk(bench):
    return short_of_room(bench, "full", ext4(16 << 20), (40_000, 300_000, 1_000_000), without_stuffing)


def full_memory_disk(bench):
    return short_of_room(bench, "memory", tmpfs("size=8m"), (40_000, 300_000, 1_000_000), without_stuffing)


def few_names(medium, left):
    """Uses up the inodes until only `left` are free."""
    folder = medium.place / "archive/stuffing"
    folder.mkdir()
    for number in range(max(0, os.statvfs(medium.place).f_ffree - left)):
        (folder / str(number)).touch()
    return lambda: shutil.rmtree(folder)


def no_inodes(bench):
    return short_of_room(bench, "inodes", tmpfs("size=64m,nr_inodes=2000"), (2, 30, 300), few_names)


def no_inodes_on_disk(bench):
    return short_of_room(bench, "inodes-disk", ext4(32 << 20, "-N", "2000"), (2, 30, 300), few_names)


def read_only(bench):
    faults = []
    with Medium(bench, "read-only", ext4(16 << 20)) as medium:
        medium.fill()
        call("mount", "-o", "remount,ro", medium.place)
        code, out, err = medium.run()
        faults += broken(code, err) + told(code, out + err)
        for argv in (["audit"], ["verify"], ["list"], ["journal", "verify"]):
            code, out, err = medium.run(argv)
            if code != 0:
                faults.append(f"{argv} on a read-only medium: {code} {scenarios.last(out + err)}")
        code, out, err = medium.run(["catalogue", "rebuild"])
        faults += broken(code, err) + told(code, out + err)
        call("mount", "-o", "remount,rw", medium.place)
        faults += after(bench, medium.place, "")
    return faults
