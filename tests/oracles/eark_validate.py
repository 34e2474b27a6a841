#!/usr/bin/env python3
"""Judges E-ARK packages with eark-validator (rules 2.1.0) and without any network.

usage: eark_validate.py [--vocab DIR] [--json] [--quiet] PACKAGE...

PACKAGE is a package folder or a ZIP with one top folder. Run it with the Python in which eark-validator is installed.

eark-validator fetches four vocabularies at import. They are read from DIR here, or from the copies that eark-validator carries
itself. Every other address is refused. The installed package is not changed.

Each finding is one line: PACKAGE, severity, rule id, location, message, parted by tabs; the last line of a package is PACKAGE,
"verdict", "passed" or "failed". A finding that is known to be false is printed as "known false" and does not count;
`false_finding` below says which and why. Warnings and infos are printed, they do not count either.
Exit code: 0 no error, 1 errors, 2 wrong call or eark-validator not usable.
"""
import argparse
import io
import json
import os
import re
import shutil
import sys
import tempfile
import urllib.request
from collections import Counter
from pathlib import Path

SIP_PROFILE_2_2_0 = 'https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml'


def false_finding(rule, profile):
    """Returns why a finding of eark-validator 1.1.3 is false, or None where it stands."""
    if rule == 'CSIP63':
        # test="... or (@csip:CONTENTINFORMATIONTYPE != 'OTHER' and not(@csip:CONTENTINFORMATIONTYPE))": no fileGrp can
        # pass it but one with OTHER; the requirement is a MAY for OTHER alone.
        return 'its test contradicts itself'
    if rule == 'SIP14':
        # Asks @NOTETYPE (without the csip name space) = IDENTIFICATIONCODE of the note of every CREATOR, also of the
        # software, whose note CSIP16 wants to be SOFTWARE VERSION.
        return 'it asks for an attribute without its name space, also of the software agent'
    if rule == 'SIP2' and profile == SIP_PROFILE_2_2_0:
        # Rules 2.1.0 know the unversioned address only; SIP2 in 2.2.0 demands this one.
        return 'SIP 2.2.0 demands this PROFILE'
    return None


def serve_vocabularies(folder):
    """Replaces `urlopen` by a reader of local files; eark-validator imports it by name, so this comes before its import."""

    def urlopen(address, *_args, **_kwargs):
        name = str(address).rsplit('/', 1)[-1]
        path = Path(folder, name)
        if not name.endswith('.xml') or not path.is_file():
            raise OSError(f'no network here, and no local copy of {name}')
        return io.BytesIO(path.read_bytes())

    urllib.request.urlopen = urlopen


def own_vocabularies():
    """Returns the folder of the vocabularies inside the installed eark-validator, without importing it."""
    for entry in sys.path:
        folder = Path(entry, 'eark_validator', 'ipxml', 'resources', 'vocabs')
        if folder.is_dir():
            return folder
    return None


def findings(report):
    """Yields (part, result) for everything in a validation report."""
    if report.structure:
        for result in report.structure.messages:
            yield 'structure', result
    if report.metadata:
        for result in report.metadata.schema_results.messages:
            yield 'schema', result
        for result in report.metadata.schematron_results.messages:
            yield 'rules', result


def place(location):
    """Returns the path of a rule's finding: eark-validator puts context, test and an unreadable XPath into one string."""
    text = ' '.join(str(location).split())
    steps = re.findall(r"/\*\[local-name\(\)='([^']*)' and namespace-uri\(\)='[^']*'\](\[\d+\])?", text)
    return ''.join(f'/{name}{number}' for name, number in steps) or text[:200]


def mets_profile(package):
    """Returns PROFILE of the package's METS as eark-validator read it."""
    return package.mets.root.profile if package and package.mets else ''


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--vocab', metavar='DIR', help='folder of the CSIP vocabularies')
    parser.add_argument('--json', action='store_true', help='one JSON object a package instead of lines')
    parser.add_argument('--quiet', action='store_true', help='errors only')
    parser.add_argument('packages', nargs='+', metavar='PACKAGE')
    args = parser.parse_args()

    vocabularies = args.vocab or own_vocabularies()
    if not vocabularies:
        print('eark-validator is not installed for this Python', file=sys.stderr)
        return 2
    serve_vocabularies(vocabularies)
    scratch = tempfile.mkdtemp(prefix='eark-')
    tempfile.tempdir = scratch  # eark-validator unpacks ZIPs into the temporary folder known at import
    try:
        try:
            from eark_validator.model import Severity
            from eark_validator.packages import PackageValidator
        except (ImportError, OSError) as fault:
            print(f'eark-validator does not start: {fault}', file=sys.stderr)
            return 2
        failed = False
        for name in args.packages:
            rows, crash = [], None
            try:
                report = PackageValidator(Path(name).absolute()).validation_report
                profile = mets_profile(report.package)
                for part, result in findings(report):
                    known = None
                    if result.severity == Severity.ERROR:
                        known = false_finding(result.rule_id, profile)
                    severity = 'known false' if known else result.severity.value.lower()
                    rows.append({'severity': severity, 'rule': result.rule_id, 'part': part,
                                 'location': result.location, 'message': known or result.message})
                if not report.metadata and not any(row['severity'] == 'error' for row in rows):
                    crash = 'no verdict on the metadata'
            except Exception as fault:  # a crash of the judge is a failed judgement, whatever its type
                crash = f'{type(fault).__name__}: {fault}'
            if crash:
                rows.append({'severity': 'error', 'rule': 'CRASH', 'part': 'eark-validator', 'location': name,
                             'message': crash})
            bad = any(row['severity'] == 'error' for row in rows)
            failed = failed or bad
            if args.json:
                print(json.dumps({'package': name, 'passed': not bad, 'findings': rows}, ensure_ascii=False))
                continue
            seen = Counter((row['severity'], row['rule'], place(row['location']), row['message']) for row in rows)
            for (severity, rule, location, message), count in seen.items():
                if severity == 'error' or not args.quiet:
                    text = ' '.join(str(message).split())[:160] + (f' ({count} times)' if count > 1 else '')
                    print('\t'.join((name, severity, rule, location, text)))
            print('\t'.join((name, 'verdict', 'failed' if bad else 'passed')))
        return 1 if failed else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
