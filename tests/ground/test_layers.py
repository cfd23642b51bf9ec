"""The house's walls: who may import whom, read a clock or trust HTML, and that a breach is seen."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("articles", "accounts")
# Doors read the clock; nothing else does.
CLOCK_DOORS = ("articles/middleware.py", "articles/management/", "articles/tasks.py", "accounts/")
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}


def sources(root=ROOT):
    return [
        file for app in APPS for file in sorted((root / app).rglob("*.py"))
        if "migrations" not in file.parts
    ]  # fmt: skip


def imports_hidden_in_functions(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def clock_readings(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
    ]


def names_read(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def trust_in_html(file):
    """Where a file says that HTML is safe to print as it is, without having escaped anything."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        return re.findall(r"\|\s*safe(?:seq)?\b|autoescape\s+off", text)
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and node.args
        and ast.unparse(node.func).rpartition(".")[2] in ("mark_safe", "SafeString", "SafeText")
    ]


def check_imports(root):
    """Run the import rules of pyproject.toml over a copy of the house."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def a_copy(tmp_path):
    for name in (*APPS, "newsroom"):
        ignore = shutil.ignore_patterns("__pycache__", "stories")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_run_downhill_and_no_wing_imports_another(a_copy):
    done = check_imports(a_copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line", "rule"),
    [
        ("articles/pages/cards.py", "from articles.desk import press", "Wings"),
        ("articles/wire/__init__.py", "import articles.pages.views", "Wings"),
        ("articles/text.py", "from articles.models import Section", "Doors"),
        ("articles/words.py", "from articles.models import Section", "Doors"),
        ("articles/states.py", "import articles.desk.rights", "Doors"),
        ("articles/pages/names.py", "import articles.models.article", "Readers' code"),
        ("accounts/roles.py", "import articles.states", "accounts imports"),
        ("newsroom/keeping/tables.py", "import articles.states", "Keeping knows"),
        ("newsroom/keeping/archive.py", "import newsroom.keeping.manifest", "A backup's file"),
    ],
)
def test_a_breach_of_each_rule_is_seen(a_copy, file, line, rule):
    target = a_copy / file
    text = target.read_text(encoding="utf-8")
    target.write_text(f"{text}\n{line}\n", encoding="utf-8")
    done = check_imports(a_copy)
    assert done.returncode != 0
    assert any(rule in row and "BROKEN" in row for row in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_import_hides_in_a_function(file):
    assert imports_hidden_in_functions(file) == []


def test_an_import_hidden_in_a_function_is_seen(tmp_path):
    file = tmp_path / "hidden.py"
    file.write_text("def f():\n    import articles\n    return articles\n")
    assert imports_hidden_in_functions(file) == [2]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_only_doors_read_the_clock(file):
    if not str(file.relative_to(ROOT)).startswith(CLOCK_DOORS):
        assert clock_readings(file) == []


def test_a_clock_read_elsewhere_is_seen(tmp_path):
    file = tmp_path / "clock.py"
    file.write_text("from django.utils import timezone\nnow = timezone.now()\n")
    assert clock_readings(file) == [2]


def test_html_is_trusted_in_one_place_only():
    files = [*sources(), *sorted((ROOT / "templates").rglob("*.html"))]
    trusting = {str(file.relative_to(ROOT)): n for file in files if (n := len(trust_in_html(file)))}
    assert trusting == {"articles/body.py": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "html = mark_safe(typed)"),
        ("a.py", "html = safestring.SafeString(typed)"),
        ("a.html", "{{ typed|safe }}"),
        ("a.html", "{% autoescape off %}{{ typed }}{% endautoescape %}"),
    ],
)
def test_html_trusted_elsewhere_is_seen(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    assert trust_in_html(file)


def test_readers_code_imports_neither_the_working_copy_nor_a_desk_table():
    desk_models = {"Article", "Revision", "Move", "Byline", "AlsoRead", "ArticleTag", "SlugClaim"}
    for file in sorted((ROOT / "articles" / "pages").rglob("*.py")):
        assert not names_read(file) & desk_models, file
