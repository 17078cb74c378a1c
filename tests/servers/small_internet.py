"""A small internet on this machine: public names and addresses whose connections end at servers of the test."""

from __future__ import annotations

import socket
from typing import Any

import pytest

PUBLIC = "93.184.216.34"


class Internet:
    """`names` resolve as told (every other name to a public address), and `routes` lead addresses to local ports.

    What a program asks of the resolver and where it connects is noted: `asked`, `connected`.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.routes: dict[tuple[str, int], int] = {}
        self.asked: list[str] = []
        self.connected: list[tuple[str, int]] = []
        resolve, connect = socket.getaddrinfo, socket.socket.connect

        def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name is None or name.replace(".", "").isdigit() or ":" in name:
                return resolve(host, port, *args, **kwargs)
            self.asked.append(name)
            answers = self.names.get(name, [[PUBLIC]])
            now = answers.pop(0) if len(answers) > 1 else answers[0]
            if not now:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            kind = {True: socket.AF_INET6, False: socket.AF_INET}
            return [(kind[":" in a], socket.SOCK_STREAM, 6, "", (a, port)) for a in now]

        def routed(this: socket.socket, address: Any) -> None:
            self.connected.append((address[0], address[1]))
            local = self.routes.get((address[0], address[1]))
            if local is None and not address[0].startswith("127."):
                raise ConnectionRefusedError(111, "Connection refused")
            connect(this, ("127.0.0.1", local or address[1]))

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket.socket, "connect", routed)
