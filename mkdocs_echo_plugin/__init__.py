"""mkdocs-echo-plugin: is the comment section an echo chamber?

    >>> from mkdocs_echo_plugin import Comment, Thread, assess
    >>> assess([Thread("csv", comments=(Comment("1", author_key="v1", text="Agree: yes."),))]).badge.text
    'Early days - 1 voice'
"""

from __future__ import annotations

# at once, not when asked for: the function has to stand here before anybody imports the module of its name
from mkdocs_echo_plugin.assess import Settings, assess
from mkdocs_echo_plugin.errors import EchoError
from mkdocs_echo_plugin.model import Comment, Health, Post, Range, Thread

__all__ = ["Comment", "EchoError", "Health", "Post", "Range", "Settings", "Thread", "assess"]
