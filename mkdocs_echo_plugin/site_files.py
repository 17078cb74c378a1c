"""The files of the site: which the plugin adds, which it keeps out, and what it must never write over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.render import STYLESHEET, how_file, report_file

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files

    from mkdocs_echo_plugin.config import EchoConfig
    from mkdocs_echo_plugin.model import Post

LARGEST_TEMPLATE = 1_000_000
PAGES = frozenset((".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".ipynb"))


def check_cache_dir(config: MkDocsConfig, cache_dir: str, root: Path) -> None:
    """Refuses a cache that would be published, or that the next build would empty.

    Raises:
        ConfigurationError: it lies in `docs_dir` or `site_dir`, or holds one of them.
    """
    cache = (root / cache_dir).resolve()
    for option, folder in (("docs_dir", config.docs_dir), ("site_dir", config.site_dir)):
        whole = Path(folder).resolve()
        if cache == whole or whole in cache.parents:
            raise ConfigurationError(
                f"cache_dir: '{cache_dir}' lies inside {option} ('{_shown(whole, root)}'). It holds comments as they "
                f"were fetched: name a folder beside mkdocs.yml, like .cache/plugin/echo."
            )


def add_how_page(files: Files, config: MkDocsConfig, folder: str, prefix: str) -> File:
    """The page on how the badge works as a file that MkDocs and its plugins know; its text comes later."""
    from mkdocs.structure.files import File

    file = File.generated(config, how_file(folder), content="")
    if prefix:
        file.dest_uri = f"{prefix}{file.dest_uri}"
    files.append(file)
    return file


def keep_comments_out(files: Files, config: MkDocsConfig, options: EchoConfig, named: Iterable[str] = ()) -> list[str]:
    """Takes comment files that lie inside `docs_dir` out of the build, and says so in a line for each place.

    Args:
        named: further paths, beside mkdocs.yml, that hold comments.
    """
    docs, root = Path(config.docs_dir).resolve(), _root(options)
    said = []
    for path in dict.fromkeys([*_own_paths(options), *(root / name for name in named)]):
        whole = path.resolve()
        if whole != docs and docs not in whole.parents:
            continue
        found = [
            file for file in files if _lies_in(file, whole, docs) and Path(file.src_uri).suffix.lower() not in PAGES
        ]
        for file in found:
            files.remove(file)
        if found:
            many = "1 file was" if len(found) == 1 else f"{len(found)} files were"
            said.append(
                f"'{_shown(whole, root.resolve())}' lies inside docs_dir, and what lies there is published. Exports of "
                f"comments hold e-mail and IP addresses: {many} left out of the site. Move it beside mkdocs.yml."
            )
    return said


def _lies_in(file: File, folder: Path, docs: Path) -> bool:
    if file.src_dir is None or file.abs_src_path is None:
        return False
    source = docs / file.src_uri
    return source == folder or folder in source.parents or Path(file.abs_src_path).resolve() == folder


def _own_paths(options: EchoConfig) -> Iterator[Path]:
    """The site's files that hold something about comments: of `sources`, their maps, and the overrides."""
    from mkdocs_echo_plugin.survey import Files

    for source in options.sources:
        if isinstance(source, Files):
            yield source.path
            if source.map_:
                yield source.map_
    if options.overrides_file.is_file():
        yield options.overrides_file


def refuse_own(files: Iterable[File], options: EchoConfig, *, explained: bool) -> None:
    """Ends the build where a file of the site stands in the way of one of ours."""
    from mkdocs_echo_plugin.config import as_plugin_error

    with as_plugin_error():
        check_nothing_overwritten(files, options.folder, badges=options.publish.badges, explained=explained)


def check_nothing_overwritten(files: Iterable[File], folder: str, *, badges: bool, explained: bool) -> None:
    """Looks whether files of the site's own lie where the plugin writes its own.

    Raises:
        ConfigurationError: some do; names both.
    """
    taken = {report_file(folder)} | ({how_file(folder)} if explained else set())
    clashing = [
        file
        for file in files
        if not _is_ours(file) and (file.dest_uri in taken or (badges and file.dest_uri.startswith(f"{folder}/badges/")))
    ]
    if clashing:
        more = f" (and {len(clashing) - 1} more)" if len(clashing) > 1 else ""
        raise ConfigurationError(
            f"your own '{clashing[0].src_uri}'{more} and this plugin would both write '{clashing[0].dest_uri}'. Rename "
            f"yours, or give the plugin another folder: `folder: comments-health` under `- echo:`."
        )


def _is_ours(file: File) -> bool:
    return str(getattr(file, "generated_by", None)).partition(" #")[0] == "echo"


def watched(config: MkDocsConfig, options: EchoConfig, posts: Iterable[Post]) -> list[str]:
    """What pages are made of besides `docs_dir`: `mkdocs serve` builds anew when it changes."""
    root = _root(options)
    wanted = [*_own_paths(options), *(root / name for post in posts for name in post.threads if "://" not in name)]
    if config.theme.custom_dir:
        wanted.append(Path(config.theme.custom_dir))
    docs = Path(config.docs_dir).resolve()
    return [
        str(path)
        for path in dict.fromkeys(wanted)
        if path.exists() and docs not in (path.resolve(), *path.resolve().parents)
    ]


def own_sheets(sheets: Sequence[str]) -> list[str]:
    """The plugin's stylesheet in `extra_css`, whatever another plugin has made of its name."""
    return [sheet for sheet in sheets if str(sheet).startswith(STYLESHEET.removesuffix(".css"))]


def styled(sheets: Sequence[str], ours: Sequence[str]) -> list[str]:
    """`extra_css` with this stylesheet of ours before the site's own, or with none."""
    others = own_sheets(sheets)
    return [*ours[:1], *(sheet for sheet in sheets if sheet not in others)]


def _root(options: EchoConfig) -> Path:
    return Path(options.config_file_path or "mkdocs.yml").absolute().parent


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def uses_badges(config: MkDocsConfig) -> bool:
    """Whether a template of the site's own may show badges on any page, which then all need the stylesheet."""
    folder = Path(config.theme.custom_dir) if config.theme.custom_dir else None
    for file in sorted(folder.rglob("*.html")) if folder else ():
        if not file.name.startswith(".") and file.is_file() and file.stat().st_size <= LARGEST_TEMPLATE:
            text = file.read_text("utf-8", "replace")
            if "echo_badge" in text or "echo_health" in text:
                return True
    return False
