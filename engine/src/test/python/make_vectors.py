#!/usr/bin/env python3
"""Makes the known-answer vectors of the format, from docs/format.md and without any code of MedBackup.

Needs the package `cryptography` (48 or newer, for ML-KEM, ML-DSA and Argon2id). Writes to
engine/src/test/resources/vectors/v1: all, or those whose functions are named in the call. Everything but the encapsulation and the signatures of ML-DSA is the same at every run; these are random, so their files change.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "vectors" / "v1"
SEGMENT = 65536


def stream(name, length):
    """SHA-256(name ‖ u32 counter), counted from 0 and joined."""
    blocks = (hashlib.sha256(name.encode() + struct.pack("<I", i)).digest() for i in range(-(-length // 32)))
    return b"".join(blocks)[:length]


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(prk, info, length=32):
    out, block, i = b"", b"", 1
    while len(out) < length:
        block = mac(prk, block + info + bytes([i]))
        out, i = out + block, i + 1
    return out[:length]


def hkdf(secret, salt, label, *context):
    return expand(mac(salt, secret), label.encode() + b"".join(context))


def commitment(key):
    return mac(key, b"mb/commit/v1")


def seal(key, number, plain, additional):
    pieces = [plain[i : i + SEGMENT] for i in range(0, len(plain), SEGMENT)] or [b""]
    out = b""
    for i, piece in enumerate(pieces):
        nonce = number.to_bytes(5, "big") + i.to_bytes(6, "big") + bytes([i == len(pieces) - 1])
        out += AESGCM(key).encrypt(nonce, piece, additional)
    return out


def sealed_bytes(parent, label, context, plain, salt):
    key = hkdf(parent, salt, label)
    return salt + commitment(key) + seal(key, 0, plain, context)


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def zigzag(n):
    return varint((n << 1 ^ n >> 63) & (1 << 64) - 1)


def with_length(data):
    return varint(len(data)) + data


def write(name, about, value):
    text = json.dumps({"about": about, **value}, indent=2, ensure_ascii=False)
    (FOLDER / (name + ".json")).write_text(text + "\n", encoding="utf-8")


# --- cutting and naming -------------------------------------------------------------------------------------------

REPOSITORY = stream("repository", 16)


def gear(key):
    words = b"".join(hkdf(key, bytes(32), "mb/gear/v1", bytes([i])) for i in range(64))
    return struct.unpack("<256Q", words)


def cuts(key, least, average, most, data):
    table, bits = gear(key), average.bit_length() - 1
    strict, loose = ((1 << n) - 1 << 64 - n for n in (bits + 2, bits - 2))
    ends, start = [], 0
    while start < len(data):
        end, total, at = min(len(data), start + most), 0, start + least
        while at < end:
            total = (total << 1) + table[data[at]] & (1 << 64) - 1
            mask = strict if at < start + average else loose
            at += 1
            if total & mask == 0:
                break
        start = min(at, end)
        ends.append(start)
    return ends


def chunker():
    key = stream("chunker key", 32)
    cases = []
    for least, average, most, length in ((4096, 16384, 65536, 1 << 20), (256 << 10, 1 << 20, 4 << 20, 12 << 20)):
        ends = cuts(key, least, average, most, stream("data", length))
        cases.append({"least": least, "average": average, "most": most, "length": length, "ends": ends})
    about = "Gear table of a key (256 words of 64 bits; SHA-256 over them, little endian) and ends of chunks of stream(data, length)"
    table = struct.pack("<256Q", *gear(key))
    write("chunker", about, {"key": key.hex(), "table_sha256": hashlib.sha256(table).hexdigest(), "cases": cases})


def chunk_id():
    dedup, cutter = stream("dedup key", 32), stream("chunker key", 32)
    cases = []
    for domain, length in (("default", 0), ("default", 100), ("names", 100), ("radiologie é", 70000)):
        id_key = hkdf(dedup, REPOSITORY, "mb/id/v1", domain.encode())
        cut_key = hkdf(cutter, REPOSITORY, "mb/cut/v1", domain.encode())
        chunk = mac(id_key, stream("data", length))
        cases.append({"domain": domain, "id_key": id_key.hex(), "cut_key": cut_key.hex(), "length": length, "id": chunk.hex()})
    about = "Keys of domains and ids of the chunks stream(data, length)"
    keys = {"repository": REPOSITORY.hex(), "dedup_key": dedup.hex(), "chunker_key": cutter.hex()}
    write("chunk-id", about, {**keys, "cases": cases})


# --- sealing ------------------------------------------------------------------------------------------------------


def record():
    secret, salt = stream("ticket secret", 32), stream("salt", 32)
    key = hkdf(secret, salt, "mb/pack/v1", REPOSITORY)
    cases = []
    for number, length in ((0, 0), (3, 100), (4294967295, SEGMENT + 10)):
        plain = stream("data", length)
        chunk = mac(stream("id key", 32), plain)
        additional = REPOSITORY + chunk + bytes([0]) + struct.pack("<I", length)
        sealed = seal(key, number, plain, additional)
        cases.append({"number": number, "length": length, "id": chunk.hex(), "additional": additional.hex(),
                      "record_length": len(sealed), "record_sha256": hashlib.sha256(sealed).hexdigest(),
                      "record": sealed.hex() if length < 1000 else ""})
    about = "Raw records of the chunks stream(data, length) under the key of a slot; the id key is stream(id key, 32)"
    keys = {"repository": REPOSITORY.hex(), "ticket_secret": secret.hex(), "salt": salt.hex(), "key": key.hex(),
            "commitment": commitment(key).hex()}
    write("record", about, {**keys, "cases": cases})


def envelope():
    parent, salt = stream("index key", 32), stream("salt", 32)
    name = "t/000102030405060708090a0b0c0d0e0f-0"
    context = REPOSITORY + with_length(name.encode())
    plain = stream("data", 50)
    sealed = sealed_bytes(parent, "mb/ticket/v1", context, plain, salt)
    head = b"MBTK" + bytes([1, 1, 0, 0]) + REPOSITORY + struct.pack("<I", len(sealed)) + sealed
    about = "stream(data, 50) as sealed bytes under an index key, in the envelope of a ticket"
    write("envelope", about, {"repository": REPOSITORY.hex(), "index_key": parent.hex(), "salt": salt.hex(),
          "label": "mb/ticket/v1", "name": name, "context": context.hex(), "plain": plain.hex(), "sealed": sealed.hex(),
          "object": (head + hashlib.sha256(head).digest()).hex()})


def dhkem_secret(shared, encapsulation, public):
    suite = b"KEM\x00\x20"
    prk = mac(bytes(32), b"HPKE-v1" + suite + b"eae_prk" + shared)
    return expand(prk, b"\x00\x20HPKE-v1" + suite + b"shared_secret" + encapsulation + public)


def raw(public):
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def kem():
    x_seed, ml_seed = stream("x25519", 32), stream("ml-kem d z", 64)
    x, ml = X25519PrivateKey.from_private_bytes(x_seed), MLKEM768PrivateKey.from_seed_bytes(ml_seed)
    x_public, ml_public = raw(x.public_key()), raw(ml.public_key())
    ephemeral = X25519PrivateKey.from_private_bytes(stream("ephemeral", 32))
    x_enc = raw(ephemeral.public_key())
    x_secret = dhkem_secret(ephemeral.exchange(X25519PublicKey.from_public_bytes(x_public)), x_enc, x_public)
    ml_secret, ml_enc = ml.public_key().encapsulate()
    secret = hkdf(x_secret + ml_secret, bytes(32), "mb/hybrid/v1", x_enc + ml_enc)
    about = "Public keys from seeds, and the secret in an encapsulation: HKDF over the secrets of both halves"
    write("kem", about, {"x25519_private": x_seed.hex(), "ml_kem_seed": ml_seed.hex(), "x25519_public": x_public.hex(),
          "ml_kem_public": ml_public.hex(), "encapsulation": (x_enc + ml_enc).hex(), "x25519_secret": x_secret.hex(),
          "ml_kem_secret": ml_secret.hex(), "secret": secret.hex()})


# --- keys ---------------------------------------------------------------------------------------------------------


def wrapped_key():
    """A ring of random bytes stands for a real one: what is wrapped is not looked at."""
    memory, passes, lanes, salt = 64, 2, 2, stream("stretching salt", 32)
    key = Argon2id(salt=salt, length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive("pässword".encode())
    plain = stream("ring", 100)
    body = bytes([2]) + struct.pack("<III", memory, passes, lanes) + salt
    body += sealed_bytes(key, "mb/wrap/v1", REPOSITORY, plain, stream("salt", 32))
    head = b"MBKY" + bytes([1, 1, 0, 0]) + REPOSITORY + struct.pack("<I", len(body)) + body
    about = "stream(ring, 100) wrapped under a password that Argon2id stretches"
    write("wrapped-key", about, {"repository": REPOSITORY.hex(), "password": "pässword", "memory": memory,
          "passes": passes, "lanes": lanes, "stretching_salt": salt.hex(), "key": key.hex(), "plain": plain.hex(),
          "object": (head + hashlib.sha256(head).digest()).hex()})


def times(a, b):
    product = 0
    while b:
        product, a, b = product ^ (a if b & 1 else 0), a << 1 ^ (0x11b if a & 128 else 0), b >> 1
    return product


def recovery():
    """Shares of a secret, and of the texts the third."""
    secret, set_id = stream("recovery secret", 32), stream("recovery set", 8)
    polynomial = [secret, stream("coefficient 1", 32), stream("coefficient 2", 32)]
    ring = stream("ring", 100)
    sealed = sealed_bytes(secret, "mb/recovery/v1", REPOSITORY + set_id, ring, stream("salt", 32))
    shares, texts = [], []
    for number in range(1, 6):
        part = bytes(32)
        for coefficient in reversed(polynomial):
            part = bytes(times(each, number) ^ other for each, other in zip(part, coefficient))
        shares.append(part.hex())
        head = (f"repository: {REPOSITORY.hex()}\nset: {set_id.hex()}\nshare: {number} of 5, any 3 open\n"
                f"secret: {part.hex()}\n")
        digest = hashlib.sha256(head.encode() + sealed).hexdigest()
        text = base64.b64encode(sealed).decode()
        lines = [text[i : i + 76] for i in range(0, len(text), 76)]
        texts.append("MEDBACKUP-RECOVERY 1\n" + head + "sha256: " + digest + "\n" + "\n".join(lines) + "\n")
    about = "A secret in 5 shares of which 3 open, by the polynomial with these coefficients; the text of each"
    write("recovery", about, {"repository": REPOSITORY.hex(), "set": set_id.hex(), "secret": secret.hex(),
          "coefficients": [each.hex() for each in polynomial[1:]], "shares": shares, "sealed": sealed.hex(),
          "plain": ring.hex(), "texts": texts})


def certificate():
    """A certificate with both parts of the signature; that of ML-DSA is random, so the file changes."""
    seeds = {name: stream(name, 32) for name in ("admin ed25519", "admin ml-dsa", "holder ed25519", "holder ml-dsa")}
    admin, holder = (Ed25519PrivateKey.from_private_bytes(seeds[who + " ed25519"]) for who in ("admin", "holder"))
    post_admin, post_holder = (MLDSA65PrivateKey.from_seed_bytes(seeds[who + " ml-dsa"]) for who in ("admin", "holder"))
    content = raw(holder.public_key()) + struct.pack("<Q", 1767323045000) + with_length("reader é".encode())
    content += varint(1) + with_length(bytes([4]))
    content += varint(2) + with_length(bytes([2]) + post_holder.public_key().public_bytes_raw())
    message = b"mb/signature/2" + b"mb/certificate/v1" + REPOSITORY + content
    body = with_length(content) + admin.sign(message) + post_admin.sign(message)
    head = b"MBCE" + bytes([1, 1, 0, 0]) + REPOSITORY + struct.pack("<I", len(body)) + body
    name = "keys/signer-" + hashlib.sha256(raw(holder.public_key())).digest()[:8].hex()
    about = "Certificate of a reader whose signatures have two parts, signed by an administrator whose have too"
    write("certificate", about, {"repository": REPOSITORY.hex(), **{who.replace(" ", "_").replace("-", "_"): seed.hex()
          for who, seed in seeds.items()}, "admin_ml_dsa_public": post_admin.public_key().public_bytes_raw().hex(),
          "created": 1767323045000, "holder": "reader é", "name": name,
          "object": (head + hashlib.sha256(head).digest()).hex()})


# --- pages --------------------------------------------------------------------------------------------------------


def path_after(before, path):
    shared = 0
    while shared < min(len(before), len(path)) and before[shared] == path[shared]:
        shared += 1
    return varint(shared) + varint(len(path) - shared) + path[shared:]


def table(ids):
    return varint(len(ids)) + b"".join(ids)


def extents(runs, ids):
    out, end = varint(len(runs)), 0
    for offset, length, chunk, chunk_offset in runs:
        out += varint(offset - end) + varint(length) + varint(ids.index(chunk)) + varint(chunk_offset)
        end = offset + length
    return out


def attributes():
    fixed = varint(0o640) + varint(26) + varint(4294967294) + varint(1 << 63)
    times = zigzag(1767323045) + varint(678900000) + zigzag(-1) + varint(999999999)
    fields = b""
    for tag, value in ((1, b"postgres"), (3, b"../data"), (4, with_length(b"user.class") + b"phi"), (5, varint(2049)),
                       (6, varint(16)), (7, varint(2) + varint(64769)), (8, zigzag(1) + varint(2))):
        fields += varint(tag) + with_length(value)
    return fixed + times + fields


def pages():
    a, b = stream("chunk a", 32), stream("chunk b", 32)
    runs = [(0, 5000, a, 7), (8192, 100, b, 0), (8292, 1 << 33, a, 0)]
    ids = [a, b]
    entries = [("srv", 2, b"\x01", None), ("srv/data", 1, b"\x02\x03", runs), ("srv/data/x", 3, b"", None),
               ("srv/data.bak", 1, b"\x04", [])]
    leaf, before = bytes([1]) + table(ids) + varint(len(entries)), b""
    listed = []
    for path, kind, attribute_bytes, content in entries:
        leaf += path_after(before, path.encode()) + bytes([kind])
        before = path.encode()
        if kind == 1:
            leaf += varint(1 << 34) + struct.pack("<I", 0xCAFEF00D) + varint(0) + extents(content, ids)
        leaf += with_length(attribute_bytes)
        listed.append({"path": path, "type": kind, "attributes": attribute_bytes.hex(), "extents":
                       [{"offset": o, "length": n, "chunk": c.hex(), "chunk_offset": p} for o, n, c, p in content or []]})
    inner = bytes([2]) + varint(1) + table(ids) + varint(2)
    inner += path_after(b"", b"srv") + varint(0) + varint(300) + varint(200) + varint(1 << 40)
    inner += path_after(b"srv", b"srv/lab") + varint(1) + varint(5) + varint(4) + varint(0)
    reference = bytes([16]) + stream("page", 32) + table(sorted(ids)) + table([stream("child", 32)])
    about = "Pages as bytes. The files of the leaf have 2^34 bytes and the sum cafef00d. The numbers of the other pages stand in VectorsTest and in make_vectors.py"
    write("pages", about, {"chunk_a": a.hex(), "chunk_b": b.hex(), "entries": listed, "leaf": leaf.hex(),
          "inner": inner.hex(), "extents": (bytes([3]) + table(ids) + extents(runs, ids)).hex(),
          "extent_pages": (bytes([4]) + varint(1) + table([b, a])).hex(), "reference": reference.hex(),
          "attributes": attributes().hex()})


# --- index --------------------------------------------------------------------------------------------------------


def index_segment():
    packs, entries, described = b"", [], []
    for number, count in enumerate((70, 50)):
        pack = {"id": stream(f"pack {number}", 32), "ticket": stream(f"ticket {number}", 16)}
        length, domain, kind = 1000000 + number, 1 + number, 1 + number
        packs += pack["id"] + pack["ticket"] + struct.pack("<QIHBB", length, count, domain, kind, 0)
        chunks = []
        for i in range(count):
            chunk = stream(f"chunk {number} {i}", 32)
            entries.append((chunk[:20], number, 1000 * i, 900 + i))
            chunks.append({"id": chunk.hex(), "offset": 1000 * i, "length": 900 + i})
        described.append({"id": pack["id"].hex(), "ticket": pack["ticket"].hex(), "length": length, "domain": domain,
                          "kind": kind, "chunks": chunks})
    entries.sort()
    blocks = -(-10 * len(entries) // 512)
    words = [[0] * 8 for _ in range(blocks)]
    for chunk, *_ in entries:
        first, second = struct.unpack(">QQ", chunk[:16])
        block = words[first * blocks >> 64]
        for k in range(6):
            bits = second >> 9 * k
            block[bits >> 6 & 7] |= 1 << (bits & 63)
    header = b"MBIX" + struct.pack("<BxxxIxxxxQQ32x", 1, 2, len(entries), blocks)
    body = b"".join(chunk + struct.pack("<III", *rest) for chunk, *rest in entries)
    plain = header + packs + body + b"".join(struct.pack("<8Q", *block) for block in words)
    about = "The plain form of an index segment over two packs"
    write("index-segment", about, {"packs": described, "plain": plain.hex()})


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for make in (chunker, chunk_id, record, envelope, kem, wrapped_key, recovery, certificate, pages, index_segment):
        if len(sys.argv) < 2 or make.__name__ in sys.argv:
            make()
