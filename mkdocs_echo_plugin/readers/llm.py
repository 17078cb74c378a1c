"""`stance: {reader: llm, url: ..., model: ...}`: a language model of the site's own choice says how comments stand.

Any server with OpenAI's chat interface: Ollama, llama.cpp or vLLM on this machine, or a hosted one. One question a
comment, so that an answer can change nobody else's stance; what it said is kept: no comment is asked about twice.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from mkdocs_echo_plugin.build_cache import Table, fingerprint
from mkdocs_echo_plugin.cache_files import CacheFiles
from mkdocs_echo_plugin.errors import ConfigurationError, SourceError
from mkdocs_echo_plugin.model import Probabilities
from mkdocs_echo_plugin.readers.llm_prompt import VERSION, messages, stance_in
from mkdocs_echo_plugin.stance.reader import Spoken, Task, ToRead

if TYPE_CHECKING:
    from mkdocs_echo_plugin.readers import Surroundings
    from mkdocs_echo_plugin.sources.http.client import Client, Token

KEY: Final = "ECHO_LLM_KEY"
SECONDS: Final = 120.0
"""For one answer: a model on a laptop may take a minute."""
MAX_ANSWER: Final = 200_000
AT_ONCE: Final = 4
BAR_FROM: Final = 4
_PATH: Final = "/chat/completions"

_SHARES: Final = Probabilities(0.135, 0.648, 0.217)
_RIGHT, _WRONG = 0.8, 0.1
"""What a model's word is worth: it is taken to be right for four of five, whatever the stance. Nobody has measured the
model that a site chooses; `review` measures it on the site's own comments."""


@dataclass(frozen=True)
class Llm:
    """The reader. `url` is the server's, with or without /chat/completions; `max_comments` a build asks about."""

    name: ClassVar[str] = "llm"
    title: ClassVar[str] = "a language model behind an OpenAI-compatible server"
    needs: ClassVar[str] = f"url, model; a key in {KEY} if the server wants one"
    pi: ClassVar[Mapping[Task, Probabilities]] = {"top": _SHARES, "reply": _SHARES}

    url: str
    model: str
    max_comments: int = 500
    _run: _Run | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not re.match(r"https?://[^/\s]", str(self.url)):
            raise ValueError(f"option 'url': '{self.url}' is no http or https address.")
        if not str(self.model).strip():
            raise ValueError("option 'model' is empty. Name the model as the server calls it.")
        if isinstance(self.max_comments, bool) or not isinstance(self.max_comments, int) or self.max_comments < 0:
            raise ValueError(f"option 'max_comments': {self.max_comments!r} is no number of comments.")

    def placed(self, where: Surroundings) -> Llm:
        """The reader with what one build needs: the network as this site uses it, and what is known already."""
        return replace(self, _run=_Run(self, where))

    @property
    def unread(self) -> int:
        """Comments without an answer in this build."""
        return self._run.unread if self._run else 0

    def close(self) -> tuple[str, ...]:
        """Keeps the answers; one line on what was not read, if anything."""
        return self._run.close() if self._run else ()

    def read(self, items: Sequence[ToRead]) -> list[Probabilities | None]:
        """Comments without their threads: each with what it answers alone."""
        found = self.read_thread(dict(enumerate(items)), (), title="", post="")
        return [found.get(i) for i in range(len(items))]

    def read_thread(
        self, items: Mapping[int, ToRead], thread: Sequence[Spoken], *, title: str, post: str
    ) -> Mapping[int, Probabilities | None]:
        """One question a comment, the others of its thread beside it."""
        if self._run is None:
            raise ConfigurationError("stance.reader: llm reads the posts of a site. Choose another reader here.")
        whole = {i: replace(item, title=title or item.title, post=post or item.post) for i, item in items.items()}
        return {i: None if said is None else _probabilities(said) for i, said in self._run.ask(whole, thread).items()}


def _probabilities(said: str) -> Probabilities | None:
    """What a word of the model is worth by Bayes' rule; None for "unknown"."""
    if said not in Probabilities._fields:
        return None
    odds = [share * (_RIGHT if name == said else _WRONG) for name, share in _SHARES._asdict().items()]
    return Probabilities(*(part / sum(odds) for part in odds))


class _Run:
    """One build's questions: from the cache, else over the network, as long as the budget lasts."""

    def __init__(self, reader: Llm, where: Surroundings) -> None:
        from mkdocs_echo_plugin.sources.http.client import Client, Token

        parts = urlsplit(reader.url)
        self.address = reader.url if parts.path.rstrip("/").endswith(_PATH) else reader.url.rstrip("/") + _PATH
        self.reader = reader
        self.unread = self.asked = 0
        self.faults: dict[str, int] = {}
        self.lock = Lock()
        self.known = Table(CacheFiles(where.cache_dir).answers)
        self.offline = where.network.offline
        host = (parts.hostname or "").casefold()
        network = replace(
            where.network, named=(reader.url,), hosts=frozenset({host}), timeout=SECONDS, limit=MAX_ANSWER,
            host_seconds=3600.0, attempts=2,
        )  # fmt: skip
        self.client: Client = Client(network)
        key = os.environ.get(KEY, "").strip()
        place = f"{host}:{parts.port}" if parts.port else host
        self.token: Token | None = Token(key, host=place) if key else None

    def ask(self, items: Mapping[int, ToRead], thread: Sequence[Spoken]) -> dict[int, str | None]:
        names = {i: self._name(item) for i, item in items.items()}
        found: dict[int, str | None] = {i: self._kept(name) for i, name in names.items()}
        missing = [i for i, said in found.items() if said is None]
        room = 0 if self.offline else max(self.reader.max_comments - self.asked, 0)
        asking, left = missing[:room], missing[room:]
        self._miss("offline" if self.offline else "the budget", len(left))
        self.asked += len(asking)
        for i, said in zip(asking, self._answers([messages(items[i], thread, i) for i in asking]), strict=True):
            found[i] = said
            if said is not None:
                self.known.keep(names[i], said)
        return found

    def _name(self, item: ToRead) -> str:
        """A comment is asked about once, whatever is said around it later."""
        return fingerprint(VERSION, self.address, self.reader.model, item)

    def _kept(self, name: str) -> str | None:
        said = self.known.get(name)
        return said if said in ("agree", "neutral", "disagree", "unknown") else None

    def _answers(self, questions: Sequence[tuple[str, list[dict[str, str]]]]) -> Iterable[str | None]:
        if not questions:
            return []
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(_shown(pool.map(self._answer, questions), len(questions), self.reader.model))

    def _answer(self, question: tuple[str, list[dict[str, str]]]) -> str | None:
        mark, said = question
        body = {
            "model": self.reader.model, "messages": said, "temperature": 0, "stream": False,
            "response_format": {"type": "json_object"},
        }  # fmt: skip
        try:
            answer = self.client.post(self.address, json=body, token=self.token)
            return stance_in(_content(answer.body), mark)
        except SourceError as error:
            self._miss(str(error), 1)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            self._miss("the model's answer was not the JSON that it was asked for.", 1)
        return None

    def _miss(self, why: str, many: int) -> None:
        if many:
            with self.lock:
                self.unread += many
                self.faults[why] = self.faults.get(why, 0) + many

    def close(self) -> tuple[str, ...]:
        self.client.__exit__()
        self.known.close(complete=False)
        self.faults.pop("offline", None)
        if not self.faults:
            return ()
        many = sum(self.faults.values())
        why = max(self.faults, key=lambda reason: (self.faults[reason], reason))
        if why == "the budget":
            why = f"max_comments ({self.reader.max_comments}) was reached. The next build asks about more, or raise it."
        s = "" if many == 1 else "s"
        return (f"stance.reader: llm: {many} comment{s} not read, so the stance is unknown: {why}",)


def _content(body: bytes) -> str:
    """The text of the first choice. Raises ValueError, KeyError, TypeError or IndexError where there is none."""
    said: Any = json.loads(body)["choices"][0]["message"]["content"]
    if not isinstance(said, str):
        raise TypeError("no text")
    return said


def _shown(answers: Iterable[str | None], many: int, model: str) -> Iterator[str | None]:
    """The answers as they come, with a bar on a terminal where there are enough of them to wait for."""
    if many < BAR_FROM or not sys.stderr.isatty():
        yield from answers
        return
    import click

    from mkdocs_echo_plugin.messages import one_line

    with click.progressbar(answers, length=many, label=f"Asking {one_line(model)[:40]}", file=sys.stderr) as bar:
        yield from bar
