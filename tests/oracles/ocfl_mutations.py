#!/usr/bin/env python3
"""An OCFL object is changed in more than a hundred ways; eArchiv, ocfl-py and, where it is there, rocfl judge each change.

usage: ocfl_mutations.py EARCHIV OCFL_VALIDATE OBJECT [ROCFL]

OCFL_VALIDATE is ocfl-py's ocfl-validate.py, OBJECT a conforming object of OCFL 1.1 with two or more versions and SHA-512. A verdict (conforms
or not) that differs must be one of those that are argued in ARGUED, and each of these must occur. Exit code: 0 that is so, 1 it is not.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Where eArchiv refuses what another accepts, or the other way round, and by which words of the specification.
ARGUED = {
    'ocfl-py': {
        'unknown key of the inventory': 'E102: no keys that the specification does not describe',
        'unknown key of a version': 'E102',
        'unknown key of a user': 'E102',
        'declaration without line feed': 'E007: the text ends with a line feed',
    },
    'rocfl': {
        'content folder: set later': 'E019: it is set in the first version and stays the same',
        'fixity: unknown': 'E056: the algorithm is one that the specification or an extension names',
        'versions: v01': 'E046, E012: names of versions are padded alike, as their folders are',
        'without v1/inventory.json': 'E015: its sidecar is then a file that belongs to nothing',
    },
}

OTHER = 'ab' * 64


def sealed(folder, text):
    """Writes an inventory and its digest."""
    with open(os.path.join(folder, 'inventory.json'), 'w', encoding='utf-8') as file:
        file.write(text)
    with open(os.path.join(folder, 'inventory.json.sha512'), 'w', encoding='ascii') as file:
        file.write('%s inventory.json\n' % hashlib.sha512(text.encode()).hexdigest())


def inventory(folder):
    with open(os.path.join(folder, 'inventory.json'), encoding='utf-8') as file:
        return json.load(file)


def edited(change):
    """A mutation of the object's inventory, and of the newest version's with it."""
    def mutation(root):
        value = inventory(root)
        head = value['head']
        change(value)
        for folder in (root, os.path.join(root, head)):
            sealed(folder, json.dumps(value))
    return mutation


def old(change):
    """A mutation of the first version's inventory."""
    def mutation(root):
        folder = os.path.join(root, 'v1')
        value = inventory(folder)
        change(value)
        sealed(folder, json.dumps(value))
    return mutation


def put(path, text=''):
    def mutation(root):
        target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, 'w', encoding='utf-8') as file:
            file.write(text)
    return mutation


def folder(path):
    return lambda root: os.makedirs(os.path.join(root, path))


def gone(path):
    def mutation(root):
        target = os.path.join(root, path)
        if os.path.isdir(target):
            shutil.rmtree(target)
        else:
            os.remove(target)
    return mutation


def flipped(root):
    """One bit of a content file."""
    for place, _, names in sorted(os.walk(os.path.join(root, 'v1', 'content'))):
        for name in sorted(names):
            with open(os.path.join(place, name), 'r+b') as file:
                first = file.read(1)
                file.seek(0)
                file.write(bytes([first[0] ^ 1]))
            return


def first(block):
    return next(iter(block))


def mutations():
    """Names and mutations."""
    odd = [('null', None), ('number', 5), ('list', ['a']), ('text', 'zz'), ('object', {'a': 'b'})]
    for key in ('id', 'type', 'digestAlgorithm', 'head', 'manifest', 'versions'):
        yield 'no %s' % key, edited(lambda i, key=key: i.pop(key))
        for kind, value in odd:
            yield '%s is %s' % (key, kind), edited(lambda i, key=key, value=value: i.__setitem__(key, value))
    for key in ('created', 'state', 'message', 'user'):
        yield 'version: no %s' % key, edited(lambda i, key=key: i['versions']['v1'].pop(key))
        for kind, value in odd:
            # Each of them also says something else than the first version's own inventory, which is allowed of all but the state.
            yield 'version: %s is %s' % (key, kind), edited(
                lambda i, key=key, value=value: i['versions']['v1'].__setitem__(key, value))
    users = [('name is number', {'name': 1, 'address': 'mailto:a@example.org'}), ('no address', {'name': 'x'}),
             ('address is number', {'name': 'x', 'address': 1}), ('address is no URI', {'name': 'x', 'address': 'text'})]
    for name, value in users:
        yield 'user: %s' % name, edited(lambda i, value=value: i['versions']['v1'].__setitem__('user', value))
    yield 'unknown key of a user', edited(
        lambda i: i['versions']['v1'].__setitem__('user', {'name': 'x', 'address': 'urn:x', 'z': 1}))
    for name, path in (('from the root', '/a'), ('of a folder', 'a/'), ('up', 'a/../b'), ('here', './a'), ('empty', ''), ('gap', 'a//b')):
        yield 'logical path: %s' % name, edited(
            lambda i, path=path: i['versions']['v1']['state'].__setitem__(first(i['versions']['v1']['state']), [path]))
        yield 'content path: %s' % name, edited(
            lambda i, path=path: i['manifest'].__setitem__(first(i['manifest']), [path]))
    yield 'logical path: number', edited(
        lambda i: i['versions']['v1']['state'].__setitem__(first(i['versions']['v1']['state']), [5]))
    yield 'content path: number', edited(lambda i: i['manifest'].__setitem__(first(i['manifest']), [5]))
    yield 'state: unknown digest', edited(lambda i: i['versions']['v1']['state'].__setitem__(OTHER, ['q']))
    yield 'manifest: unused digest', edited(lambda i: i['manifest'].__setitem__(OTHER, ['v1/content/q']))
    yield 'manifest: short digest', edited(lambda i: i['manifest'].__setitem__('abcd', ['v1/content/q']))
    for name, value in (('other', 'stuff'), ('set later', 'content'), ('up', '..'), ('bar', 'a/b'), ('number', 1)):
        yield 'content folder: %s' % name, edited(lambda i, value=value: i.__setitem__('contentDirectory', value))
    yield 'unknown key of the inventory', edited(lambda i: i.__setitem__('zzz', 1))
    yield 'unknown key of a version', edited(lambda i: i['versions']['v1'].__setitem__('zzz', 1))
    path = lambda i: [next(iter(i['manifest'].values()))[0]]
    blocks = [('empty', lambda i: {}), ('null', lambda i: None), ('unknown', lambda i: {'xx': {}}), ('list', lambda i: {'md5': []}),
              ('wrong', lambda i: {'md5': {'ab' * 16: path(i)}}), ('no digest', lambda i: {'md5': {'xx': path(i)}}),
              ('no file', lambda i: {'md5': {'ab' * 16: ['v1/content/none']}})]
    for name, block in blocks:
        yield 'fixity: %s' % name, edited(lambda i, block=block: i.__setitem__('fixity', block(i)))
    yield 'versions: gap', edited(lambda i: i['versions'].__setitem__('v9', i['versions'].pop(i['head'])))
    for name in ('v0', 'vx', '1', 'v01'):
        yield 'versions: %s' % name, edited(lambda i, name=name: i['versions'].__setitem__(name, i['versions']['v1']))
    for name, time in (('no zone', '2026-01-01T00:00:00'), ('minutes', '2026-01-01T00:00Z'), ('parts', '2026-01-01T00:00:00.123+01:00')):
        yield 'created: %s' % name, edited(lambda i, time=time: i['versions']['v1'].__setitem__('created', time))
    yield 'id is no URI', edited(lambda i: i.__setitem__('id', 'x y'))
    yield 'old: other id', old(lambda i: i.__setitem__('id', 'urn:other'))
    yield 'old: other head', old(lambda i: i.__setitem__('head', 'v2'))
    yield 'old: empty state', old(lambda i: i['versions']['v1']['state'].clear())
    yield 'old: empty manifest', old(lambda i: i['manifest'].clear())
    yield 'old: other message', old(lambda i: i['versions']['v1'].__setitem__('message', 'no'))
    for place in ('x', 'x/y', 'v1/x', 'v1/x/y', 'v1/content/zz', 'logs/x', 'extensions/x', 'extensions/x/y',
                  'extensions/0005-mutable-head/y', 'inventory.json.md5', '0=bagit_1.0'):
        yield 'file %s' % place, put(place)
    for place in ('e', 'v9', 'v1/e', 'v1/content/e', 'logs'):
        yield 'folder %s' % place, folder(place)
    yield 'declaration without line feed', put('0=ocfl_object_1.1', 'ocfl_object_1.1')
    yield 'declaration with other text', put('0=ocfl_object_1.1', 'ocfl_object_1.0\n')
    yield 'two declarations', put('0=ocfl_object_1.0', 'ocfl_object_1.0\n')
    yield 'declaration of an unknown version', put('0=ocfl_object_3.0', 'ocfl_object_3.0\n')
    yield 'digest of another form', put('inventory.json.sha512', 'abc')
    yield 'other digest', put('inventory.json.sha512', '%s inventory.json\n' % OTHER)
    yield 'inventory is cut', put('inventory.json', '{')
    yield 'inventory is a list', put('inventory.json', '[]')
    yield 'inventory of a version is cut', put('v1/inventory.json', '{')
    for place in ('0=ocfl_object_1.1', 'inventory.json', 'inventory.json.sha512', 'v1/inventory.json', 'v1/inventory.json.sha512', 'v1',
                  'v1/content'):
        yield 'without %s' % place, gone(place)
    yield 'one bit of the content', flipped


def codes(text):
    return set(re.findall(r'\[([EW]\d{3})', text))


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('earchiv', 'ocfl_validate', 'object'):
        parser.add_argument(name)
    parser.add_argument('rocfl', nargs='?')
    given = parser.parse_args()
    failed, count, same = 0, 0, 0
    argued = {judge: dict(cases) for judge, cases in ARGUED.items()}
    with tempfile.TemporaryDirectory() as work:
        target = os.path.join(work, 'object')
        for name, mutation in mutations():
            shutil.copytree(given.object, target, symlinks=True)
            mutation(target)
            code, text = run([given.earchiv, 'validate', '--format', 'ocfl', target])
            ours, our_codes = code == 0, codes(text)
            code, text = run([sys.executable, given.ocfl_validate, target])
            verdicts = {'ocfl-py': (' is VALID' in text, codes(text))}
            if given.rocfl:
                code, text = run([given.rocfl, '-r', work, 'validate', '-p', target])
                verdicts['rocfl'] = (not any(known[0] == 'E' for known in codes(text)) and 'Traceback' not in text, codes(text))
            count += 1
            same += our_codes == verdicts['ocfl-py'][1]
            for judge, (theirs, their_codes) in verdicts.items():
                if ours == theirs:
                    continue
                if argued.get(judge, {}).pop(name, None) is None:
                    failed += 1
                    print('FAILED %s: eArchiv %s %s, %s %s %s' % (
                        name, ours, ' '.join(sorted(our_codes)), judge, theirs, ' '.join(sorted(their_codes))))
            shutil.rmtree(target)
    for judge, cases in argued.items():
        for name in cases if judge == 'ocfl-py' or given.rocfl else ():
            failed += 1
            print('FAILED %s: %s does not differ any more' % (name, judge))
    print('%d changes, %d judged otherwise without an argument, %d with the same codes as ocfl-py' % (count, failed, same))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
