"""Picture files for tests, made byte by byte: good ones, and such as were made to do harm."""

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image

SECRET = b"52.5200N-Zernsdorf"  # stands in every place of a file that says where or who
SCRIPT = b"<script>alert('polyglot')</script>"


def noise(width=1200, height=800):
    """A photograph, as far as an encoder knows."""
    parts = [Image.effect_noise((width // 8, height // 8), 60 + n) for n in range(3)]
    return Image.merge("RGB", [part.resize((width, height)) for part in parts])


def encoded(picture, format_="JPEG", **options):
    made = BytesIO()
    picture.save(made, format_, **options)
    return made.getvalue()


def photo(width=1200, height=800, **options):
    return encoded(noise(width, height), quality=85, **options)


def exif(orientation=1, **said):
    """An EXIF record with a place, a camera and its number."""
    record = Image.Exif()
    record[ExifTags.Base.Orientation] = orientation
    record[ExifTags.Base.Make] = SECRET.decode()
    for name, value in said.items():
        record[ExifTags.Base[name]] = value
    own = record.get_ifd(ExifTags.IFD.Exif)
    own[ExifTags.Base.DateTimeOriginal] = "2026:06:18 14:02:33"
    own[ExifTags.Base.BodySerialNumber] = SECRET.decode()
    place = record.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (52.0, 31.0, 12.0)
    return record.tobytes()


def iptc(**said):
    """A JPEG's Photoshop segment with an IPTC record (IIM 4.2, record 2)."""
    numbers = {"credit": 110, "byline": 80, "caption": 120, "created": 55, "city": 90}
    record = b"".join(
        struct.pack(">BBBH", 0x1C, 2, numbers[name], len(value)) + value
        for name, value in said.items()
    )
    block = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(record)) + record
    body = b"Photoshop 3.0\0" + block + b"\0" * (len(record) % 2)
    return struct.pack(">HH", 0xFFED, len(body) + 2) + body


def with_segment(jpeg, segment):
    return jpeg[:2] + segment + jpeg[2:]


def chunk(name, body=b""):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_bomb(edge=16_000):
    """A PNG of some kilobytes that would be hundreds of millions of pixels."""
    header = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    rows = zlib.compressobj(9)
    row = b"\0" * (edge // 8 + 1)
    packed = b"".join(rows.compress(row) for _ in range(edge)) + rows.flush()
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND")


def png_that_says(width, height):
    """A PNG whose header claims a size, with nothing in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND")


def jpeg_of_many_scans(scans=60):
    """A progressive JPEG whose last scan stands there again and again."""
    plain = encoded(noise(), progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * scans + plain[-2:]


PNG = b"\x89PNG\r\n\x1a\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><title>Picture</title>" + SCRIPT
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


def animation(format_, **options):
    frames = [Image.new("RGB", (800, 600), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], format_, save_all=True, append_images=frames[1:], **options)
