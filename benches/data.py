"""Builds what is measured: the same numbers give the same bytes."""
import random
import shutil
import sqlite3
from pathlib import Path

MIB = 1 << 20


def room(place):
    """Returns the free bytes where `place` lies."""
    return shutil.disk_usage(place).free


def files(folder, count, size, seed, per_folder=500):
    """Writes `count` files of `size` bytes below `folder`, so many to a folder."""
    source = random.Random(seed)
    at = None
    for number in range(count):
        if number % per_folder == 0:
            at = folder / f'{number // per_folder:04d}'
            at.mkdir(parents=True)
        with open(at / f'{number:07d}.bin', 'wb') as out:
            left = size
            while left > 0:
                piece = min(left, MIB)
                out.write(source.randbytes(piece))
                left -= piece


def big(folder, quick):
    """One record with 4 files of 256 MiB."""
    files(folder / 'Akte', 4, (8 if quick else 256) * MIB, 1)


def small(folder, quick):
    """One record with 50,000 files of 16 KiB."""
    files(folder / 'Akte', 1_000 if quick else 50_000, 16 << 10, 2)


def records(folder, quick):
    """1,000 records with 20 files of 16 KiB each."""
    for number in range(50 if quick else 1_000):
        files(folder / f'Akte {number:04d}', 20, 16 << 10, 1_000 + number)


def sparse(folder, size):
    """One record with one file of `size` bytes that takes no room itself."""
    (folder / 'Akte').mkdir(parents=True)
    with open(folder / 'Akte/Aufnahme.bin', 'wb') as out:
        out.truncate(size)


WORDS = 'Bauakte Brücke Grünfläche Schule Haushalt Satzung Vermessung Spielplatz Straße Friedhof Denkmal Gewässer'.split()


def listing(catalogue, count):
    """Fills the catalogue with copies of its one package, each with its own identity and title, up to `count`.

    Lists are read from the catalogue alone: packages need not lie behind the rows.
    """
    source = random.Random(3)
    with sqlite3.connect(catalogue) as db:
        columns = [row[1] for row in db.execute('PRAGMA table_info(holding)') if row[1] != 'row']
        known = dict(zip(columns, db.execute(f'SELECT {", ".join(columns)} FROM holding').fetchone()))
        rows = []
        for number in range(count - 1):
            word = WORDS[number % len(WORDS)]
            title = f'{word} Nr. {number}'
            names = ' '.join(f'schreiben-{source.randrange(10**6)}.pdf' for _ in range(5))
            identity = f'{source.getrandbits(32):08x}-0000-5000-8000-{number:012x}'
            folded = f'{title} {names}'.lower().replace('ü', 'ue').replace('ä', 'ae').replace('ß', 'ss')
            rows.append(tuple({**known, 'id': identity, 'title': title, 'names': names, 'folded': folded}.values()))
        db.executemany(f'INSERT INTO holding ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})', rows)
        db.execute("INSERT INTO search (search) VALUES ('rebuild')")


def remove(*places):
    """Removes folders and files that may not be there."""
    for place in map(Path, places):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
