#!/usr/bin/env python3
"""Makes a delivery of odd names and shapes: odd_tree.py FOLDER (must not exist). Deterministic, standard library only.

Three records: names that other systems cannot hold, folders without files, three hundred files.
"""
import os
import sys

NAMES = [
    'Grünfläche Öst.txt',                    # umlauts, composed (NFC)
    'Gru\u0308nfla\u0308che O\u0308st.txt',  # the same name, decomposed (NFD), in the same folder
    b'Gr\xfcnfl\xe4che.txt',                 # Latin-1 bytes: not UTF-8
    b'halb \xc3.txt',                        # cut off within a character
    'CON', 'aux.txt', 'NUL.tar.gz', 'com1',  # device names of another system
    'Punkt am Ende.', 'Leerzeichen am Ende ', ' vorn', '.versteckt', '...',
    'a:b', 'a<b>&"c\'', 'a|b*c?.txt', 'a\\b.txt',
    '100%.txt', 'a%20b.txt', '%2e%2e', 'a+b;c,d=e.txt', 'Plan #3?.txt', '[x]{y}~^`$@!.txt',
    'Klein.TXT', 'klein.txt',                # differ in case alone
    '-rf', '--help', '<!--', ']]>',
    'Zeile\neins', 'Tab\tzwei', 'Flucht\x1b[31mrot', 'Steuer\x7f\x01',
    'rechts\u202egnp.exe', 'null\u200bbreit', 'Emoji \U0001f333.txt', '日本語.txt', 'nicht\ufffe',
    'METS.xml', 'premis.xml', 'metadata.csv', # names that mean something elsewhere
    'x' * 251 + '.txt',                      # 255 bytes
    'ä' * 125 + '.txt',                      # 254 bytes
]


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith('-'):
        print(__doc__, file=sys.stderr)
        return 2
    top = os.fsencode(sys.argv[1])
    os.mkdir(top)

    def put(name, data):
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'xb') as file:
            file.write(data)

    odd = 'Seltsame Namen & <Zeichen>'.encode()
    for number, name in enumerate(NAMES):
        put(os.path.join(odd, os.fsencode(name)), b'Datei %d\n' % number)
    put(os.path.join(odd, b'Ordner. ', b'aux', 'Größe:1'.encode(), b'a<b>.txt'), b'tief\n')
    put(os.path.join(odd, b'leer.bin'), b'')
    put(os.path.join(odd, b'Steuerzeichen.dat'), bytes(range(256)))

    empty = 'Leere Ordner'.encode()
    put(os.path.join(empty, b'eine Datei.txt'), b'eine\n')
    for name in ('leer', 'leer ä', 'leer/auch leer', 'tief/tiefer/am tiefsten', 'Punkt.'):
        os.makedirs(os.path.join(top, empty, name.encode()), exist_ok=True)

    many = 'Viele Dateien'.encode()
    for number in range(300):
        put(os.path.join(many, b'%02d' % (number // 50), 'Blatt %04d.txt'.encode() % number), b'Blatt %d\n' % number)

    put(b'lose Datei.txt', b'neben den Ordnern\n')
    for folder, folders, files in os.walk(top, topdown=False):
        for name in files + folders:
            os.utime(os.path.join(folder, name), (1741600000, 1741600000))
    return 0


if __name__ == '__main__':
    sys.exit(main())
