#!/usr/bin/env python3
"""Reads stored packages without eArchiv, standard library only.

usage: unpack.py zip FILE.zip OUT        judges the raw ZIP and unpacks it with unzip into OUT; prints the package's folder
       unpack.py store ROOT OUT          lays the newest version of every object of an OCFL root out in OUT;
                                         prints "zip PATH" or "folder PATH" for each package, "other ID" for an object without one

Faults go to stderr, one a line. Exit code: 0 no fault, 1 faults, 2 wrong call.
"""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path


def judge_zip(path, out):
    """Returns the faults of a package file; what unzip made of it lies in `out` afterwards."""
    faults = []
    top = os.path.basename(path)[:-len('.zip')]
    test = subprocess.run(['unzip', '-tqq', path], capture_output=True, check=False)
    if test.returncode:
        faults.append(f'unzip -tqq ends with {test.returncode}: {(test.stdout + test.stderr).decode(errors="replace").strip()}')
    with zipfile.ZipFile(path) as archive, open(path, 'rb') as raw:
        broken = archive.testzip()
        if broken is not None:
            faults.append(f'zipfile cannot read {broken!r}')
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if len(set(names)) != len(names):
            faults.append('a name occurs twice')
        if raw.seek(-22, os.SEEK_END) < 0 or raw.read(4) != b'PK\x05\x06':
            faults.append('bytes after the end, or a comment')
        expected = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset != expected:
                faults.append(f'{entry.filename!r}: a gap or an overlap before it')
            raw.seek(entry.header_offset + 26)
            lengths = raw.read(4)
            if len(lengths) == 4:
                expected = entry.header_offset + 30 + sum(struct.unpack('<HH', lengths)) + entry.compress_size
        if expected != archive.start_dir:
            faults.append('a gap before the directory')
        for entry in entries:
            raw.seek(entry.header_offset)
            head = raw.read(30)
            if head[:4] != b'PK\x03\x04':
                faults.append(f'{entry.filename!r}: no local header where the directory says')
                continue
            _version, flags, method = struct.unpack('<HHH', head[4:10])
            name_length, = struct.unpack('<H', head[26:28])
            name = raw.read(name_length)
            if flags != entry.flag_bits:
                faults.append(f'{entry.filename!r}: flags differ between local header and directory')
            if method != 0 or entry.compress_type != 0:
                faults.append(f'{entry.filename!r}: not stored')
            if flags & 0x8:
                faults.append(f'{entry.filename!r}: has a data descriptor')
            if flags & ~0x800:
                faults.append(f'{entry.filename!r}: unexpected flags {flags:#x}')
            if not name.isascii() and not flags & 0x800:
                faults.append(f'{entry.filename!r}: not ASCII, without the UTF-8 flag')
            try:
                plain = name.decode('utf-8')
            except UnicodeDecodeError:
                faults.append(f'{entry.filename!r}: not UTF-8')
                continue
            if plain != entry.filename:
                faults.append(f'{entry.filename!r}: another name in the local header')
            parts = plain.rstrip('/').split('/')
            if '' in parts or '.' in parts or '..' in parts or '\\' in plain or '\0' in plain:
                faults.append(f'{entry.filename!r}: a name that leads elsewhere')
            if parts[0] != top or (len(parts) == 1 and not plain.endswith('/')):
                faults.append(f'{entry.filename!r}: outside the top folder {top}/')
    if faults:
        return faults
    done = subprocess.run(['unzip', '-qq', path, '-d', out], capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    if done.returncode:
        faults.append(f'unzip ends with {done.returncode}: {done.stderr.decode(errors="replace").strip()}')
    wanted = set()
    for name in names:
        parts = name.rstrip('/').split('/')
        wanted |= {('/'.join(parts[:depth]) + '/').encode() for depth in range(1, len(parts))}
        wanted.add(('/'.join(parts) + ('/' if name.endswith('/') else '')).encode())
    found = set()
    base = os.fsencode(out)
    for folder, folders, files in os.walk(base):
        found |= {os.path.relpath(os.path.join(folder, name), base) + b'/' for name in folders}
        found |= {os.path.relpath(os.path.join(folder, name), base) for name in files}
    for name in sorted(wanted ^ found):
        faults.append(f'{name!r}: seen by {"zipfile" if name in wanted else "unzip"} only')
    return faults


def lay_out(root, out):
    """Lays out the newest version of each object below an OCFL root; returns faults, prints what each holds."""
    faults = []
    for namaste in sorted(Path(root).rglob('0=ocfl_object_1.1')):
        home = namaste.parent
        inventory = json.loads((home / 'inventory.json').read_text(encoding='utf-8'))
        state = inventory['versions'][inventory['head']]['state']
        target = Path(out, re.sub('%[0-9a-f]{2}', '_', home.name))
        target.mkdir(parents=True)
        for digest, names in state.items():
            for name in names:
                source, copy = home / inventory['manifest'][digest][0], target / name
                if os.path.normpath(name) != name or name.startswith(('/', '../')):
                    faults.append(f'{inventory["id"]}: {name!r} leads elsewhere')
                    continue
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
        packages = sorted(path for path in target.glob('*.zip'))
        if packages:
            for path in packages:
                print(f'zip {path}')
        elif (target / 'METS.xml').is_file():
            print(f'folder {target}')
        else:
            inner = sorted(path.parent for path in target.glob('*/METS.xml'))
            for path in inner:
                print(f'folder {path}')
            if not inner:
                print(f'other {inventory["id"]}')
    return faults


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ('zip', 'store'):
        print(__doc__, file=sys.stderr)
        return 2
    kind, path, out = sys.argv[1:]
    if kind == 'zip':
        try:
            faults = judge_zip(path, out)
        except (OSError, zipfile.BadZipFile, struct.error) as fault:
            faults = [f'cannot be read: {fault}']
        if not faults:
            print(os.path.join(out, os.path.basename(path)[:-len('.zip')]))
    else:
        try:
            faults = lay_out(path, out)
        except (OSError, KeyError, ValueError) as fault:
            faults = [f'cannot be read: {type(fault).__name__}: {fault}']
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
