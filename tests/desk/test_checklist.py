"""The table of checks: what each finds in a text, and what it leaves alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk import checklist, links
from articles.desk.findings import Copy, Level
from articles.desk.links import Answer
from articles.models import Author, Publication, Tag
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite

A = '<a href="https://a.example/">{}</a>'
PULL = '<figure class="pull"><blockquote><p>{}</p></blockquote><figcaption>{}</figcaption></figure>'
GOOD = {
    "headline": "Harbour barrier vote delayed",
    "standfirst": "The vote will not be held before spring.",
    "body": "<p>The vote on the harbour barrier will not be held before spring.</p>",
}


def copy(**values):
    return Copy(**{**GOOD, **values})


def found(check, **values):
    """The sentences that one check says of a text."""
    report = checklist.report(copy(**values))
    return [finding.sentence for finding in report.findings if finding.check == check]


def body(*paragraphs):
    return "".join(f"<p>{words}</p>" for words in paragraphs)


WORDS_121 = " ".join(["word"] * 121)
FINDS = [
    ("headline-empty", {"headline": ""}, "no headline"),
    ("body-empty", {"body": ""}, "“Harbour barrier vote delayed” has no text yet"),
    ("embargo", {"embargo": NOW}, "under embargo until 19 Jun 2026, 12:00"),
    ("hold", {"is_held": True}, "is held"),
    ("headline-long", {"headline": "Vote " * 14 + "ends"}, "74 characters long: the card of"),
    ("headline-short", {"headline": "Vote delayed"}, "has 2 words only"),
    ("headline-full-stop", {"headline": "The vote is delayed."}, "full stop"),
    ("headline-full-stop", {"headline": "“The vote is delayed.”"}, "full stop"),
    ("standfirst-missing", {"standfirst": ""}, "no standfirst"),
    ("headline-facts", {"headline": "Barrier to cost 418 million"}, "“418” is in the headline"),
    ("headline-facts", {"headline": "Vote delayed by seven days"}, "“seven” is in the headline"),
    ("headline-facts", {"headline": "Vote in Tarnmouth delayed"}, "“Tarnmouth” is in"),
    ("headline-facts", {"headline": "She left Tarnmouth when 9 of Drell’s men went"}, "”, “9”, “"),
    ("pull-quote", {"body": body("We do.") + PULL.format("We did not.", "H.")}, "“We did not.”"),
    (
        "pull-quote",
        {"body": body("One.") + PULL.format("A drawing, not a price", "")},
        "“A drawing, not a price”",
    ),
    ("paragraph-long", {"body": body("One.", WORDS_121)}, "Paragraph 2 (“word word"),
    ("heading-order", {"body": "<h3>Why</h3>" + body("One.")}, "first heading, “Why”"),
    (
        "heading-order",
        {"body": "<h2>Why</h2><h3>How</h3>" + body("One.")},
        "between the headings “Why” and “How”",
    ),
    ("heading-order", {"body": body("One.") + "<h2>Why</h2>"}, "ends with the heading “Why”"),
    ("link-words", {"body": body("Read it", A.format("here"))}, "“here” in paragraph 2"),
    ("link-words", {"body": body(A.format("Click here!"))}, "paragraph 1"),
    ("link-words", {"body": body(A.format("Hier"))}, "“Hier”"),
    ("length", {"length": 20}, "has only 12 words; 20 were"),
    ("length", {"length": 9}, "has 12 words; 9 were"),
]  # fmt: skip
LEAVES = [
    ("headline-empty", {}),
    ("body-empty", {}),
    ("embargo", {}),
    ("hold", {}),
    ("headline-long", {"headline": "Vote " * 13 + "ends"}),
    ("headline-short", {"headline": "Vote is delayed"}),
    ("headline-full-stop", {}),
    ("headline-full-stop", {"headline": "Barrier vote divides the U.S."}),
    ("headline-full-stop", {"headline": "And then came the vote..."}),
    ("standfirst-missing", {}),
    ("headline-facts", {"headline": "Vote delayed by 7 days", "body": body("Seven days.")}),
    ("headline-facts", {"headline": "Vote delayed by seven days", "standfirst": "7 days"}),
    ("headline-facts", {"headline": "It costs 5 million now", "body": body("It costs 5,000,000.")}),
    ("headline-facts", {"headline": "It costs €5m now", "body": body("It is five million euros.")}),
    ("headline-facts", {"headline": "Vote in Tarnmouth off", "body": body("TARNMOUTH’S vote.")}),
    ("headline-facts", {"headline": "Tarnmouth delays the vote"}),  # a sentence begins so
    ("headline-facts", {"headline": "Council Delays Its Great Vote"}),  # every word begins so
    ("headline-facts", {"headline": "One of them wins for the first time"}),
    ("headline-facts", {"headline": "Vote on the 3 June", "body": body("It was on June 3rd.")}),
    (
        "headline-facts",
        {
            "headline": "Rat verschiebt die Abstimmung",
            "standfirst": "",
            "body": body("Der Rat hat die Wahl auf den Herbst verschoben, und das ist neu."),
        },
    ),
    ("pull-quote", {"body": body("“We did NOT  vote”") + PULL.format("We did not vote.", "H.")}),
    ("pull-quote", {"body": body("We don't go on it.") + PULL.format("„We don’t … on it“", "")}),
    (
        "pull-quote",
        {
            "body": body("“It is blue,” she said. “It is old. It cost 3.5 crowns.”")
            + PULL.format("“It is blue. It cost 3.5 crowns.”", "H.")
        },
    ),
    ("paragraph-long", {"body": body(WORDS_121[5:])}),
    ("heading-order", {"body": "<h2>Why</h2>" + body("a") + "<h3>How</h3>" + body("b")}),
    ("link-words", {"body": body(A.format("the minutes here"))}),
    ("length", {"length": 10}),
    ("length", {"length": 14}),
    ("length", {"length": None}),
    ("length", {"length": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("check", "values", "says"), FINDS)
def test_a_check_finds_what_it_is_for_and_says_where(check, values, says):
    (sentence,) = found(check, **values)
    assert says in sentence


@pytest.mark.parametrize(("check", "values"), LEAVES)
def test_a_check_leaves_alone_what_is_fine(check, values):
    assert found(check, **values) == []


def test_each_check_has_a_text_that_it_finds_something_in_and_one_that_it_does_not():
    of_links = {"link-broken", "link-early"}  # below, with a database
    names = {check.name for check in checklist.CHECKS} - of_links
    assert {check for check, *_rest in FINDS} == names
    assert {check for check, *_rest in LEAVES} == names


def test_a_story_without_fault_passes_all():
    report = checklist.report(copy())
    assert report.findings == ()
    assert len(report.passed) == len(checklist.CHECKS)
    assert (report.must, report.should) == (0, 0)


def test_what_keeps_a_story_in_stands_first_with_its_fix_and_field():
    report = checklist.report(copy(headline="", body="", standfirst=""))
    assert [(f.check, f.level, f.field) for f in report.findings] == [
        ("headline-empty", Level.MUST, "headline"), ("body-empty", Level.MUST, "body"),
        ("standfirst-missing", Level.SHOULD, "standfirst"),
    ]  # fmt: skip
    assert all(finding.fix for finding in report.findings)
    assert (report.must, report.should) == (2, 1)


def test_only_what_can_be_passed_over_is_a_matter_of_judgement():
    blocking = {c.name for c in checklist.CHECKS if c.level == Level.MUST and c.is_passable}
    assert blocking == {"link-broken"}


# --- Links ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("/world/flood/", "/world/flood/"),
        ("/world/flood", "/world/flood/"),
        ("/world/flood/?page=2#end", "/world/flood/"),
        ("http://127.0.0.1:8000/world/flood/", "/world/flood/"),
        ("//127.0.0.1:8000/world/flood/", "/world/flood/"),
        ("/%77orld/flood/", "/world/flood/"),
        ("flood/", "/world/harbour/flood/"),
        ("www.elsewhere.example/flood/", "/world/harbour/www.elsewhere.example/flood/"),
        ("http://[", "http://["),
        ("https://elsewhere.example/world/flood/", None),
        ("https://127.0.0.1.elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("mailto:desk@paper.example", None),
        ("tel:+4912345", None),
        ("#notes", None),
        ("/world/harbour/#notes", None),
    ],
)
def test_which_links_ask_this_site_for_something(settings, href, path):
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert links.inside(href, "/world/harbour/") == path


@pytest.mark.django_db
class TestOnThisSite:
    def answers(self, *paths, t=NOW):
        return [str(links.look_up(paths, t)[path]) for path in paths]

    def test_a_live_story_answers_and_so_does_its_old_address(self, published, national):
        story = published("Flood rises again")
        rewrite(story, section=national.pk, slug="flood-falls")
        do("publish", story, revision=2)
        assert self.answers(
            "/national/flood-falls/", "/world/flood-rises-again/", "/world/flood-falls/"
        ) == ["page", "page", "nothing"]

    def test_a_story_that_is_to_come_answers_later(self, write):
        scheduled, written = write("Flood rises"), write("Flood falls")
        do("schedule", scheduled, revision=1, at=NOW + HOUR)
        assert self.answers("/world/flood-rises/", "/world/flood-falls/") == ["later", "later"]
        assert self.answers("/world/flood-rises/", t=NOW + HOUR) == ["page"]
        assert written.slug == "flood-falls"

    def test_nothing_answers_for_a_story_that_was_taken_away(self, published):
        for number, verb in enumerate(("unpublish", "take_down")):
            story = published(f"Flood {number}")
            more = {"how": "gone"} if verb == "take_down" else {}
            do(verb, story, reason="wrong", **more)
        expired = published("Flood over")
        do("set_end", expired, at=NOW + HOUR)
        later = NOW + 2 * HOUR
        assert self.answers("/world/flood-0/", "/world/flood-1/") == ["nothing", "nothing"]
        assert self.answers("/world/flood-over/") == ["page"]
        assert self.answers("/world/flood-over/", t=later) == ["nothing"]

    def test_nothing_answers_in_a_section_that_the_story_never_was_in(self, published, write):
        published("Flood rises")
        write("Flood falls")
        assert (
            self.answers(
                "/national/flood-rises/",
                "/national/flood-falls/",
                "/world/no-story/",
                "/no/such/page/",
            )
            == ["nothing"] * 4
        )

    def test_names_of_public_stories_answer_and_so_do_the_sites_own_pages(
        self, author, topic, published, client
    ):
        published("Flood rises", authors=[author.pk], tags=[topic.pk])
        Author.objects.create(name="Ada", slug="ada")  # who signed nothing yet
        here = ["/world/", "/author/ilse-hartmann/", "/tag/ports/", "/", "/corrections/"]
        here += ["/static/site/site.css"]
        assert self.answers(*here) == ["page"] * len(here)
        gone = ["/no-section/", "/author/nobody/", "/tag/nothing/", "/author/ports/"]
        gone += ["/national/", "/author/ada/", "/tags/x/", "/static/nope.css", "/corrections/x/"]
        gone += ["/static/site/", "/static/../../etc/passwd/", "/tag/a\0/", "/world/a\0b/"]
        gone += ["/admin/", "/admin/nowhere/"]  # a reader stands before the sign-in there
        assert self.answers(*gone) == ["nothing"] * len(gone)
        for path in (*here[:5], *gone[:7]):
            assert client.get(path).status_code == (200 if path in here else 404), path

    def test_all_links_of_a_body_cost_one_query_and_none_where_it_has_none(
        self, published, write, author, topic
    ):
        published("Flood rises")
        asked = ["/world/flood-rises/", "/world/flood-falls/", "/world/", "/tag/ports/", "/"]
        with CaptureQueriesContext(connection) as queries:
            assert len(links.look_up([*asked, "/author/ilse-hartmann/"], NOW)) == 6
        assert len(queries) == 1
        outside = body('<a href="https://a.example/">the minutes</a>', '<a href="/">the paper</a>')
        with CaptureQueriesContext(connection) as queries:
            checklist.report(checklist.with_answers(copy(body=outside), NOW))
        assert len(queries) == 0

    def test_a_body_of_many_links_is_looked_up_as_far_as_a_query_goes(self, world):
        asked = [f"/world/story-{n}/" for n in range(5_000)]
        assert len(links.look_up(asked, NOW)) == links.MOST

    def test_a_story_with_many_versions_is_one_answer(self, published):
        story = published("Flood rises")
        for n in range(3):
            rewrite(story, headline=f"Flood rises {n}", now=NOW + n * HOUR)
            do("publish", story, revision=n + 2, now=NOW + n * HOUR)
        assert Publication.objects.count() == 4
        assert self.answers("/world/flood-rises/", t=NOW + 3 * HOUR) == ["page"]

    def test_the_checks_name_a_broken_link_and_one_before_its_time(self, write, published):
        write("Flood falls")
        published("Flood rises", at=NOW - timedelta(days=1))
        html = body(
            "First.",
            'See <a href="/world/floood/">the flood</a>, <a href="/world/flood-falls/">its end</a>'
            ' and <a href="/world/flood-rises/">its rise</a>.',
        )
        report = checklist.report(checklist.with_answers(copy(body=html), NOW))
        assert [(f.check, f.level, f.sentence) for f in report.findings] == [
            (
                "link-broken", "must",
                "No page answers /world/floood/, where “the flood” in paragraph 2 leads.",
            ),
            (
                "link-early", "should",
                (
                    "The story at /world/flood-falls/, where “its end” in paragraph 2 leads, "
                    "is not public now."
                ),
            ),
        ]  # fmt: skip


def test_an_answer_is_taken_from_nowhere_else_than_the_look_up():
    html = body('<a href="/world/flood/">the flood</a>')
    assert found("link-broken", body=html) == []
    assert found("link-broken", body=html, answers={"/world/flood/": Answer.NOTHING})
    assert found("link-broken", body=html, answers={"/world/flood/": Answer.PAGE}) == []


@pytest.mark.django_db
def test_a_tag_that_another_took_over_still_answers(topic, published):
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    Tag.objects.filter(pk=topic.pk).update(merged_into=heir)
    ada = Author.objects.create(name="Ada", slug="ada", retired=True)
    published(authors=[ada.pk], tags=[heir.pk])
    assert set(links.look_up(["/tag/ports/", "/author/ada/"], NOW).values()) == {Answer.PAGE}
