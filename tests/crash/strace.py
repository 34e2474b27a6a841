"""System calls of a program: counted, killed before, made to fail, made to lie; by strace's fault injection.

The counter of strace is by call and thread: the Nth call of the first thread that comes to its Nth.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile

# Calls that change what a medium holds.
MUTATING = [
    "write", "pwrite64", "writev", "pwritev", "copy_file_range", "sendfile", "openat", "fsync", "fdatasync", "syncfs",
    "sync_file_range", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
    "rmdir", "mkdir", "mkdirat", "ftruncate", "fallocate", "utimensat", "fchmod", "chmod", "fchmodat", "ioctl",
]
SYNCING = ["fsync", "fdatasync", "syncfs", "sync_file_range"]
CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)")
RETURNED = re.compile(r"= (\d+)$")


def works():
    """Whether strace is here and may trace."""
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def call(argv, options, **kwargs):
    """Runs `argv` under strace; `options` are strace's. Killed by a signal, the exit code is negative."""
    return run(["strace", "-f", "-qq", *options, *argv], **kwargs)


def run(argv, cwd, env, timeout=120):
    """Runs a program to its end; more than `timeout` seconds is a hang, told as exit code None."""
    with subprocess.Popen(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as child:
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
            return None, out.decode(errors="replace"), err.decode(errors="replace")
    return child.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def points(argv, cwd, env):
    """Every mutating call of a run as (call, number, what it returned); a call that several threads make counts once a number."""
    with tempfile.NamedTemporaryFile("r") as log:
        known = [name for name in MUTATING if name != "ioctl"]
        code, _, err = call(argv, ["-o", log.name, "-e", "trace=" + ",".join(known)], cwd=cwd, env=env)
        counts, found, others = {}, {}, set()
        for line in log:
            match = CALL.match(line)
            if not match:
                continue
            thread, name, rest = match.groups()
            counts[thread, name] = number = counts.get((thread, name), 0) + 1
            # Opening for reading changes nothing.
            if name != "openat" or "O_CREAT" in rest or "O_TMPFILE" in rest:
                returned = RETURNED.search(rest)
                found.setdefault((name, number), int(returned[1]) if returned else 1)
            else:
                others.add((name, number))
    return code, err, sorted((*point, returned) for point, returned in found.items() if point not in others)


def kill(name, number):
    """strace's options that kill before the call."""
    return ["-o", os.devnull, "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={number}"]


def fail(name, number, error, lasting=False):
    """strace's options that let the call fail: once, or from then on."""
    when = f"{number}+" if lasting else f"{number}"
    return ["-o", os.devnull, "-e", f"trace={name}", "-e", f"inject={name}:error={error}:when={when}"]


def lie(name, number, value, lasting=False):
    """strace's options that skip the call and say that it returned `value`."""
    when = f"{number}+" if lasting else f"{number}"
    return ["-o", os.devnull, "-e", f"trace={name}", "-e", f"inject={name}:retval={value}:when={when}"]


def without_syncing():
    """strace's options under which nothing is ever synced, and everyone is told that it was."""
    options = ["-o", os.devnull, "-e", "trace=" + ",".join(SYNCING)]
    for name in SYNCING:
        options += ["-e", f"inject={name}:retval=0"]
    return options
