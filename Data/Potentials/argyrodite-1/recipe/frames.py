"""Frames of extended XYZ as lists of lines: the number of atoms, the notes, a line an atom."""

import gzip
import pathlib


def read(path):
    data = pathlib.Path(path).read_bytes()
    text = gzip.decompress(data) if str(path).endswith(".gz") else data
    lines = text.decode().split("\n")
    start, found = 0, []
    while start < len(lines) - 1:
        size = int(lines[start]) + 2
        found.append(lines[start:start + size])
        start += size
    # A run that was killed may have left half a frame.
    return [frame for frame in found if len(frame) == int(frame[0]) + 2]
