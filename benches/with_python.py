#!/usr/bin/env python3
"""What one writes in an hour: files into a stored ZIP with a manifest of SHA-256 (pack), and read back (verify).

usage: benches/with_python.py pack FOLDER ZIP | verify ZIP
"""
import hashlib
import sys
import zipfile
from pathlib import Path


def pack(folder, target):
    manifest = []
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_STORED) as out:
        for path in sorted(path for path in Path(folder).rglob('*') if path.is_file()):
            name, digest = path.relative_to(folder).as_posix(), hashlib.sha256()
            with path.open('rb') as source, out.open(name, 'w', force_zip64=True) as entry:
                while piece := source.read(1 << 20):
                    digest.update(piece)
                    entry.write(piece)
            manifest.append(f'{digest.hexdigest()}  {name}\n')
        out.writestr('manifest-sha256.txt', ''.join(manifest))


def verify(target):
    with zipfile.ZipFile(target) as source:
        for line in source.read('manifest-sha256.txt').decode().splitlines():
            expected, name = line.split('  ', 1)
            digest = hashlib.sha256()
            with source.open(name) as entry:
                while piece := entry.read(1 << 20):
                    digest.update(piece)
            if digest.hexdigest() != expected:
                sys.exit(f'{name} is damaged')


if __name__ == '__main__':
    match sys.argv[1:]:
        case ['pack', folder, target]:
            pack(folder, target)
        case ['verify', target]:
            verify(target)
        case _:
            sys.exit(__doc__)
