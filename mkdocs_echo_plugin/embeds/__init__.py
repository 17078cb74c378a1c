"""Which comment system a page embeds: what a site without `sources:` uses.

The embed's own attributes are taken over: readers and this plugin then look at the same thread.
"""

from __future__ import annotations

from mkdocs_echo_plugin.embeds.recognise import SIGNS, Embed, embeds

__all__ = ["SIGNS", "Embed", "embeds"]
