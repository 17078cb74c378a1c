"""What people say of themselves: a tag on the first line of a comment, and the site's own file of corrections."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Stance, Tags, Thread

__all__ = ["USUAL", "Tags", "declared", "heard", "load_overrides", "override_key"]

_FORM = "PLATFORM:THREAD#COMMENT"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff\ufe0f"

USUAL = Tags()
"""The tags of a site that names none."""


@lru_cache(maxsize=32)
def _patterns(tags: Tags) -> tuple[tuple[Stance, re.Pattern[str]], ...]:
    listed: tuple[tuple[Stance, tuple[str, ...]], ...] = (
        ("disagree", tags.disagree),
        ("agree", tags.agree),
        ("neutral", tags.neutral),
    )
    return tuple(
        (stance, re.compile("|".join(map(_pattern, words)), re.IGNORECASE)) for stance, words in listed if words
    )


def _pattern(tag: str) -> str:
    word = re.escape(tag.strip().rstrip(":"))
    if re.search(r"\w", tag) is None:  # an emoji: only alone
        return rf"{word}[{_SKIN_TONES}]*[.!]*\Z"
    if re.search(r"[^\W\d_]", tag) is None:  # a sign with a figure: only alone ("+1 for Bag" means something else)
        return rf"{word}[.!]*\Z"
    return rf"{word}\s*(?::|[.!]*\Z)"


def declared(text: str, tags: Tags = USUAL) -> Stance | None:
    """The stance that the first line of a comment declares, or None.

    Quoted lines ("> ...") and blank ones before it are skipped; Markdown emphasis around the tag does not matter
    (`**Agree:**`, `_Agree:_`). Only the tag counts: "Agree to disagree ..." declares nothing, nor does a tag inside
    quotation marks, code or struck out.
    """
    line = _first_line(text)
    for stance, pattern in _patterns(tags):
        if pattern.match(line):
            return stance
    return None


def heard(text: str, tags: Tags = USUAL) -> str | None:
    """What a comment that begins with "Heard:" relays of somebody outside, on one line; None for any other.

    It is listed as an outside view, and is nobody's stance.
    """
    line = _first_line(text)
    for tag in tags.heard:
        match = re.match(rf"{re.escape(tag)}\s*:\s*", line, re.IGNORECASE)
        if match:
            after = text[text.find(":", text.lower().find(tag.lower())) + 1 :]
            return " ".join(re.sub(r"[*_]{2,}", "", after[:20_000]).split()) or None
    return None


def _first_line(text: str) -> str:
    """The first line that a commenter wrote, without emphasis; "" where it is code or struck out."""
    lines = (line.strip() for line in text[:20_000].splitlines())
    first = next((line for line in lines if line and not line.startswith((">", "&gt;"))), "")[:200]
    if first.startswith(("`", "~~", "<del", "<s>", "<code")):
        return ""
    # "**Agree:** because": emphasis marks go wherever they touch the tag
    return re.sub(r"[*_]+", "", first).strip()


def override_key(thread: Thread, comment_id: str) -> str:
    """A comment's key in the file of corrections, `PLATFORM:THREAD#COMMENT`: bare ids stand in other threads, too."""
    return f"{thread.platform}:{thread.key or thread.page_url or thread.source_url or ''}#{comment_id}"


def load_overrides(path: Path | str) -> dict[str, Stance]:
    """The stances that a site sets by hand, by `PLATFORM:THREAD#COMMENT`, from a YAML file of such lines.

    Raises:
        ConfigurationError: not readable, no such mapping, an unknown stance, an id named twice; with file and line.
    """
    import yaml

    path = Path(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigurationError(f"{path}: cannot be read ({reason}). Mend the path in stance.overrides.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or "not YAML"
        raise ConfigurationError(f"{where}: {problem}. Write one `PLATFORM:THREAD#COMMENT: stance` a line.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: nested too deeply. Write one `{_FORM}: stance` a line.") from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ConfigurationError(f"{path}, line {root.start_mark.line + 1}: expected `{_FORM}: stance` lines.")
    stances: dict[str, Stance] = {}
    for key, value in root.value:
        where = f"{path}, line {key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise ConfigurationError(f"{where}: expected `PLATFORM:THREAD#COMMENT: agree`, neutral or disagree.")
        if key.value in stances:
            raise ConfigurationError(f"{where}: comment {key.value!r} is named twice. Keep one of the two lines.")
        stance = value.value.strip().lower()
        if stance not in ("agree", "neutral", "disagree"):
            raise ConfigurationError(f"{where}: {value.value!r} is no stance. Write agree, neutral or disagree.")
        stances[key.value] = stance
    return stances
