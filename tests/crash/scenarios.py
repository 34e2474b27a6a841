"""What is done while something goes wrong: one entry of SCENARIOS an operation of the program.

A scenario works in a folder of its own, the place, in which `archive` is the archive. {deliveries} in a call stands for the
folder of the made-up deliveries, {package} for the identity of the package that is worked on, {copy} for a second archive.
To add one: how the place is prepared, and the call. The rest (killing, failing, judging, running again) is the same for all.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import archive as judge
import strace

PROJECT = Path(__file__).resolve().parents[2]
IDENTITY = "6b0f5f0a-51a5-4f0c-9d6a-1c6d3d2b1a00"
NEW = ["init", "archive", "--name", "Stadtarchiv Musterstadt", "--id", IDENTITY]
FIRST = ["ingest", "{deliveries}/first"]
SECOND = ["ingest", "{deliveries}/second"]
GRANT = ["access", "grant", "--number", "P", "--basis", "Beschluss", "--until", "9999", "--package", "{package}"]
ORDER = ["--order", "Az. 1/2026", "--first", "Archivleitung", "--second", "Rechtsamt"]
REPAIR = ["repair", "--from", "copy"]
REPLICATE = ["replicate", "--to", "./kept"]
AMEND = ["amend", "{package}", "--reason", "Tippfehler", "--title", "Grünflächen"]
OUT = ["--out", "out", "--permit", "P"]


@dataclass
class Scenario:
    """An operation: `call` in a place that `prepare` made. `again` are the exit codes of a run after it was done already:
    where it is not 0, the first of them that is answered says that it is. `outputs` are compared byte by byte, of `laid` only
    the names, since times stand in them. `begin` fills the
    place before all calls, `damage` breaks what they made; `removes` says that the package is to be gone, `exchanges`
    that the former object lies in the staging folder until journal and catalogue know of the new one; `copies` is the folder
    of a copy that the call makes or keeps."""

    name: str
    prepare: list
    call: list
    again: tuple = (0,)
    outputs: tuple = ()
    laid: tuple = ()
    needs: str = ""
    second_copy: bool = False
    damage: object = None
    begin: object = None
    removes: bool = False
    exchanges: bool = False
    copies: str = ""
    kept: tuple = field(default=("list", "--json"))


def without_catalogue(place):
    (place / "archive/catalogue.sqlite").unlink()


def damaged_package(place):
    """Flips a bit in the middle of the payload of the first package."""
    package = sorted((place / "archive/store").glob("*/*/v1/content/*.zip"))[0]
    text = bytearray(package.read_bytes())
    text[len(text) // 2] ^= 1
    package.write_bytes(text)


def missing_package(place):
    """Takes the first package away."""
    shutil.rmtree(sorted((place / "archive/store").glob("*/*/v1/content/*.zip"))[0].parents[2])


def of_version_0_1(place):
    """Lays out an archive as version 0.1 of the program made it."""
    subprocess.run(["tar", "-xf", next((PROJECT / "tests/frozen/0.1").glob("*.tar*")), "-C", place], check=True)
    next(folder.parent for folder in place.glob("*/earchiv.toml")).rename(place / "archive")


SCENARIOS = [
    Scenario("init", [], NEW, again=(0, 2)),
    Scenario("ingest", [NEW], FIRST),
    Scenario("ingest-init", [], [*FIRST, "--init", "--name", "Stadtarchiv Musterstadt", "--id", IDENTITY]),
    Scenario("ingest-folder", [NEW], [*FIRST, "--as-folder"]),
    Scenario("ingest-second", [NEW, FIRST], SECOND),
    Scenario("ingest-two", [NEW], ["ingest", "{deliveries}/first", "{deliveries}/second"]),
    Scenario("inbox", [NEW], ["ingest", "--inbox", "{deliveries}/inbox", "--outbox", "out", "--quiet-for", "0s"], laid=("out",)),
    Scenario("pack", [], ["pack", "{deliveries}/first", "--out", "out"], outputs=("out",)),
    Scenario("export", [NEW, FIRST, GRANT], ["export", "{package}", *OUT], again=(0, 2), outputs=("out",)),
    Scenario("export-files", [NEW, FIRST, GRANT], ["export", "{package}", ".", *OUT], outputs=("out",)),
    Scenario("rebuild", [NEW, FIRST], ["catalogue", "rebuild"]),
    Scenario("rebuild-missing", [NEW, FIRST], ["catalogue", "rebuild"], damage=without_catalogue),
    Scenario("audit", [NEW, FIRST], ["audit"]),
    Scenario("verify", [NEW, FIRST], ["verify"]),
    Scenario("amend", [NEW, FIRST], AMEND, exchanges=True),
    Scenario("supplement", [NEW, FIRST], ["ingest", "{deliveries}/second/Brunnen", "--supplements", "{package}"],
             exchanges=True),
    Scenario("dispose", [NEW, FIRST], ["dispose", "{package}", *ORDER], removes=True, exchanges=True),
    Scenario("repair", [NEW, FIRST], REPAIR, second_copy=True, damage=damaged_package),
    Scenario("repair-missing", [NEW, FIRST], REPAIR, second_copy=True, damage=missing_package),
    Scenario("replicate", [NEW, FIRST], REPLICATE, copies="kept"),
    Scenario("replicate-more", [NEW, FIRST, REPLICATE, SECOND, AMEND], REPLICATE, copies="kept"),
    Scenario("replicate-disposed", [NEW, FIRST, REPLICATE, ["dispose", "{package}", *ORDER]], REPLICATE, copies="kept",
             removes=True),
    Scenario("migrate", [], ["migrate"], begin=of_version_0_1),
]


def deliveries(folder):
    """Makes the deliveries: small, with umlauts, an empty folder, an empty file, loose files, and one of many records."""
    for path, text in {
        "first/Grünanlagen/Protokoll 2013-05-04.txt": "Protokoll der Begehung\n",
        "first/Grünanlagen/Pläne/Plan: Teil 1?.pdf": "%PDF-1.4\n" + "Plan " * 40000,
        "first/Spielplätze/Konzept.txt": "Konzept\n",
        "first/Spielplätze/leer.txt": "",
        "first/Anschreiben.txt": "Anbei drei Akten.\n",
        "second/Baumkataster/Liste.csv": "Nummer;Art\n1;Linde\n",
        "second/Brunnen/Wartung.txt": "Wartung\n",
        "inbox/eins/Bäume/Liste.csv": "Nummer;Art\n1;Linde\n",
        "inbox/zwei/Brunnen/Wartung.txt": "Wartung\n",
    }.items():
        write(folder / path, text)
    (folder / "first/Spielplätze/leerer Ordner").mkdir()
    for number in range(70):
        write(folder / f"many/Akte {number:03}/Bescheid.txt", f"Bescheid {number}\n" * 50)
        write(folder / f"many/Akte {number:03}/Anlage.txt", f"Anlage {number}\n" * 50)
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (1_367_600_000, 1_367_600_000))


class Program:
    """The program that is tested, run with a fixed time and in English."""

    def __init__(self, binary=None):
        found = binary or os.environ.get("EARCHIV")
        for place in ("target/release/earchiv", "target/debug/earchiv"):
            found = found or (str(PROJECT / place) if (PROJECT / place).is_file() else None)
        if not found:
            subprocess.run(["cargo", "build", "--release"], cwd=PROJECT, check=True)
            found = str(PROJECT / "target/release/earchiv")
        self.binary = str(Path(found).resolve())

    def environment(self, place, jobs):
        return {
            "PATH": os.environ.get("PATH", ""), "HOME": str(place), "EARCHIV_LANG": "en", "EARCHIV_ARCHIVE": "archive",
            "SOURCE_DATE_EPOCH": "1700000000", "EARCHIV_JOBS": str(jobs), "TMPDIR": str(place),
        }

    def run(self, place, call, jobs=1, options=None, more=None, timeout=120):
        """Runs a call in a place; `options` are those of strace. Returns exit code, standard output and standard error."""
        env = {**self.environment(place, jobs), **(more or {})}
        argv = [self.binary, *call]
        if options is None:
            return strace.run(argv, cwd=place, env=env, timeout=timeout)
        return strace.call(argv, options, cwd=place, env=env, timeout=timeout)


class Bench:
    """Everything that the runs of one scenario share: what its place is like before, and after an undisturbed run."""

    def __init__(self, program, work, scenario, sources):
        self.program, self.scenario, self.sources = program, scenario, sources
        self.folder = Path(work) / scenario.name
        self.lock = threading.Lock()
        self.template = self.folder / "template"
        self.template.mkdir(parents=True)
        self.package = ""
        if scenario.begin:
            scenario.begin(self.template)
        for call in scenario.prepare:
            self.must(self.template, self.filled(call))
            held = json.loads(self.must(self.template, ["list", "--json"]))["results"]
            self.package = next((row["id"] for row in held if row["title"] == "Grünanlagen"), self.package)
        self.before = self.acknowledged(self.template)
        if scenario.removes:
            self.before.discard(self.package)
        if scenario.second_copy:
            shutil.copytree(self.template / "archive", self.template / "copy", symlinks=True)
        if scenario.damage:
            scenario.damage(self.template)
        self.damaged = set(judge.sound(self.template / "archive")) if scenario.damage else set()
        self.call = self.filled(scenario.call)
        reference = self.place("reference")
        self.must(reference, self.call)
        self.expected = self.state(reference)
        faults = self.judged(reference)
        if faults:
            raise SystemExit(f"{scenario.name}: the undisturbed run is not sound: {faults}")
        shutil.rmtree(reference)

    def filled(self, call):
        words = {"{deliveries}": str(self.sources), "{package}": self.package, "{copy}": "copy"}
        for name, value in words.items():
            call = [part.replace(name, value) for part in call]
        return call

    def must(self, place, call):
        code, out, err = self.program.run(place, call)
        if code != 0:
            raise SystemExit(f"{self.scenario.name}: {call} undisturbed ends with {code}\n{out}{err}")
        return out

    def place(self, name):
        """A fresh copy of the place as it is before the call."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.template, path, symlinks=True)
        return path

    def points(self):
        """Every mutating call that the scenario makes with one worker."""
        place = self.place("counted")
        argv = [self.program.binary, *self.call]
        code, err, found = strace.points(argv, place, self.program.environment(place, 1))
        if code != 0:
            raise SystemExit(f"{self.scenario.name}: counting ends with {code}\n{err}")
        shutil.rmtree(place)
        return found

    def acknowledged(self, place):
        """Identities of the packages that the catalogue says are stored."""
        if not (place / "archive/catalogue.sqlite").exists():
            return set()
        code, out, err = self.program.run(place, ["list", "--json"])
        if code != 0:
            return {f"the catalogue does not answer ({code}): {err.strip()}"}
        return {row["id"] for row in json.loads(out)["results"]}

    def state(self, place):
        """What is to be the same after an undisturbed run and after one that was disturbed and done again."""
        state = {"names": sorted(name for name in os.listdir(place) if not name.startswith((".cache", "earchiv-")))}
        for name in self.scenario.outputs:
            state[name] = judge.tree(place / name)
        copy = self.scenario.copies
        if copy and (place / copy).exists():
            state["copy"] = judge.contents(place / copy)
            state["list of the copy"] = self.program.run(place, [*self.scenario.kept, "--archive", copy])[1]
        for name in self.scenario.laid:
            state[name] = sorted(path for path in (judge.tree(place / name) if (place / name).exists() else {}))
        if (place / "archive").exists():
            state.update(judge.contents(place / "archive"))
            state["list"] = self.program.run(place, list(self.scenario.kept))[1]
            rows = json.loads(self.program.run(place, ["accession", "list", "--json"])[1])["results"]
            state["accessions"] = [[row[key] for key in ("number", "packages", "files", "bytes")] for row in rows]
        return state

    def judged(self, place, settled=True):
        """What is wrong with the place as the program itself, and other code, see it."""
        archive, faults = place / "archive", []
        if not archive.exists():
            return faults
        # First: an audit writes to the journal and tidies the staging folder.
        faults += judge.settled(archive) if settled else []
        faults += judge.sound(archive)
        lost = self.before - self.acknowledged(place) if not self.scenario.damage else set()
        faults += [f"{package} was stored before and is not listed" for package in sorted(lost)]
        calls = [["journal", "verify"], ["audit"]] if settled else [["audit"]]
        for call in calls:
            code, out, err = self.program.run(place, call)
            if code != 0:
                faults.append(f"{' '.join(call)} ends with {code}: {last(out)} {last(err)}")
        copy = self.scenario.copies
        if copy and (place / copy).exists():
            wrong = judge.settled(place / copy) + judge.sound(place / copy) + judge.behind(place / copy, archive)
            faults += [f"{copy}: {fault}" for fault in wrong]
            code, out, err = self.program.run(place, ["audit", "--archive", copy])
            if code != 0:
                faults.append(f"audit of {copy} ends with {code}: {last(out)} {last(err)}")
        elif copy:
            faults.append(f"there is no {copy}")
        return faults

    def interrupted(self, place, output=""):
        """What must hold right after the call was cut off: nothing half visible, nothing lost."""
        # What was damaged before the call may still be.
        faults = [fault for fault in judge.sound(place / "archive") if fault not in self.damaged]
        faults += self.parts(place)
        if self.scenario.copies and (place / self.scenario.copies).exists():
            wrong = judge.behind(place / self.scenario.copies, place / "archive")
            faults += [f"{self.scenario.copies}: {fault}" for fault in wrong]
        objects = judge.store(place / "archive")[0] if (place / "archive").exists() else {}
        for package in stored(output):
            if f"urn:uuid:{package}" not in objects:
                faults.append(f"{package} was acknowledged and is not in the store")
        # A catalogue that is to be rebuilt is not there or not whole until that is done.
        if (place / "archive").exists() and not self.scenario.damage:
            code, out, err = self.program.run(place, ["audit"])
            if code != 0:
                faults.append(f"audit after the interruption ends with {code}: {last(out)} {last(err)}")
            lost = self.before - self.acknowledged(place)
            faults += [f"{package} was stored before and is not listed" for package in sorted(lost)]
        return faults

    def parts(self, place):
        """Outputs that are visible and not as they are after an undisturbed run: each is there in full or not at all."""
        faults = []
        for name in self.scenario.outputs:
            for path, found in (judge.tree(place / name) if (place / name).exists() else {}).items():
                hidden = any(part.startswith(".") for part in Path(path).parts)
                if not hidden and not path.endswith("/") and self.expected[name].get(path) != found:
                    faults.append(f"{name}/{path} is there in part")
        return faults

    def resumed(self, place):
        """Runs the call again, undisturbed, and says in what the end differs from that of an undisturbed run."""
        code, out, err = self.program.run(place, self.call)
        faults = []
        if code not in self.scenario.again:
            faults.append(f"the same call again ends with {code}: {last(out)} {last(err)}")
        elif code != 0 and self.scenario.outputs:
            # Said to be there already: single files that were not given out yet are asked for in a folder of their own.
            pass
        faults += self.judged(place)
        state = self.state(place)
        for key in sorted(set(state) | set(self.expected)):
            if state.get(key) != self.expected.get(key):
                faults.append(f"{key} is not as after an undisturbed run: {difference(self.expected.get(key), state.get(key))}")
        return faults


def difference(expected, found):
    """The first place in which two states differ, in a few words."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(set(expected) | set(found)):
            if expected.get(key) != found.get(key):
                return f"{key}: expected {str(expected.get(key))[:80]}, found {str(found.get(key))[:80]}"
    if isinstance(expected, list) and isinstance(found, list):
        lacks, more = [x for x in expected if x not in found], [x for x in found if x not in expected]
        return f"lacks {str(lacks)[:160]}, has more {str(more)[:160]}"
    return f"expected {str(expected)[:160]}, found {str(found)[:160]}"


def stored(output):
    """Identities that the program says are stored, in the JSON document or the lines that it printed."""
    try:
        results = json.loads(output).get("results", [])
    except ValueError:
        return {word for line in output.splitlines() if line.startswith("stored: ") for word in line.split()[1:2]}
    packages = (package for result in results for package in result.get("packages", []))
    return {package["package"] for package in packages if package.get("state") in ("stored", "already-stored")}


def last(text):
    """The last lines of an output, short enough for a report."""
    return " | ".join(text.strip().splitlines()[-4:])[:400]


def chosen(names):
    """The scenarios of these names; all without a name."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    for name in names or []:
        if name not in known:
            raise SystemExit(f"no scenario {name}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else SCENARIOS


def supported(program, scenario):
    """Whether the program knows the command; one that was built from another state may not."""
    code, _, _ = program.run(PROJECT, [scenario.call[0], "--help"])
    return code == 0


def work_folder(given=None):
    """A folder for all that is made here: in memory where nobody names one, since killing needs no disk."""
    import tempfile
    memory = Path("/dev/shm")
    return tempfile.mkdtemp(prefix="earchiv-crash-", dir=given or (memory if memory.is_dir() else None))


def not_tested(what):
    """The loud line of a test that cannot be done here."""
    print(f"not tested: {what}", flush=True)


def debian(*packages):
    """Installs Debian packages where that is possible."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {' '.join(packages)}", file=sys.stderr)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for call in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
            subprocess.run(call, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
