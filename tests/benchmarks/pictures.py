"""What a picture costs: a photograph with all its sizes, and the worst files that are taken.

`python -m tests.benchmarks.pictures`. Each case runs in a process of its own: seconds on the clock
and on the processor, and the memory it took on top of what the process had before (the most that
was ever resident).
"""

import os
import resource
import subprocess
import sys
import time
from io import BytesIO

import django
from PIL import Image

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
django.setup()

from articles import pixels

PROMISED = {"photograph": (2.0, 300)}  # seconds, MB
HOSTILE = (2.0, 150)


def grain(width: int, height: int, depth: int = 1) -> Image.Image:
    """A picture in which every pixel differs: nothing is harder to encode."""
    parts = [Image.effect_noise((width, height), 50 + n) for n in range(depth)]
    return parts[0] if depth == 1 else Image.merge({3: "RGB", 4: "RGBA"}[depth], parts)


def photograph(width: int = 4000, height: int = 3000) -> Image.Image:
    """A picture with the statistics of a photograph: the finer a detail, the fainter."""
    parts = []
    for _channel in range(3):
        part = Image.new("L", (width, height), 128)
        weight, across = 0.5, 4
        while across <= width:
            detail = Image.effect_noise((across, max(3, across * height // width)), 90)
            part = Image.blend(part, detail.resize((width, height), 3), weight)
            weight, across = weight * 0.8, across * 2
        parts.append(part)
    return Image.merge("RGB", parts)


def encoded(picture: Image.Image, format_: str, **options: object) -> bytes:
    made = BytesIO()
    picture.save(made, format_, **options)
    return made.getvalue()


CASES = {
    "photograph": lambda: encoded(photograph(), "JPEG", quality=92),
    "JPEG, 50 million": lambda: encoded(grain(7071, 7071).convert("RGB"), "JPEG", quality=30),
    "JPEG, CMYK, 50 million": lambda: encoded(Image.new("CMYK", (7071, 7071)), "JPEG"),
    "JPEG, progressive": lambda: encoded(
        grain(3464, 3464, 3), "JPEG", progressive=True, subsampling=0, quality=60
    ),
    "JPEG, progressive, CMYK": lambda: encoded(
        grain(3464, 3464, 4).convert("RGB").convert("CMYK"), "JPEG", progressive=True, quality=40
    ),
    "PNG, one colour": lambda: encoded(Image.new("RGBA", (3464, 3464), (9, 9, 9, 99)), "PNG"),
    "PNG, grain": lambda: encoded(
        Image.merge("RGBA", [grain(3464, 3464).point(lambda v: v // 40)] * 4), "PNG"
    ),
    "PNG, palette": lambda: encoded(grain(3464, 3464).convert("P"), "PNG", transparency=3),
    "PNG, 16 bits": lambda: encoded(grain(3464, 3464).convert("I;16"), "PNG", compress_level=1),
    "WebP": lambda: encoded(grain(2828, 2828, 4), "WEBP", method=0),
    "AVIF": lambda: encoded(grain(2828, 2828, 4), "AVIF", speed=10),
}  # fmt: skip


def most_resident() -> float:
    """In MB; Linux counts in units of 1,024 bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str) -> None:
    """Read a file from standard input; make all sizes where it is the photograph."""
    content = sys.stdin.buffer.read()
    before, clock, processor = most_resident(), time.perf_counter(), time.process_time()
    master = pixels.read(content)
    made = 0
    if name == "photograph":
        wanted = pixels.sizes(master.width, master.height)
        made = sum(1 for _ in pixels.renditions(master.content, wanted, (50, 50)))
    took, worked = time.perf_counter() - clock, time.process_time() - processor
    memory = most_resident() - before
    seconds, megabytes = PROMISED.get(name, HOSTILE)
    kept = "kept" if took <= seconds and memory <= megabytes else "NOT KEPT"
    sys.stdout.write(
        f"{name:26}{len(content) / 1e6:6.1f} MB {took:6.2f} s ({worked:.2f} s of processor)"
        f"{memory:6.0f} MB {made or '':3} {kept}\n"
    )


def main() -> None:
    for name, make in CASES.items():
        # By way of a shell: a child begins with the memory that its parent had at most.
        command = f'"{sys.executable}" -m tests.benchmarks.pictures "{name}"'
        subprocess.run(["/bin/sh", "-c", command], input=make(), check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        main()
