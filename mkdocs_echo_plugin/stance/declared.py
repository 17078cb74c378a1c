"""What people say of themselves: a tag on the first line of a comment, and the site's own file of corrections."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Stance, Tags

__all__ = ["USUAL", "Tags", "declared", "load_overrides"]

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
    if re.search(r"[^\W\d_]", tag) is None:  # a sign with a figure: not +10, +1-555, -1.5, +1st, +1% or -1 + 2
        return rf"{word}(?=[.,:;!)]*(?:\s+(?![\d%°=+*/-])|\Z))"
    return rf"{word}\s*(?::|[.!]*\Z)"


def declared(text: str, tags: Tags = USUAL) -> Stance | None:
    """The stance that the first line of a comment declares, or None.

    Quoted lines ("> ...") and blank ones before it are skipped; Markdown emphasis around the tag does not matter
    (`**Agree:**`, `_+1_`). Only the tag counts: "Agree to disagree ..." declares nothing.
    """
    line = next(
        (line for line in text[:20_000].splitlines() if line.strip() and not line.lstrip().startswith(">")),
        "",
    )
    line = line.strip()[:200]
    # "**Agree:** because": emphasis marks go wherever they touch the tag
    line = re.sub(r"[*_`~]+", "", line).strip()
    for stance, pattern in _patterns(tags):
        if pattern.match(line):
            return stance
    return None


def load_overrides(path: Path | str) -> dict[str, Stance]:
    """The stances that a site sets by hand, by comment id, from a YAML file `comment id: agree|neutral|disagree`.

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
        raise ConfigurationError(f"{where}: {problem}. Write one `comment id: stance` a line.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: nested too deeply. Write one `comment id: stance` a line.") from error
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise ConfigurationError(f"{path}, line {root.start_mark.line + 1}: expected `comment id: stance` lines.")
    stances: dict[str, Stance] = {}
    for key, value in root.value:
        where = f"{path}, line {key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise ConfigurationError(f"{where}: expected `comment id: agree`, neutral or disagree.")
        if key.value in stances:
            raise ConfigurationError(f"{where}: comment {key.value!r} is named twice. Keep one of the two lines.")
        stance = value.value.strip().lower()
        if stance not in ("agree", "neutral", "disagree"):
            raise ConfigurationError(f"{where}: {value.value!r} is no stance. Write agree, neutral or disagree.")
        stances[key.value] = stance
    return stances
