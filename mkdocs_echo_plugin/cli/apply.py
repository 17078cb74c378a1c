"""`apply`: badges and prompts into a site that any generator has built."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mkdocs_echo_plugin.errors import ConfigurationError

if TYPE_CHECKING:
    from mkdocs_echo_plugin.built_site import BuiltPage
    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.survey import Survey

WROTE: Final = "echo/applied.json"
"""The notes of `apply` on the files that it added or replaced, for `--undo`."""


@click.command("apply", epilog="\b\nExamples:\n  mkdocs-echo apply site --comments comments\n"
               "  mkdocs-echo apply public -f echo.yml --posts '/blog/*'\n  mkdocs-echo apply site --undo")  # fmt: skip
@click.argument("site_dir", metavar="SITE_DIR")
@click.option("-f", "--config-file", "given", metavar="CONFIG",
              help="A mkdocs.yml with echo in it, or a file with echo's options, site_url, docs_dir.")  # fmt: skip
@click.option("--comments", metavar="DIR", help="A file or folder with comments, besides those of the configuration.")
@click.option("--posts", metavar="GLOB", multiple=True, help="Which pages are posts, by path; may be given again.")
@click.option("--after", metavar="SELECTOR", multiple=True, help="The element that the badge follows, as CSS selector.")
@click.option("--undo", is_flag=True, help="Take everything out again; every byte is as it was.")
def apply_command(
    given: str | None, site_dir: str, comments: str | None, posts: tuple[str, ...], after: tuple[str, ...], undo: bool
) -> None:
    """Put badges and prompts into the pages of SITE_DIR, whatever built them.

    Without -f no configuration is read: pages get the threads of --comments by canonical link or path, and no
    other page changes. With -f, posts without a comment show the comment policy too, as the plugin does. Applying
    again replaces what was applied; nothing else in a page changes.
    """
    from mkdocs_echo_plugin.cli.streams import write

    folder = Path(site_dir)
    if undo:
        write(f"{_undo(folder)} pages as they were\n")
        return
    if given is None and comments is None:
        raise click.UsageError("Name the comments (--comments DIR) or a configuration (-f CONFIG).")
    config, settings = _configuration(given)
    survey, found = _surveyed(folder, config, settings, comments, posts, everything=given is None)
    write(f"{_apply(folder, survey, found, config, settings, after)} pages changed\n")


def _configuration(given: str | None) -> tuple[EchoConfig, Mapping[str, Any]]:
    """Echo's options, and what the file says of the site: site_url, docs_dir, theme.

    Raises:
        ConfigurationError: the file cannot be read, has no echo, or an option is wrong.
    """
    from mkdocs_echo_plugin.cli.configuration import SiteConfiguration, read_configuration
    from mkdocs_echo_plugin.config import EchoConfig

    found = read_configuration(Path(given)) if given is not None else SiteConfiguration()
    config = EchoConfig(config_file_path=str(Path(given or "echo.yml").absolute()))
    config.load_dict(dict(found.options))
    errors, _ = config.validate()
    for name, error in errors:
        raise ConfigurationError(f"{given}: option '{name}': {error}")
    return config, found.site


def _surveyed(
    folder: Path, config: EchoConfig, site: Mapping[str, Any], comments: str | None, globs: tuple[str, ...], *,
    everything: bool,
) -> tuple[Survey, list[BuiltPage]]:  # fmt: skip
    """The survey of the site's posts, and their pages in the same order; without a configuration of all its pages."""
    from dataclasses import replace

    from mkdocs_echo_plugin import built_site
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.survey import Files, survey

    root = Path(config.config_file_path).parent
    docs = site.get("docs_dir")
    pages, problems = built_site.pages(
        folder,
        site_url=site.get("site_url"),
        docs_dir=root / docs if docs else None,
        language=site.get("language") or "en",
    )
    for problem in problems:
        print_message(problem)
    if globs or not everything:
        pages = built_site.posts(pages, folder, globs=(*config.include, *globs), exclude=config.exclude)
    where = config.site(site_url=site.get("site_url"))
    if comments is not None:
        if not Path(comments).exists():
            raise ConfigurationError(f"--comments {comments}: does not exist.")
        path = Path(comments).absolute()
        where = replace(where, files=(*where.files, Files(path=path, name=comments)), root=_around(where.root, path))
    if everything:
        # nothing of a site that has no configuration is kept beside wherever the command happens to run
        import tempfile

        with tempfile.TemporaryDirectory() as nowhere:
            return survey([p.post for p in pages], replace(where, cache_dir=Path(nowhere))), pages
    return survey([p.post for p in pages], where), pages


def _around(root: Path, path: Path) -> Path:
    """The folder that holds both, so that reading one named on the command line is not reading outside of the site."""
    return Path(os.path.commonpath([root.resolve(), path.resolve().parent]))


def _apply(
    folder: Path,
    survey: Survey,
    pages: list[BuiltPage],
    config: EchoConfig,
    site: Mapping[str, Any],
    after: tuple[str, ...],
) -> int:
    from mkdocs_echo_plugin.render import STYLESHEET, THEME_DIR
    from mkdocs_echo_plugin.render.document import applied, without_fragments
    from mkdocs_echo_plugin.render.site import SiteFragments
    from mkdocs_echo_plugin.report import publish
    from mkdocs_echo_plugin.report.build import reports

    options = config.rendering(site_url=site.get("site_url"))
    fragments = SiteFragments(survey, theme_dirs=(), options=options)
    # without a configuration only pages change that got a thread: nothing says that the others are posts
    talked = {s.post.path for s in survey.posts if config.sources or s.threads}
    named = {p.file: p.post.path for p in pages if p.post.path in talked}
    noted = _noted(folder / WROTE)
    before_us = noted.get("kept", {}) if noted else {name: _packed(data) for name, data in _files(folder).items()}
    changed, css = 0, False
    for file in sorted(folder.rglob("*.html")):
        before = file.read_bytes()
        after_all = without_fragments(before)
        # a page that the plugin itself has given its badge keeps that one
        if file in named and b'class="echo-panel"' not in after_all:
            up = "../" * (len(file.relative_to(folder).parts) - 1)
            shown = fragments.of(named[file])
            after_all = applied(before, shown, options, stylesheet=f"{up}{STYLESHEET}", after=after)
            css = css or after_all != without_fragments(before)
        if after_all != before:
            file.write_bytes(after_all)
            changed += 1
    if css:
        (folder / STYLESHEET).parent.mkdir(parents=True, exist_ok=True)
        (folder / STYLESHEET).write_bytes((THEME_DIR / STYLESHEET).read_bytes())
    made = reports(survey, site=site.get("site_url"))
    publish.write(made, site_dir=folder, cache=None, static_badges=config.static_badges)
    now = {name: _packed(data) for name, data in _files(folder).items()}
    wrote = sorted(name for name, data in now.items() if before_us.get(name) != data)
    kept = {name: data for name, data in before_us.items() if now.get(name) != data}
    (folder / WROTE).write_text(json.dumps({"wrote": wrote, "kept": kept}) + "\n", encoding="utf-8")
    return changed


def _files(folder: Path) -> dict[str, bytes]:
    """The files that lie where `apply` puts its own, but for its notes."""
    from mkdocs_echo_plugin.render import STYLESHEET

    places = [folder / STYLESHEET, *sorted((folder / WROTE).parent.rglob("*"))]
    names = {file.relative_to(folder).as_posix(): file for file in places if file.is_file()}
    return {name: file.read_bytes() for name, file in names.items() if name != WROTE}


def _packed(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _undo(folder: Path) -> int:
    """Takes out what was applied, and the files that came with it; how many pages changed."""
    from mkdocs_echo_plugin.render.document import without_fragments

    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder.")
    changed = 0
    for file in sorted(folder.rglob("*.html")):
        before = file.read_bytes()
        if (after := without_fragments(before)) != before:
            file.write_bytes(after)
            changed += 1
    noted = _noted(folder / WROTE) or {}
    for name in (*noted.get("wrote", ()), WROTE):
        file = folder / name
        file.unlink(missing_ok=True)
        for parent in list(file.relative_to(folder).parents)[:-1]:
            if (folder / parent).is_dir() and not any((folder / parent).iterdir()):
                (folder / parent).rmdir()
    for name, data in noted.get("kept", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b64decode(data))
    return changed


def _noted(notes: Path) -> dict[str, Any] | None:
    """What `apply` has noted: the files it `wrote`, and those that it replaced, `kept` as base64; None without notes.

    Names that lie elsewhere than where `apply` puts files are left out, whoever wrote them there.
    """
    from mkdocs_echo_plugin.render import STYLESHEET

    try:
        noted = json.loads(notes.read_text("utf-8"))
        wrote, kept = list(noted["wrote"]), dict(noted["kept"])
    except (OSError, ValueError, KeyError, TypeError):
        return None

    def is_ours(name: object) -> bool:
        return isinstance(name, str) and (name == STYLESHEET or (name.startswith("echo/") and ".." not in name))

    return {"wrote": list(filter(is_ours, wrote)), "kept": {k: v for k, v in kept.items() if is_ours(k)}}
