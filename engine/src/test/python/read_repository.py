#!/usr/bin/env python3
"""Reads a repository from docs/format.md alone and restores the contents of its files.

It shares no code with MedBackup and keeps the description of the format honest. Needs the packages `cryptography` (48
or newer, for ML-KEM) and `zstandard`. Reads packs by their directories and not by the index, checks every checksum,
signature, commitment and chunk id on its way, and restores files, folders and symlinks without their attributes.

    read_repository.py REPOSITORY PASSWORD-FILE list
    read_repository.py REPOSITORY PASSWORD-FILE restore SNAPSHOT TARGET
    read_repository.py REPOSITORY PASSWORD-FILE index
"""

import hashlib
import hmac
import json
import os
import struct
import sys

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEGMENT, TAG = 65536, 16


class Damage(Exception):
    """Something is not what the format says."""


def require(condition, message):
    if not condition:
        raise Damage(message)


# --- section 0: conventions ---------------------------------------------------------------------------------------


class Reader:
    """Takes bytes from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, count):
        require(0 <= count <= len(self.data) - self.at, "it ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size):
        return int.from_bytes(self.raw(size), "little")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                require(byte or not shift, "a varint is not in its shortest form")
                return value
            shift += 7

    def bytes(self):
        return self.raw(self.varint())

    def text(self):
        return self.bytes().decode()

    def rest(self):
        return self.raw(len(self.data) - self.at)

    def more(self):
        return self.at < len(self.data)

    def fields(self):
        found = {}
        while self.more():
            tag = self.varint()
            found.setdefault(tag, []).append(self.bytes())
        return found


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(prk, info):
    return mac(prk, info + b"\x01")  # 32 bytes are one block


def hkdf(secret, salt, label, *context):
    return expand(mac(salt, secret), label.encode() + b"".join(context))


def with_length(text):
    data, out, n = text.encode(), b"", len(text.encode())
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n]) + data


def crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC32C = crc32c_table()


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


# --- section 2: envelopes and sealed bytes ------------------------------------------------------------------------


def open_segments(key, number, sealed, additional):
    pieces = max(1, -(-len(sealed) // (SEGMENT + TAG)))
    plain = b""
    for i in range(pieces):
        piece = sealed[i * (SEGMENT + TAG) : (i + 1) * (SEGMENT + TAG)]
        nonce = number.to_bytes(5, "big") + i.to_bytes(6, "big") + bytes([i == pieces - 1])
        plain += AESGCM(key).decrypt(nonce, piece, additional)
    return plain


def commitment(key):
    return mac(key, b"mb/commit/v1")


def open_sealed(parent, label, context, sealed):
    reader = Reader(sealed)
    key = hkdf(parent, reader.raw(32), label)
    require(reader.raw(32) == commitment(key), "another key sealed it: " + label)
    return open_segments(key, 0, reader.rest(), context)


def unwrap(kind, repository, data):
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "its checksum does not hold")
    reader = Reader(data[:-32])
    require(reader.raw(4) == b"MB" + kind, "it is of another kind than " + kind.decode())
    require(reader.raw(2) == b"\x01\x01", "it is of a later version")
    reader.raw(2)
    require(reader.raw(16) == repository, "it belongs to another repository")
    body = reader.raw(reader.number(4))
    require(not reader.more(), "it goes on after its end")
    return body


# --- section 4: keys ----------------------------------------------------------------------------------------------


def decapsulate(domain, encapsulation):
    require(len(encapsulation) == 1120, "an encapsulation has 1120 bytes")
    x_enc, ml_enc = encapsulation[:32], encapsulation[32:]
    private = X25519PrivateKey.from_private_bytes(domain["x25519"])
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    suite = b"KEM\x00\x20"
    shared = private.exchange(X25519PublicKey.from_public_bytes(x_enc))
    prk = mac(bytes(32), b"HPKE-v1" + suite + b"eae_prk" + shared)
    x_secret = expand(prk, b"\x00\x20HPKE-v1" + suite + b"shared_secret" + x_enc + public)
    ml_secret = MLKEM768PrivateKey.from_seed_bytes(domain["ml_kem"]).decapsulate(ml_enc)
    return hkdf(x_secret + ml_secret, bytes(32), "mb/hybrid/v1", encapsulation)


class Ring:
    """All keys of the owner."""

    def __init__(self, data):
        reader = Reader(data)
        require(reader.number(1) == 1, "it is not the owner's ring")
        self.repository = reader.raw(16)
        self.index, dedup, _cutter = reader.raw(32), reader.raw(32), reader.raw(32)
        fields = reader.fields()
        self.domains = {}
        for field in fields[1]:
            part = Reader(field)
            number, kind, name = part.number(2), part.number(1), part.text()
            part.raw(32 + 1184)
            self.domains[number] = {"kind": kind, "name": name, "x25519": part.raw(32), "ml_kem": part.raw(64),
                                    "id_key": hkdf(dedup, self.repository, "mb/id/v1", name.encode())}
        self.admin = fields[3][0][:32]

    def names(self):
        return next(domain for domain in self.domains.values() if domain["kind"] == 2)


# --- the repository -----------------------------------------------------------------------------------------------


class Repository:
    """A repository in a folder."""

    def __init__(self, folder, password):
        self.folder = folder
        lines = self.read("format").decode().split("\n")
        require(lines[1] == "sha256 " + hashlib.sha256(lines[0].encode()).hexdigest(), "format is damaged")
        described = json.loads(lines[0])
        require(described["format"] == 1 and described["suite"]["number"] == 1, "a later version is needed")
        require(not described["features"]["read"], "features are needed to read")
        self.id = bytes.fromhex(described["id"])
        self.ring = self.unlock(password)
        self.signers = self.certified()
        self.chunks, self.secrets, self.packs = {}, {}, {}
        for kind in "dmr":
            for name in self.list(kind):
                self.directory(name)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def list(self, prefix):
        for folder, _, files in os.walk(os.path.join(self.folder, prefix)):
            for file in files:
                yield os.path.relpath(os.path.join(folder, file), self.folder)

    def unlock(self, password):
        for name in self.list("keys"):
            if "/owner-" in name:
                body = Reader(unwrap(b"KY", self.id, self.read(name)))
                require(body.number(1) == 1, "the key is stretched by another function")
                rounds, salt = body.number(4), body.raw(32)
                key = hashlib.pbkdf2_hmac("sha512", password or b"\x00", salt, rounds, 64)
                return Ring(open_sealed(key, "mb/wrap/v1", self.id, body.rest()))
        raise Damage("there is no key object")

    def certified(self):
        signers = set()
        for name in self.list("keys"):
            if "/signer-" in name:
                body = Reader(unwrap(b"CE", self.id, self.read(name)))
                content, signature = body.bytes(), body.raw(64)
                Ed25519PublicKey.from_public_bytes(self.ring.admin).verify(
                    signature, b"mb/certificate/v1" + self.id + content)
                public = content[:32]
                require(name.endswith(hashlib.sha256(public).digest()[:8].hex()), "a certificate has another name")
                signers.add(public)
        return signers

    # --- section 6: packs

    def directory(self, name):
        data = self.read(name)
        require(hashlib.sha256(data).hexdigest() == name.rsplit("/", 1)[1], name + " is not the one of its name")
        for block, magic in ((data[:64], b"MBPK"), (data[-64:], b"MBPE")):
            require(block[:6] == magic + b"\x01\x01", "it is no pack")
            require(crc32c(block[:60]) == int.from_bytes(block[60:], "little"), "a header is damaged")
        length, records, total = struct.unpack("<III", data[44:56])
        require(total == len(data) and data[12:28] == self.id, "a header does not fit")
        directory = data[64 : 64 + length]
        require(directory == data[total - 64 - length : total - 64], "the directories differ")
        leaves = total - 64 - length - 4 * -(-total // SEGMENT)
        require(not any(data[64 + length + records : leaves]), "the padding is not of zeros")
        reader, slots = Reader(directory), []
        for _ in range(reader.number(2)):
            slots.append((reader.number(2), reader.bytes(), reader.raw(32), reader.raw(32)))
        clear = directory[: reader.at]
        plain = open_sealed(self.ring.index, "mb/footer/v1", self.id + b"footer" + clear, reader.rest())
        require(len(plain) % 55 == 0, "a directory is cut off")
        self.packs[name] = slots
        for at in range(0, len(plain), 55):
            chunk, *entry = struct.unpack("<32sBHIIIII", plain[at : at + 55])
            self.chunks.setdefault(chunk, []).append((name, entry))

    def chunk(self, wanted):
        require(wanted in self.chunks, "a chunk is in no pack: " + wanted.hex())
        name, (codec, slot, number, offset, stored, length, crc) = self.chunks[wanted][0]
        with open(os.path.join(self.folder, name), "rb") as file:
            file.seek(offset)
            record = file.read(stored)
        if stored < 100000:  # in Python it takes long
            require(crc32c(record) == crc, "the sum of a record does not hold")
        domain, encapsulation, salt, committed = self.packs[name][slot]
        if encapsulation not in self.secrets:
            self.secrets[encapsulation] = decapsulate(self.ring.domains[domain], encapsulation)
        key = hkdf(self.secrets[encapsulation], salt, "mb/pack/v1", self.id)
        require(commitment(key) == committed, "the key of a slot is another one")
        additional = self.id + wanted + bytes([codec]) + struct.pack("<I", length)
        plain = open_segments(key, number, record, additional)
        if codec == 1:
            plain = zstandard.ZstdDecompressor().decompress(plain, max_output_size=length)
        require(len(plain) == length, "a chunk has another length")
        require(mac(self.ring.domains[domain]["id_key"], plain) == wanted, "a chunk is not the one of its name")
        return plain

    # --- section 8: manifests

    def manifest(self, ticket):
        body = unwrap(b"SL", self.id, self.read("s/" + ticket))
        reader = Reader(body)
        part_a, part_b, signer = reader.bytes(), reader.bytes(), reader.raw(32)
        signed, signature = body[: reader.at], reader.raw(64)
        require(signer in self.signers, "the signer has no certificate")
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, b"mb/manifest/v1" + self.id + signed)
        context = self.id + bytes.fromhex(ticket)
        opened = Reader(open_sealed(self.ring.index, "mb/manifest/open/v1", context, part_a)).fields()
        secret = decapsulate(self.ring.names(), opened[8][0])
        named = Reader(open_sealed(secret, "mb/manifest/named/v1", context, part_b)).fields()
        require(opened[1][0].hex() == ticket, "the manifest is of another restore point")
        return opened, named

    # --- section 7: trees

    def table(self, reader):
        return [reader.raw(32) for _ in range(reader.varint())]

    def runs(self, reader, table):
        end = 0
        for _ in range(reader.varint()):
            offset = end + reader.varint()
            length, chunk, inside = reader.varint(), table[reader.varint()], reader.varint()
            end = offset + length
            yield offset, length, chunk, inside

    def page(self, chunk):
        """Entries below a page: path, kind, attributes, and for files size, sum and extents."""
        reader = Reader(self.chunk(chunk))
        kind = reader.number(1)
        require(kind in (1, 2), "it is no page of a tree")
        if kind == 2:
            reader.varint()
        table, path = self.table(reader), b""
        for _ in range(reader.varint()):
            shared = reader.varint()
            path = path[:shared] + reader.bytes()
            if kind == 2:
                below = table[reader.varint()]
                [reader.varint() for _ in range(3)]
                yield from self.page(below)
                continue
            node, size, crc, extents = reader.number(1), 0, 0, []
            if node & 0x7F == 1:
                size, crc, level = reader.varint(), reader.number(4), reader.varint()
                if level == 0:
                    extents = list(self.runs(reader, table))
                else:
                    pages = [table[reader.varint()] for _ in range(reader.varint())]
                    extents = [run for page in pages for run in self.extents(page)]
            yield path, node, reader.bytes(), size, crc, extents
        require(not reader.more(), "a page goes on after its end")

    def extents(self, chunk):
        reader = Reader(self.chunk(chunk))
        if reader.number(1) == 3:
            table = self.table(reader)
            yield from self.runs(reader, table)
        else:
            reader.varint()
            for below in self.table(reader):
                yield from self.extents(below)

    def content(self, size, crc, extents):
        data, held = bytearray(size), (None, b"")
        for offset, length, chunk, inside in extents:
            if held[0] != chunk:
                held = chunk, self.chunk(chunk)
            require(inside + length <= len(held[1]), "an extent goes beyond its chunk")
            data[offset : offset + length] = held[1][inside : inside + length]
        require(len(data) == size, "a file is longer than it says")
        if size < 1 << 20:  # in Python it takes long
            require(crc32c(data) == crc, "the sum of a file does not hold")
        return data

    def restore(self, ticket, target):
        count = 0
        for path, node, attributes, size, crc, extents in self.page(self.manifest(ticket)[1][1][0]):
            place, kind = os.path.join(os.fsencode(target), path), node & 0x7F
            if kind == 2:
                os.makedirs(place, exist_ok=True)
            elif kind == 3:
                os.symlink(self.symlink(attributes), place)
            elif kind == 1:
                with open(place, "wb") as file:
                    file.write(self.content(size, crc, extents))
            count += 1
        return count

    def symlink(self, attributes):
        reader = Reader(attributes)
        [reader.varint() for _ in range(8)]
        return reader.fields()[3][0]

    # --- section 9: index

    def index(self):
        """The chunks that the index names, each with its pack and offset."""
        name = max(self.list("root"))
        context = self.id + with_length(name)
        plain = Reader(open_sealed(self.ring.index, "mb/root/v1", context, unwrap(b"RT", self.id, self.read(name))))
        require(plain.number(8) == int(name[5:], 16), "a root has another number")
        plain.raw(8)
        for segment in plain.fields().get(1, []):
            data = self.read(segment.decode())
            require(segment.decode().endswith(hashlib.sha256(data).hexdigest()), "a segment is not the one of its name")
            header, key = data[:128], hkdf(self.ring.index, data[24:56], "mb/index/v1", self.id)
            require(header[:6] == b"MBIS\x01\x01" and header[56:88] == commitment(key), "it is no segment")
            body = open_segments(key, 0, data[128:], header)
            require(len(body) == struct.unpack("<Q", header[88:96])[0], "a segment has another length")
            packs, entries = struct.unpack("<8xI4xQ", body[:24])
            for at in range(64 + 64 * packs, 64 + 64 * packs + 32 * entries, 32):
                chunk, pack, offset, length = struct.unpack("<20sIII", body[at : at + 32])
                yield chunk, body[64 + 64 * pack : 96 + 64 * pack].hex(), offset, length


def main(folder, password_file, command, *rest):
    with open(password_file, "rb") as file:
        repository = Repository(folder, file.read().rstrip(b"\n"))
    if command == "list":
        for name in sorted(repository.list("s")):
            opened, named = repository.manifest(name[2:])
            sums = Reader(opened[9][0])
            print(name[2:], named[2][0].decode(), *(path.decode() for path in named[4]), sums.varint(), "entries")
    elif command == "restore":
        print(repository.restore(*rest), "entries restored")
    elif command == "index":
        known = {(chunk[:20], name.rsplit("/", 1)[1], entry[3], entry[4])
                 for chunk, places in repository.chunks.items() for name, entry in places}
        require(set(repository.index()) == known, "index and packs do not agree")
        print(len(known), "entries, in the index as in the packs")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Damage, InvalidSignature, InvalidTag) as damage:
        sys.exit("read_repository: " + (str(damage) or "a signature or a seal is not valid"))
