"""The sample of an OZG application: a submission as FIT-Connect delivers it, with its checksums."""
import hashlib
import json

DELIVERY = 'Antrag-Baumfaellung-2025'
SUBMISSION = '7a1e5c44-2f0b-4d3c-8b57-90c1d2e3f401'
FORM, PLAN = '8b2f6d55-301c-4e4d-9c68-a1d2e3f40512', '9c307e66-412d-4f5e-8d79-b2e3f4051623'


def contents(pdf):
    """Returns {path: (bytes, modification time)}; `pdf` makes a page of a title and lines."""
    form = pdf('Antrag auf Genehmigung einer Baumfällung', ['Standort: Schillerhöhe 9, eine Hainbuche.', 'Grund: Pilzbefall am Stammfuß.'],
               '20250911080000')
    plan = pdf('Lageplan', ['Maßstab 1 : 500. Der Baum steht 2,5 m neben der Garage.'], '20250911080500')
    data = json.dumps({'Baum': {'Art': 'Hainbuche', 'Standort': 'Schillerhöhe 9', 'Stammumfang_cm': 86},
                       'Antrag': {'Grund': 'Pilzbefall am Stammfuß'}}, ensure_ascii=False, indent=1).encode()

    def digest(content):
        return {'type': 'sha512', 'content': hashlib.sha512(content).hexdigest()}

    def attachment(identity, purpose, name, description, content):
        return {'attachmentId': identity, 'purpose': purpose, 'filename': name, 'description': description,
                'mimeType': 'application/pdf', 'hash': digest(content)}

    metadata = {
        '$schema': 'https://schema.fitko.de/fit-connect/metadata/1.3.0/metadata.schema.json',
        'contentStructure': {
            'data': {'hash': digest(data), 'submissionSchema': {
                'schemaUri': 'https://schema.example.org/baumfaellung_1.0.schema.json', 'mimeType': 'application/json'}},
            'attachments': [attachment(FORM, 'form', 'Antrag Baumfällung.pdf', 'Menschenlesbare Fassung des Antrags', form),
                            attachment(PLAN, 'attachment', 'Lageplan.pdf', 'Lageplan', plan)],
        },
        'publicServiceType': {'name': 'Baumfällung Genehmigung', 'identifier': 'urn:de:fim:leika:leistung:99000000000000'},
    }
    envelope = {'submissionId': SUBMISSION, 'caseId': 'ad418f77-523e-4a6f-9e8a-c3f405162734',
                'destinationId': 'be529088-634f-4b70-8f9b-d40516273845', 'submittedAt': '2025-09-11T08:12:44Z'}

    def text(value):
        return (json.dumps(value, ensure_ascii=False, indent=2) + '\n').encode()

    when = '2025-09-11T08:12:44'
    return {
        f'{DELIVERY}/metadata.json': (text(metadata), when),
        f'{DELIVERY}/submission.json': (text(envelope), when),
        f'{DELIVERY}/data.json': (data, when),
        f'{DELIVERY}/attachments/{FORM}': (form, when),
        f'{DELIVERY}/attachments/{PLAN}': (plan, when),
    }
