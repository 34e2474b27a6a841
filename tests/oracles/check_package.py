#!/usr/bin/env python3
"""Checks that the METS and PREMIS of a package folder say the truth about its files, standard library only.

usage: check_package.py FOLDER...

Written from the specifications, without a line of eArchiv:
* every file is referenced once, by the METS that has to: the root METS covers all outside the representations and each
  representations/*/METS.xml, a representation METS covers its own folder; nobody references the root METS;
* every href is relative, decodes to a file of the package, and SIZE and CHECKSUM (SHA-256) are true;
* every mptr leads to a METS, every FILEID, ADMID and DMDID to an ID of the same METS;
* every data file has one PREMIS object in its representation, whose digests and size are true and equal to METS.

Faults are printed, one a line. Exit code: 0 no fault, 1 faults, 2 wrong call.
"""
import hashlib
import os
import sys
import xml.etree.ElementTree as ET
from urllib.parse import unquote_to_bytes

METS = '{http://www.loc.gov/METS/}'
XLINK = '{http://www.w3.org/1999/xlink}'
PREMIS = '{http://www.loc.gov/premis/v3}'
XSI_TYPE = '{http://www.w3.org/2001/XMLSchema-instance}type'
ALGORITHMS = {'SHA-256': 'sha256', 'SHA-512': 'sha512', 'SHA256': 'sha256', 'SHA512': 'sha512', 'MD5': 'md5',
              'SHA-1': 'sha1', 'SHA-384': 'sha384'}


class Package:
    """The files of a package folder; paths are bytes, relative, with slashes."""

    def __init__(self, folder):
        self.base = os.fsencode(folder)
        self.files = set()
        for place, folders, files in os.walk(self.base):
            for name in files + [name for name in folders if os.path.islink(os.path.join(place, name))]:
                self.files.add(os.path.relpath(os.path.join(place, name), self.base))
        self.known = {}

    def digest(self, path, algorithm='sha256'):
        """Returns the digest of a file, computed once."""
        if (path, algorithm) not in self.known:
            running = hashlib.new(algorithm)
            with open(os.path.join(self.base, path), 'rb') as file:
                while block := file.read(1 << 20):
                    running.update(block)
            self.known[path, algorithm] = running.hexdigest()
        return self.known[path, algorithm]

    def size(self, path):
        """Returns the size of a file."""
        return os.lstat(os.path.join(self.base, path)).st_size

    def tree(self, path):
        """Returns the root element of an XML file."""
        return ET.parse(os.path.join(self.base, path)).getroot()


def show(path):
    """Returns a path for people."""
    return path.decode('utf-8', 'backslashreplace')


def resolve(href, home):
    """Returns the package path an href leads to, seen from the folder `home`, or raises ValueError."""
    if not href:
        raise ValueError('empty')
    if '#' in href or '?' in href or '\\' in href or href.startswith('/'):
        raise ValueError('not a relative path')
    if ':' in href.split('/', 1)[0]:
        raise ValueError('has a scheme')
    if not href.isascii() or any(char in href for char in ' "<>^`{|}'):
        raise ValueError('holds characters that a URL may not hold')
    raw = unquote_to_bytes(href)
    parts = raw.split(b'/')
    if b'..' in parts or b'.' in parts or b'' in parts or b'\0' in raw:
        raise ValueError('leads elsewhere')
    return os.path.join(home, raw) if home else raw


def check_mets(package, path, faults):
    """Checks one METS; returns {file path: METS entry (size, digest, file id)} of what it references."""
    home, seen = os.path.dirname(path), {}
    root = package.tree(path)
    if root.tag != METS + 'mets':
        faults.append(f'{show(path)}: root element is {root.tag}')
        return seen
    ids = set()
    for element in root.iter():
        if 'ID' in element.attrib:
            if element.get('ID') in ids:
                faults.append(f'{show(path)}: ID {element.get("ID")} occurs twice')
            ids.add(element.get('ID'))
    for element in root.iter():
        for name in ('FILEID', 'ADMID', 'DMDID'):
            for target in element.get(name, '').split():
                if target not in ids:
                    faults.append(f'{show(path)}: {name} {target} leads nowhere')
        if element.tag == METS + 'file':
            places = element.findall(METS + 'FLocat')
            if len(places) != 1:
                faults.append(f'{show(path)}: file {element.get("ID")} has {len(places)} FLocat')
                continue
            href = places[0].get(XLINK + 'href', '')
        elif element.tag == METS + 'mdRef':
            href = element.get(XLINK + 'href', '')
        elif element.tag == METS + 'mptr':
            try:
                target = resolve(element.get(XLINK + 'href', ''), home)
                if target not in package.files or os.path.basename(target) != b'METS.xml' or target == path:
                    faults.append(f'{show(path)}: mptr {show(target)} leads to no METS')
            except ValueError as fault:
                faults.append(f'{show(path)}: mptr {element.get(XLINK + "href")!r}: {fault}')
            continue
        else:
            continue
        try:
            target = resolve(href, home)
        except ValueError as fault:
            faults.append(f'{show(path)}: href {href!r}: {fault}')
            continue
        if target in seen:
            faults.append(f'{show(path)}: {show(target)} is referenced twice')
        seen[target] = (element.get('SIZE'), element.get('CHECKSUM', '').lower(), element.get('ID'))
        if target not in package.files:
            faults.append(f'{show(path)}: {show(target)} does not exist')
            continue
        if element.get('SIZE') != str(package.size(target)):
            faults.append(f'{show(path)}: {show(target)} has {package.size(target)} bytes, SIZE says {element.get("SIZE")}')
        if element.get('CHECKSUMTYPE') != 'SHA-256':
            faults.append(f'{show(path)}: {show(target)}: CHECKSUMTYPE is {element.get("CHECKSUMTYPE")}')
        elif element.get('CHECKSUM', '').lower() != package.digest(target):
            faults.append(f'{show(path)}: {show(target)}: CHECKSUM is not that of the file')
    return seen


def check_coverage(package, path, wanted, seen, faults):
    """Compares the files that a METS has to reference with those that it references."""
    for target in sorted(wanted - seen.keys()):
        faults.append(f'{show(path)}: does not reference {show(target)}')
    for target in sorted((seen.keys() - wanted) & package.files):
        faults.append(f'{show(path)}: references {show(target)}, which is not its own')


def places_of(element):
    """Yields the texts of a PREMIS object that may name its file."""
    for steps in (('objectIdentifier', 'objectIdentifierValue'), ('storage', 'contentLocation', 'contentLocationValue')):
        for found in element.findall('/'.join(PREMIS + step for step in steps)):
            if found.text:
                yield found.text.strip()


def check_premis(package, rep, entries, faults):
    """Compares the PREMIS of the representation folder `rep` with `entries` of its METS and with the files."""
    folder = rep + b'/metadata/preservation/'
    sources = sorted(path for path in package.files
                     if path.startswith(folder) and os.path.basename(path).startswith(b'premis') and path.endswith(b'.xml'))
    data = {path for path in entries if path.startswith(rep + b'/data/')}
    if not sources:
        faults.append(f'{show(rep)}: no PREMIS in metadata/preservation')
        return
    by_id = {identity: path for path, (_size, _digest, identity) in entries.items() if identity}
    objects = {}
    for source in sources:
        for element in package.tree(source).iter(PREMIS + 'object'):
            if not element.get(XSI_TYPE, '').endswith('file'):
                continue
            path = None
            for text in places_of(element):
                plain = text.removeprefix('file:').removeprefix('//').removeprefix('./')
                for raw in (plain.encode(), unquote_to_bytes(plain)):
                    places = (rep + b'/' + raw, raw, os.path.dirname(rep) + b'/' + raw, by_id.get(text))
                    path = path or next((place for place in places if place in package.files), None)
                if path:
                    break
            name = next(places_of(element), '?')
            if path is None:
                faults.append(f'{show(source)}: object {name!r} leads to no file')
                continue
            if path in objects:
                faults.append(f'{show(source)}: {show(path)} has two objects')
            objects[path] = element
            size = element.findtext(f'{PREMIS}objectCharacteristics/{PREMIS}size', '').strip()
            if size != str(package.size(path)):
                faults.append(f'{show(source)}: {show(path)} has {package.size(path)} bytes, size says {size or "nothing"}')
            fixities = {}
            for fixity in element.findall(f'{PREMIS}objectCharacteristics/{PREMIS}fixity'):
                algorithm = fixity.findtext(PREMIS + 'messageDigestAlgorithm', '').strip().upper()
                digest = fixity.findtext(PREMIS + 'messageDigest', '').strip().lower()
                if algorithm not in ALGORITHMS:
                    faults.append(f'{show(source)}: {show(path)}: unknown algorithm {algorithm}')
                    continue
                fixities[ALGORITHMS[algorithm]] = digest
                if digest != package.digest(path, ALGORITHMS[algorithm]):
                    faults.append(f'{show(source)}: {show(path)}: {algorithm} is not that of the file')
            if path in entries and fixities.get('sha256') != entries[path][1]:
                faults.append(f'{show(source)}: {show(path)}: SHA-256 differs from METS')
    for path in sorted(data - objects.keys()):
        faults.append(f'{show(rep)}: {show(path)} has no PREMIS object')


def check(folder):
    """Returns the faults of a package folder."""
    package, faults = Package(folder), []
    if b'METS.xml' not in package.files:
        return ['no METS.xml']
    reps = {}
    for path in package.files:
        parts = path.split(b'/')
        if os.path.islink(os.path.join(package.base, path)):
            faults.append(f'{show(path)} is a link')
        if len(parts) == 3 and parts[0] == b'representations' and parts[2] == b'METS.xml':
            reps[b'/'.join(parts[:2])] = path
    inside = {path for path in package.files if any(path.startswith(rep + b'/') for rep in reps)}
    covered = check_mets(package, b'METS.xml', faults)
    check_coverage(package, b'METS.xml', package.files - inside - {b'METS.xml'} | set(reps.values()), covered, faults)
    for rep, path in sorted(reps.items()):
        entries = check_mets(package, path, faults)
        own = {file for file in package.files if file.startswith(rep + b'/')} - {path}
        check_coverage(package, path, own, entries, faults)
        check_premis(package, rep, entries, faults)
    return faults


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith('-'):
        print(__doc__, file=sys.stderr)
        return 2
    failed = False
    for folder in sys.argv[1:]:
        try:
            faults = check(folder)
        except (OSError, ET.ParseError, ValueError) as fault:
            faults = [f'cannot be read: {type(fault).__name__}: {fault}']
        for fault in faults:
            print(fault if len(sys.argv) == 2 else f'{folder}: {fault}')
        failed = failed or bool(faults)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
