"""Who may do what: the one table of roles, made true as Django groups and permissions."""

from dataclasses import dataclass

from django.apps import apps


@dataclass(frozen=True)
class Role:
    """A role of the newsroom: its group's name, a line about it, and its permissions."""

    name: str
    about: str
    permissions: frozenset[str]


_READ = frozenset(
    f"articles.view_{model}"
    for model in (
        "article",
        "image",
        "move",
        "publication",
        "receipt",
        "revision",
        "section",
        "author",
        "tag",
    )
)
_WRITE = _READ | {
    "articles.add_article",
    "articles.change_article",
    "articles.add_image",
    "articles.change_image",
    "articles.add_tag",
}
_EDIT = _WRITE | {
    "articles.change_others_article",
    "articles.delete_article",
    "articles.add_author",
    "articles.change_author",
    "articles.change_tag",
    "articles.set_embargo",
    "articles.share_article",
    "articles.withdraw_image",
    "articles.delete_image",
}
_PUBLISH = _EDIT | {
    "articles.publish_article",
    "articles.read_as_of",
    "articles.change_front",
}
_MANAGE = _PUBLISH | {
    "articles.take_down_article",
    "articles.hold_article",
    "articles.break_embargo",
    "articles.override_checks",
    "articles.erase_article",
    "articles.change_redirect",
    "articles.add_section",
    "articles.change_section",
    "articles.delete_author",
    "articles.delete_section",
    "articles.delete_tag",
}
_KEEP_PEOPLE = _READ | {
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_user",
    "articles.change_redirect",
    "articles.add_sectionmember",
    "articles.change_sectionmember",
    "articles.delete_sectionmember",
    "articles.view_sectionmember",
}

ROLES: tuple[Role, ...] = (
    Role("Reporter", "Writes stories and edits their own.", _WRITE),
    Role("Editor", "Edits, sends back and approves the stories of their sections.", _EDIT),
    Role("Publisher", "Publishes, schedules, updates, corrects and unpublishes.", _PUBLISH),
    Role("Managing editor", "Takes down, holds, breaks an embargo; keeps the sections.", _MANAGE),
    Role("Administrator", "Keeps people, their roles and their sections.", _KEEP_PEOPLE),
)


def sync(*, using: str = "default") -> list[str]:
    """Make the groups hold exactly the table's permissions; return the names of changed groups.

    Groups that the table does not name are left alone.
    """
    group_model = apps.get_model("auth", "Group")
    changed = []
    for role in ROLES:
        group, made = group_model.objects.using(using).get_or_create(name=role.name)
        wanted = _permissions(role, using)
        if made or set(group.permissions.values_list("pk", flat=True)) != wanted:
            group.permissions.set(wanted)
            changed.append(role.name)
    return changed


def _permissions(role: Role, using: str) -> set[int]:
    rows = apps.get_model("auth", "Permission").objects.using(using)
    found = {
        f"{app}.{codename}": pk
        for pk, app, codename in rows.values_list("pk", "content_type__app_label", "codename")
    }
    return {found[name] for name in role.permissions if name in found}
