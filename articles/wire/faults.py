"""What is wrong with a story file, and where; it is said in the terminal, in English."""

from dataclasses import dataclass

_SHOWN = 60


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, and on which line, from 1."""

    line: int
    says: str


@dataclass(frozen=True, order=True)
class Problem:
    """A fault of a file."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{shown(self.path, most=200)}:{self.line}: {self.says}"


def shown(typed: str, *, most: int = _SHOWN) -> str:
    """Return typed text fit for a terminal: short, and with nothing in it that is not seen."""
    seen = "".join(char if char.isprintable() else "�" for char in typed)
    return seen if len(seen) <= most else seen[: most - 1] + "…"
