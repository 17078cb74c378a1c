"""A secret, and the one host that may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mkdocs_echo_plugin.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Token:
    """A secret for one host: sent as `header: scheme value`, or as the query parameter `query` where it is set.

    `host` is a name ("api.github.com"), with the port where it is not the scheme's own. The value is in no repr.

    Raises:
        ConfigurationError: the value has characters that no header can carry.
    """

    value: str = field(repr=False)
    host: str
    header: str = "Authorization"
    scheme: str = "bearer"
    query: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.value.strip())
        if not self.value or not self.value.isascii() or not self.value.isprintable():
            raise ConfigurationError(
                f"the token for {self.host} is empty or has characters that no token has. Set it again."
            )

    def fits(self, host: str, port: int | None) -> bool:
        """Whether this host may see the token; `port` is None for the scheme's own."""
        return self.host.casefold() in {host.casefold(), f"{host}:{port}".casefold()}
