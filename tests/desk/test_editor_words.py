"""The words of the body editor, as a newsroom reads them that writes in another language."""

import json

import pytest
from django.utils import translation
from lxml import html

pytestmark = pytest.mark.django_db


def test_what_closes_a_dialog_is_called_another_word_than_the_verb_in_german(desk_of, editor):
    with translation.override("de"):
        page = desk_of(editor).get("/admin/articles/article/add/").content.decode()
    [words] = [
        value
        for element in html.document_fromstring(page).iter()
        for value in element.values()
        if '"choose_picture"' in value
    ]
    assert json.loads(words)["cancel"] == "Abbrechen"
