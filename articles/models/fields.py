"""Model fields whose text has passed the gate: every form and verb that cleans a model uses it."""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from articles import body, text


class LineField(models.CharField):
    """One line of typed text."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean_line(value, longest=self.max_length) if value else value


class ProseField(models.TextField):
    """Several lines of plain text, at most `max_length` characters of them."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.clean_text(value.strip(), longest=self.max_length) if value else value


class BodyField(ProseEditorField):
    """A story's body: HTML that holds only what articles/body.py lets stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", dict(body.EXTENSIONS))
        kwargs.setdefault("sanitize", body.clean)
        super().__init__(*args, **kwargs)
