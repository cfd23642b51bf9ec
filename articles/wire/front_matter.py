"""A story file's front matter: which keys it may hold, how it is read and how it is written.

It is read as YAML, but every value as the words that were typed: `headline: 1984` is a headline
and `tags: [No]` a tag. Each value keeps its line.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from articles.wire.faults import Fault, shown

KEYS = (
    "headline", "slug", "kind", "dateline", "standfirst", "section", "authors", "tags",
    "published", "also_read",
)  # fmt: skip
LISTS = frozenset({"authors", "tags", "also_read"})
_BARE = frozenset({"kind", "published"})  # written without quotes
# What YAML takes words without quotes for; any other tag was typed (`!!binary`).
_WORDS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp", "value")
)
_NOTHING = "tag:yaml.org,2002:null"
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True)
class Value:
    """One value as it was typed, and its line in the file."""

    typed: str
    line: int


@dataclass
class FrontMatter:
    """What the keys that stand in it hold: one value each, or any number in a list."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)  # keys whose value is a fault already

    def one(self, key: str) -> Value:
        """A key's value; an empty one, on the first line, where it has none."""
        return next(iter(self.values.get(key, ())), Value("", 1))

    def many(self, key: str) -> list[Value]:
        """The values of a key that holds a list."""
        return self.values.get(key, [])


def read(source: str, *, first_line: int) -> FrontMatter:
    """Return what stands between the two lines of “---”; `first_line` is its line in the file."""
    matter = FrontMatter()
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        matter.faults.append(Fault(first_line + line, _bad_yaml(error.problem)))
    except yaml.reader.ReaderError as error:
        line = source.count("\n", 0, error.position)
        matter.faults.append(Fault(first_line + line, _bad_yaml(error.reason)))
    except RecursionError:
        matter.faults.append(Fault(first_line, _bad_yaml("it is nested without end")))
    else:
        _read_keys(root, matter, first_line)
    return matter


def write(values: dict[str, str | list[str]]) -> str:
    """Return front matter with its two lines of “---”: keys in their order, empty ones left out."""
    lines = ["---"]
    for key in KEYS:
        value = values.get(key)
        if isinstance(value, list) and value:
            lines += [f"{key}:", *(f"  - {_quoted(item)}" for item in value)]
        elif value:
            lines.append(f"{key}: {value if key in _BARE else _quoted(str(value))}")
    return "\n".join([*lines, "---", ""])


def _bad_yaml(problem: str | None) -> str:
    return (
        f"This is no YAML: {problem or 'it cannot be read'}. "
        'Put a text that holds a colon, a “#” or quotes in "double quotes".'
    )


def _read_keys(root: yaml.Node | None, matter: FrontMatter, first_line: int) -> None:
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        matter.faults.append(Fault(first_line, "The front matter holds lines of “key: value”."))
        return
    for key, node in root.value:
        line = first_line + key.start_mark.line
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name not in KEYS:
            known = ", ".join(KEYS)
            says = f"There is no key “{shown(str(name))}”. The keys are {known}."
            matter.faults.append(Fault(line, says))
        elif name in matter.values:
            matter.faults.append(Fault(line, f"“{name}” stands here a second time."))
        else:
            matter.values[name] = list(_values(name, node, matter, first_line))


def _values(key: str, node: yaml.Node, matter: FrontMatter, first_line: int) -> Iterator[Value]:
    """The words of a key's value; nothing at all where YAML says null."""
    in_list = key in LISTS
    if node.tag == _NOTHING:
        return
    if in_list != isinstance(node, yaml.SequenceNode):
        says = (
            f"“{key}” is a list: one entry a line, each with “- ” before it."
            if in_list
            else f"“{key}” holds one text, no list and no keys of its own."
        )
        matter.faults.append(Fault(first_line + node.start_mark.line, says))
        matter.unusable.add(key)
        return
    for item in node.value if in_list else [node]:
        line = first_line + item.start_mark.line
        if isinstance(item, yaml.ScalarNode) and item.tag in _WORDS:
            yield Value(_joined_pairs(item.value), line)
        else:
            says = f"An entry of “{key}” is not plain text. Put it in quotes."
            matter.faults.append(Fault(line, says))
            matter.unusable.add(key)


def _joined_pairs(typed: str) -> str:
    """An emoji that was escaped as JSON does it, in two halves, as the one character it is."""
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), typed)


def _quoted(words: str) -> str:
    # What JSON writes between quotes, YAML reads as the same text.
    return json.dumps(words, ensure_ascii=False)
