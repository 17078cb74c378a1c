"""Every post's threads, from wherever they are: the site's files, what front matter names, the venues over the network.

Nothing raises for one thread: what could not be read is kept by post, with the reason for people.
"""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_echo_plugin.build_cache import BuildCache
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.anonymise import Anonymiser, site_key
from mkdocs_echo_plugin.survey.file_contents import FileReader
from mkdocs_echo_plugin.survey.files import add_files
from mkdocs_echo_plugin.survey.network import add_network
from mkdocs_echo_plugin.survey.records import Memory, Site
from mkdocs_echo_plugin.survey.tally import Gathered, Tally


def gather(posts: Sequence[Post], site: Site, build_cache: BuildCache, memory: Memory) -> Gathered:
    """The threads of all posts; eight venues are asked at a time.

    Raises:
        ConfigurationError: a file that the site's options name cannot be used.
    """
    tally = Tally()
    anonymiser = Anonymiser(site.key or site_key(site.site_url), authors=site.authors, people=site.people)
    add_files(posts, site, FileReader(anonymiser, build_cache), tally)
    add_network(posts, site, anonymiser, memory, tally)
    return tally.close()
