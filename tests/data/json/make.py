# SPDX-License-Identifier: MIT
"""Writes the reference texts beside this file, with Python 3.11's float.__repr__() and json module.

floats.txt     one double a line: its bits as 16 hexadecimal digits, a space, repr()
document.json  json.dumps(…, indent=4, sort_keys=True), as zarr-python 2 writes metadata
"""
import json
import pathlib
import random
import struct

here = pathlib.Path(__file__).parent


def floats():
    yield from (0.1, 0.2 + 0.1, 1 / 3, 2 / 3, 1e22, 1e23, 123456789.0, 0.0001, 0.00001, 1e15, 1e16,
                9007199254740991.0, 9007199254740993.0, 123456789012345680.0, 1e-5, 1.5e-7, 3e-06,
                5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308,
                9.5367431640625e-07, 4.35, 2.5, 100.0, 86400.0, 5e-05, 0.3542, 1e100, 8.41e21,
                9.109e-31, 6.02214076e23, 299792458.0)
    for exponent in range(-1074, 1024, 3):  # the gap below a power of two is half of that above
        yield 2.0 ** exponent
    for exponent in range(-322, 308, 7):
        yield float(f'1e{exponent}')
        yield float(f'7.7e{exponent}')
    random.seed(11)
    for _ in range(1500):
        bits = random.getrandbits(63)
        if bits >> 52 != 0x7ff:
            yield struct.unpack('<d', struct.pack('<Q', bits))[0]
    for _ in range(500):
        yield round(random.uniform(0, 10000), random.randrange(0, 12))


def line(value):
    return f"{struct.unpack('<Q', struct.pack('<d', value))[0]:016x} {value!r}\n"


document = {
    'zebra': [1, 2.0, -0.0, -7, 1e-05, 1e+16, float('nan'), float('inf'), float('-inf')],
    'alpha': {'nested': {'deep': []}, 'empty': {}, 'Ærøskøbing → 𝔹': 'tab\t "quoted" \\ \x01\x7f\b\f\n\r'},
    'flags': [True, False, None],
    'large': [9223372036854775807, -9223372036854775808, 18446744073709551615],
    '': 'empty name',
}

(here / 'floats.txt').write_text(''.join(map(line, floats())), encoding='ascii')
(here / 'document.json').write_text(json.dumps(document, indent=4, sort_keys=True), encoding='ascii')
