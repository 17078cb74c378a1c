"""The MkDocs events, and nothing else: each hook calls the room that does the work."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger

from mkdocs_echo_plugin import site_files
from mkdocs_echo_plugin.config import EchoConfig, as_plugin_error, published_at
from mkdocs_echo_plugin.messages import OneLine, one_line
from mkdocs_echo_plugin.neighbours import Language, language_built
from mkdocs_echo_plugin.pages import Posts, after_in_theme, cards, explained, explained_file, is_index, language_of
from mkdocs_echo_plugin.render import STYLESHEET, THEME_DIR, how_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from mkdocs_echo_plugin.embeds.lookup import Embedded
    from mkdocs_echo_plugin.render import RenderOptions
    from mkdocs_echo_plugin.render.site import SiteFragments
    from mkdocs_echo_plugin.report.share_pages import SharePictures
    from mkdocs_echo_plugin.survey import Memory, Site, Survey

log = OneLine(get_plugin_logger(__name__))


class EchoPlugin(BasePlugin[EchoConfig]):
    """Shows on every post how wide the views in its comments are, and asks for one outside view."""

    def __init__(self) -> None:
        self.begin(serving=False)

    def begin(self, *, serving: bool) -> None:
        """Forgets what an earlier command has seen."""
        self.serving = serving
        self.site_url: str | None = None
        self.posts_by_language: dict[str, Posts] = {}
        self.surveys: dict[str, Survey] = {}
        self.language = Language()
        self.embedded: Embedded | None = None
        self.advice: str | None = None
        self.nav: Navigation | None = None
        self.memory: Memory | None = None
        self.survey: Survey | None = None
        self.fragments: SiteFragments | None = None
        self.pictures: SharePictures | None = None
        self.explanation = ""
        self.how: File | None = None
        self.sheets: list[str] = []
        self.everywhere = False
        self.refresh = False  # `fetch` asks again what is fresh

    @property
    def active(self) -> bool:
        """False in `serve` where the site wants to be served without badges."""
        return self.config.enabled_on_serve or not self.serving

    @property
    def posts(self) -> Posts:
        """The posts in the language that is being built."""
        return self.posts_by_language.setdefault(self.language.code, Posts())

    @property
    def root(self) -> Path:
        """The folder of mkdocs.yml."""
        return Path(self.config.config_file_path or "mkdocs.yml").absolute().parent

    def _whole(self) -> bool:
        # of a site in several languages each is built by itself: what one has no use for is the other's
        return self.posts.complete and len(self.language.all) == 1

    def _rendering(self, files: Files, env: Environment) -> RenderOptions:
        page = files.get_file_from_path(explained_file(self.config.folder))
        where = page.url if page else self.how.url if self.how else None
        return self.config.rendering(
            site_url=self.site_url, explained=where, author_view=self.serving, after_in_theme=after_in_theme(env)
        )

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        # because of this hook MkDocs keeps this object between rebuilds, and so every thread
        self.begin(serving=command == "serve")

    def on_config(self, config: MkDocsConfig) -> None:
        # templates last and CSS first, so that what a site brings of its own wins over ours
        self.survey = self.fragments = self.pictures = self.how = self.advice = None
        if not self.active:
            return
        with as_plugin_error():
            site_files.check_cache_dir(config, self.config.cache_dir, self.root)
        if str(THEME_DIR) not in config.theme.dirs:
            config.theme.dirs.append(str(THEME_DIR))
        config.extra_css = site_files.styled(config.extra_css, [STYLESHEET])

    @event_priority(100)
    def _add_how_page(self, files: Files, *, config: MkDocsConfig) -> None:
        # early, so that every plugin knows the page to which the badges link as a file of the site
        self.language = language_built(config)
        if self.language.is_first:
            self.surveys = {}
        own = files.get_file_from_path(explained_file(self.config.folder))
        named = explained_file(self.config.folder) in repr(config.nav)
        if self.active and self.config.badge.explained is True and own is None and not named:
            if files.get_file_from_path(how_file(self.config.folder)) is None:
                self.how = site_files.add_how_page(files, config, self.config.folder, self.language.prefix)
            else:
                site_files.refuse_own(files, self.config, explained=True)

    @event_priority(-50)
    def _hide_how_page(self, files: Files, *, config: MkDocsConfig) -> None:
        # mkdocs-static-i18n (-100) makes every file anew and takes none that lies in no folder
        if self.how is not None and len(self.language.all) > 1:
            files.remove(self.how)

    @event_priority(-110)
    def _finish_files(self, files: Files, *, config: MkDocsConfig) -> None:
        # a site whose nav names the page on how the badge works gets it in its theme, unless it has written its own
        self.explanation = ""
        if not self.active:
            return
        if self.how is not None and files.get_file_from_path(self.how.src_uri) is None:
            files.append(self.how)
        for said in site_files.keep_comments_out(files, config, self.config):
            log.warning(said)
        wanted = self.config.badge.explained is True and explained_file(self.config.folder) in repr(config.nav)
        if wanted and files.get_file_from_path(explained_file(self.config.folder)) is None:
            file, self.explanation = explained(config, self.config.folder)
            files.append(file)

    on_files = CombinedEvent(_add_how_page, _hide_how_page, _finish_files)

    @event_priority(-110)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        # the theme's comments partial, in which an embed is looked for, is rendered with what its page would have
        self.nav = nav

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        # all pages have their content and none is written yet: the threads of all posts can be fetched at once, and a
        # list page that is written before its posts finds them ready; late, because other plugins finish content here
        if not self.active:
            return
        from mkdocs_echo_plugin.build_cache import Table
        from mkdocs_echo_plugin.cache_files import CacheFiles
        from mkdocs_echo_plugin.render.site import SiteFragments
        from mkdocs_echo_plugin.report.share_pages import share_pictures
        from mkdocs_echo_plugin.survey import Memory, survey
        from mkdocs_echo_plugin.survey.joining import without

        # the site's address as plugins and hooks have left it; `serve` puts its own in its place, by which neither
        # threads are found nor authors hashed
        address = published_at(config) if self.serving else config.site_url
        self.site_url = f"{address.rstrip('/')}/" if address else None
        problems = self.posts.update(files.documentation_pages(), config, self.config, self.site_url)
        named = [name for post in self.posts for name in post.threads if "://" not in name]
        for said in (*problems, *site_files.keep_comments_out(files, config, self.config, named)):
            log.warning(said)
        site_files.refuse_own(files, self.config, explained=self.how is not None)
        self.memory = self.memory or Memory()
        with as_plugin_error():
            site = self.config.site(site_url=self.site_url, authors=self.posts.authors, refresh=self.refresh)
            posts, site = list(self.posts), self._with_embeds(site, env, files, config)
            if self.embedded and not self.config.sources:
                posts = self.embedded.keyed(posts)
            found = survey(posts, site, memory=self.memory, complete=self._whole())
            self.pictures = share_pictures(found, self.config, site_url=self.site_url, site_name=config.site_name)
        self.survey = self.surveys[self.language.code] = without(found, sorted(self.posts.hidden))
        own = [Path(directory) for directory in config.theme.dirs]
        options, kept = self._rendering(files, env), Table(CacheFiles(site.cache_dir).fragments)
        self.fragments = SiteFragments(self.survey, theme_dirs=own, options=options, kept=kept, settings=site.settings)
        self._finish_how_page(files, config)
        for file in files.documentation_pages():
            if file.page and (health := self.fragments.public(file.src_uri)):
                file.page.meta["echo_health"] = health
        env.globals["echo_health"] = self.fragments.health_of
        env.filters["echo_badge"] = self.fragments.badge_of
        env.filters["echo_after"] = self.fragments.after_of
        self.everywhere = site_files.uses_badges(config)
        # by now others have given the stylesheet its name; it goes into the pages that show something of ours
        self.sheets = site_files.own_sheets(config.extra_css)
        config.extra_css = site_files.styled(config.extra_css, self.sheets if self.everywhere else [])

    def _with_embeds(self, site: Site, env: Environment, files: Files, config: MkDocsConfig) -> Site:
        """The site with what its pages embed, where it names no source itself."""
        if self.nav is None:
            return site
        if not list(self.posts) and self.posts.complete:
            from mkdocs_echo_plugin.embeds.lookup import advice

            self.advice = advice(env, files, config, self.nav, is_index=is_index)
        if self.config.sources:
            return site
        from mkdocs_echo_plugin.embeds.lookup import Embedded

        self.embedded = self.embedded or Embedded()
        self.embedded.update(list(self.posts), env, files, config, self.nav)
        # what the site's own templates name is named by the site, as if it stood in mkdocs.yml
        network = replace(site.network, named=(*(site.network.named or ()), *sorted(self.embedded.addresses)))
        return replace(site, network=network, embedded=self.embedded.sources(), aside=self.embedded.aside())

    def _finish_how_page(self, files: Files, config: MkDocsConfig) -> None:
        if self.how is None or self.survey is None or self.fragments is None:
            return
        if self.survey.posts:
            with as_plugin_error():
                self.how.content_string = self.fragments.how_page(language_of(config), config.site_name)
        elif files.get_file_from_path(self.how.src_uri) is not None:
            files.remove(self.how)

    @event_priority(-110)
    def on_page_context(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        # after every search plugin has read page.content, so that our words stay out of the index, and after the blog
        # (-100) has put the cards of a list page into the context
        if self.explanation and page.file.src_uri == explained_file(self.config.folder):
            page.content = f"{page.content}\n{self.explanation}"
        if self.fragments:
            with as_plugin_error():
                before = page.content or ""
                page.content = self.fragments.into_page(page.file.src_uri, before)
                shows = page.content != before
                for card in cards(context):
                    before = card.content
                    card.content = self.fragments.into_card(card.post.file.src_uri, before)
                    shows = shows or card.content != before
            config.extra_css = site_files.styled(config.extra_css, self.sheets if shows or self.everywhere else [])

    @event_priority(-110)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        # last, when the theme and every social plugin have had their say on the page's picture
        return self.pictures.into_head(page.file.src_uri, output) if self.pictures else output

    @event_priority(100)
    def _keep(self, *, config: MkDocsConfig) -> None:
        # before mkdocs-static-i18n builds the next language, at whose end goes what no language has used
        cached, used = self.root / self.config.cache_dir, self.memory.used if self.memory else None
        if self.fragments:
            self.fragments.close(complete=self._whole(), used=None if self._whole() else used)
        if self.pictures:
            self.pictures.write(site_dir=Path(config.site_dir), cache_dir=cached, complete=self._whole())

    @event_priority(-100)
    def _publish(self, *, config: MkDocsConfig) -> None:
        # last, when every other plugin has written its files; of several languages once, when all are known
        if not self.survey or not self.fragments:
            return
        from mkdocs_echo_plugin.cache_files import CacheFiles
        from mkdocs_echo_plugin.report import publish
        from mkdocs_echo_plugin.report.build import reports
        from mkdocs_echo_plugin.sources import broken
        from mkdocs_echo_plugin.survey.joining import joined

        used = self.memory.used if self.memory else None
        config.extra_css = site_files.styled(config.extra_css, self.sheets)
        folder, cached, site_dir = self.config.folder, self.root / self.config.cache_dir, Path(config.site_dir)
        if not all(code in self.surveys for code in self.language.all):
            return
        whole = joined([self.surveys[code] for code in self.language.all])
        language = self.language.all[0] if len(self.language.all) > 1 else language_of(config)
        self.surveys, made = {}, reports(whole, site=self.site_url, language=language)
        complete = all(posts.complete for posts in self.posts_by_language.values())
        if complete and used and not self._whole():  # what no language has used goes
            used.drop_rest(cached)
        if not complete:
            log.info(f"this dirty build did not read every page: {folder}/report.json stays as it was")
        else:
            cache, wanted = None if self.serving else CacheFiles(cached), publish.wanted(self.config)
            publish.write(
                made, site_dir=site_dir, cache=cache, wanted=wanted, folder=folder, site_name=config.site_name
            )
        for problem in publish.warnings(whole, offline=self.config.offline):
            log.warning(problem)
        hidden = sum(len(posts.hidden) for posts in self.posts_by_language.values())
        lines = publish.lines(whole, offline=self.config.offline, complete=complete, folder=folder, hidden=hidden)
        recognised = self.embedded.lines() if self.embedded else ()
        for line in (*([self.advice] if self.advice else lines), *recognised, *broken()):
            log.info(line)
        if message := publish.gate(made, self.config.fail_on, folder=folder):
            if not self.language.is_first:  # inside of another language's build, which keeps the reason to itself
                log.error(message)
            raise PluginError(one_line(message))

    on_post_build = CombinedEvent(_keep, _publish)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]) -> None:
        # what pages are made of lies outside of docs_dir too
        if self.active:
            for path in site_files.watched(config, self.config, chain.from_iterable(self.posts_by_language.values())):
                server.watch(path)
