"""The drawing of a site is read as it looks."""

from __future__ import annotations

import pytest
from drawing import drawn


def test_a_file_is_where_its_branch_leads_and_holds_what_stands_behind_it() -> None:
    tree = r"""
    mkdocs.yml             site_name: Letters
    docs/
    ├── index.md           # Letters\n\nHello  there.
    ├── posts/
    │   ├── 2026/
    │   │   └── well.md    {well}
    │   └── empty.md
    └── about.md           {well}
    comments/
    └── well.json          {"not": "a name"}
    """
    assert drawn(tree, well=b"# The well") == {
        "mkdocs.yml": "site_name: Letters\n",
        "docs/index.md": "# Letters\n\nHello  there.\n",
        "docs/posts/2026/well.md": b"# The well",
        "docs/posts/empty.md": "",
        "docs/about.md": b"# The well",
        "comments/well.json": '{"not": "a name"}\n',
    }


def test_content_that_is_missing_or_has_no_place_is_an_error() -> None:
    with pytest.raises(KeyError, match="well"):
        drawn("docs/\n└── well.md  {well}")
    with pytest.raises(AssertionError, match="in no place"):
        drawn("docs/\n└── well.md", well="# The well")
