"""Every number that decides what is said or shown, with its reason. Shares are whole fractions: equal is equal."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FEWEST: Final = 5
"""Voices, and known voices, under which nothing is said of stances: a count of four tells who said what."""

MOST_UNKNOWN: Final = (1, 3)
"""More than this share of unknown voices, and what the known ones say is not what the thread says."""

FEWEST_SIDES: Final = 2
SIDES_TAKEN: Final = (2, 5)
"""Fewer than two, or less than two fifths, who take a side: notes and questions.

The three shares below were measured on 102 threads read twice: they give what a reader of the whole thread said before
counting in 96 of them (a sixth instead of a third for `SMALLER_SIDE`: 80; at least two on the smaller side: 92).
"""

SMALLER_SIDE: Final = (1, 3)
"""From a third of those who take a side on, the smaller side makes it several views."""

NEARLY_ALL: Final = (1, 10)
"""At most a tenth of those who take a side on the smaller one: nearly all."""

TAKES_NO_POSITION: Final = 0.12
"""The probability of a position under which a post is taken to have none: right for 93 % of unseen blogs' posts."""

TAKES_A_POSITION: Final = 0.75
"""The probability of a position from which a post is taken to have one: right for 17 of 18 of unseen blogs' posts."""

ASKS: Final = 0.5
"""The probability that a post asks its readers from which it has no side to take."""

INTERVAL: Final = 0.8
"""How much of the probability a shown range holds."""

WAITS_FOR: Final = timedelta(days=365)
"""What is older than this is not waited for any more."""

LONGEST_PATH: Final = 2
"""Replies on the way up to the post beyond which a stance is unknown: each step multiplies the reader's errors."""
MOST_UNNAMED: Final = 4
"""Unnamed people whose views are counted although no more named ones are known: one short of a badge."""

FEWEST_POST_WORDS: Final = 40
"""Words of a post under which its kind is not read: 18 of the 639 posts that the reader learned from had fewer."""

POSITION_UNREAD: Final = 0.35
"""The share of posts with five voices and more that take a position: what is taken of a post that nobody has read."""

REASON_WORDS: Final = 5
"""Words, the tag among them, from which a declared dissent gives a reason."""

SURELY_A_QUESTION: Final = 0.9
SURELY_A_PLEA: Final = 0.5
"""The probability of no side from which a comment that has the form of a question asks one, and one that pleads. Chosen
on the marks of 43 of the 60 gold threads."""

SURE_DISSENT: Final = 0.7
"""The probability of disagreement from which the author is shown a comment as a dissent that was read."""

MOST_MARKS: Final = 60
"""People whom the panel draws one by one; more are a bar."""

MOST_MARKS_IN_LINE: Final = 24
"""People whom the line draws one by one: the marks of so many fit beside the words on a phone."""

QUOTED_WORDS: Final = 12
"""Words of a comment that are quoted where it waits for an answer."""

MOST_READINGS: Final = 200
"""Comments whose reading the author's view lists; `mkdocs-echo review --list` has them all."""

MOST_OPEN: Final = 4
"""Questions and objections that a panel lists; of the others it says how many there are."""
