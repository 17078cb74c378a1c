"""The checks on every Python that is supported, each in an environment of its own: `nox -l` lists them.

nox -s tests-3.13     the tests on one Python
nox -s lowest         the tests on the oldest releases of every library that setup.cfg allows
nox -s coverage       which lines and branches the tests reach
nox -s lint           ruff and mypy
nox -s package        the wheel and the source archive, and what PyPI would say to them
"""

from __future__ import annotations

from pathlib import Path

import nox

PYTHONS = ["3.11", "3.12", "3.13"]
OLDEST = "3.11"

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "tests"]
nox.options.error_on_missing_interpreters = False


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Every test, on as many processes as there are cores."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)


@nox.session(python=OLDEST)
def lowest(session: nox.Session) -> None:
    """The tests that need no browser and no server, with the oldest libraries that setup.cfg allows."""
    session.install("uv")
    oldest = Path(session.create_tmp()) / "oldest.txt"
    session.run("uv", "pip", "compile", "-q", "setup.cfg", "--resolution", "lowest-direct", "--no-header",
                "--no-annotate", "--python-version", OLDEST, "-o", str(oldest))  # fmt: skip
    session.install("-e", ".[unit]", "-c", str(oldest))
    session.run("pytest", "-q", "-n", "auto", "tests/unit", *session.posargs)


@nox.session(python=OLDEST)
def coverage(session: nox.Session) -> None:
    """Lines and branches that the tests reach, those of started programs too; fails under the goal."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", "--cov", "--cov-report=term-missing:skip-covered",
                "--cov-fail-under=95", *session.posargs)  # fmt: skip


@nox.session(python=OLDEST)
def lint(session: nox.Session) -> None:
    """Style, format and types."""
    session.install("-e", ".[test]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session(python=OLDEST)
def package(session: nox.Session) -> None:
    """Builds both archives and checks that an index would take them."""
    session.install("build", "twine", "check-wheel-contents")
    folder = Path(session.create_tmp()) / "dist"
    session.run("python", "-m", "build", "--outdir", str(folder))
    archives = [str(path) for path in folder.iterdir()]
    session.run("twine", "check", "--strict", *archives)
    session.run("check-wheel-contents", *(path for path in archives if path.endswith(".whl")))
