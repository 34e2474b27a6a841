#!/usr/bin/env python3
"""Makes a large xdomea 3.0 delivery (message 0503 as ZIP) for measuring: many Akten with small primary files.

usage: benches/eakte.py FOLDER [AKTEN [FILES]]     default 1000 Akten with 50 files each

Each Akte has five Vorgänge, each Vorgang its share of documents with one file. The same numbers give the same bytes.
"""
import sys
import uuid
import zipfile
from pathlib import Path

SPACE = 'urn:xoev-de:xdomea:schema:3.0.0'
NAMES = uuid.UUID('5f0c2b1e-7a44-4d7c-9a2f-0c7f7c5f0d11')


def identity(*parts):
    """Returns a UUID that follows from `parts`."""
    return str(uuid.uuid5(NAMES, '/'.join(map(str, parts))))


def about(title, reference):
    """Returns the general metadata of an object."""
    return (f'<x:AllgemeineMetadaten><x:Betreff>{title}</x:Betreff><x:Kennzeichen>{reference}</x:Kennzeichen>'
            '</x:AllgemeineMetadaten>')


def akte(number, files):
    """Returns the XML of an Akte and the names of its files."""
    names, cases = [], ''
    for case in range(5):
        documents = ''
        for at in range(case * files // 5, (case + 1) * files // 5):
            name = f'{identity("file", number, at)}_Schreiben {at}.txt'
            names.append(name)
            documents += (
                f'<x:Dokument><x:Identifikation><x:ID>{identity("document", number, at)}</x:ID></x:Identifikation>'
                f'{about(f"Schreiben {at}", f"10.{number}.{case}-{at}")}<x:DatumDesSchreibens>2015-03-0{1 + at % 9}</x:DatumDesSchreibens>'
                '<x:Version><x:Nummer>1</x:Nummer><x:Format><x:Name listURI="urn:xoev-de:xdomea:codeliste:dateiformat" '
                'listVersionID="2.0"><code>045</code></x:Name><x:Version/><x:Primaerdokument>'
                f'<x:Dateiname>{name}</x:Dateiname></x:Primaerdokument></x:Format></x:Version></x:Dokument>\n')
        cases += (f'<x:Vorgang><x:Identifikation><x:ID>{identity("case", number, case)}</x:ID></x:Identifikation>'
                  f'{about(f"Vorgang {case} der Akte {number}", f"10.{number}.{case}")}'
                  f'<x:Laufzeit><x:Beginn>2014-01-01</x:Beginn><x:Ende>2016-12-31</x:Ende></x:Laufzeit>{documents}</x:Vorgang>\n')
    return (f'<x:Schriftgutobjekt><x:Akte><x:Identifikation><x:ID>{identity("akte", number)}</x:ID></x:Identifikation>'
            f'{about(f"Akte {number}", f"10.{number}")}<x:Laufzeit><x:Beginn>2014-01-01</x:Beginn><x:Ende>2016-12-31</x:Ende>'
            f'</x:Laufzeit><x:Akteninhalt>{cases}</x:Akteninhalt></x:Akte></x:Schriftgutobjekt>\n'), names


def main():
    if len(sys.argv) not in (2, 3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    folder, akten, files = Path(sys.argv[1]), *(int(n) for n in (sys.argv[2:] + ['1000', '50'][len(sys.argv) - 2:]))
    process = identity('process', akten, files)
    stem = f'{process}_Aussonderung.Aussonderung.0503'
    folder.mkdir(parents=True, exist_ok=True)
    when = (2026, 1, 5, 8, 0, 0)
    with zipfile.ZipFile(folder / f'{stem}.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
        listed = []
        info = zipfile.ZipInfo(f'{stem}.xml', when)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, 'w', force_zip64=True) as out:
            out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<x:Aussonderung.Aussonderung.0503 xmlns:x="{SPACE}">'
                      f'<x:Kopf><x:ProzessID>{process}</x:ProzessID><x:Nachrichtentyp listURI="urn:xoev-de:xdomea:codeliste:'
                      'nachrichtentyp" listVersionID="2.0"><code>0503</code></x:Nachrichtentyp><x:Erstellungszeitpunkt>'
                      '2026-01-05T08:00:00Z</x:Erstellungszeitpunkt><x:Absender><x:Institution><x:Name>Stadt Musterstadt'
                      '</x:Name></x:Institution></x:Absender><x:Empfaenger><x:Institution><x:Name>Stadtarchiv Musterstadt'
                      '</x:Name></x:Institution></x:Empfaenger><x:Importbestaetigung>1</x:Importbestaetigung>'
                      '<x:RueckmeldungArchivkennung>1</x:RueckmeldungArchivkennung><x:Empfangsbestaetigung>1'
                      '</x:Empfangsbestaetigung></x:Kopf>\n'.encode())
            for number in range(akten):
                text, names = akte(number, files)
                out.write(text.encode())
                listed += names
            out.write(b'</x:Aussonderung.Aussonderung.0503>\n')
        for name in listed:
            archive.writestr(zipfile.ZipInfo(name, when), f'Inhalt von {name}\n' * 20)
    print(folder / f'{stem}.zip')
    return 0


if __name__ == '__main__':
    sys.exit(main())
