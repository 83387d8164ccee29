# SPDX-License-Identifier: MIT
"""What `finer` of spe9.json.br is made of: OPM Flow 2022.10 (Debian's libopm-simulators-bin) with steps of 0.25 days, whose
error in time is its distance to the run with 0.5.

    python3 make_spe9_finer.py deck MODEL.json SPE9.DATA     MODEL.json: `model` of spe9.json.br
    flow --output-dir=DT --solver-max-time-step-in-days=DT --initial-time-step-in-days=0.05 --tolerance-mb=1e-10 \\
      --tolerance-cnv=1e-6 --tolerance-cnv-relaxed=1e-6 --relaxed-max-pv-fraction=0 --tolerance-wells=1e-7 \\
      --tolerance-well-control=1e-9 --max-single-precision-days=0 --newton-max-iterations=30 --solver-max-restarts=20 \\
      --ecl-output-double-precision=true SPE9.DATA          for a DT of 0.25 and of 0.5
    python3 make_spe9_finer.py curves MODEL.json 0.25/SPE9 0.5/SPE9 > finer.json

With steps of 2.5 days this deck gives the curves of `reference` within 0.15 % from day 20 on (day 10: 0.5 %).
"""
import json
import struct
import sys

FIELD = ['FPR', 'FOPR', 'FWPR', 'FGPR', 'FOPT', 'FGPT']
WELL = ['WBHP', 'WOPR', 'WGPR', 'WWPR', 'WWIR']


def lines(values):
    """Numbers as a deck has them, six a line."""
    return '\n'.join(' '.join(f'{x:.10g}' for x in values[i:i + 6]) for i in range(0, len(values), 6))


def table(rows):
    return '\n'.join(' '.join(f'{x:.10g}' for x in row) for row in rows)


def grid(model):
    """Corner points of the dipping plane, whose cells keep vertical sides, and what cells have."""
    g, rock = model['grid'], model['rock']
    nx, ny, dx, dy, dz, tops = g['nx'], g['ny'], g['dx'], g['dy'], g['dz'], g['tops']
    along_x, along_y = tops[1] - tops[0], tops[nx] - tops[0]

    def top(i, j):
        return tops[0] + along_x * (i - 0.5) + along_y * (j - 0.5)

    pillars = [x for j in range(ny + 1) for i in range(nx + 1)
               for x in (dx * i, dy * j, top(i, j), dx * i, dy * j, top(i, j) + sum(dz))]
    corners, above = [], 0
    for thickness in dz:
        for down in (above, above + thickness):
            corners += [top(i + right, j + back) + down
                        for j in range(ny) for back in (0, 1) for i in range(nx) for right in (0, 1)]
        above += thickness
    yield 'COORD\n' + lines(pillars) + '\n/'
    yield 'ZCORN\n' + lines(corners) + '\n/'
    yield 'PORO\n' + lines([x for x in rock['porosity'] for _ in range(nx * ny)]) + '\n/'
    for name in ('permx', 'permy', 'permz'):
        yield name.upper() + '\n' + lines(rock[name]) + '\n/'


def properties(model):
    density, water, rock, start = model['density'], model['water'], model['rock'], model['initial']
    yield 'PROPS'
    yield 'DENSITY\n' + table([[density['oil'], density['water'], density['gas']]]) + ' /'
    yield 'PVTW\n' + table([[water[x] for x in ('pref', 'bw', 'cw', 'muw', 'viscosibility')]]) + ' /'
    yield 'ROCK\n' + table([[rock['pref'], rock['compressibility']]]) + ' /'
    yield 'SWOF\n' + table(model['relperm']['swof']) + '\n/'
    yield 'SGOF\n' + table(model['relperm']['sgof']) + '\n/'
    yield 'PVTO\n' + '\n'.join(f"{node['rs']:.10g} " + table(node['branch']) + ' /' for node in model['oil']['pvto']) + '\n/'
    yield 'PVDG\n' + table(model['gas']['pvdg']) + '\n/'
    yield 'SOLUTION'
    contacts = ('datum_depth', 'datum_pressure', 'woc', 'pcow_at_woc', 'goc', 'pcgo_at_goc')
    yield 'EQUIL\n' + table([[start[x] for x in contacts]]) + ' 1 1* 0 /'
    yield 'RSVD\n' + table(start['rsvd']) + ' /'


def wells(model):
    yield 'WELSPECS'
    for well in model['wells']:
        head, phase = well['perforations'][0], 'WATER' if well['type'] == 'injector' else 'OIL'
        yield f" {well['name']} G {head['i'] + 1} {head['j'] + 1} {well['ref_depth']} {phase} /"
    yield '/\nCOMPDAT'
    for well in model['wells']:
        for at in well['perforations']:
            k = at['k'] + 1
            yield f" {well['name']} {at['i'] + 1} {at['j'] + 1} {k} {k} OPEN 1* 1* {2 * well['radius']} /"
    yield '/'


def events(model):
    due, day = {event['day']: event['wells'] for event in model['schedule']}, 0
    for report in [0, *model['report_days']]:
        if report > day:
            yield f'TSTEP\n {report - day:.10g} /'
            day = report
        rates = due.get(day, {}).items() if day < model['report_days'][-1] else []
        injectors = [f" {name} WATER OPEN RATE {one['rate']} 1* {one['bhp']} /" for name, one in rates
                     if one['control'] == 'rate']
        producers = [f" {name} OPEN ORAT {one['orat']} 4* {one['bhp']} /" for name, one in rates
                     if one['control'] == 'orat']
        for keyword, rows in (('WCONINJE', injectors), ('WCONPROD', producers)):
            if rows:
                yield '\n'.join([keyword, *rows, '/'])


def deck(model):
    nx, ny, nz = (model['grid'][x] for x in ('nx', 'ny', 'nz'))
    yield f'RUNSPEC\nDIMENS\n {nx} {ny} {nz} /\nOIL\nWATER\nGAS\nDISGAS\nFIELD\nSTART\n 1 JAN 2015 /'
    yield 'WELLDIMS\n 30 10 2 30 /\nTABDIMS\n 1 1 50 50 /\nEQLDIMS\n/\nUNIFOUT\nGRID\nINIT'
    yield from grid(model)
    yield from properties(model)
    yield 'SUMMARY\n' + '\n'.join(FIELD) + '\n' + '\n'.join(f'{name}\n/' for name in WELL) + '\nSCHEDULE'
    yield from wells(model)
    yield from events(model)
    yield 'END\n'


def keywords(path):
    """Name and elements of each keyword of a result file (unformatted, big-endian)."""
    with open(path, 'rb') as file:
        data = file.read()
    at = 0
    while at < len(data):
        name, count, kind = data[at + 4:at + 12].decode().strip(), *struct.unpack('>i4s', data[at + 12:at + 20])
        at, raw, size = at + 24, b'', {b'CHAR': 8, b'DOUB': 8}.get(kind, 4)
        while len(raw) < count * size:
            length = struct.unpack('>i', data[at:at + 4])[0]
            raw, at = raw + data[at + 4:at + 4 + length], at + 8 + length
        form = {b'INTE': 'i', b'REAL': 'f', b'DOUB': 'd', b'LOGI': 'i'}.get(kind)
        yield name, (struct.unpack(f'>{count}{form}', raw) if form
                     else [raw[i:i + 8].decode().strip() for i in range(0, len(raw), 8)])


def curves(model, case):
    head = dict(keywords(f'{case}.SMSPEC'))
    names = list(zip(head['KEYWORDS'], head['WGNAMES' if 'WGNAMES' in head else 'NAMES']))
    steps = [values for name, values in keywords(f'{case}.UNSMRY') if name == 'PARAMS']
    days = [step[[name for name, _ in names].index('TIME')] for step in steps]
    rows = [steps[min(range(len(days)), key=lambda i: abs(days[i] - day))] for day in model['report_days']]

    def curve(name, well):
        found = next((i for i, (one, of) in enumerate(names) if one == name and well in (None, of)), None)
        return None if found is None else [float(f'{row[found]:.8g}') for row in rows]

    kinds = {well['name']: well['type'] for well in model['wells']}
    field = {name: curve(name, None) for name in FIELD}
    by_well = {well: {name: curve(name, well) for name in WELL if name == 'WBHP' or (name == 'WWIR') == (kind == 'injector')}
               for well, kind in kinds.items()}
    return field, by_well


def main(task, model, *paths):
    with open(model) as file:
        model = json.load(file)
    if task == 'deck':
        with open(paths[0], 'w') as file:
            file.write('\n'.join(deck(model)))
        return
    (field, by_well), (coarse, coarse_by_well) = (curves(model, case) for case in paths)
    pairs = [(name, field[name], coarse[name]) for name in field]
    pairs += [(f'{name}:{well}', one, coarse_by_well[well][name]) for well, of in by_well.items() for name, one in of.items()]
    spread = {name: float(f'{max(abs(a - b) for a, b in zip(fine, half)) / max(map(abs, fine)):.3g}')
              for name, fine, half in pairs if max(map(abs, fine)) > 0}
    json.dump({'simulator': 'OPM Flow 2022.10', 'max_step_days': 0.25, 'days': model['report_days'], 'curves': field,
               'wells': by_well, 'spread': spread}, sys.stdout)


main(*sys.argv[1:])
