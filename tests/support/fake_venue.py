"""A venue on this machine that answers as a test says, and keeps what it was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources import named
from mkdocs_echo_plugin.sources.http.client import Client
from mkdocs_echo_plugin.sources.raw import RawThread

POST = Post("blog/bread.md", url="blog/bread/", canonical_url="https://b.example/blog/bread/", title="Bread")


class Venue:
    """A server that answers with what a function makes of each request, and keeps the requests."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.asked: list[Request] = []
        self.answer: Callable[[Request], Any] = lambda request: None
        server.expect_request("/", method="GET").respond_with_handler(self._respond)
        server.expect_request("/", method="POST").respond_with_handler(self._respond)
        server.expect_request(re.compile("/.+")).respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        request.get_data(cache=True)
        self.asked.append(request)
        said = self.answer(request)
        if isinstance(said, Response):
            return said
        return Response(
            "{}" if said is None else json.dumps(said), 404 if said is None else 200, content_type="application/json"
        )

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


def fetch(name: str, client: Client, post: Post = POST, **options: Any) -> list[RawThread]:
    source = named(name)(**options)
    return list(source.fetch(post, client))  # type: ignore[attr-defined]
