"""The sample delivery of an eAkte: xdomea 3.1.0 messages 0502 (appraisal) and 0503 (transfer) of one process."""
import uuid
from xml.sax.saxutils import escape

DELIVERY = 'eAkte-Tiefbauamt-2026'
PROCESS = '6d1c1f0e-58a4-4c1b-9a53-7b1e5b6f2a10'
SPACE = 'urn:xoev-de:xdomea:schema:3.1.0'
LISTS = 'urn:xoev-de:xdomea:codeliste:'

# Akte and Vorgänge with their documents: id, title, reference, first and last day; of a document its date and its files.
FILE = ('0b1f6c2e-6a0d-4f0e-8a51-3f2d8c9e7a01', 'Mühlgrabenbrücke, Erneuerung', '66.20-2014/003', '2014-03-17', '2017-11-30')
CASES = [
    ('1c2a7d3f-7b1e-4a1f-9b62-4a3e9dafb102', 'Planung und Genehmigung', '66.20-2014/003.1', '2014-03-17', '2015-06-12', [
        ('2d3b8e40-8c2f-4b20-8c73-5b4faeb0c203', 'Erläuterungsbericht', '66.20-2014/003.1-1', '2014-10-02',
         ['Erläuterungsbericht.odt', 'Erläuterungsbericht.pdf']),
        ('3e4c9f51-9d30-4c31-9d84-6c50bfc1d304', 'Wasserrechtliche Erlaubnis', '66.20-2014/003.1-2', '2015-06-12',
         ['Wasserrechtliche Erlaubnis.pdf']),
    ]),
    ('4f5da062-ae41-4d42-8e95-7d61c0d2e405', 'Bauausführung und Abnahme', '66.20-2014/003.2', '2015-07-01', '2017-11-30', [
        ('506eb173-bf52-4e53-9fa6-8e72d1e3f506', 'Abnahmeniederschrift', '66.20-2014/003.2-1', '2017-11-30',
         ['Abnahmeniederschrift.pdf']),
    ]),
]
FORMATS = {'odt': ('034', '1.2'), 'pdf': ('018', '1.4')}


def element(name, *content):
    """Returns an element of the message with texts and elements in it."""
    return f'<xdomea:{name}>' + ''.join(content) + f'</xdomea:{name}>'


def code(name, kind, value, version='1.0'):
    """Returns an element whose value is of a code list."""
    return f'<xdomea:{name} listURI="{LISTS}{kind}" listVersionID="{version}"><code>{value}</code></xdomea:{name}>'


def party(name, office, key):
    """Returns sender or receiver of a message."""
    lists = 'listURI="" listVersionID=""'
    return (element('Behoerdenkennung',
                    f'<xdomea:Behoerdenschluessel {lists}><code>{key}</code></xdomea:Behoerdenschluessel>')
            + element('Institution', element('Name', name)) + element('Organisationseinheit', element('Name', office)))


def head(kind, time, sender, receiver, wishes):
    """Returns the head of a message."""
    return element('Kopf', element('ProzessID', PROCESS), code('Nachrichtentyp', 'nachrichtentyp', kind, '2.0'),
                   element('Erstellungszeitpunkt', time), element('Absender', sender), element('Empfaenger', receiver),
                   element('SendendesSystem', element('Produktname', 'Musterakte'), element('Version', '7.2')), wishes)


def about(title, reference, plan=''):
    """Returns the general metadata of an object."""
    return element('AllgemeineMetadaten', element('Betreff', escape(title)), element('Kennzeichen', reference),
                   code('Medium', 'medium', '001'), plan)


def appraised(mark='A'):
    """Returns the archive's metadata of an object."""
    return element('ArchivspezifischeMetadaten', element('Aussonderungsart', code('Aussonderungsart', 'aussonderungsart', mark)),
                   code('Bewertungsvorschlag', 'bewertungsvorschlag', mark))


def identified(identity):
    """Returns the identification of an object."""
    return element('Identifikation', element('ID', identity))


def period(first, last):
    """Returns first and last day."""
    return element('Laufzeit', element('Beginn', first), element('Ende', last))


def stored_name(name):
    """Returns what a primary file is called in the message: a UUID and, as many systems do, the original name."""
    return f'{uuid.uuid5(uuid.UUID(PROCESS), name)}_{name}'


def document(identity, title, reference, day, names):
    """Returns a document with one version in all its formats."""
    formats = ''
    for name in names:
        kind, version = FORMATS[name.rsplit('.', 1)[1]]
        formats += element('Format', code('Name', 'dateiformat', kind, '2.0'), element('Version', version),
                           element('Primaerdokument', element('Dateiname', escape(stored_name(name))),
                                   element('DateinameOriginal', escape(name))))
    return element('Dokument', identified(identity), about(title, reference), element('DatumDesSchreibens', day),
                   element('Version', element('Nummer', '1'), formats))


def message(kind, content):
    """Returns the XML of a message."""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<xdomea:{kind} xmlns:xdomea="{SPACE}">{content}'
            f'</xdomea:{kind}>\n').replace('><xdomea:', '>\n<xdomea:')


def transfer():
    """Returns the message 0503."""
    office, archive = party('Stadt Musterstadt', 'Tiefbauamt', 'MUSTERSTADT-66'), party('Stadt Musterstadt', 'Stadtarchiv', 'DE-0000')
    wishes = element('Importbestaetigung', '1') + element('RueckmeldungArchivkennung', '1') + element('Empfangsbestaetigung', '1')
    cases = ''
    for identity, title, reference, first, last, documents in CASES:
        inner = ''.join(document(*one) for one in documents)
        cases += element('Vorgang', identified(identity), about(title, reference), appraised(), period(first, last), inner)
    plan = element('Aktenplaneinheit', element('Kennzeichen', '66.20'), element('Inhaltsangabe', 'Brücken und Durchlässe'))
    identity, title, reference, first, last = FILE
    akte = element('Akte', identified(identity), about(title, reference, plan), appraised(), period(first, last),
                   element('Akteninhalt', cases))
    return message('Aussonderung.Aussonderung.0503',
                   head('0503', '2026-02-10T09:30:00Z', office, archive, wishes) + element('Schriftgutobjekt', akte))


def appraisal():
    """Returns the message 0502: the archive's decisions on what was offered."""
    office, archive = party('Stadt Musterstadt', 'Tiefbauamt', 'MUSTERSTADT-66'), party('Stadt Musterstadt', 'Stadtarchiv', 'DE-0000')
    objects = ''.join(
        element('BewertetesObjekt', element('ID', identity),
                element('Aussonderungsart', code('Aussonderungsart', 'aussonderungsart', 'A')))
        for identity in [FILE[0]] + [case[0] for case in CASES])
    return message('Aussonderung.Bewertungsverzeichnis.0502',
                   head('0502', '2026-01-20T14:00:00Z', archive, office, element('Empfangsbestaetigung', '0')) + objects)


def contents(pdf, odt, stored_zip):
    """Returns {path: (bytes, modification time)}; the functions make documents of a title and lines, and a ZIP."""
    texts = {
        'Erläuterungsbericht.odt': odt('Erläuterungsbericht', [
            'Die Brücke über den Mühlgraben von 1928 ist nicht mehr tragfähig und wird an gleicher Stelle erneuert.',
            'Lichte Weite 12,40 m, Breite zwischen den Geländern 9,50 m, Stahlbeton.'], '2014-10-02T08:00:00'),
        'Erläuterungsbericht.pdf': pdf('Erläuterungsbericht', [
            'Die Brücke über den Mühlgraben von 1928 ist nicht mehr tragfähig und wird an gleicher Stelle erneuert.',
            'Lichte Weite 12,40 m, Breite zwischen den Geländern 9,50 m, Stahlbeton.'], '20141002080000'),
        'Wasserrechtliche Erlaubnis.pdf': pdf('Wasserrechtliche Erlaubnis', [
            'Für die Zeit des Bauens darf der Mühlgraben auf 30 m Länge verrohrt werden.'], '20150612100000'),
        'Abnahmeniederschrift.pdf': pdf('Niederschrift über die Abnahme', [
            'Die Leistung ist abgenommen. Restarbeiten: Fugen am Widerlager Süd, Frist 31. Januar 2018.'], '20171130110000'),
    }
    names = [name for case in CASES for one in case[5] for name in one[4]]
    files = [(stored_name(name), texts[name]) for name in names]
    stem = f'{DELIVERY}/{PROCESS}_Aussonderung'
    transfer_name = f'{PROCESS}_Aussonderung.Aussonderung.0503.xml'
    appraisal_name = f'{PROCESS}_Aussonderung.Bewertungsverzeichnis.0502.xml'
    return {
        f'{stem}.Bewertungsverzeichnis.0502.zip':
            (stored_zip([(appraisal_name, appraisal().encode())], (2026, 1, 20, 14, 0, 0)), '2026-01-20T14:00:00'),
        f'{stem}.Aussonderung.0503.zip':
            (stored_zip([(transfer_name, transfer().encode())] + files, (2026, 2, 10, 9, 30, 0)), '2026-02-10T09:30:00'),
    }
