"""Records -> threads: who wrote, when, what, in answer to what, and on which page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Literal, get_args

from mkdocs_echo_plugin.model import Kind, Role, Stance, State
from mkdocs_echo_plugin.sources.formats import record_fields
from mkdocs_echo_plugin.sources.formats.json_values import number, text
from mkdocs_echo_plugin.sources.formats.record_fields import Fields, normal, page
from mkdocs_echo_plugin.sources.raw import Author, Markup, RawComment, RawReaction, RawThread

_NO_PARENT = frozenset(("0", "-1", "root", "none", "null", "undefined", "false", "top"))
_ORDINAL = re.compile(r"[0-9]{1,6}")
_CODE = re.compile(r"```[^`]*```|`[^`]*`")
_BLOCK = r"<(?:p|div|blockquote|ul|ol|pre|h[1-6]|table)(?:\s[^<>]{0,500})?>"
_HTML = re.compile(rf"\s*{_BLOCK}|[^\n]*<p(?:\s[^<>]{{0,500}})?>|[^\n]*<br ?/?>[^\n]*$", re.IGNORECASE)
_TAGS = re.compile(
    rf"{_BLOCK}|<br ?/?>|</(?:a|b|i|em|strong|code|span|u|del|cite|q|sup|sub|font)>|&(?:[a-z]{{2,8}}|#\d{{1,6}});",
    re.IGNORECASE,
)
_GRAVATAR = re.compile(r"gravatar\.[a-z]{2,10}/(?:avatar|userimage)/([0-9a-f]{32,64})\b", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-fA-F]{32,64}")
_YES, _NO = frozenset(("true", "1", "yes", "y", "on")), frozenset(("false", "0", "no", "n", "off"))
_SUFFIX = re.compile(r"\.(?:md|markdown|mdx|ya?ml|json|toml|html?)$", re.IGNORECASE)
_STATES: Mapping[str, State] = {
    **dict.fromkeys(("pending", "waiting", "hold", "held", "moderation", "unapproved", "queued", "0"), "pending"),
    **dict.fromkeys(("spam", "hidden", "rejected", "blocked", "private", "flagged", "collapsed"), "hidden"),
    **dict.fromkeys(("deleted", "trash", "trashed", "removed"), "deleted"),
}  # fmt: skip
_FLAGS: Mapping[str, State] = {
    "deleted": "deleted", "isdeleted": "deleted", "hidden": "hidden", "ishidden": "hidden", "spam": "hidden",
    "isspam": "hidden", "pending": "pending", "ispending": "pending",
}  # fmt: skip
"""Fields that say, when true, that a comment is not shown; `approved`, `visible` and their like say it when false."""
MOST_WORDS = 100_000
"""Characters of one comment's markup that are looked at."""
_STANCES: Mapping[str, Stance] = {stance: stance for stance in get_args(Stance)}
_KINDS: Mapping[str, Kind] = {**{kind: kind for kind in get_args(Kind)}, "trackback": "pingback"}


@dataclass(slots=True)
class _Row:
    """A record on its way to being a comment."""

    record: Mapping[str, Any]
    identity: str
    above: int | None = None
    """The row that it is nested in."""
    page: str | None = None
    parent: str | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """How some records are to be read, and what is known about them from where they stand.

    `files`: a record a file, as Staticman writes them; then a number in `replying_to` counts the comments that answer
    nobody. `links`: whether a field `url` is the comment's address or the writer's own site. `parent_is_page`: whether
    `parent` may name the page.
    """

    platform: str
    fields: Fields
    key: str | None = None
    place: str | None = None
    title: str = ""
    markup: Markup = "text"
    language: str | None = None
    files: bool = False
    open: bool = False
    links: Literal["guess", "comment", "writer"] = "guess"
    parent_is_page: bool = True
    websites: frozenset[str] = field(default_factory=frozenset)
    """Fields of the kind `url` that hold the writers' sites."""


def threads(rows: Sequence[tuple[str | None, Mapping[str, Any], int | None]], reading: Reading) -> list[RawThread]:
    """The threads that some records make, one a page, in the order in which the pages appear.

    Args:
        rows: each with the name that its place gives it (a file's, a key's), and the row that it is nested in.
    """
    reading = replace(reading, websites=_websites([record for _, record, _ in rows], reading))
    made = [
        _Row(
            record,
            record_fields.identity(reading.fields.first(record, "id")) or record_fields.identity(name) or str(place),
            above,
        )
        for place, (name, record, above) in enumerate(rows, start=1)
    ]
    _find_parents_and_pages(made, reading)
    by_name = {row.identity: row for row in reversed(made)}
    pages = {row.page for row in made if row.page}
    by_page: dict[str | None, list[_Row]] = {}
    for row in made:
        above = (
            made[row.above] if row.above is not None else by_name.get(row.parent or "")
        )  # the order is parents first
        if row.page is None or row.above is not None:
            row.page = next(iter(pages)) if len(pages) == 1 else above.page if above else None
        by_page.setdefault(row.page, []).append(row)
    return [_thread(where, of_page, reading, made) for where, of_page in by_page.items()]


def _find_parents_and_pages(rows: Sequence[_Row], reading: Reading) -> None:
    """Sets what each row answers and stands on.

    `parent` and `_parent` are used for both: what is a comment's id there is the parent, what is not is the page, if it
    is written like one (a path, the folder's name) or if several records share it.
    """
    known = {row.identity for row in rows}
    names = reading.fields.taken.get("parent", ())
    shared = Counter(said for row in rows for name in names if (said := _parent(row.record.get(name))))
    own = {normal(one) for one in (reading.key, reading.place) if one}
    tops: list[_Row] = []
    answered: set[str] = set()
    for row in rows:
        pages: list[str] = []
        for name in names:
            said = _parent(row.record.get(name))
            if said is None or said == row.identity:
                continue
            general = reading.parent_is_page and normal(name) == "parent"
            if said in known:
                row.parent = said
            elif general and ("/" in said or normal(said) in own or (shared[said] > 1 and not said.isdigit())):
                pages.append(said)
                continue
            elif reading.files and _ORDINAL.fullmatch(said) and 0 < int(said) <= len(tops):
                # a theme with ordinals lets one answer top-level comments only: exact is the first who does
                row.parent = tops[int(said) - 1].identity
                row.exact = row.parent not in answered
                answered.add(row.parent)
            else:
                row.parent = said
            break
        if row.parent is None and row.above is not None:
            row.parent = rows[row.above].identity
        if row.parent is None:
            tops.append(row)
        row.page = page(reading.fields.first(row.record, "page")).strip() or next(
            (one for one in pages if "/" in one or normal(one) not in own), None
        )


def _parent(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("id", value.get("_id", value))
    said = record_fields.identity(value)
    said = said.strip() if said else None
    return said if said and said.casefold() not in _NO_PARENT else None


def _thread(where: str | None, rows: Sequence[_Row], reading: Reading, every: Sequence[_Row]) -> RawThread:
    found, alone = where or reading.place, len(rows) == len(every)
    name = _SUFFIX.sub("", found) if found else None
    if reading.files and alone and found and "/" in found:
        name = reading.key  # the folder's name is the shorter one
    title = next((said for row in rows if (said := text(reading.fields.first(row.record, "title")))), reading.title)
    return RawThread(
        platform=reading.platform,
        comments=tuple(_comment(row, reading) for row in rows),
        page_url=found if found and "/" in found else None,
        key=name or reading.key,
        title=title or "",
        open=reading.open
        or any(str(reading.fields.first(row.record, "open")).strip().casefold() in _YES for row in rows),
        # a number or a database's key names no post: the file may
        aliases=tuple(one for one in (reading.key,) if one and one != name) if alone else (),
    )


def _comment(row: _Row, reading: Reading) -> RawComment:
    fields, record = reading.fields, row.record
    said, is_html = record_fields.words(fields.first(record, "text")) or ("", False)
    body, markup = _body(said, is_html=is_html, otherwise=reading.markup)
    likes, dislikes = (number(fields.first(record, what)) or 0 for what in ("likes", "dislikes"))
    link = next((text(record.get(n)) for n in fields.taken.get("link", ()) if n not in reading.websites), None)
    kind = fields.first(record, "kind")
    return RawComment(
        row.identity,
        body=body,
        markup=markup,
        author=_author(record, reading),
        parent_id=row.parent,
        parent_exact=row.exact,
        created=record_fields.moment(fields.first(record, "date"), language=reading.language),
        edited=record_fields.moment(fields.first(record, "edited"), language=reading.language),
        url=link,
        kind=_KINDS.get(kind.strip().casefold()) if isinstance(kind, str) else None,
        reactions=tuple(RawReaction(sign, count=n) for sign, n in (("+1", likes), ("-1", dislikes)) if n > 0),
        score=number(fields.first(record, "score")),
        state=_state(record, fields),
        declared=_STANCES.get(str(fields.first(record, "stance")).strip().casefold()),
    )


def _body(said: str, *, is_html: bool, otherwise: Markup) -> tuple[str, Markup]:
    """What was said, and in which markup: nobody says so, thus by the tags that stand outside of code."""
    said = said[:MOST_WORDS]
    outside = _CODE.sub("", said)
    if is_html or _HTML.match(outside):
        return said, "html"
    if not _TAGS.search(outside):
        return said, otherwise
    # plain text with some tags in it, as WordPress stores it: a line end is a line break, and code is no markup
    from mkdocs_echo_plugin.sources.formats.markup import to_text

    return to_text(_CODE.sub(lambda code: escape(code[0], quote=False), said), newlines=True), "text"


def _author(record: Mapping[str, Any], reading: Reading) -> Author | None:
    fields = reading.fields
    name, inner = record_fields.person(fields.first(record, "author"))
    nested = record_fields.choose([inner]) if inner else None
    more = {what: nested.first(inner, what) for what in ("email", "website", "link", "id", "avatar")} if nested else {}
    mail = text(fields.first(record, "email") or more.get("email"))
    plain = record_fields.address(mail) or record_fields.address(name)
    digest = mail if mail and not plain and _HASH.fullmatch(mail.strip()) else None
    avatar = _GRAVATAR.search(text(fields.first(record, "avatar") or more.get("avatar")) or "")
    if not plain and not digest and avatar and avatar[1].strip("0"):
        digest = avatar[1]
    link = next((text(record.get(n)) for n in fields.taken.get("link", ()) if n in reading.websites), None)
    website = text(fields.first(record, "website") or more.get("website") or more.get("link")) or link
    found = Author(
        name=None if record_fields.address(name) else name,
        id=record_fields.identity(fields.first(record, "author_id")) or record_fields.identity(more.get("id")),
        website=website,
        email=plain,
        email_hash=digest,
        role=_role(record, fields),
    )
    return found if found.name or found.id or plain or digest else None


def _role(record: Mapping[str, Any], fields: Fields) -> Role:
    for name in fields.taken.get("role", ()):
        said, bare = str(record.get(name)).strip().casefold(), normal(name)
        if said in _YES:
            return "member" if bare in ("isadmin", "admin") else "author"
        if said in ("author", "owner", "admin", "moderator"):
            return "author" if said in ("author", "owner") else "member"
    return "unknown"


def _state(record: Mapping[str, Any], fields: Fields) -> State:
    for name in fields.taken.get("state", ()):
        said, bare = str(record.get(name)).strip().casefold(), normal(name)
        if bare in _FLAGS:
            if said in _YES:
                return _FLAGS[bare]
        elif bare in ("approved", "isapproved", "visible", "ispublished"):
            if said in _NO or said in _STATES:
                return _STATES.get(said, "pending")
        elif said in _STATES:
            return _STATES[said]
    return "visible"


def _websites(records: Sequence[Mapping[str, Any]], reading: Reading) -> frozenset[str]:
    """Which fields of the kind `url` hold the writer's site, not the comment's address: where each name has one."""
    found: set[str] = set()
    for field_name in reading.fields.taken.get("link", ()):
        pairs = {
            (record_fields.person(reading.fields.first(record, "author"))[0], link)
            for record in records
            if (link := text(record.get(field_name))) and "//" in link
        }
        one_each = len(pairs) <= 1.2 * len({who for who, _ in pairs}) and not any("#" in link for _, link in pairs)
        if reading.links == "writer" or (reading.links == "guess" and one_each):
            found.add(field_name)
    return frozenset(found)
