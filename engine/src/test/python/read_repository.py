#!/usr/bin/env python3
"""Reads a repository from docs/format.md alone and restores the contents of its files.

It shares no code with MedBackup and keeps the description of the format honest. Needs the packages `cryptography` (48
or newer, for ML-KEM) and `zstandard`; `dev/reader-python` prints a Python that has them. Reads packs by their
directories and not by the index, checks every checksum, signature, commitment and chunk id on its way, and restores
files, folders and symlinks without their attributes.

    read_repository.py REPOSITORY PASSWORD-FILE list
    read_repository.py REPOSITORY PASSWORD-FILE restore SNAPSHOT TARGET
"""

import hashlib, hmac, json, os, struct, sys
import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SEGMENT, TAG = 65536, 16

def require(condition, message):
    if not condition:
        raise ValueError(message)

class Reader:
    """Takes bytes from the front; the conventions at the head of the page."""

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

    def rest(self):
        return self.raw(len(self.data) - self.at)

    def fields(self):
        found = {}
        while self.at < len(self.data):
            tag = self.varint()
            found.setdefault(tag, []).append(self.bytes())
        return found

def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()

def hkdf(secret, salt, label, *context):
    return mac(mac(salt, secret), label.encode() + b"".join(context) + b"\x01")  # 32 bytes are one block

def crc32c(data, crc=0xFFFFFFFF):
    for byte in data:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF

CRC32C = list(range(256))
for _ in range(8):
    CRC32C = [value >> 1 ^ (0x82F63B78 if value & 1 else 0) for value in CRC32C]

def open_segments(key, number, sealed, additional):  # section 2
    pieces, plain = max(1, -(-len(sealed) // (SEGMENT + TAG))), []
    for i in range(pieces):
        nonce = number.to_bytes(5, "big") + i.to_bytes(6, "big") + bytes([i == pieces - 1])
        piece = sealed[i * (SEGMENT + TAG) : (i + 1) * (SEGMENT + TAG)]
        plain.append(AESGCM(key).decrypt(nonce, piece, additional))
    return b"".join(plain)

def open_sealed(parent, label, context, sealed):
    reader = Reader(sealed)
    key = hkdf(parent, reader.raw(32), label)
    require(reader.raw(32) == mac(key, b"mb/commit/v1"), "another key sealed it: " + label)
    return open_segments(key, 0, reader.rest(), context)

def unwrap(kind, repository, data):
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "its checksum does not hold")
    reader = Reader(data[:-32])
    require(reader.raw(4) == b"MB" + kind, "it is of another kind than " + kind.decode())
    require(reader.raw(2) == b"\x01\x01", "it is of a later version")
    require(reader.raw(18)[2:] == repository, "it belongs to another repository")
    body = reader.raw(reader.number(4))
    require(not reader.rest(), "it goes on after its end")
    return body

def stretch(reader, password):  # section 4
    """The key that a password gives; the bytes before the sealed ones say by which function."""
    kind = reader.number(1)
    if kind == 1:
        rounds, salt = reader.number(4), reader.raw(32)
        return hashlib.pbkdf2_hmac("sha512", password or b"\x00", salt, rounds, 64)
    require(kind == 2, "the key is stretched by another function")
    memory, passes, lanes, salt = reader.number(4), reader.number(4), reader.number(4), reader.raw(32)
    return Argon2id(salt=salt, length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive(password)

def decapsulate(domain, encapsulation):
    require(len(encapsulation) == 1120, "an encapsulation has 1120 bytes")
    x_enc, ml_enc, suite = encapsulation[:32], encapsulation[32:], b"KEM\x00\x20"
    private = X25519PrivateKey.from_private_bytes(domain["x25519"])
    shared = private.exchange(X25519PublicKey.from_public_bytes(x_enc))
    prk = mac(bytes(32), b"HPKE-v1" + suite + b"eae_prk" + shared)
    public = private.public_key().public_bytes_raw()
    x_secret = mac(prk, b"\x00\x20HPKE-v1" + suite + b"shared_secret" + x_enc + public + b"\x01")
    ml_secret = MLKEM768PrivateKey.from_seed_bytes(domain["ml_kem"]).decapsulate(ml_enc)
    return hkdf(x_secret + ml_secret, bytes(32), "mb/hybrid/v1", encapsulation)

class Ring:
    """All keys of the owner."""
    def __init__(self, data):
        reader = Reader(data)
        require(reader.number(1) == 1, "it is not the owner's ring")
        self.repository, self.index, dedup, _cutter = reader.raw(16), reader.raw(32), reader.raw(32), reader.raw(32)
        fields, self.domains = reader.fields(), {}
        for part in map(Reader, fields[1]):
            number, kind, name = part.number(2), part.number(1), part.bytes()
            part.raw(32 + 1184)
            self.domains[number] = {"kind": kind, "x25519": part.raw(32), "ml_kem": part.raw(64),
                                    "id_key": hkdf(dedup, self.repository, "mb/id/v1", name)}
        self.admin = Ed25519PublicKey.from_public_bytes(fields[3][0][:32])

class Repository:
    """A repository in a folder."""
    def __init__(self, folder, password):
        self.folder, self.chunks, self.secrets, self.packs, self.signers = folder, {}, {}, {}, set()
        lines = self.read("format").decode().split("\n")
        require(lines[1] == "sha256 " + hashlib.sha256(lines[0].encode()).hexdigest(), "format is damaged")
        described = json.loads(lines[0])
        require(described["format"] == 1 and described["suite"]["number"] == 1, "a later version is needed")
        require(not described["features"]["read"], "features are needed to read")
        self.id = bytes.fromhex(described["id"])
        owner = next(name for name in self.list("keys") if "/owner-" in name)
        body = Reader(unwrap(b"KY", self.id, self.read(owner)))
        self.ring = Ring(open_sealed(stretch(body, password), "mb/wrap/v1", self.id, body.rest()))
        for name in self.list("keys"):
            if "/signer-" in name:
                body = Reader(unwrap(b"CE", self.id, self.read(name)))
                content, signature = body.bytes(), body.raw(64)
                self.ring.admin.verify(signature, b"mb/certificate/v1" + self.id + content)
                require(name.endswith(hashlib.sha256(content[:32]).digest()[:8].hex()), "its name is another one")
                name, fields = (holder := Reader(content[40:])).bytes(), holder.fields()
                if fields.get(1, [b"\x02"])[0][0] in (1, 2):  # owner and writers sign restore points
                    self.signers.add(content[:32])
        for name in [name for kind in "dmr" for name in self.list(kind)]:
            self.directory(name)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def list(self, prefix):
        for folder, _, files in os.walk(os.path.join(self.folder, prefix)):
            yield from (os.path.relpath(os.path.join(folder, file), self.folder) for file in files)

    def directory(self, name):  # section 6
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
        reader = Reader(directory)
        self.packs[name] = [(reader.number(2), reader.bytes(), reader.raw(32), reader.raw(32))
                            for _ in range(reader.number(2))]
        context = self.id + b"footer" + directory[: reader.at]
        plain = open_sealed(self.ring.index, "mb/footer/v1", context, reader.rest())
        for chunk, *entry in struct.iter_unpack("<32sBHIIIII", plain):
            self.chunks.setdefault(chunk, []).append((name, entry))

    def chunk(self, wanted):
        require(wanted in self.chunks, "a chunk is in no pack: " + wanted.hex())
        name, (codec, slot, number, offset, stored, length, crc) = self.chunks[wanted][0]
        record = self.read(name)[offset : offset + stored]
        require(stored > 100000 or crc32c(record) == crc, "a record's sum does not hold")  # in Python it takes long
        domain, encapsulation, salt, committed = self.packs[name][slot]
        if encapsulation not in self.secrets:
            self.secrets[encapsulation] = decapsulate(self.ring.domains[domain], encapsulation)
        key = hkdf(self.secrets[encapsulation], salt, "mb/pack/v1", self.id)
        require(mac(key, b"mb/commit/v1") == committed, "the key of a slot is another one")
        additional = self.id + wanted + bytes([codec]) + struct.pack("<I", length)
        plain = open_segments(key, number, record, additional)
        if codec == 1:
            plain = zstandard.ZstdDecompressor().decompress(plain, max_output_size=length)
        require(len(plain) == length, "a chunk has another length")
        require(mac(self.ring.domains[domain]["id_key"], plain) == wanted, "a chunk is not the one of its name")
        return plain

    def manifest(self, ticket):  # section 8
        reader = Reader(unwrap(b"SL", self.id, self.read("s/" + ticket)))
        part_a, part_b, signer = reader.bytes(), reader.bytes(), reader.raw(32)
        signed, signature = reader.data[: reader.at], reader.raw(64)
        require(signer in self.signers, "the signer has no certificate")
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, b"mb/manifest/v1" + self.id + signed)
        context = self.id + bytes.fromhex(ticket)
        opened = Reader(open_sealed(self.ring.index, "mb/manifest/open/v1", context, part_a)).fields()
        number = Reader(opened[11][0]).varint() if 11 in opened else 2
        secret = decapsulate(self.ring.domains[number], opened[8][0])
        named = Reader(open_sealed(secret, "mb/manifest/named/v1", context, part_b)).fields()
        require(opened[1][0].hex() == ticket, "the manifest is of another restore point")
        return opened, named

    def page(self, chunk):  # section 7
        """Entries below a page: path, kind, attributes, and for files size, sum and extents."""
        reader, path = Reader(self.chunk(chunk)), b""
        kind = reader.number(1)
        require(kind == 1 or kind == 2 and reader.varint() > 0, "it is no page of a tree")
        table = [reader.raw(32) for _ in range(reader.varint())]
        for _ in range(reader.varint()):
            shared = reader.varint()
            path = path[:shared] + reader.bytes()
            if kind == 2:
                below, _sums = table[reader.varint()], [reader.varint() for _ in range(3)]
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
            yield path, node & 0x7F, reader.bytes(), size, crc, extents
        require(not reader.rest(), "a page goes on after its end")

    def runs(self, reader, table):
        end = 0
        for _ in range(reader.varint()):
            offset = end + reader.varint()
            end = offset + reader.varint()
            yield offset, end, table[reader.varint()], reader.varint()

    def extents(self, chunk):
        reader = Reader(self.chunk(chunk))
        kind = reader.number(1)
        require(kind == 3 or kind == 4 and reader.varint() >= 0, "it is no page of extents")
        table = [reader.raw(32) for _ in range(reader.varint())]
        yield from self.runs(reader, table) if kind == 3 else (run for page in table for run in self.extents(page))

    def content(self, size, crc, extents):
        data, held = bytearray(size), (None, b"")
        for offset, end, chunk, inside in extents:
            if held[0] != chunk:
                held = chunk, self.chunk(chunk)
            require(inside + end - offset <= len(held[1]), "an extent goes beyond its chunk")
            data[offset:end] = held[1][inside : inside + end - offset]
        require(len(data) == size, "a file is longer than it says")
        require(size >= 1 << 20 or crc32c(data) == crc, "the sum of a file does not hold")  # in Python it takes long
        return data

    def restore(self, ticket, target):
        count = 0
        for path, kind, attributes, size, crc, extents in self.page(self.manifest(ticket)[1][1][0]):
            place, reader, count = os.path.join(os.fsencode(target), path), Reader(attributes), count + 1
            if kind == 2:
                os.makedirs(place, exist_ok=True)
            elif kind == 3:
                _numbers = [reader.varint() for _ in range(8)]
                os.symlink(reader.fields()[3][0], place)
            elif kind == 1:
                with open(place, "wb") as file:
                    file.write(self.content(size, crc, extents))
        return count

def main(folder, password_file, command, *rest):
    with open(password_file, "rb") as file:
        repository = Repository(folder, file.read().rstrip(b"\n"))
    if command == "list":
        for name in sorted(repository.list("s")):
            opened, named = repository.manifest(name[2:])
            print(name[2:], named[2][0].decode(), *(path.decode() for path in named[4]))
    elif command == "restore":
        print(repository.restore(*rest), "entries restored")

if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, InvalidSignature, InvalidTag) as damage:
        sys.exit("read_repository: " + (str(damage) or "a signature or a seal is not valid"))
