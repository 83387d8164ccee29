# SPDX-License-Identifier: MIT
"""Compares two HDF5 files as h5py sees them, and prints the first differences, one a line.

    python3 compare_hdf5.py EXPECTED ACTUAL

The same tree, and of each attribute and dataset the same type (down to HDF5's own: enum, character set,
variable length), shape, chunks, compression and values. How a file is laid out inside may differ.
"""

import sys

import h5py
import numpy as np

differences = []


def differ(path, what, expected, actual):
    differences.append(f'{path}: {what} is {actual!r}, expected {expected!r}')


def describe_type(type_id):
    """HDF5's type, as far as it means something to a reader."""
    if isinstance(type_id, h5py.h5t.TypeStringID):
        return ('string', type_id.is_variable_str(), type_id.get_cset(), type_id.get_strpad(),
                None if type_id.is_variable_str() else type_id.get_size())
    if isinstance(type_id, h5py.h5t.TypeEnumID):
        members = {type_id.get_member_name(i): type_id.get_member_value(i) for i in range(type_id.get_nmembers())}
        return ('enum', describe_type(type_id.get_super()), members)
    return type_id.dtype.str


def same_value(expected, actual):
    if isinstance(expected, np.ndarray):
        if expected.dtype.hasobject:
            return expected.tolist() == actual.tolist()
        return expected.tobytes() == np.asarray(actual).tobytes()
    if isinstance(expected, float) or isinstance(expected, np.floating):
        return np.float64(expected).tobytes() == np.float64(actual).tobytes()
    return expected == actual


def compare_attributes(path, expected, actual):
    if list(sorted(expected.attrs)) != list(sorted(actual.attrs)):
        differ(path, 'attributes', sorted(expected.attrs), sorted(actual.attrs))
        return
    for name in expected.attrs:
        a, b = expected.attrs.get_id(name), actual.attrs.get_id(name)
        types = describe_type(a.get_type()), describe_type(b.get_type())
        if types[0] != types[1]:
            differ(f'{path}@{name}', 'type', *types)
        if a.shape != b.shape:
            differ(f'{path}@{name}', 'shape', a.shape, b.shape)
        elif not same_value(expected.attrs[name], actual.attrs[name]):
            differ(f'{path}@{name}', 'value', expected.attrs[name], actual.attrs[name])


def compare_datasets(path, expected, actual):
    facts = [
        (dataset.shape, dataset.maxshape, dataset.chunks, dataset.compression, dataset.compression_opts,
         dataset.shuffle, dataset.fletcher32, describe_type(dataset.id.get_type()))
        for dataset in (expected, actual)]
    for what, a, b in zip(('shape', 'maxshape', 'chunks', 'compression', 'level', 'shuffle', 'fletcher32', 'type'), *facts):
        if a != b:
            differ(path, what, a, b)
    if expected.shape == actual.shape and not same_value(expected[()], actual[()]):
        differ(path, 'value', expected[()], actual[()])


def compare_groups(path, expected, actual):
    compare_attributes(path, expected, actual)
    if sorted(expected) != sorted(actual):
        differ(path, 'members', sorted(expected), sorted(actual))
        return
    for name in expected:
        below, a, b = f'{path}/{name}', expected[name], actual[name]
        if type(a) is not type(b):
            differ(below, 'kind', type(a), type(b))
        elif isinstance(a, h5py.Group):
            compare_groups(below, a, b)
        else:
            compare_attributes(below, a, b)
            compare_datasets(below, a, b)


with h5py.File(sys.argv[1], 'r') as one, h5py.File(sys.argv[2], 'r') as other:
    compare_groups('', one, other)
print('\n'.join(differences[:20]))
print(f'{len(differences)} differences')
