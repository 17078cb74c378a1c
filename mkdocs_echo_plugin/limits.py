"""How much is read: every bound in bytes, characters or counts, in one place.

What nobody needs this much of is refused with a message that says so; nothing is cut without a word.
"""

from __future__ import annotations

from typing import Final

MAX_FILE_BYTES: Final = 64_000_000
"""A comment file, unpacked."""
MAX_XML_BYTES: Final = 256_000_000
"""The same for XML, of which one element is held at a time."""
MAX_FILES: Final = 50_000
"""Comment files in a folder: a blog of ten years with a file a comment has 24,000."""
MAX_RECORDS: Final = 100_000
"""Comments of a table or a list of records that are read."""
MAX_YAML_BYTES: Final = 8_000_000
"""YAML or TOML that is parsed only to find out what is in it."""
MAX_PART_BYTES: Final = 1_000_000
"""A file that holds one comment."""
MAX_HELD_BYTES: Final = 64_000_000
"""Bytes of a folder's files that stay in memory between hashing and reading; past that a file is opened again."""
MAX_HELD_COMMENTS: Final = 20_000
"""Comments of freshly read files that stay in memory until they are assessed; past that a thread is read again."""
MAX_RESPONSE_BYTES: Final = 10_000_000
"""An answer over the network, and standard input."""
MAX_HOST_BYTES: Final = 1_000_000_000
"""All answers of one host in one run."""
MAX_PAGE_BYTES: Final = 10_000_000
"""A web page with comments."""
MAX_POST_BYTES: Final = 5_000_000
"""A page of a built site, and a post's source."""
MAX_LINE_BYTES: Final = 1_000_000
"""A line of JSON on standard input."""
MAX_CACHE_FILE_BYTES: Final = 512_000_000
"""A file of our own cache."""
MAX_VALUES: Final = 3_000_000
"""Values of a JSON or YAML file: a hundred bytes of memory each, where the file may spend two on one."""
MAX_ALIASED_VALUES: Final = 10_000
"""Values that the aliases of a YAML file may stand for together."""
MAX_ELEMENTS: Final = 200_000
"""Elements of a web page: some 8,000 comments, two seconds, 200 MB."""
MAX_COMMENTS: Final = 100_000
"""Comments of a thread that are kept."""
MAX_COMMENT_CHARACTERS: Final = 20_000
"""A comment's text that is kept."""
MAX_MARKUP_CHARACTERS: Final = 10 * MAX_COMMENT_CHARACTERS
"""A comment's markup that is looked at: markup of more than nine tenths tags is no comment."""
MAX_REACTIONS: Final = 1_000
"""Reactions to a comment or a thread that are kept."""
MAX_NAME_CHARACTERS: Final = 80
"""The longest name by which a first line can call somebody."""
