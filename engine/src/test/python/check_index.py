#!/usr/bin/env python3
"""Holds the index of a repository against its packs, as section 9 of docs/format.md describes it.

    check_index.py REPOSITORY PASSWORD-FILE
"""

import hashlib, struct, sys
from read_repository import Reader, Repository, hkdf, mac, open_sealed, open_segments, require, unwrap

def index(repository):
    """The chunks that the index names, each with its pack and offset."""
    name, ring = max(repository.list("root")), repository.ring
    context = repository.id + bytes([len(name)]) + name.encode()
    body = unwrap(b"RT", repository.id, repository.read(name))
    plain = Reader(open_sealed(ring.index, "mb/root/v1", context, body))
    require(plain.number(8) == int(name[5:], 16) and plain.number(8) >= 0, "a root has another number")
    for segment in plain.fields().get(1, []):
        data = repository.read(segment.decode())
        require(segment.decode().endswith(hashlib.sha256(data).hexdigest()), "a segment is not the one of its name")
        header, key = data[:128], hkdf(ring.index, data[24:56], "mb/index/v1", repository.id)
        require(header[:6] == b"MBIS\x01\x01" and header[56:88] == mac(key, b"mb/commit/v1"), "it is no segment")
        body = open_segments(key, 0, data[128:], header)
        require(len(body) == struct.unpack("<Q", header[88:96])[0], "a segment has another length")
        packs, entries = struct.unpack("<8xI4xQ", body[:24])
        start = 64 + 64 * packs
        for chunk, pack, offset, length in struct.iter_unpack("<20sIII", body[start : start + 32 * entries]):
            yield chunk, body[64 + 64 * pack : 96 + 64 * pack].hex(), offset, length

def main(folder, password_file):
    with open(password_file, "rb") as file:
        repository = Repository(folder, file.read().rstrip(b"\n"))
    known = {(chunk[:20], name.rsplit("/", 1)[1], entry[3], entry[4])
             for chunk, places in repository.chunks.items() for name, entry in places}
    require(set(index(repository)) == known, "index and packs do not agree")
    print(len(known), "entries, in the index as in the packs")

if __name__ == "__main__":
    main(*sys.argv[1:])
