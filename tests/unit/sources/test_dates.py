"""Dates as pages and files write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.sources.formats.dates import parse, span


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (None, "2022-09-14T21:11:11+02:00", datetime(2022, 9, 14, 19, 11, 11)),
        (None, "2022-09-14 21:11:11", datetime(2022, 9, 14, 21, 11, 11)),
        (None, "2022-09-14T21:11Z", datetime(2022, 9, 14, 21, 11)),
        (None, "Wed, 14 Sep 2022 19:11:11 +0200", datetime(2022, 9, 14, 17, 11, 11)),
        ("en-US", "September 14, 2022 at 9:11 pm", datetime(2022, 9, 14, 21, 11)),
        ("en-US", "12:05 am on September 14th, 2022", datetime(2022, 9, 14, 0, 5)),
        ("en", "Posted on 3 Aug. 2019 - 4:11", datetime(2019, 8, 3, 4, 11)),
        ("de-DE", "14. September 2022 um 21:11 Uhr", datetime(2022, 9, 14, 21, 11)),
        ("de", "8. März 2019 @ 11:38", datetime(2019, 3, 8, 11, 38)),
        ("de-AT", "2. Jänner 2020 um 10:00", datetime(2020, 1, 2, 10)),
        ("de", "14.09.2022 um 21.11", datetime(2022, 9, 14, 21, 11)),
        ("de", "März 7, 2018", datetime(2018, 3, 7)),
        ("fr", "le 1er août 2022 à 21 h 05 min", datetime(2022, 8, 1, 21, 5)),
        ("fr-FR", "14 févr. 2022 à 9h11", datetime(2022, 2, 14, 9, 11)),
        ("es", "26 abril 2022 a las 14:02", datetime(2022, 4, 26, 14, 2)),
        ("es", "14 de septiembre de 2022 a las 9:11 pm", datetime(2022, 9, 14, 21, 11)),
        ("es", "septiembre 14, 2022 at 9:11 am", datetime(2022, 9, 14, 9, 11)),
        ("pt-BR", "14 de março de 2022 às 21:11", datetime(2022, 3, 14, 21, 11)),
        ("it", "14 Settembre 2022 alle 21:11", datetime(2022, 9, 14, 21, 11)),
        ("ru", "14 сентября 2022 в 21:11", datetime(2022, 9, 14, 21, 11)),
        ("he", "14 בספטמבר 2022", datetime(2022, 9, 14)),
        ("he", "3 במרס 2022", datetime(2022, 3, 3)),
        ("fa", "14 اکتوبر 2022", datetime(2022, 10, 14)),
        ("tl", "14 Setyembre 2022", datetime(2022, 9, 14)),
        ("no", "14. desember 2022", datetime(2022, 12, 14)),
        ("es", "14 setiembre 2022", datetime(2022, 9, 14)),
        ("en", "Sept 14, 2022", datetime(2022, 9, 14)),
        ("uk", "14 кві 2022", datetime(2022, 4, 14)),
        ("fr", "14 aou 2022", datetime(2022, 8, 14)),
        ("fr", "14 jul 2022", datetime(2022, 7, 14)),
        (None, "14 Dez 2022", datetime(2022, 12, 14)),
        (None, "14 mayıs 2022", None),
        ("tr", "14 Mayıs 2022", datetime(2022, 5, 14)),
        ("fr", "14 jui 2022", None),
        ("en", "14 people 2022", None),
        ("ja", "2022年9月14日 21:11", datetime(2022, 9, 14, 21, 11)),
        (None, "14 septembre 2022", datetime(2022, 9, 14)),
        (None, "17.07, 2011 @ 13:04", datetime(2011, 7, 17, 13, 4)),
        ("en-US", "05/03/2022", datetime(2022, 5, 3)),
        ("en-GB", "05/03/2022", datetime(2022, 3, 5)),
        ("de", "05.03.22", datetime(2022, 3, 5)),
    ],
)
def test_a_date_is_read_in_the_language_of_its_page(language: str | None, text: str, expected: datetime | None) -> None:
    assert parse(text, language=language) == (expected and expected.replace(tzinfo=UTC))


@pytest.mark.parametrize("text", ["vor 3 Tagen", "3 days ago", "yesterday", "May 5", "21:11", "", "gestern, 9:11",
                                  "99. Foo 2020", "31 February 2020", "0001-01-01T00:00+14:00", "9" * 400])  # fmt: skip
def test_what_counts_from_the_day_of_reading_or_is_no_date_gives_nothing(text: str) -> None:
    assert parse(text, language="en") is None


def test_a_date_that_could_be_two_is_not_guessed() -> None:
    assert parse("05/03/2022") is None
    assert parse("25/03/2022") == datetime(2022, 3, 25, tzinfo=UTC)


def test_a_span_covers_the_date_and_its_time() -> None:
    text = "Ada, 14. September 2022 um 21:11 Uhr: hello"
    found = span(text)
    assert found is not None
    assert text[found[0] : found[1]].strip() == "14. September 2022 um 21:11 Uhr".removesuffix(" Uhr")


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))
def test_iso_dates_come_back_as_they_were(moment: datetime) -> None:
    assert parse(moment.isoformat()) == moment


@given(st.text(max_size=300), st.sampled_from(["", "de", "en-US", "xx", "../os", "\ud800"]))
def test_no_text_raises(text: str, language: str) -> None:
    moment, found = parse(text, language=language), span(text)
    assert moment is None or moment.tzinfo is UTC
    assert found is None or 0 <= found[0] < found[1] <= len(text)
