"""Bodies that pasting must give (tests/journeys/pasted): the sanitiser leaves each as it is."""

from pathlib import Path

import pytest

from articles import body

STORED = sorted((Path(__file__).parents[1] / "journeys" / "pasted").glob("*.stored.html"))


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.name)
def test_what_a_paste_must_give_is_what_the_sanitiser_lets_stand(file):
    pasted = "".join(file.read_text(encoding="utf-8").splitlines())
    assert body.clean(pasted) == pasted


def test_there_is_a_body_for_every_clipboard():
    clipboards = {file.stem for file in STORED[0].parent.iterdir()} - {
        f"{file.stem}" for file in STORED
    }
    assert clipboards == {file.name.removesuffix(".stored.html") for file in STORED}
