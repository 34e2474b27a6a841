"""Judges an archive without eArchiv: what its files, its journal and its store say, read by other code.

Each function returns sentences that say what is wrong; none is good. Nothing is written.
"""

import hashlib
import json
import os
import re
from pathlib import Path

LINE = re.compile(rb'(\{"seq":(\d+),.*,"prev":"([0-9a-f]{64})"),"hash":"([0-9a-f]{64})"\}')
OWN = {"earchiv.toml", "LIESMICH.txt", "store", "staging", "journal", "catalogue.sqlite", "agreements", "profiles", "reports",
       "damaged", "audit.toml", "copy.toml"}


def digest(path, algorithm="sha256"):
    """The checksum of a file in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest() if hasattr(hashlib, "file_digest") else whole(file, algorithm)


def whole(file, algorithm):
    hasher = hashlib.new(algorithm)
    while piece := file.read(1 << 20):
        hasher.update(piece)
    return hasher.hexdigest()


def tree(folder):
    """Every file below a folder with its checksum, links with their target, folders that are empty."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in files + [name for name in folders if os.path.islink(os.path.join(place, name))]:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = os.readlink(path) if os.path.islink(path) else digest(path)
        if not folders and not files:
            found[os.path.relpath(place, folder) + "/"] = "empty"
    return found


def journal(archive, torn=True):
    """The journal's entries and what is wrong with its chain; a torn last line is allowed where `torn`."""
    faults, entries = [], []
    try:
        text = (Path(archive) / "journal/journal.jsonl").read_bytes()
    except OSError as error:
        return entries, [f"journal: {error}"]
    lines = text.split(b"\n")
    if lines[-1] and not torn:
        faults.append("journal: the last line is torn")
    before = b"0" * 64
    for number, line in enumerate(lines[:-1], 1):
        found = LINE.fullmatch(line)
        if not found or int(found[2]) != number or found[3] != before:
            faults.append(f"journal: line {number} does not follow the one before")
            break
        if hashlib.sha256(found[1]).hexdigest().encode() != found[4]:
            faults.append(f"journal: line {number} was changed")
            break
        before = found[4]
        entries.append(json.loads(line))
    if not entries:
        faults.append("journal: no entry")
    return entries, faults


def store(archive):
    """The store's objects by identity (with the SHA-512 of the inventory) and what is wrong with them."""
    root, faults, objects = Path(archive) / "store", [], {}
    if not (root / "0=ocfl_1.1").is_file():
        return objects, ["store: no declaration"]
    for tuple_folder in sorted(root.iterdir()):
        if tuple_folder.name in ("extensions", "ocfl_layout.json", "0=ocfl_1.1"):
            continue
        inside = sorted(tuple_folder.iterdir()) if tuple_folder.is_dir() else []
        if not inside:
            faults.append(f"store: {tuple_folder.name} is empty or no folder")
        for place in inside:
            identity, inventory, wrong = stored_object(place)
            faults += [f"store: {place.name}: {fault}" for fault in wrong]
            if identity in objects:
                faults.append(f"store: {identity} is there twice")
            if identity:
                objects[identity] = inventory
                if tuple_folder.name != hashlib.sha256(identity.encode()).hexdigest()[:3]:
                    faults.append(f"store: {identity} is not in its place")
    return objects, faults


def stored_object(place):
    """Identity, SHA-512 of the inventory, and what is wrong with the object in the folder `place`."""
    faults = []
    try:
        text = (place / "inventory.json").read_bytes()
        inventory = json.loads(text)
        identity, head, manifest = inventory["id"], inventory["head"], inventory["manifest"]
        sidecar = (place / "inventory.json.sha512").read_text().split()
    except (OSError, ValueError, KeyError) as error:
        return None, None, [f"is there in part: {error}"]
    sum_of_inventory = hashlib.sha512(text).hexdigest()
    if sidecar[:1] != [sum_of_inventory]:
        faults.append("the inventory is not the one of its sidecar")
    if not (place / "0=ocfl_object_1.1").is_file():
        faults.append("no declaration")
    listed = {path: sum for sum, paths in manifest.items() for path in paths}
    expected = set(listed) | {"inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1"}
    versions = [f"v{number}" for number in range(1, int(head[1:]) + 1)]
    expected |= {f"{version}/{name}" for version in versions for name in ("inventory.json", "inventory.json.sha512")}
    found = tree(place)
    for path in sorted(expected - set(found)):
        faults.append(f"{path} is missing")
    for path in sorted(set(found) - expected):
        faults.append(f"{path} should not be there")
    for path, sum in sorted(listed.items()):
        if path in found and digest(place / path, "sha512") != sum.lower():
            faults.append(f"{path} was changed")
    newest = place / head / "inventory.json"
    if newest.is_file() and newest.read_bytes() != text:
        faults.append("the inventory is not that of the newest version")
    return identity, sum_of_inventory, faults


def sound(archive):
    """What must hold at any moment, also right after a crash: each package in full or not at all, no gap in the journal,
    nothing lost of which the journal says that it is stored, nothing in the store that the journal does not know."""
    if not Path(archive).exists():
        return []
    if not (Path(archive) / "earchiv.toml").is_file():
        return [f"{archive} is there without its marker"]
    entries, faults = journal(archive)
    objects, wrong = store(archive)
    faults += wrong
    announced = {}
    for entry in entries:
        event = entry["event"]
        if "package" in entry and event in ("committing", "completed"):
            announced.setdefault(f"urn:uuid:{entry['package']}", set()).add(entry["inventory"])
        # A package that is repaired or disposed of has another object in its place, but has one.
        if event == "completed" and f"urn:uuid:{entry['package']}" not in objects:
            moved = any(e["event"] == "repairing" and e["object"].endswith(entry["package"]) for e in entries)
            if not moved:
                faults.append(f"{entry['package']} is lost: the journal says that it is stored")
    for entry in entries:
        if entry["event"] == "disposing":
            announced.setdefault(f"urn:uuid:{entry['package']}", set()).add(entry["tombstone"])
    for identity, known in announced.items():
        # While a repair is interrupted, nothing or the damaged object may lie there; its own audit tells.
        repaired = any(e["event"] == "repairing" and e["object"] == identity for e in entries)
        if identity in objects and objects[identity] not in known and not repaired:
            faults.append(f"store: {identity} has an inventory that the journal never announced")
    closings = {entry["inventory"] for entry in entries if entry["event"] in ("accession-closing", "accession-closed")}
    for identity, inventory in objects.items():
        if identity not in announced and inventory not in closings:
            faults.append(f"store: {identity} is not in the journal")
    for name in sorted(set(os.listdir(archive)) - OWN):
        if not name.startswith("catalogue.sqlite-"):
            faults.append(f"{name} lies in the archive")
    return faults


def behind(copy, archive):
    """What must hold of a copy that is being made at any moment: its journal is the first part of the other, its store has in
    full what that journal knows, and each object in full or not at all."""
    entries, faults = journal(copy)
    objects, wrong = store(copy)
    own, other = ((Path(folder) / "journal/journal.jsonl").read_bytes() for folder in (copy, archive))
    if not other.startswith(own[: own.rfind(b"\n") + 1]):
        faults.append("its journal is not the first part of that of the archive")
    for entry in entries:
        if entry["event"] == "completed" and f"urn:uuid:{entry['package']}" not in objects:
            faults.append(f"{entry['package']} is lacking, though its journal knows it")
    return faults + wrong


def settled(archive):
    """What must hold besides when a run has ended by itself: nothing staged, no torn line, no rest of a write."""
    faults = [f"staging holds {name}" for name in sorted(os.listdir(Path(archive) / "staging"))]
    faults += journal(archive, torn=False)[1]
    for place, _, files in os.walk(archive):
        faults += [f"{name} was left in {place}" for name in files if name.endswith((".tmp", "-journal"))]
    return faults


def contents(archive):
    """What an archive holds, without what the machine's clock says: packages byte by byte, the names of everything else."""
    objects, _ = store(archive)
    entries, _ = journal(archive)
    packages = {entry["package"] for entry in entries if entry["event"] == "completed"}
    state = {}
    for identity in objects:
        number = identity.rsplit(":", 1)[-1]
        folder = hashlib.sha256(identity.encode()).hexdigest()[:3] + "/" + identity.replace(":", "%3a")
        files = tree(Path(archive) / "store" / folder)
        # Objects of accessions hold the time at which they were closed, and the journal's head.
        state[identity] = files if number in packages else sorted(files)
    # The history of audits is written by whoever judges, too; it is no part of what must be the same.
    state["reports"] = sorted(set(os.listdir(Path(archive) / "reports")) - {"audit"})
    state["agreements"] = tree(Path(archive) / "agreements")
    return state
