"""The MkDocs events, and nothing else: each hook calls the room that does the work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from mkdocs_echo_plugin.config import EchoConfig, published_at
from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.messages import OneLine, one_line
from mkdocs_echo_plugin.pages import EXPLAINED, Posts, cards, explained, write_how_page
from mkdocs_echo_plugin.render import HOW, STYLESHEET, THEME_DIR

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from mkdocs_echo_plugin.embeds import Embedded
    from mkdocs_echo_plugin.render import RenderOptions
    from mkdocs_echo_plugin.render.site import SiteFragments
    from mkdocs_echo_plugin.survey import Memory, Survey

log = OneLine(get_plugin_logger(__name__))


class EchoPlugin(BasePlugin[EchoConfig]):
    """Shows on every post how wide the views in its comments are, and asks for one outside view."""

    def __init__(self) -> None:
        self.begin(serving=False)

    def begin(self, *, serving: bool) -> None:
        """Forgets what an earlier command of the same process has seen."""
        self.serving = serving
        self.site_url: str | None = None
        self.posts = Posts()
        self.embedded: Embedded | None = None
        self.nav: Navigation | None = None
        self.memory: Memory | None = None
        self.survey: Survey | None = None
        self.fragments: SiteFragments | None = None
        self.explanation = ""
        self.how = False
        self.refresh = False  # `mkdocs-echo fetch` asks venues even where the cache is fresh

    @property
    def active(self) -> bool:
        """False in `serve` where the site wants to be served without badges."""
        return self.config.enabled_on_serve or not self.serving

    def _whole(self, config: MkDocsConfig) -> bool:
        # i18n builds each language by itself: what one has no use for is the other's
        return self.posts.complete and "i18n" not in config.plugins

    def _rendering(self, files: Files, config: MkDocsConfig) -> RenderOptions:
        page = files.get_file_from_path(EXPLAINED)
        self.how = self.config.badge.explained is True and page is None
        alone = HOW.removesuffix("index.html") if config.use_directory_urls else HOW
        where = page.url if page else alone if self.how else None
        return self.config.rendering(site_url=self.site_url, explained=where, author_view=self.serving)

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        # because this hook exists MkDocs keeps this object between the rebuilds of `serve`, and so every thread
        self.begin(serving=command == "serve")

    def on_config(self, config: MkDocsConfig) -> None:
        # templates last and CSS first, so that what a site brings of its own wins over ours
        self.survey = self.fragments = None
        if self.active:
            config.theme.dirs.append(str(THEME_DIR))
            config.extra_css.insert(0, STYLESHEET)
            # `serve` puts its own address in the place of the site's, by which threads are found and authors hashed
            self.site_url = published_at(config) if self.serving else config.site_url

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        # a site whose nav names the page on how the badge works gets it in its theme, unless it has written its own
        self.explanation = ""
        wanted = self.active and self.config.badge.explained is True and EXPLAINED in repr(config.nav)
        if wanted and files.get_file_from_path(EXPLAINED) is None:
            file, self.explanation = explained(config)
            files.append(file)

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
        from mkdocs_echo_plugin.survey import Memory, survey

        for problem in self.posts.update(files.documentation_pages(), config, self.config, self.site_url):
            log.warning(problem)
        self.memory = self.memory or Memory()
        try:
            site = self.config.site(site_url=self.site_url, authors=self.posts.authors, refresh=self.refresh)
            posts = list(self.posts)
            if not self.config.sources and self.nav:
                from mkdocs_echo_plugin.embeds import Embedded

                self.embedded = self.embedded or Embedded()
                self.embedded.update(posts, env, files, config, self.nav)
                site, posts = replace(site, embedded=self.embedded.sources()), self.embedded.keyed(posts)
            self.survey = survey(posts, site, memory=self.memory, complete=self._whole(config))
        except ConfigurationError as error:
            raise PluginError(one_line(f"echo: {error}")) from error
        own = [Path(directory) for directory in config.theme.dirs]
        options, kept = self._rendering(files, config), Table(CacheFiles(site.cache_dir).fragments)
        self.fragments = SiteFragments(self.survey, theme_dirs=own, options=options, kept=kept)
        for file in files.documentation_pages():
            if file.page and (health := self.fragments.public(file.src_uri)):
                file.page.meta["echo_health"] = health
        env.globals["echo_health"] = self.fragments.health_of
        env.filters["echo_badge"] = self.fragments.badge_of

    @event_priority(-110)
    def on_page_context(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        # after every search plugin has read page.content, so that our words stay out of the index, and after the blog
        # (-100) has put the cards of a list page into the context
        if page.file.src_uri == EXPLAINED and self.explanation:
            page.content = f"{page.content}\n{self.explanation}"
        if self.fragments:
            page.content = self.fragments.into_page(page.file.src_uri, page.content or "")
            for card in cards(context):
                card.content = self.fragments.into_card(card.post.file.src_uri, card.content)

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        # last, so that every other plugin has written its files when the gate ends the build
        if not self.survey:
            return
        from mkdocs_echo_plugin.cache_files import CacheFiles
        from mkdocs_echo_plugin.report import publish
        from mkdocs_echo_plugin.report.build import reports
        from mkdocs_echo_plugin.sources import broken

        made = reports(self.survey, site=self.site_url)
        if not self.posts.complete:
            log.info("this dirty build did not read every page: echo/report.json stays as it was")
        else:
            directory = Path(self.config.config_file_path).parent / self.config.cache_dir
            publish.write(
                made,
                site_dir=Path(config.site_dir),
                cache=None if self.serving else CacheFiles(directory),
                static_badges=self.config.static_badges,
            )
        if self.how and self.survey.posts and self.fragments:
            write_how_page(config, self.fragments)
        if self.fragments and self.memory:
            whole, used = self._whole(config), self.memory.used
            self.fragments.close(complete=whole, used=None if whole else used)
            # i18n builds the other languages inside of its own on_post_build: here the first one is the last to end
            if self.posts.complete and not whole and not getattr(config.plugins["i18n"], "building", False):
                used.drop_rest(Path(self.config.config_file_path).parent / self.config.cache_dir)
        recognised = self.embedded.lines() if self.embedded else []
        for line in (*publish.lines(self.survey, offline=self.config.offline), *recognised, *broken()):
            log.info(line)
        if message := publish.gate(made, self.config.fail_on):
            raise PluginError(one_line(message))
