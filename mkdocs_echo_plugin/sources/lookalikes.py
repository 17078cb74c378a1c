"""Names that look the same to a reader are one name: what is invisible goes, and look-alike letters become one letter.

A table of the letters that matter in names, after Unicode's confusables (UTS #39): Cyrillic and Greek beside Latin.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

NOBODY = (
    "(an? )?(anonymous|anon|guest|visitor)( user| coward)?|unknown|no name|anonym|anonymer( benutzer)?|gast|besucher|"
    "unbekannt|anonyme|invitée?|visiteur|inconnu|anónim[oa]|invitad[oa]|visitante|anônim[oa]|convidad[oa]|anonim[oa]?|"
    "ospite|anoniem|bezoeker|anonymt|gäst|gjest|gæst|vieras|gość|аноним|гость|анонім|гість|匿名(用户|用戶|者)?|访客|訪客|"
    "游客|遊客|名無し(さん)?|ゲスト|손님|익명|مجهول|زائر|אנונימי|אורח|misafir|konuk|"
    r"\[(deleted|removed)\]|deleted( user| account)?"
)
"""Names that name nobody, casefolded and whole, as a pattern; each such comment is a voice of its own."""

_LOOKS_LIKE: Final = str.maketrans(
    dict(
        zip(
            "АВЕЅІЈКМНОРСТУХҮԌԚԜҺӀаверсоіјкмнтухѕԁһӏԛԝүѵ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεζηικμνορτυχϲϳ" + "ıɑɡιⅼ∣ǀ",
            "ABESIJKMHOPCTYXYGQWHlabepcoijkmhtyxsdhlqwyv" + "ABEZHIKMNOPTYXabezhikmnoptyxcj" + "iagilll",
            strict=True,
        )
    )
)
_INVISIBLE: Final = re.compile("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_INSIDE: Final = re.compile(r"(?<=[a-z])(?<!\b[Mm]c)(?<!\b[Mm]ac)[I1|]+(?=[a-z])|(?<=[a-z])0+(?=[a-z])")


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """The name as the eye reads it, without case and punctuation; "" where nothing of it can be read.

    >>> skeleton("M\\u0430ll\\u200bory.") == skeleton("Ma\\u00adlIory") == "mallory"
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", name[:1000]).split())
    if not text.isascii() or not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Cn", "Co"))
        text = _INVISIBLE.sub("", text).translate(_LOOKS_LIKE)
    text = _INSIDE.sub(lambda found: ("o" if found[0][0] == "0" else "l") * len(found[0]), text)
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())[:300]
