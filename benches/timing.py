"""Runs commands in alternation and keeps what each run took."""
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TIME = '/usr/bin/time'


# Programs that everything is measured with, and those of others that are measured: Debian's package of each.
TOOLS = {'hyperfine': 'hyperfine', TIME: 'time', 'openssl': 'openssl'}
PEERS = {'zip': 'zip', 'hashdeep': 'hashdeep'}


def needed():
    """Has missing programs installed from Debian where that is possible; returns those packages that everything needs and that
    are still missing."""
    def lacking(programs):
        return [package for program, package in programs.items() if not shutil.which(program)]

    wanted = lacking(TOOLS | PEERS)
    if wanted and os.geteuid() == 0 and shutil.which('apt-get'):
        print(f'installing {" ".join(wanted)}', file=sys.stderr)
        env = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive'}
        install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', *wanted]
        for call in (install, ['apt-get', 'update', '-qq'], install):
            done = subprocess.run(call, env=env, stdin=subprocess.DEVNULL, capture_output=True)
            if call is install and done.returncode == 0:
                break
    return lacking(TOOLS)


class Command:
    """A command line with what has to be done before each of its runs, which is not measured."""

    def __init__(self, name, line, prepare=None, cwd=None):
        self.name, self.prepare, self.cwd = name, prepare, cwd
        self.twice = False
        self.line = line if isinstance(line, str) else shlex.join(map(str, line))
        self.runs = []

    def run(self):
        """Runs it once and keeps wall time, processor time (s) and peak memory (MiB); where it runs twice, the second time counts."""
        if self.twice:
            self.prepare()
            subprocess.run(self.line, shell=True, cwd=self.cwd, stdin=subprocess.DEVNULL, capture_output=True)
        if self.prepare:
            self.prepare()
        with tempfile.TemporaryDirectory() as place:
            times, memory = Path(place, 'times'), Path(place, 'memory')
            # The peak is that of the largest process, not of the shell around it.
            watched = f'{TIME} -f %M -o {memory} sh -c {shlex.quote(self.line)}'
            call = ['hyperfine', '--runs', '1', '--shell=none', '--style', 'none', '--export-json', times, watched]
            done = subprocess.run(call, cwd=self.cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f'{self.name}: {self.line}\n{done.stderr.strip()}')
            result = json.loads(times.read_text())['results'][0]
            peak = int(memory.read_text().split()[-1]) / 1024
        self.runs.append({'wall': result['mean'], 'cpu': result['user'] + result['system'], 'memory': peak})

    def series(self, what):
        """Returns one figure of all runs."""
        return [run[what] for run in self.runs]

    def median(self, what='wall'):
        """Returns the median of a figure."""
        return statistics.median(self.series(what))

    def peak(self):
        """Returns the highest memory of all runs in MiB."""
        return max(self.series('memory'))


def alternate(commands, rounds, say):
    """Runs the commands one after the other, so many times (A B A B ...), so that a busy moment of the machine hits all of them."""
    for number in range(rounds):
        for command in commands:
            say(f'  round {number + 1} of {rounds}: {command.name}')
            command.run()
    return {command.name: command for command in commands}


class Ratio:
    """How two commands that ran in pairs compare; below 1 the first is the faster one."""

    def __init__(self, first, second, what='wall'):
        pairs = zip(first.series(what), second.series(what))
        self.values = sorted(a / b for a, b in pairs)

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def spread(self):
        return self.values[0], self.values[-1]


def many(lines, runs):
    """Measures short commands, `{name: line}`, many times each and returns their times in ms: median, smallest, processor time."""
    found = {}
    for name, line in lines.items():
        with tempfile.NamedTemporaryFile() as out:
            call = ['hyperfine', '--shell=none', '--warmup', '3', '--runs', str(runs), '--style', 'none', '--export-json', out.name]
            done = subprocess.run([*call, shlex.join(map(str, line))], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f'{name}: {line}\n{done.stderr.strip()}')
            result = json.loads(Path(out.name).read_text())['results'][0]
        times, cpu = result['times'], result['user'] + result['system']
        found[name] = {'median': statistics.median(times) * 1000, 'smallest': min(times) * 1000, 'cpu': cpu * 1000}
    return found
