"""Which comments ask something that somebody should answer: by their form, English only."""

from __future__ import annotations

import re
from typing import Final, Literal

from mkdocs_echo_plugin.threads import count_words

_READ: Final = 20_000  # characters
_LONG: Final = 120
_AFTER: Final = 30
"""Words of a comment, and words that follow a question in it, past which the question is part of an argument."""

_QUOTED: Final = re.compile(r"[\"\u201c\u00ab][^\"\u201c\u201d\u00ab\u00bb\n]{1,400}[\"\u201d\u00bb]")
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
_ASIDE: Final = re.compile(
    r"^\W{0,20}(?:(?:many |much )?thank\w{0,9}|thx|ty|tia|cheers|regards|best|sincerely|great (?:post|article|work)"
    r"|nice (?:post|article)|keep up|love (?:the|your|this)|p\.?s\b|hope|please|sorry|let me know"
    r"|just a thought|just curious)",
    re.IGNORECASE,
)
_OPENS: Final = (
    r"(?:how|what|which|where|when|who|why|is|are|was|were|do|does|did|can|could|would|will|should|has|have|had|may"
    r"|might|any|anyone|anybody|isn't|aren't|don't|doesn't|didn't|can't|couldn't|wouldn't|won't|shouldn't|haven't|hasn't)"
)
_ASKS: Final = re.compile(
    r"(?:^|[,:;(\u2013\u2014-]\s*|\b(?:and|but|or|so|also|hi|hello|hey|ok|btw|question|wondering|first|second|then|now"
    rf"|however|too|well)\b[\s,:-]*){_OPENS}\b",
    re.IGNORECASE,
)
_YOU: Final = r"(?:you|u|anyone|anybody|someone|somebody)"
_PLEA: Final = re.compile(
    r"\b(?:any(?:one|body)? (?:ideas?|suggestions?|thoughts|clues?|pointers|advice|help|tips|hints?|plans?|luck"
    r"|solutions?|workarounds?)"
    rf"|(?:can|could|would|will) {_YOU}(?: please| kindly| perhaps| possibly| maybe)? (?:\w+ )?(?:tell|explain|help"
    r"|show|share|post|give|elaborate|point|provide|clarify|send|suggest|write|recommend|describe|expand)"
    rf"|(?:do|does|did|have|has|are) {_YOU} (?:know|have|had|tried|try|use|used|plan|planning|find|got|going|thought"
    r"|considered|recommend|happen)"
    r"|how (?:do|can|could|would|should|did) (?:i|we|you|it|this|that|they|one)\b|(?:is|are) there (?:a|an|any|some)\b"
    r"|am i (?:missing|doing|wrong|the only)|what am i)\b",
    re.IGNORECASE,
)
_PLEA_UNMARKED: Final = re.compile(
    r"^\W*(?:\w+\W+){0,4}any(?:one|body)? (?:ideas?|suggestions?|clues?|pointers|advice|tips|hints?|plans?|solutions?"
    r"|workarounds?)\b"
    r"|\b(?:help|advice|suggestions?|pointers?) (?:would be|is|are|will be|shall be)"
    r" (?:much |greatly |highly |very )?appreciated\b"
    r"|\b(?:please|pls|plz) (?:help|explain|tell|advise|share|send)\b|^\W*am i (?:missing|doing)\b"
    r"|\bi (?:was |am |do )?(?:just )?wonder(?:ing)? (?:if|how|why|whether|which) (?!i\b|he\b|they\b|people\b|it\b)"
    r"|^\W*(?:(?:hi|hello|hey|so|and|but)\W+(?:\w+\W+)?)?"
    rf"(?:how (?:do|can|to)|(?:can|could|would) {_YOU} (?:please )?(?:tell|explain|help|show|share|post|send|provide)"
    r"|may i|where can i|do you (?:know|have))\b",
    re.IGNORECASE,
)
_RHETORIC: Final = re.compile(
    r"\b(?:are we (?:all|really)|who(?:'s| is) to say|what(?:'s| is) (?:wrong|up) with|what does that (?:say|tell)"
    r"|is (?:this|that|it) really|do we really|do you really|does anyone really"
    r"|why (?:would|should|must|does|do) (?:i|we|anyone|everyone|anybody|everybody|people|someone)"
    r"|how (?:many|much) (?:of|people|developers|times)|didn't i|haven't we"
    r"|how about (?:a|an|the|making|having|using|we|you|just)|heard of|can't we|must we|shouldn't (?:we|it|they|you)"
    r"|isn't that|wasn't that)\b"
    r"|^\W*(?:really|seriously|right|huh|no|yes|so what|who (?:cares|knows|needs|would|wants)"
    r"|why (?:not|bother|on earth|would any(?:one|body)|should i|do people)"
    r"|what(?:'s| is) the (?:point|big deal|difference anyway)|isn't (?:it|that|this)|aren't (?:we|they)"
    r"|how (?:hard|difficult|many times|can any(?:one|body)|dare)|ever (?:heard|tried|noticed)|need i|guess what|get it"
    r"|see|you know|know what|wouldn't it be (?:nice|great|better)|why don't we|doesn't (?:it|that|this)"
    r"|don't you think|am i right|ok|okay|eh)\b"
    r"|\bor (?:what|something|am i)\s*\?"
    r"|,\s*(?:right|no|eh|huh|isn't it|aren't they|don't you think|yes|ok)\s*\?+\s*$|\?!|!\?|\?\?\?+",
    re.IGNORECASE,
)
_SMILED: Final = re.compile(r"\?\s*(?:[:;]-?[)DpP]|\u263a|[\U0001f600-\U0001f606\U0001f923])")
_JOKES: Final = re.compile(
    r"(?:[:;]-?[)DpP]|\b(?:lol|haha\w*|hehe\w*|rofl|lmao|jk)\b|\u263a|[\U0001f600-\U0001f606\U0001f923])",
    re.IGNORECASE,
)


def asking(words: str) -> Literal["plea", "form"] | None:
    """Whether, and how plainly, a comment asks something that somebody should answer.

    A sentence with a question mark counts where it is the comment's last (thanks and greetings after it aside), or
    where it has an interrogative form and little follows; so does a plea without the mark ("any help would be
    appreciated"). Not: rhetorical questions, jokes, questions that the writer goes on to answer, and what stands in
    quotation marks.

    Args:
        words: a comment's own words, without quoted lines, code and links (`threads.own_words`).

    Returns:
        `plea` where it asks somebody for something ("does anyone know ..."), `form` where only its form asks.
    """
    text = _QUOTED.sub(" \u2026 ", words[:_READ].replace("\u2019", "'"))
    text = _SMILED.sub(" haha ", text)
    sentences = [s.strip() for s in _SENTENCE.findall(text) if re.search(r"\w", s)]
    if not sentences:
        return None
    last = len(sentences) - 1
    while last > 0 and _ASIDE.search(sentences[last]) and "?" not in sentences[last]:
        last -= 1
    brief = count_words(text) <= _LONG
    found: Literal["form"] | None = None
    for at, sentence in enumerate(sentences):
        if _JOKES.search(sentence):
            continue
        if "?" in sentence:
            if _RHETORIC.search(sentence):
                continue
            pleads = _PLEA.search(sentence) is not None
            after = sum(count_words(s) for s in sentences[at + 1 : last + 1])
            ends = at >= last and (brief or pleads)
            formed = after <= _AFTER and brief and (pleads or _ASKS.search(sentence) is not None)
            if (ends or formed) and pleads:
                return "plea"
            found = "form" if ends or formed else found
        elif at >= last - 1 and brief and _PLEA_UNMARKED.search(sentence):
            return "plea"
    return found


def quotations(words: str, quoted: str) -> list[str]:
    """What a comment quotes, folded, for finding whom it answers: its quoted lines, what stands in quotation marks."""
    spans = [*quoted.split("\n"), *(m[1:-1] for m in _QUOTED.findall(words[:_READ]))]
    return [" ".join(span.casefold().split()).strip(" .\u2026") for span in spans if span.strip()]
