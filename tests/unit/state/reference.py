"""The tree as its definition says it, with no thought for speed: what any other way of building it must equal."""

from __future__ import annotations

from hashlib import sha256

Contents = dict[bytes, bytes]


def bits_of(key: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in sha256(key).digest())


def reference_nodes(contents: Contents) -> tuple[bytes, dict[bytes, bytes]]:
    """Return the root, and every record by its key."""
    records: dict[bytes, bytes] = {}
    return _node([(bits_of(key), key, value) for key, value in contents.items()], "", records), records


def _node(entries: list[tuple[str, bytes, bytes]], prefix: str, records: dict[bytes, bytes]) -> bytes:
    if not entries:
        return bytes(32)
    if len(entries) == 1:
        _, key, value = entries[0]
        records[place(prefix)] = b"\x00" + sha256(value).digest() + key
        return sha256(b"\x00" + sha256(key).digest() + sha256(value).digest()).digest()
    left = _node([entry for entry in entries if entry[0][len(prefix)] == "0"], prefix + "0", records)
    right = _node([entry for entry in entries if entry[0][len(prefix)] == "1"], prefix + "1", records)
    records[place(prefix)] = b"\x01" + left + right
    return sha256(b"\x01" + left + right).digest()


def place(prefix: str) -> bytes:
    filled = prefix + "0" * (-len(prefix) % 8)
    packed = bytes(int(filled[at : at + 8], 2) for at in range(0, len(filled), 8))
    return b"n" + len(prefix).to_bytes(2, "big") + packed
