"""Writes what was measured as Markdown, as a picture (SVG) and as JSON."""
import json
import math
import statistics
from html import escape


class Row:
    """One line of the table of targets: a ratio or a figure against what it must be and what is reached for."""

    def __init__(self, what, value, must, reach, unit='', spread=None, cpu=None, least=False):
        self.what, self.value, self.must, self.reach, self.unit = what, value, must, reach, unit
        self.spread, self.cpu, self.least = spread, cpu, least

    def state(self):
        passes = (lambda bound: self.value >= bound) if self.least else (lambda bound: self.value <= bound)
        return 'reached' if passes(self.reach) else 'met' if passes(self.must) else 'missed'


def ratio(sets, name, first, second, what='wall'):
    """Returns median and spread of the ratios of two commands that ran in pairs."""
    runs = sets[name]['commands']
    values = sorted(a[what] / b[what] for a, b in zip(runs[first], runs[second]))
    return statistics.median(values), (values[0], values[-1])


def targets(result):
    """Returns the rows for what was measured."""
    sets, rows = result['sets'], []

    def add(what, name, first, second, must, reach, least=False):
        if name in sets:
            median, spread = ratio(sets, name, first, second)
            cpu, _ = ratio(sets, name, first, second, 'cpu')
            rows.append(Row(what, median, must, reach, '×', spread, cpu, least))

    add('pack, 4 × 256 MiB / openssl', 'big', 'pack', 'openssl', 1.25, 1.0)
    add('pack, 50,000 × 16 KiB / openssl', 'small', 'pack', 'openssl', 1.2, 0.8)
    add('verify, 4 × 256 MiB / openssl', 'big', 'verify', 'openssl', 1.05, 0.95)
    for name in ('big', 'records'):
        add(f'verify, {name}: one thread / all', name, 'verify-1', 'verify', 1.85, 1.95, least=True)
    add('ingest / pack, 4 × 256 MiB', 'big', 'ingest', 'pack', 4.0, 3.2)
    add('ingest / pack, 1,000 records of 20 files', 'records', 'ingest', 'pack', 4.0, 3.2)
    curve = result['files']
    if curve:
        last = curve[-1]
        for command in commands(curve):
            rows.append(Row(f'{command}, {last["amount"]:,} files: peak memory', last[command]['memory'], 200, 120, 'MiB'))
        per_file = {row['amount']: row for row in curve if row['amount'] >= 10**4}
        first = per_file.get(10**4)
        for command in commands(curve) if first and len(per_file) > 1 else []:
            base = first[command]['cpu'] / 10**4
            worst = max(row[command]['cpu'] / amount / base for amount, row in per_file.items())
            rows.append(Row(f'{command}: processor time per file, worst from 10,000 on / at 10,000', worst, 1.2, 1.05, '×'))
        hundred = next((row for row in curve if row['amount'] == 10**5), None)
        if hundred and 'validate' in hundred:
            rows.append(Row('validate, 100,000 files', hundred['validate']['wall'], 10, 3, 's'))
            rows.append(Row('validate, 100,000 files: peak memory', hundred['validate']['memory'], 128, 64, 'MiB'))
    # Short times are those of the fastest run: nothing but other work on the machine makes one slower.
    if 'startup' in result:
        name, slowest = max(result['startup'].items(), key=lambda item: item[1]['smallest'])
        rows.append(Row(f'start-up, slowest command ({name})', slowest['smallest'], 20, 5, 'ms'))
    if 'listing' in result:
        times, packages = result['listing']['times'], result['listing']['packages']
        for name, what in (('first', 'first 100 rows'), ('first-search', 'first 100 of a search'), ('rare-search', 'a search that finds few')):
            rows.append(Row(f'list, {what}, {packages:,} packages', times[name]['smallest'], 50, 20, 'ms'))
        for name, what in (('all', 'all rows'), ('all-search', 'all rows of a search')):
            rows.append(Row(f'list, {what}, {packages:,} packages', times[name]['smallest'], 500, 200, 'ms'))
    return rows


def commands(curve):
    return [name for name in curve[0] if name != 'amount']


def figure(value, unit=''):
    text = f'{value:.2f}' if value < 10 else f'{value:.1f}' if value < 100 else f'{value:,.0f}'
    return f'{text} {unit}'.strip()


def table(head, rows):
    lines = [head, ['---'] + ['---:'] * (len(head) - 1), *rows]
    return '\n'.join('| ' + ' | '.join(map(str, line)) + ' |' for line in lines) + '\n'


def markdown(result, rows):
    """Returns the report."""
    machine = result['machine']
    load = ' to '.join(f'{one[0]:.1f}' for one in (result['load before'], result['load after']))
    parts = [
        '# Speed, as ratios\n',
        f'{result["version"]}, {result["date"]}. {machine["processor"]}, {machine["cores"]} cores used, {machine["memory"]} GiB, '
        f'{machine["file system"]}, Linux {machine["kernel"]}. The sets lie {where(machine)}. Load of the machine: {load}. Medians of {result["rounds"]} runs in '
        'alternation; ratios are taken run by run, spread is the smallest and the largest.'
        + (' **A quick run: its figures say nothing.**' if result['quick'] else '') + '\n',
        '## Targets\n',
        table(['', 'measured', 'spread', 'processor time', 'must', 'reach', ''], [
            [row.what, figure(row.value, row.unit), ' – '.join(map(figure, row.spread)) if row.spread else '', figure(row.cpu, '×') if row.cpu else '',
             f'{"≥" if row.least else "≤"} {row.must}', row.reach, row.state()] for row in rows]),
    ]
    for name, one in result['sets'].items():
        runs = one['commands']
        parts += [f'## {one["about"].rstrip(".")}\n', table(
            ['command', 'wall (s)', 'spread', 'processor (s)', 'peak memory (MiB)', '/ openssl', '/ openssl, processor time'],
            [[command, *times(kept), figure(ratio(result['sets'], name, command, 'openssl')[0]),
              figure(ratio(result['sets'], name, command, 'openssl', 'cpu')[0])] for command, kept in runs.items()])]
        both = [[(one[what], two[what] + three[what]) for one, two, three in zip(runs['pack'], runs['openssl'], runs['copy'])] for what in ('wall', 'cpu')]
        wall, cpu = (figure(statistics.median(pack / floor for pack, floor in pairs)) for pairs in both)
        parts.append(f'pack computes checksums and writes: against `openssl` and `cp -r` together it takes {wall} of the time and {cpu} of the processor time.\n')
    parts += elsewhere(result['elsewhere']) + profile(result['profile'])
    for kind, title, unit in (('files', 'A record of so many files of 100 bytes', 10**3), ('bytes', 'A record of one file', 1 << 20)):
        if result[kind]:
            per = 'per 1,000 files' if kind == 'files' else 'per MiB'
            head = ['files' if kind == 'files' else 'MiB', *commands(result[kind])]
            line = lambda row, text: [f'{row["amount"]:,}' if kind == 'files' else f'{row["amount"] >> 20:,}', *map(text, (row[c] for c in head[1:]))]
            parts += [f'## {title}\n', f'Processor time {per} in ms, and peak memory in MiB.\n',
                      table(head, [[*line(row, lambda one: f'{one["cpu"] * 1000 / row["amount"] * unit:.2f}; {one["memory"]:.0f}')] for row in result[kind]])]
    for name, title, times_of in (('startup', 'Start-up', 'startup'), ('listing', 'Lists', 'listing')):
        if name in result:
            found = result[name]['times'] if name == 'listing' else result[name]
            parts += [f'## {title}\n', table(['command', 'median (ms)', 'smallest (ms)', 'processor (ms)'],
                                                [[n, *(figure(t[what]) for what in ('median', 'smallest', 'cpu'))] for n, t in found.items()])]
    if result['missing']:
        parts.append(f'Not measured, since they are not there: {", ".join(result["missing"])}.\n')
    return '\n'.join(parts)


def where(machine):
    """Returns where the data of the sets lies."""
    return f'in memory ({machine["memory file system"]})' if machine['memory file system'] else 'on the medium'


def elsewhere(places):
    """Returns the section about the same sets in other places."""
    if not places:
        return []
    rows = []
    for place, sets in places.items():
        for name, runs in sets.items():
            of = lambda first, second: figure(statistics.median(a['wall'] / b['wall'] for a, b in zip(runs[first], runs[second])))
            rows.append([f'{place}, {name}', *(figure(statistics.median(run['wall'] for run in kept)) for kept in runs.values()),
                         of('pack', 'openssl'), of('pack', 'copy and sync'), of('ingest', 'pack'), of('verify', 'openssl')])
    head = ['place, set', *(f'{name} (s)' for name in runs), 'pack / openssl', 'pack / copy and sync', 'ingest / pack', 'verify / openssl']
    return ['## Elsewhere\n', 'On a medium packing waits for it twice: until all is durable, and until it is read back; `openssl` reads what is in memory.\n', table(head, rows)]


def profile(commands):
    """Returns the section about where processor time goes."""
    if not commands:
        return []
    kinds = next(iter(commands.values()))
    return ['## Where the processor time goes\n', 'By `perf`; per cent of all threads.\n',
            table(['', *commands], [[kind, *(f'{shares[kind] * 100:.0f}' for shares in commands.values())] for kind in kinds])]


def times(runs):
    walls = [run['wall'] for run in runs]
    return [figure(statistics.median(walls)), f'{figure(min(walls))} – {figure(max(walls))}', figure(statistics.median(run['cpu'] for run in runs)),
            f'{max(run["memory"] for run in runs):.0f}']


COLOURS = {'reached': '#1b7837', 'met': '#7fbf7b', 'missed': '#b2182b'}
LINES = ['#1f78b4', '#e66101', '#1b7837', '#762a83', '#b2182b', '#666666']


def svg(result, rows):
    """Returns the picture: each target as a bar from 0 to its bound, and the scaling curve."""
    width, left, bar = 960, 430, 330
    height = 60 + 24 * len(rows) + 60 + (320 if len(result['files']) > 1 else 0)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           text(16, 26, f'Measured against its target ({result["version"]}, {result["date"]})', size=16),
           text(left + bar / 1.6, 48, 'must', anchor='middle', colour='#555')]
    y = 60
    for row in rows:
        share = (row.must / row.value if row.least else row.value / row.must) if row.value else 0
        length = min(share, 1.55) * bar / 1.6
        out += [text(left - 10, y + 13, row.what, anchor='end'),
                f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" height="15" fill="{COLOURS[row.state()]}"/>',
                text(left + bar + 10, y + 13, f'{figure(row.value, row.unit)}  ({row.state()}; {"≥" if row.least else "≤"} {row.must})')]
        y += 24
    out.append(f'<line x1="{left + bar / 1.6:.1f}" x2="{left + bar / 1.6:.1f}" y1="52" y2="{y}" stroke="#222" stroke-dasharray="4 3"/>')
    if len(result['files']) > 1:
        out += curve(result['files'], 'processor time per file (µs)', lambda one, amount: one['cpu'] / amount * 1e6, 60, y + 60)
        out += curve(result['files'], 'peak memory (MiB)', lambda one, _: one['memory'], 540, y + 60)
    return '\n'.join([*out, '</svg>\n'])


def text(x, y, words, anchor='start', colour='#111', size=12):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(words)}</text>'


def curve(rows, title, value, left, top, width=360, height=200):
    """Returns one chart over the number of files, both axes logarithmic."""
    amounts = [row['amount'] for row in rows]
    all_values = [max(value(row[c], row['amount']), 0.1) for row in rows for c in commands(rows)]
    low, high = math.floor(math.log10(min(all_values))), math.ceil(math.log10(max(all_values)) + 1e-9)
    high = max(high, low + 1)
    at_x = lambda amount: left + width * (math.log10(amount) - math.log10(amounts[0])) / (math.log10(amounts[-1]) - math.log10(amounts[0]))
    at_y = lambda one: top + height - height * (math.log10(max(one, 0.1)) - low) / (high - low)
    out = [text(left, top - 14, title)]
    for power in range(low, high + 1):
        y = at_y(10**power)
        out += [f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>', text(left - 6, y + 4, f'{10**power:g}', anchor='end', colour='#555')]
    out += [text(at_x(amount), top + height + 18, f'{amount:,}', anchor='middle', colour='#555') for amount in amounts]
    for number, command in enumerate(commands(rows)):
        colour = LINES[number % len(LINES)]
        points = [(at_x(row['amount']), at_y(value(row[command], row['amount']))) for row in rows]
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
        out += [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
                text(left + number * 62, top + height + 38, command, colour=colour)]
    return out


def write(result, folder):
    """Writes all three into `folder`."""
    rows = targets(result)
    (folder / 'report.json').write_text(json.dumps(result, indent=1) + '\n')
    (folder / 'report.md').write_text(markdown(result, rows))
    (folder / 'report.svg').write_text(svg(result, rows))
