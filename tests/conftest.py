"""What all tests share: files in a temporary folder, the command line in this process, no way out of the machine."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# how long an example takes says how busy the machine is; a CI tries the same examples each time
settings.register_profile(
    "echo", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("echo")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-golden`: write what `mkdocs-echo threads` prints for each file in tests/golden beside it, for review."""
    parser.addoption("--write-golden", action="store_true", help="write tests/golden/*/*.thread.json anew")


FROM_OUTSIDE = (
    "ECHO_KEY", "GITHUB_TOKEN", "GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS", "CI",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_setting_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have a token or a proxy: neither is used."""
    for name in FROM_OUTSIDE:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to another machine is an error at once, not a test that depends on the weather."""
    connect = socket.socket.connect

    def guarded(this: socket.socket, address: Any) -> None:
        if this.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
            raise AssertionError(f"a test connects to {address[0]}: tests talk to this machine only")
        connect(this, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def files(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files below the test's own folder, by path, and returns that folder."""

    def written(contents: Mapping[str, str | bytes]) -> Path:
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return written


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def objects(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.split(b"\n") if line]


@pytest.fixture
def echo() -> Callable[..., Ran]:
    """Runs `mkdocs-echo ARGUMENTS` in this process; anything but a clean exit is raised."""

    def run(*arguments: str | Path, given: str | bytes = b"") -> Ran:
        from mkdocs_echo_plugin.cli import main

        result = CliRunner().invoke(main, [str(a) for a in arguments], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout_bytes, result.stderr)

    return run
