"""What can go wrong, as a tree.

    EchoError
     +-- ConfigurationError      the site's options are wrong: the build stops, a command exits 2
     +-- GateNotMet              a state that the site named in fail_on or --fail-on: exit 1, pages are written
     +-- SourceError             one thread could not be read: its post becomes `unknown`, the build goes on
          +-- Unreadable         the bytes are not what the format promises (file and line in the message)
          +-- Unreachable        time-out, refused connection, an HTTP error status
          |    +-- RateLimited   the venue asks to wait; `until` says when it will answer again
          +-- Refused            our own rules: private address, host not named, robots.txt, token to a wrong host
          +-- TooLarge           an answer or a file past the bound
          +-- NoThread           the venue answered, and has no thread for this post
          +-- Ambiguous          more than one thread fits, and guessing is not allowed

Every message says what happened, where, and what to do. None holds a token, a comment's author or a comment's words.
"""

from __future__ import annotations

from datetime import datetime


class EchoError(Exception):
    """Any error of ours; its text is one line for people."""


class ConfigurationError(EchoError):
    """An option, file or command line that the user has to change."""


class GateNotMet(EchoError):
    """A post has a state that the site named as unacceptable."""


class SourceError(EchoError):
    """One thread could not be read. The post becomes `unknown` with this text as its reason."""


class Unreadable(SourceError):
    """The input is malformed."""


class Unreachable(SourceError):
    """The venue did not answer, or answered with an error."""


class RateLimited(Unreachable):
    """The venue asks to wait until `until` (UTC), or for an unknown time (None)."""

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Refused(SourceError):
    """A rule of ours forbids the request."""


class TooLarge(SourceError):
    """More bytes than the bound allows."""


class NoThread(SourceError):
    """The venue was read and holds no thread for this post."""


class Ambiguous(SourceError):
    """More than one thread fits the post."""
