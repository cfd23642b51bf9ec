"""Model fields whose text has passed the gate: every form and verb that cleans a model uses it."""

import zlib
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


class PackedTextField(models.BinaryField):
    """Long text that is kept and read whole, never searched: compressed where that pays.

    The first byte says how: 0 plain UTF-8, 1 zlib (RFC 1950).
    """

    PLAIN, ZLIB = b"\x00", b"\x01"

    def to_python(self, value: Any) -> Any:
        return value  # text: Django's own would read base64

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        plain = value.encode()
        packed = zlib.compress(plain)
        value = self.ZLIB + packed if len(packed) < len(plain) else self.PLAIN + plain
        return super().get_prep_value(value)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        if value is None:
            return None
        kept = bytes(value)
        return (zlib.decompress(kept[1:]) if kept[:1] == self.ZLIB else kept[1:]).decode()
