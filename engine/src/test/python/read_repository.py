#!/usr/bin/env python3
"""Reads a repository from docs/format.md alone and restores the contents of its files.

It shares no code with MedBackup and keeps the description of the format honest. Needs the packages `cryptography` (48
or newer) and `zstandard`; `dev/reader-python` prints a Python that has them. Reads packs by their directories and not
by the index, checks every checksum, signature, commitment and chunk id on its way, and restores files, folders and
symlinks without their attributes. Offers no restore point that was given up or that a revoked key has signed since.

    read_repository.py REPOSITORY PASSWORD-FILE list
    read_repository.py REPOSITORY PASSWORD-FILE restore SNAPSHOT TARGET
"""

import functools, hashlib, hmac, json, os, struct, sys, zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SEGMENT, STEP, DAMAGE = 65536, 65536 + 16, (ValueError, InvalidSignature, InvalidTag)
SIGNED = {"signer": (b"CE", "mb/certificate/v1"), "revoked": (b"RK", "mb/retirement/v1"), "w": (b"FG", "mb/forgotten/v1")}

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
        while (byte := self.number(1)) > 127:
            value, shift = value | (byte & 127) << shift, shift + 7
        require(byte or not shift, "a varint is not in its shortest form")
        return value | byte << shift
    def bytes(self):
        return self.raw(self.varint())
    def rest(self):
        return self.raw(len(self.data) - self.at)
    def fields(self):
        found = {}
        while self.at < len(self.data):
            found.setdefault(self.varint(), []).append(self.bytes())
        return found

def mac(key, data):
    return hmac.digest(key, data, "sha256")
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
    pieces, plain = max(1, -(-len(sealed) // STEP)), []
    for i in range(pieces):
        nonce = number.to_bytes(5, "big") + i.to_bytes(6, "big") + bytes([i == pieces - 1])
        plain.append(AESGCM(key).decrypt(nonce, sealed[i * STEP : (i + 1) * STEP], additional))
    return b"".join(plain)

def open_sealed(parent, label, context, sealed):
    reader = Reader(sealed)
    key = hkdf(parent, reader.raw(32), label)
    require(reader.raw(32) == mac(key, b"mb/commit/v1"), "another key sealed it: " + label)
    return open_segments(key, 0, reader.rest(), context)

def unwrap(kind, repository, data):
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "its checksum does not hold")
    require(data[:4] == b"MB" + kind, "it is of another kind than " + kind.decode())
    require(data[4:6] == b"\x01\x01", "it is of a later version")
    require(data[8:24] == repository, "it belongs to another repository")
    require(len(data) == 60 + int.from_bytes(data[24:28], "little"), "it has another length")
    return data[28:-32]

def stretch(reader, password):  # section 4
    """The key that a password gives; the bytes before the sealed ones say by which function."""
    kind, memory = reader.number(1), reader.number(4)
    if kind == 1:  # then the number is that of the rounds
        return hashlib.pbkdf2_hmac("sha512", password or b"\x00", reader.raw(32), memory, 64)
    require(kind == 2, "the key is stretched by another function")
    passes, lanes, salt = reader.number(4), reader.number(4), reader.raw(32)
    return Argon2id(salt=salt, length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive(password)

def decapsulate(domain, encapsulation):
    require(len(encapsulation) == 1120, "an encapsulation has 1120 bytes")
    x_enc, ml_enc, suite = encapsulation[:32], encapsulation[32:], b"KEM\x00\x20"
    private = x25519.X25519PrivateKey.from_private_bytes(domain["x25519"])
    shared = private.exchange(x25519.X25519PublicKey.from_public_bytes(x_enc))
    prk = mac(bytes(32), b"HPKE-v1" + suite + b"eae_prk" + shared)
    public = private.public_key().public_bytes_raw()
    x_secret = mac(prk, b"\x00\x20HPKE-v1" + suite + b"shared_secret" + x_enc + public + b"\x01")
    ml_secret = mlkem.MLKEM768PrivateKey.from_seed_bytes(domain["ml_kem"]).decapsulate(ml_enc)
    return hkdf(x_secret + ml_secret, bytes(32), "mb/hybrid/v1", encapsulation)

def verify(holder, message, signature):
    """Of a holder with two public keys both signatures must hold."""
    message = b"mb/signature/2" + message if holder[1] else message
    require(len(signature) == (64 + 3309 if holder[1] else 64), "a signature has another length")
    ed25519.Ed25519PublicKey.from_public_bytes(holder[0]).verify(signature[:64], message)
    if holder[1]:
        mldsa.MLDSA65PublicKey.from_public_bytes(holder[1]).verify(signature[64:], message)

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
        self.admin = fields[3][0][:32], fields.get(6, [b""])[0][:1952]

class Repository:
    """A repository in a folder."""
    def __init__(self, folder, password):
        self.folder, self.chunks, self.packs, self.signers, self.revoked, self.forgotten = folder, {}, {}, {}, {}, set()
        lines = self.read("format").decode().split("\n")
        require(lines[1] == "sha256 " + hashlib.sha256(lines[0].encode()).hexdigest(), "format is damaged")
        described = json.loads(lines[0])
        require(described["format"] == 1 and described["suite"]["number"] == 1, "a later version is needed")
        require(set(described["features"]["read"]) <= {"ml-dsa-65"}, "features are needed to read")
        self.id = bytes.fromhex(described["id"])
        owner = next(name for name in self.list("keys") if "/owner-" in name)
        body = Reader(unwrap(b"KY", self.id, self.read(owner)))
        self.ring = Ring(open_sealed(stretch(body, password), "mb/wrap/v1", self.id, body.rest()))
        list(self.each([name for name in self.list("keys", "keys.2", "w") if "/owner-" not in name], self.signed))
        for name in self.list("d", "m", "r"):
            self.directory(name)
    def each(self, names, read):
        """What the objects give; one that does not hold counts for nothing, and is named."""
        for name in sorted(names):
            try:
                yield read(name)
            except DAMAGE as damage:
                print(name + ":", damage or "a signature or a seal is not valid", file=sys.stderr)
    def signed(self, name):  # sections 4 and 11
        """Keeps what a certificate, the revocation of a key or a record of what was given up says."""
        what = name.replace("w/", "w-").split("/")[-1].split("-")[0]
        (kind, label), context = SIGNED[what], self.id
        body = unwrap(kind, self.id, self.read(name))
        if what == "w":
            context += bytes([len(name)]) + name.encode()
            body = open_sealed(self.ring.index, label, context, body)
        content = Reader((reader := Reader(body)).bytes())
        verify(self.ring.admin, label.encode() + context + content.data, reader.rest())
        first, _time = content.raw(0 if what == "w" else 32), content.raw(8)
        require(what == "w" or name.endswith(hashlib.sha256(first).hexdigest()[:16]), "its name is another one")
        if what == "signer":
            _name, fields = content.bytes(), content.fields()
            if fields.get(1, [b"\x02"])[0][0] in (1, 2):  # owner and writers sign restore points
                self.signers[first] = fields.get(2, [b""])[0][1:]
        elif what == "revoked":
            self.revoked[first] = [content.raw(48) for _ in range(content.varint())]
        else:
            self.forgotten |= {content.raw(48)[:16].hex() for _ in range(content.varint())}
    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()
    def list(self, *prefixes):
        walks = (os.walk(os.path.join(self.folder, prefix)) for prefix in prefixes)
        return [os.path.relpath(os.path.join(folder, file), self.folder)
                for walk in walks for folder, _, files in walk for file in files]
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
        padding = data[64 + length + records : total - 64 - length - 4 * -(-total // SEGMENT)]
        require(not any(padding), "the padding is not of zeros")
        reader = Reader(directory)
        self.packs[name] = [(data[11:12], reader.number(2), reader.bytes(), reader.raw(32), reader.raw(32))
                            for _ in range(reader.number(2))]
        context = self.id + b"footer" + directory[: reader.at]
        plain = open_sealed(self.ring.index, "mb/footer/v1", context, reader.rest())
        for chunk, *entry in struct.iter_unpack("<32sBHIIIII", plain):
            self.chunks.setdefault(chunk, []).append((name, entry))
    @functools.lru_cache(8)
    def chunk(self, wanted):
        require(wanted in self.chunks, "a chunk is in no pack: " + wanted.hex())
        name, (codec, slot, number, offset, stored, length, crc) = self.chunks[wanted][0]
        record = self.read(name)[offset : offset + stored]
        require(stored > 100000 or crc32c(record) == crc, "a record's sum does not hold")  # in Python it takes long
        placement, domain, encapsulation, salt, committed = self.packs[name][slot]
        key = hkdf(decapsulate(self.ring.domains[domain], encapsulation), salt, "mb/pack/v1", self.id)
        require(mac(key, b"mb/commit/v1") == committed, "the key of a slot is another one")
        plain = open_segments(key, number, record, self.id + wanted + bytes([codec]) + struct.pack("<I", length))
        if codec == 1:
            plain = zstandard.ZstdDecompressor().decompress(plain, max_output_size=length)
        require(len(plain) == length, "a chunk has another length")
        own = self.ring.domains[domain]["id_key"]
        own = hkdf(own, bytes(32), "mb/id-class/v1", placement) if any(placement) else own
        require(mac(own, plain) == wanted, "a chunk is not the one of its name")
        return plain
    def manifest(self, ticket):  # section 8
        require(ticket not in self.forgotten, "it was given up")
        data, number = self.read("s/" + ticket), bytes.fromhex(ticket)
        reader = Reader(unwrap(b"SL", self.id, data))
        part_a, part_b, signer = reader.bytes(), reader.bytes(), reader.raw(32)
        signed, signature, context = reader.data[: reader.at], reader.rest(), self.id + number
        require(signer in self.signers, "the signer has no certificate")
        verify((signer, self.signers[signer]), b"mb/manifest/v1" + self.id + signed, signature)
        point = number + hashlib.sha256(data).digest()
        require(point in self.revoked.get(signer, [point]), "it is signed by a key that had been revoked")
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
                pages = [table[reader.varint()] for _ in range(reader.varint())] if level else []
                extents = sum(map(self.extents, pages), []) if level else list(self.runs(reader, table))
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
        return list(self.runs(reader, table)) if kind == 3 else sum(map(self.extents, table), [])
    def content(self, size, crc, extents):
        data = bytearray(size)
        for offset, end, chunk, inside in extents:
            piece = self.chunk(chunk)[inside : inside + end - offset]
            require(len(piece) == end - offset, "an extent goes beyond its chunk")
            data[offset:end] = piece
        require(len(data) == size, "a file is longer than it says")
        require(size >= 1 << 20 or crc32c(data) == crc, "the sum of a file does not hold")  # in Python it takes long
        return data
    def restore(self, ticket, target):
        entries = list(self.page(self.manifest(ticket)[1][1][0]))
        for path, kind, attributes, size, crc, extents in entries:
            place, reader = os.path.join(os.fsencode(target), path), Reader(attributes)
            if kind == 2:
                os.makedirs(place, exist_ok=True)
            elif kind == 3:
                _numbers = [reader.varint() for _ in range(8)]
                os.symlink(reader.fields()[3][0], place)
            elif kind == 1:
                with open(place, "wb") as file:
                    file.write(self.content(size, crc, extents))
        return len(entries)

def main(folder, password_file, command, *rest):
    with open(password_file, "rb") as file:
        repository = Repository(folder, file.read().rstrip(b"\n"))
    if command == "list":
        names = [name for name in repository.list("s")
                 if name[2:] not in repository.forgotten and repository.read(name)[:4] != b"MBRV"]
        for opened, named in repository.each(names, lambda name: repository.manifest(name[2:])):
            print(opened[1][0].hex(), named[2][0].decode(), *(path.decode() for path in named.get(4, [])))
    elif command == "restore":
        print(repository.restore(*rest), "entries restored")

if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except DAMAGE as damage:
        sys.exit("read_repository: " + (str(damage) or "a signature or a seal is not valid"))
