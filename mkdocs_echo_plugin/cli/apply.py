"""`apply`: badges and prompts into a site that any generator has built."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mkdocs_echo_plugin.errors import ConfigurationError

if TYPE_CHECKING:
    from mkdocs_echo_plugin.built_site import BuiltPage
    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.survey import Survey


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
    from mkdocs_echo_plugin.cli import print_message
    from mkdocs_echo_plugin.cli.streams import write
    from mkdocs_echo_plugin.report import publish

    folder = Path(site_dir)
    if undo:
        write(_undo(folder, given))
        return
    if given is None and comments is None:
        raise click.UsageError("Name the comments (--comments DIR) or a configuration (-f CONFIG).")
    config, settings = _configuration(given)
    _check_selectors(after)
    survey, found = _surveyed(folder, config, settings, comments, posts, everything=given is None)
    try:
        changed, why = _apply(folder, survey, found, config, settings, after)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or folder}: {error.strerror or error}. `mkdocs-echo apply {folder} --undo` takes out "
            f"what was written."
        ) from error
    for problem in publish.warnings(survey, offline=config.offline):
        print_message(problem)
    write(f"{changed} pages changed{f': {why}' if why else ''}\n")


def _check_selectors(after: Sequence[str]) -> None:
    import soupsieve

    for selector in after:
        try:
            soupsieve.compile(selector)
        except (soupsieve.SelectorSyntaxError, ValueError) as error:
            what = str(error).splitlines()[0]
            raise ConfigurationError(f"--after '{selector}': this is no CSS selector ({what}).") from error


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
) -> tuple[int, str]:
    """How many pages changed, and where none did, why."""
    from mkdocs_echo_plugin.cli.applied_files import Notes, folder_of_notes, read_notes, write_all
    from mkdocs_echo_plugin.render import STYLESHEET, THEME_DIR
    from mkdocs_echo_plugin.report import publish
    from mkdocs_echo_plugin.report.build import reports

    noted = read_notes(folder, folder_of_notes(folder, config.folder), STYLESHEET)
    written = _Written(folder, survey, pages, config, site, after)
    public = reports(survey, site=site.get("site_url"), language=site.get("language") or "en").public
    files = publish.files(public, wanted=publish.wanted(config), folder=config.folder)
    if any(written.is_post(s.post.path) for s in survey.posts):
        files[STYLESHEET] = (THEME_DIR / STYLESHEET).read_bytes()
    changed = write_all(folder, config.folder, noted or Notes(), files, written)
    return changed, "" if changed else written.why()


class _Written:
    """The pages that are to change, made one after the other; and what became of the others."""

    def __init__(
        self,
        folder: Path,
        survey: Survey,
        pages: list[BuiltPage],
        config: EchoConfig,
        site: Mapping[str, Any],
        after: tuple[str, ...],
    ) -> None:
        from mkdocs_echo_plugin.render.site import SiteFragments

        self._folder, self._survey, self._after = folder, survey, after
        self._options = config.rendering(site_url=site.get("site_url"))
        self._fragments = SiteFragments(survey, theme_dirs=(), options=self._options)
        # without a configuration only pages change that got a thread: nothing says that the others are posts
        self._talked = {s.post.path for s in survey.posts if config.sources or s.threads}
        self._named = {p.file: p.post.path for p in pages if p.post.path in self._talked}
        self._same = self._has_badge = self._no_place = 0

    def is_post(self, path: str) -> bool:
        """Whether the page of this post may change."""
        return path in self._talked

    def __iter__(self) -> Iterator[tuple[str, bytes | None, str]]:
        from mkdocs_echo_plugin.cli.applied_files import hash_of, pages_of
        from mkdocs_echo_plugin.render import STYLESHEET
        from mkdocs_echo_plugin.render.document import applied, without_fragments

        for file in pages_of(self._folder):
            before = file.read_bytes()
            bare = new = without_fragments(before)
            # a page that the plugin itself has given its badge keeps that one
            if file in self._named and b'class="echo-panel"' in bare:
                self._has_badge += 1
            elif file in self._named:
                up = "../" * (len(file.relative_to(self._folder).parts) - 1)
                shown = self._fragments.of(self._named[file])
                new = applied(bare, shown, self._options, stylesheet=f"{up}{STYLESHEET}", after=self._after)
                self._same += new == before != bare
                self._no_place += new == bare and bool(shown.badge)
            if new != before or new != bare:
                yield file.relative_to(self._folder).as_posix(), new if new != before else None, hash_of(bare)

    def why(self) -> str:
        """Why no page has changed."""
        survey = self._survey
        read = sum(len(s.lazy_threads) for s in survey.posts)
        if self._same:
            return "they show already what they would show."
        if self._has_badge:
            return "the plugin itself has put badges into them."
        if not survey.posts:
            return "no page is a post. Name the posts: --posts 'GLOB' over their paths, or `include:` in CONFIG."
        if self._no_place:
            return "no heading or article was found in them. Name the title: --after 'SELECTOR'."
        if read == 0 and survey.unmatched:
            lost = survey.unmatched[0]
            shown = lost.page_url or lost.thread_key or "without an address"
            many = len(survey.unmatched)
            return f"none of the {many} threads read is a page's. The first is {shown}: {lost.reason}."
        reasons = [s.health.reason for s in survey.posts if s.health.reason]
        if reasons:
            return f"{reasons[0]}"
        return "no thread was found for a page." if read == 0 else "nothing is to be shown on them."


def _undo(folder: Path, given: str | None) -> str:
    """Takes out what was applied, and the files that came with it; what to say of it.

    Raises:
        ConfigurationError: something could not be taken out; what it is, and what to do.
    """
    from mkdocs_echo_plugin.cli.applied_files import folder_of_notes
    from mkdocs_echo_plugin.cli.undo import undo
    from mkdocs_echo_plugin.render import FOLDER, STYLESHEET

    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder.")
    usual = _configuration(given)[0].folder if given is not None else FOLDER
    done = undo(folder, folder_of_notes(folder, usual), STYLESHEET)
    said = f"{done.as_they_were} pages as they were\n"
    if done.edited:
        said += f"edited since, and without what was put in: {', '.join(done.edited[:10])}\n"
    if done.others:
        said += f"changed since, and left: {', '.join(done.others[:10])}\n"
    if done.left:
        from mkdocs_echo_plugin.cli.streams import write

        write(said)
        raise ConfigurationError(
            f"{', '.join(done.left[:10])}: somebody has edited what was put in, so it was left there. Take it out by "
            f"hand (it stands behind <!--echo:applied ...-->), or build the site again."
        )
    return said
