"""Which field of somebody's records holds what: by the usual names, checked against what stands in them.

A record is one comment as a mapping of fields. Everybody calls these fields something else (`body`, `message`,
`comment_content`), so a field is taken for what its name says if its values look like it. Fields that hold what must
not be kept (IP addresses) have no meaning here and are never looked at; an e-mail address serves to tell people apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.formats.json_values import number, table, text, when

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "comment", "message", "content", "commenttext", "commentbody", "bodytext", "contenttext",
        "textcontent", "messagetext", "msg", "markdown", "raw", "html", "bodyhtml", "contenthtml", "messagehtml",
        "texthtml", "reply", "remark", "texto", "kommentar", "nachricht", "inhalt", "commentaire", "contenu",
        "comentario", "mensaje", "mensagem", "contenido", "conteudo", "commento", "testo", "reactie", "tekst",
        "评论", "内容", "留言", "コメント", "本文",
    ),
    "author": (
        "author", "name", "authorname", "user", "username", "nick", "nickname", "displayname", "commenter",
        "commentername", "fullname", "screenname", "login", "handle", "poster", "postedby", "createdby", "writer",
        "speaker", "by", "person", "from", "autor", "auteur", "autore", "verfasser", "nom", "nombre", "nome", "naam",
        "昵称", "作者", "名前",
    ),
    "author_id": ("authorid", "userid", "authorkey", "accountid", "commenterid", "useruuid", "memberid"),
    "email": ("email", "mail", "authoremail", "emailaddress", "useremail", "emailhash", "emailmd5", "mailmd5"),
    "avatar": ("avatar", "avatarurl", "authoravatar", "gravatar", "photo", "image"),
    "website": (
        "website", "authorurl", "homepage", "web", "site", "userurl", "authorwebsite", "blog", "authorlink", "weburl",
    ),
    "link": ("url", "link", "href", "permalink", "commenturl", "commentlink"),
    "date": (
        "date", "created", "createdat", "time", "timestamp", "published", "publishedat", "datetime", "dategmt",
        "posted", "postedat", "createdate", "createddate", "createdtime", "createtime", "creationdate", "createdon",
        "insertedat", "addedat", "added", "submittedat", "submitted", "pubdate", "publishdate", "posttime", "when",
        "ts", "fecha", "datum", "erstellt", "dataora", "时间", "日期", "日付",
    ),
    "edited": ("edited", "updated", "updatedat", "modified", "modifiedat", "editedat", "lastedited", "lastmodified"),
    "id": ("id", "commentid", "uid", "uuid", "key", "cid", "guid", "objectid", "number", "no", "nr"),
    "parent": (
        "replyingtouid", "replyto", "replyingto", "replytoid", "replyid", "replyingtoid", "inreplyto", "inreplytoid",
        "parentid", "parentcommentid", "parentuid", "parentkey", "parentcomment", "pid", "replytocomment",
        "replytocommentid", "respondsto", "responseto", "parent",
    ),
    "page": (
        "pageurl", "posturl", "pagepath", "postpath", "articleurl", "threadurl", "page", "permalinkpath", "uri",
        "postslug", "pageslug", "articleslug", "post", "article", "thread", "slug", "path", "entry", "postid",
        "pageid", "articleid", "threadid", "entryid", "postname", "pagename", "blogid",
    ),
    "title": ("posttitle", "pagetitle", "articletitle", "threadtitle"),
    "likes": ("likes", "like", "likecount", "likescount", "upvotes", "upvote", "ups", "thumbsup", "favorites"),
    "dislikes": ("dislikes", "dislike", "dislikecount", "downvotes", "downvote", "downs", "thumbsdown"),
    "score": ("score", "points", "votes", "karma"),
    "state": (
        "status", "state", "deleted", "isdeleted", "hidden", "ishidden", "approved", "isapproved", "pending",
        "ispending", "spam", "isspam", "visible", "ispublished",
    ),
    "role": ("isauthor", "byauthor", "ispostauthor", "postauthor", "isowner", "isadmin", "admin", "role"),
    "kind": ("type", "kind", "commenttype"),
    "stance": ("stance", "declared"),
    "open": ("open", "isopen", "commentsopen"),
}  # fmt: skip
"""What a field means, and the names that say so, best first, without case, spaces and signs. A leading "comment" is
left out too (`comment_author_email`)."""

REPLIES = frozenset(
    ("replies", "children", "comments", "answers", "responses", "childcomments", "subcomments", "nested", "childs")
)
"""Fields that may hold the replies to a comment."""

_MEANING = {name: meaning for meaning, names in SYNONYMS.items() for name in names}
_RANK = {name: i for names in SYNONYMS.values() for i, name in enumerate(names)}
_NEVER = frozenset(("ip", "authorip", "ipaddress", "remoteaddr", "useragent", "agent", "ua", "password", "token"))
_HTML = ("html", "rendered", "contenthtml", "bodyhtml")
_WORDS = ("text", "value", "raw", "markdown", "plain", "body", "content")
_NAMES = ("name", "displayname", "fullname", "username", "login", "nick", "nickname", "screenname", "handle", "title")
_ADDRESS = re.compile(r"[^\s@]{1,100}@[^\s@]{1,100}\.[a-zA-Z]{2,30}")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=[^:]*:[^:]*:)[0-9a-fA-F:.]{3,45}")
_DIGITS = re.compile(r"\d{9,16}(?:\.\d{1,9})?")
_SAMPLE = 5_000
NOTHING: Mapping[str, Any] = {}


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A field's name without case, spaces and signs; without "comment" before a name that says the same alone."""
    bare = "".join(filter(str.isalnum, name[:100].casefold()))
    rest = bare.removeprefix("comment")
    return rest if rest in _MEANING and bare not in _MEANING else bare


def meaning(name: str) -> str | None:
    """What a field of this name means, if that is known."""
    return _MEANING.get(normal(name))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of some records by meaning: `taken["text"]` are the fields to look for the words in, best first."""

    taken: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...] = ()
    own: frozenset[str] = field(default_factory=frozenset)
    """Meanings whose field the site named itself."""

    def first(self, record: Mapping[str, Any], what: str) -> Any:
        """What a record holds in the fields of a meaning: the first value that is one."""
        for name in self.taken.get(what, ()):
            value = record.get(name)
            if value not in (None, "", [], {}) and FITS.get(what, _anything)(value):
                return value
        return None

    def __str__(self) -> str:
        """For people: "text from `body`, author from `name`"."""
        shown = ("text", "author", "date", "id", "parent", "page")
        found = [f"{what} from {_quoted(self.taken[what][:2])}" for what in shown if self.taken.get(what)]
        return ", ".join(found) + (f"; not used: {_quoted(self.unused[:6])}" if self.unused else "")


def choose(records: Iterable[Mapping[str, Any]], *, named: Mapping[str, str] = NOTHING) -> Fields:
    """Which field of some records means what.

    Args:
        records: as many as there are; the first 5,000 are looked at.
        named: what the site says itself, by meaning; it is not checked.
    """
    held: Counter[str] = Counter()
    filled: dict[str, None] = {}
    for count, record in enumerate(records):
        if count == _SAMPLE:
            break
        for name, value in record.items():
            if not isinstance(name, str) or value in (None, "", [], {}):
                continue
            filled.setdefault(name)
            what = meaning(name)
            if what and FITS.get(what, _anything)(value):
                held[name] += 1
    taken: dict[str, tuple[str, ...]] = {}
    for what in SYNONYMS:
        fitting = [name for name in held if meaning(name) == what]
        # the field that most records have, and of those that as many have, the one with the better name
        fitting.sort(
            key=lambda name: (-held[name], _RANK[normal(name)]) if what != "parent" else (0, _RANK[normal(name)])
        )
        if what in named:
            fitting = [named[what], *(name for name in fitting if name != named[what])]
        if fitting:
            taken[what] = tuple(fitting)
    used = {name for names in taken.values() for name in names}
    unused = tuple(n for n in filled if n not in used and normal(n) not in REPLIES and normal(n) not in _NEVER)
    return Fields(taken, unused, frozenset(named))


def is_record(value: Any, *, named: Mapping[str, str] = NOTHING) -> bool:
    """Whether a value looks like a comment: words, and who wrote them or when. An article with a title is none.

    Where the site names the field of the words itself, whatever has such words is a comment.
    """
    if not isinstance(value, Mapping) or len(value) > 200:
        return False
    if "text" in named:
        return words(value.get(named["text"])) is not None
    names = {normal(name): name for name in value if isinstance(name, str)}
    if "title" in names and names.keys() & _ARTICLE:
        return False
    found = {what for bare, name in names.items() if (what := _MEANING.get(bare)) and _holds(what, value[name])}
    return "text" in found and bool(found & {"author", "date"})


_ARTICLE = frozenset(
    ("comments", "tags", "categories", "excerpt", "layout", "summary", "description", "cover", "draft")
)


def _holds(what: str, value: Any) -> bool:
    return value not in (None, "", [], {}) and FITS.get(what, _anything)(value)


def words(value: Any) -> tuple[str, bool] | None:
    """The words in a value, and whether they are certainly HTML: a string, or {"html": ...}, {"rendered": ...}."""
    if isinstance(value, str):
        return (value, False) if value.strip() else None
    inner = table(value)
    for name in (*_HTML, *_WORDS):
        if isinstance(said := inner.get(name), str) and said.strip():
            return said, name in _HTML
    return None


def person(value: Any) -> tuple[str | None, Mapping[str, Any]]:
    """A name, and the object that it stands in, if it stands in one."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, Mapping):
        return text(value), NOTHING
    bare = {normal(name): inner for name, inner in value.items() if isinstance(name, str)}
    return next((named for name in _NAMES if (named := text(bare.get(name)))), None), bare


def moment(value: Any, *, language: str | None = None) -> datetime | None:
    """A time: ISO 8601, words with a year, or seconds, milliseconds or microseconds since 1970; also as databases
    write it ({"$date": ...}, {"seconds": ...}). None for what is none."""
    for _ in range(3):
        if not isinstance(value, Mapping):
            break
        value = next((value[k] for k in ("$date", "$numberLong", "seconds", "_seconds", "iso") if k in value), None)
    if isinstance(value, str):
        value = value.strip()
        if not _DIGITS.fullmatch(value):
            return dates.parse(value, language=language)
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for unit in (1.0, 0.001, 0.000001):
        if 6e8 < value * unit < 4.2e9:  # 1989 to 2103
            return when(value, unit=unit)
    return None


def identity(value: Any) -> str | None:
    """An id: a string or a number, also {"$oid": ...}. A person's or a machine's address is none: it would be shown."""
    said = text(table(value).get("$oid")) if isinstance(value, Mapping) else text(value)
    return None if said and (address(said) or _IP.fullmatch(said.strip())) else said


def address(value: Any) -> str | None:
    """An e-mail address, if a value is one."""
    return value.strip() if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()) else None


def _is_name(value: Any) -> bool:
    name, _ = person(value)
    return name is not None and len(name) <= 200 and "\n" not in name.strip()


def _is_page(value: Any) -> bool:
    place = page(value)
    return bool(place) and len(place) <= 500 and not any(map(str.isspace, place.strip()))


def page(value: Any) -> str:
    """What a comment stands on: an address, a path, a slug or an id, also as an object that has one."""
    found = [value]
    if isinstance(value, Mapping):
        bare = {normal(name): inner for name, inner in value.items() if isinstance(name, str)}
        found = [bare.get(name) for name in ("url", "link", "permalink", "path", "slug", "uri", "key", "id")]
    return next((place for one in found if (place := identity(one))), "")


def _anything(value: Any) -> bool:
    return not isinstance(value, list)


FITS: Mapping[str, Any] = {
    "text": lambda value: words(value) is not None,
    "author": _is_name,
    "date": lambda value: moment(value) is not None,
    "edited": lambda value: moment(value) is not None,
    "id": lambda value: identity(value) is not None,
    "parent": lambda value: identity(value) is not None or isinstance(value, Mapping),
    "page": _is_page,
    "likes": lambda value: number(value) is not None,
    "dislikes": lambda value: number(value) is not None,
    "score": lambda value: number(value) is not None,
}
"""Whether a value can mean what its field's name says."""


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{''.join(c if c.isprintable() else '?' for c in name[:40])}`" for name in names)
