"""Breadth: how many voices there effectively are, and how many of them are new to the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mkdocs_echo_plugin.model import Breadth
from mkdocs_echo_plugin.stance.voices import VoiceOf
from mkdocs_echo_plugin.threads import FAR_PAST, Remark


def effective_voices(comments: Sequence[int]) -> float | None:
    """1 / sum(w^2) over the voices' shares of the comments: the Hill number of order 2 (Hill, 1973).

    From 1 (one voice writes all) to the number of voices (all write alike). None without comments.
    """
    total = sum(comments)
    return None if total == 0 else round(total * total / sum(c * c for c in comments), 9)


def breadth(voices: Sequence[VoiceOf], remarks: Sequence[Remark], first_seen: Mapping[str, datetime] | None) -> Breadth:
    """First-time voices and the effective number of voices; those whom the venue does not name are left out.

    Args:
        first_seen: for each author key its first comment on the whole site; None where only this thread is known.
    """
    named = [v for v in voices if v.voice.key is not None and v.places]
    first_time = None
    if first_seen is not None:
        arrived = [(v.voice.key, min(remarks[i].comment.created or FAR_PAST for i in v.places)) for v in named]
        first_time = sum(here > FAR_PAST and first_seen.get(key or "") == here for key, here in arrived)
    return Breadth(first_time, effective_voices([len(v.places) for v in named]))
