"""Renders a fragment's template, which may be the site's own: what is wrong in it is said in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mkdocs_echo_plugin.errors import ConfigurationError

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(environment: Environment, name: str, context: Mapping[str, Any]) -> str:
    """The template's HTML.

    Raises:
        ConfigurationError: the template is wrong; names it, the line, and what to do.
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        return environment.get_template(name).render(context)
    except TemplateSyntaxError as error:
        where = f"partials/{error.name or name}, line {error.lineno}"
        why = error.message
    except (TemplateError, TypeError, ValueError, AttributeError, KeyError, ZeroDivisionError) as error:
        where, why = f"partials/{name}{_line_of(error)}", str(error)
    raise ConfigurationError(
        f"{where}: {' '.join(str(why).split())}. Correct your template; docs/customise.md says what it is given. "
        f"Without it the plugin's own is used."
    )


def _line_of(error: Exception) -> str:
    """Where in the site's templates the error arose, as Jinja has rewritten its traceback."""
    found, at = "", error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename.endswith(".html"):
            found = f", line {at.tb_lineno}"
        at = at.tb_next
    return found
