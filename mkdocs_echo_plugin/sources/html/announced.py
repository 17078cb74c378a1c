"""What a page says of its comments besides showing them: how many there are, more elsewhere, none, or no longer any.

Looked for in the page's text: these words stand in headings, links and forms that no walker reads.
"""

from __future__ import annotations

import re
from itertools import islice

from mkdocs_echo_plugin.sources.html.page import Page

_MOST = 20
_CLOSED = re.compile(
    r"class\s*=\s*[\"'][^\"'<>]*\b(?:no-?comments|nocomments|comments-?closed|comment-closed|closed-comments)\b"
    r"|>\s*(?:(?:sorry, )?(?:the )?comments (?:are|have been) (?:now )?closed"
    r"|(?:die )?kommentar(?:e|funktion) (?:sind|ist) geschlossen|les commentaires sont (?:fermés|clos)"
    r"|los comentarios están cerrados|os comentários estão (?:fechados|encerrados)|i commenti sono chiusi)",
    re.I,
)
_KNOWN_FORM = re.compile(r"\b(?:id|class)\s*+=\s*+[\"']?(?:commentform|respond|comment-respond)\b", re.I)
_FORM = re.compile(
    r"\bid\s*+=\s*+[\"']?(?:comment-form|reply-form|comments)\b|<form\b[^<>]{0,500}?comment|<textarea\b[^<>]{0,300}?comment",
    re.I,
)
_NONE = re.compile(
    r">\s*+(?:\(?(?:no|0|zero) (?:comments?|responses?|replies|reactions)|be the first (?:to|one)|"
    r"there are (?:currently )?no comments|(?:noch |bisher )?keine kommentare|(?:aucun|0) commentaire|"
    r"pas encore de commentaire|(?:sin|no hay|0) comentarios|(?:nenhum|sem|0) coment[aá]rio|(?:nessun|0) comment[io]|"
    r"(?:nog )?geen reacties|brak komentarzy|нет комментариев|暂无评论|还没有评论|コメントはまだ|댓글이 없)",
    re.I,
)
_EMPTY_LIST = re.compile(r"<([ou]l)\b[^<>]{0,300}>\s*+</\1>", re.I)
_SECTION = re.compile(r"\bid\s*+=\s*+[\"']?comments?(?:list)?\b", re.I)
_PAGES = re.compile(
    r"<(?:nav|div|p|ul)\b[^<>]{0,300}\bclass\s*+=\s*+[\"'][^\"'<>]{0,300}\b(?:comments?-(?:pagination|navigation|nav|pager)|"
    r"commentnav|wp-block-comments-pagination)\b",
    re.I,
)
_AFTER_BAR = re.compile(r"</nav\b|<ol\b|<form\b|\bid\s*+=\s*+[\"']?(?:respond|(?:li-|div-)?comment-\d)", re.I)
_HEADING = re.compile(
    r"<(?:h[1-6]|div|p|span|a|button)\b[^<>]{0,300}?\b(?:class|id)\s*+=\s*+[\"'][^\"'<>]{0,300}?\b(?:comments?-title|"
    r"comments?-heading|comments?[-_]count|comments?[-_]total|comments?[-_]showing|(?:load|show)-more-comments|"
    r"comments?-(?:load-)?more|wp-block-comments-title)\b[^<>]{0,200}>",
    re.I,
)
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d{1,6}"
_COUNT = re.compile(rf"(?<![\w.,])({_NUMBER})(?!\w)")
_PART = rf"(?<![\w.,])(?:{_NUMBER})\s{{1,3}}(?:of|out of|von|sur|de|di|van|av|af|из|z)\s{{1,3}}({_NUMBER})"
_OF = re.compile(rf"{_PART}(?!\w)", re.I)
_SHOWN = re.compile(
    rf"{_PART}\s{{1,3}}(?:total )?(?:comments|replies|responses|reactions|kommentare|commentaires|réactions|"
    r"comentarios|comentários|commenti|reacties|komentarzy)\b",
    re.I,
)
_MORE = re.compile(
    r"<(?:a|button)\b[^<>]{0,500}>\s*+(?:<(?:span|b|i|strong)\b[^<>]{0,200}>\s*+)?"
    r"(?:(?:show|load|view|see|read|display)\s(?:all\s|the\s|\d{1,6}\s){0,2}(?:more|older|remaining|other)\s"
    r"(?:comments|replies|responses)\b|weitere kommentare (?:anzeigen|laden)|"
    r"(?:afficher|voir) (?:plus de|les autres) (?:commentaires|réactions)|"
    r"(?:ver|cargar|mostrar|carregar) (?:más|mais) coment[aá]rios)",
    re.I,
)
_NEAR = re.compile(r"comment|kommentar|coment|réaction|repl(?:y|ies)|respons|reacties", re.I)
_ENDS = re.compile(r"</(?:h[1-6]|div|p|a|button)\b")
_TAGS = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")


def is_closed(page: Page) -> bool:
    """Whether the page says that comments are closed."""
    return bool(_CLOSED.search(page.html))


def has_none(page: Page) -> bool:
    """Whether the page, which shows no comment, says that there is none: in words, by an empty list, by a form alone.

    The form alone tells it only where it is WordPress', whose comments would have been found.
    """
    html = page.html
    section = _SECTION.search(html)
    empty = section is not None and _EMPTY_LIST.search(html, section.start(), section.start() + 3000) is not None
    return bool(empty or _NONE.search(html) or _KNOWN_FORM.search(html) or is_closed(page))


def has_form(page: Page) -> bool:
    """Whether the page has a place for comments."""
    return bool(_FORM.search(page.html))


def is_paged(page: Page) -> bool:
    """Whether there is a link to another page of comments, or to more of them: an empty bar for links is common."""
    for bar in islice(_PAGES.finditer(page.html), _MOST):
        inside = _AFTER_BAR.split(page.html[bar.end() : bar.end() + 4000], maxsplit=1)[0]
        if re.search(r"comment-page-\d|[?&;]cpage=\d", inside):
            return True
    return bool(_MORE.search(page.html))


def counted(page: Page) -> int | None:
    """How many comments the page says that it has: "3 of 1,333 comments", else the number in the comments' heading."""
    if shown := _SHOWN.search(_words(page)):
        return _value(shown[1])
    for heading in islice(_HEADING.finditer(page.html), _MOST):
        inside = _ENDS.split(page.html[heading.end() : heading.end() + 400], maxsplit=1)[0]
        words = _TAGS.sub(" ", inside)
        if number := _OF.search(words) or _COUNT.search(words):
            return _value(number[1])
    return None


def _value(number: str) -> int:
    return int(re.sub(r"[.,]", "", number))


def _words(page: Page) -> str:
    """The page's text around what may count its comments, without tags."""
    places = islice(_NEAR.finditer(page.html), 2000)
    found = [page.html[max(0, place.start() - 150) : place.end() + 60] for place in places]
    return _SPACES.sub(" ", _TAGS.sub(" ", " | ".join(found)))
