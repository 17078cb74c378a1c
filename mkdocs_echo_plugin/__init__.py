"""mkdocs-echo-plugin: is the comment section an echo chamber?

>>> from mkdocs_echo_plugin import Comment, Thread, assess
>>> assess([Thread("csv", comments=(Comment("1", author_key="v1", text="Agree: yes."),))]).badge.text
'Early days - 1 voice'
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import EchoError
from mkdocs_echo_plugin.model import Comment, Health, Post, Range, Settings, Thread

if TYPE_CHECKING:
    from mkdocs_echo_plugin.assess import assess

__all__ = ["Comment", "EchoError", "Health", "Post", "Range", "Settings", "Thread", "assess"]


class _Package(ModuleType):
    """Loads the reading when `assess` is asked for: a build that finds everything in its cache never does.

    A property, because importing the module of the same name would put the module in the function's place.
    """

    @property
    def assess(self) -> Any:
        from mkdocs_echo_plugin.assess import assess

        return assess

    @assess.setter
    def assess(self, module: Any) -> None:
        pass


sys.modules[__name__].__class__ = _Package
