"""Where the processor time of a command goes, by perf."""
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

# Each sample counts for the first of these that one of its functions matches: of the kernel's the call is known, of the program's
# own mostly the innermost alone, since it is built without frame pointers.
KINDS = [
    ('SHA-256', r'multibuffer::|sha2::sha256'),
    ('SHA-512', r'sha2::sha512'),
    ('CRC-32', r'crc32fast'),
    ('writing', r'_sys_(pwrite64|write|fallocate|ftruncate)$'),
    ('reading back', r'_sys_pread64$'),
    ('reading the source', r'(sys|vfs)_read$'),
    ('opening and closing', r'_sys_(openat2?|close)$'),
    ('looking at entries', r'_sys_(statx|newfstatat|getdents64)$'),
    ('making durable', r'_sys_(f?sync|fdatasync|syncfs|fadvise64)$'),
    ('METS, PREMIS, other documents, in own functions', r'earchiv::(io::xml|package::eark)'),
]
OTHER = 'everything else'


def shares(line):
    """Runs a command line under perf; returns `{kind: share}`, and nothing where perf is missing or not allowed."""
    if not shutil.which('perf'):
        return None
    with tempfile.TemporaryDirectory() as place:
        found = Path(place, 'perf.data')
        record = f'perf record --quiet --freq 2000 --call-graph fp --output {found} -- sh -c {shlex.quote(line)}'
        if subprocess.run(record, shell=True, stdin=subprocess.DEVNULL, capture_output=True).returncode != 0:
            return None
        script = subprocess.run(['perf', 'script', '--input', found, '--fields', 'comm,ip,sym'], capture_output=True, text=True, errors='replace')
    counts = Counter()
    for sample in script.stdout.split('\n\n'):
        name, _, stack = sample.strip().partition('\n')
        if name.strip().startswith('earchiv'):
            functions = [line.split(maxsplit=1)[-1] for line in stack.splitlines()]
            counts[kind(functions)] += 1
    whole = counts.total()
    return {name: counts[name] / whole for name in [*(name for name, _ in KINDS), OTHER]} if whole else None


def kind(functions):
    """Returns what a sample counts for."""
    for name, pattern in KINDS:
        if any(re.search(pattern, function.strip()) for function in functions):
            return name
    return OTHER
