"""What a ninjs 3.2 document of this site must be, as a JSON Schema (draft 2020-12).

Written from IPTC's standard, and stricter: it knows only the properties that the site uses, asks
for those that each document bears, and says how an address and a moment are written.
`NINJS_SCHEMA` may name a file with IPTC's own schema; documents are then held against both.
"""

import json
import os
from pathlib import Path

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+$"}
ADDRESS = {"type": "string", "pattern": r"^http://testserver/[!#-;=?-\[\]_a-z~]*$"}
# RFC 3339 in UTC, to the second or to a part of it.
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"}


def thing(required, **optional):
    """An object that holds these properties and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def several(items, **more):
    return {"type": "array", "items": items, "minItems": 1, **more}


def one_of(*values):
    return {"enum": list(values)}


PLAIN = one_of("text/plain")
STANDARD = thing(
    {
        "name": one_of("ninjs"),
        "version": one_of("3.2"),
        "schema": one_of("http://www.iptc.org/std/ninjs/ninjs-schema_3.2.json#"),
    }
)
HEADLINE = thing({"role": one_of("main"), "contentType": PLAIN, "value": TEXT})
DESCRIPTION = thing({"role": one_of("standfirst", "excerpt"), "contentType": PLAIN, "value": TEXT})
COUNT = {"type": "integer", "minimum": 0}
BODY = thing(
    {
        "role": one_of("main"),
        "contentType": one_of("text/html", "text/plain"),
        "charCount": COUNT,
        "wordCount": COUNT,
        "value": TEXT,
    }
)
PERSON = thing({"name": TEXT, "rel": one_of("author"), "uri": ADDRESS})
SUBJECT = thing({"name": TEXT, "rel": one_of("section", "tag"), "uri": ADDRESS})
RENDITION = thing(
    {
        "name": one_of("page", "ninjs"),
        "contentType": one_of("text/html", "application/json"),
        "href": ADDRESS,
    }
)
ALSO_READ = thing(
    {
        "name": TEXT,
        "rel": one_of("alsoRead"),
        "uri": URI,
        "type": one_of("text"),
        "representationType": one_of("partial"),
        "headlines": several(HEADLINE),
        "renditions": several(RENDITION),
    }
)
PIXELS = {"type": "integer", "minimum": 1}
FILE = thing(
    {
        "name": {"type": "string", "pattern": r"^\d+w$"},
        "contentType": one_of("image/jpeg"),
        "href": ADDRESS,
        "width": PIXELS,
        "height": PIXELS,
        "sizeInBytes": PIXELS,
    }
)
PICTURE = thing(
    {
        "name": TEXT,
        "rel": one_of("mainPicture", "picture"),
        "uri": {"type": "string", "pattern": r"^tag:testserver,2026:picture/\d+$"},
        "type": one_of("picture"),
        "descriptions": several(
            thing({"role": one_of("caption", "altText"), "contentType": PLAIN, "value": TEXT})
        ),
        "renditions": several(FILE),
    },
    by=TEXT,
)
TRUST = thing({"role": URI, "title": TEXT, "href": ADDRESS})
VERSION = {
    "uri": URI,
    "version": {"type": "string", "pattern": r"^\d+$"},
    "versionCreated": MOMENT,
}
ALWAYS = {
    **VERSION,
    "standard": STANDARD,
    "type": one_of("text"),
    "firstCreated": MOMENT,
    "pubStatus": one_of("usable"),
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"},
    "copyrightHolder": TEXT,
    "headlines": several(HEADLINE),
    "by": TEXT,
    "infoSources": several(thing({"name": TEXT, "uri": ADDRESS})),
    "subjects": several(SUBJECT),
    "altIds": several(thing({"role": one_of("story"), "value": TEXT})),
    "renditions": several(RENDITION),
    "genres": several(
        thing({"name": one_of("news", "analysis", "opinion", "review", "explainer")})
    ),
}
OFTEN = {"descriptions": several(DESCRIPTION), "people": several(PERSON), "located": TEXT}
WHOLE = thing(
    {
        **ALWAYS,
        "representationType": one_of("full"),
        "trustIndicators": several(TRUST),
    },
    **OFTEN,
    bodies=several(BODY),
    associations=several({"anyOf": [ALSO_READ, PICTURE]}),
    edNote=TEXT,
)
BRIEF = thing(
    {**ALWAYS, "representationType": one_of("partial")},
    **OFTEN,
    associations={"type": "array", "items": PICTURE, "minItems": 1, "maxItems": 1},
)
STUB = thing({**VERSION, "pubStatus": one_of("canceled")}, expires=MOMENT)
LIST = thing(
    {
        "items": {"type": "array", "items": BRIEF, "maxItems": 20},
        "next": {"anyOf": [ADDRESS, {"type": "null"}]},
    }
)
ENDED = thing(
    {
        "items": {"type": "array", "items": STUB, "maxItems": 20},
        "next": {"anyOf": [ADDRESS, {"type": "null"}]},
    }
)
PROBLEM = thing({"type": one_of("about:blank"), "title": TEXT, "status": {"type": "integer"}})


def official():
    """IPTC's own schemas: none, or the one of the file that NINJS_SCHEMA names."""
    named = os.environ.get("NINJS_SCHEMA")
    return [json.loads(Path(named).read_text())] if named else []


def faults(document, schema=WHOLE):
    """What is wrong with a document, by the schema here and by IPTC's where it is at hand."""
    return [fault for each in (schema, *official()) for fault in _faults(document, each)]


def faults_of_list(page):
    """What is wrong with a page of a list: of what is around the documents, and of each."""
    return _faults(page, LIST) + [fault for item in page["items"] for fault in faults(item, BRIEF)]


def faults_of_ended(page):
    """What is wrong with a page of stories that ended."""
    return _faults(page, ENDED) + [fault for item in page["items"] for fault in faults(item, STUB)]


def faults_of_problem(said):
    """What is wrong with a problem as RFC 9457 has it told."""
    return _faults(said, PROBLEM)


def _faults(value, schema):
    found = Draft202012Validator(schema).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]
