"""Who wrote a comment: the name in an element that holds it, without what themes put around it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.sources.formats import dates
from mkdocs_echo_plugin.sources.html.page import classes, tags, text_of

if TYPE_CHECKING:
    from bs4 import Tag

_WORD = re.compile(r"[a-z]+")
_JOINED = re.compile(r"comments?")
"""Some run their words together: `commentinfo`."""
NO_WORDS = frozenset(("form", "button", "script", "style", "noscript", "time", "nav", "input", "textarea", "label"))
SAYS = re.compile(
    r"(?<![\s,])[\s,]*+\b(?:says?|said|wrote|writes|sagte?|hat gesagt|schreibt|schrieb|meinte?|dijo|dice|escribió|"
    r"comentó|a (?:dit|écrit)|dit|disse|diz|escreveu|scrive|ha scritto|ha detto|zegt|schreef|napisał\(?a?\)?|"
    r"пишет|говорит|permalink)\s*+(?:[:.…]++\s*+)?$",
    re.I,
)
_BY = re.compile(
    r"^(?:(?:comment(?:ed)?|posted|written|submitted|left|kommentar|geschrieben|verfasst|commentaire|soumis|publié|envoyé|"
    r"écrit|comentario|comentário|enviado|escrito|publicado|commento|inviato|scritto|geplaatst|geschreven)\s+"
    r"(?:by|from|von|par|por|de|di|da|door)|by|from|(?:von|par|por|de|di|door):)(?:\s*+:\s++|\s++)(?=\S)",
    re.I,
)
BYLINE = re.compile(
    r"(?:posted|submitted|comment(?:ed)?|written|left|soumis|publié|envoyé|écrit|posté|verfasst|geschrieben|kommentar|"
    r"enviado|escrito|publicado|inviato|scritto|geplaatst|geschreven)\s{1,5}(?:by|from|par|von|por|da|di|door)\b",
    re.I,
)
"""How a line begins that says who wrote a comment."""
"""A bare "de" or "von" begins many a name."""
_ON = re.compile(r"(?<![\s,])[\s,]++(?:am|on|at|um|le|el|em|il|op|den|the)(?:\s++\w{2,12}+\.?+)?+[\s,]*+$", re.I)
_NOT_NAMES = frozenset(
    ("says", "reply", "edit", "avatar", "date", "time", "metadata", "badge", "meta", "screen", "sr", "moderation")
)
PICTURES = frozenset(("avatar", "gravatar", "pic", "picture", "photo", "image", "profile", "thumb"))
LINES = frozenset(
    ("p", "span", "div", "small", "em", "i", "strong", "b", "h3", "h4", "h5", "h6", "cite", "dt", "address", "td")
)  # fmt: skip
"""Elements that may be a line of their own."""
_LABELS = re.compile(
    r"^(?:view |see |user |my )?(?:profile?|profil|perfil|profilo|avatar|reply|permalink|link|member)$", re.I
)
"""Words of a link that are nobody's name."""
_VERIFIED = re.compile(
    r"\((?:not verified|non vérifié|nicht überprüft|no verificado|niet gecontroleerd|não verificado)\)", re.I
)
_ROLE = re.compile(r" \[[^\[\]]{1,20}\]$")
_LONGEST_NAME = 100
_MOST_IN_NAME = 60
"""Elements that are looked at around a name."""


def words_of(tag: Tag) -> set[str]:
    """An element's classes in lower case, and the words that they are made of."""
    found: set[str] = set()
    for token in classes(tag):
        token = token.lower()
        found.add(token)
        found.update(part for word in _WORD.findall(token) for part in (word, *_JOINED.split(word)) if part)
    return found


def clean_name(tag: Tag, inner: set[int]) -> str | None:
    """The name in an author's element, without "says", dates and what else stands there."""
    for place in _closer(tag):
        near = islice(tags(place), _MOST_IN_NAME)
        skip = {id(t) for t in near if t.name in NO_WORDS or t.name == "img" or words_of(t) & _NOT_NAMES}
        lines = text_of([place], skip | inner).split("\n")
        name = " ".join(next((line for line in lines if line.strip("> -`")), "").split()).strip("`")[:300]
        if (found := dates.span(name)) is not None:
            name = _ON.sub("", name[: found[0]])
        name = _BY.sub("", SAYS.sub("", name.strip(" \t:,;|·•–—-/@")), count=1).strip(" :,|·•–—")
        name = _VERIFIED.sub("", name.partition(" | ")[0]).strip(" :,|·•–—")
        name = _ROLE.sub("", name)
        if 0 < len(name) <= _LONGEST_NAME and any(map(str.isalpha, name)) and not _LABELS.match(name):
            return name
    return None


def _closer(tag: Tag) -> list[Tag]:
    """Where in an author's element the bare name stands, if it is marked there, then the element itself."""
    below = list(islice(tags(tag), _MOST_IN_NAME))
    for given in (
        [t for t in below if "fn" in classes(t)],
        [t for t in below if "url" in classes(t)],
        [t for t in below if t.name in ("cite", "strong", "b")],
    ):
        if given:
            return [given[0], tag]
    return [tag]
