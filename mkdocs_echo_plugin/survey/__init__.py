"""One run over many posts: find their threads, assess them, gather what the site as a whole shows.

What the MkDocs plugin, the command line and `apply` share. No MkDocs in here.
"""

from __future__ import annotations

from mkdocs_echo_plugin.survey.records import Files, Memory, Site, SourceAccount, Survey, Surveyed, Unmatched
from mkdocs_echo_plugin.survey.run import survey

__all__ = ["Files", "Memory", "Site", "SourceAccount", "Survey", "Surveyed", "Unmatched", "survey"]
