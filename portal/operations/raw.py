"""Raw bytes as something harmless to look at."""

SHOWN = 20_000
"""Bytes of an item that are shown."""
_ROW = 16


def is_text(body: bytes) -> bool:
    """Whether it is mostly something that people can read."""
    head = body[:4_000]
    if not head:
        return True
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\r\n\f")
    return b"\0" not in head and odd / len(head) < 0.02


def text_of(body: bytes) -> str:
    """The first lines; what could drive a screen, or turn the direction of writing, is a dot."""
    text = body[:SHOWN].decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(one if one.isprintable() or one in "\n\t" else "·" for one in text)


def dump(body: bytes) -> str:
    """Offset, sixteen bytes in hexadecimal, and those that are ASCII."""
    lines = []
    for at in range(0, min(len(body), SHOWN // 4), _ROW):
        row = body[at : at + _ROW]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        lines.append(f"{at:06x}  {row.hex(' '):<{_ROW * 3 - 1}}  {shown}")
    return "\n".join(lines)
