"""Files to posts: the rules of sources/match.py, one a test, and what they never do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_echo_plugin.errors import ConfigurationError
from mkdocs_echo_plugin.model import Post
from mkdocs_echo_plugin.sources.matching import Located, Matches, match, read_map
from mkdocs_echo_plugin.sources.page_paths import path_of

HELLO = Post(path="blog/posts/2014-05-01-hello.md", url="2014/05/hello/")
WORLD = Post(path="blog/posts/world/index.md", url="2015/01/world/")


def thread(
    page: str | None = None,
    *,
    origin: str = "",
    key: str | None = None,
    platform: str = "disqus",
    aliases=(),
    source=None,
) -> Located:
    return Located(platform, page, key, source, tuple(aliases), origin)


def paths(matches: Matches) -> dict[str, list[str | None]]:
    return {path: [one.page_url or one.key or one.origin for one in found] for path, found in matches.matched.items()}


@pytest.mark.parametrize(
    "page",
    [
        "https://me.example/2014/05/hello/",
        "http://www.old.example:8080/2014/05/hello",
        "https://me.example/2014/05/hello/index.html?utm_source=feed#comment-3",
        "https://me.example//2014/05/hello.html",
        "/2014/05/hello.htm",
        "2014/05/hello",
        "//me.example/2014/05/h%65llo/",
    ],
)
def test_only_the_bare_path_of_an_address_counts(page: str) -> None:
    assert paths(match([HELLO, WORLD], [thread(page)])) == {HELLO.path: [page]}


def test_the_sub_path_of_the_site_and_of_the_old_site_is_left_out() -> None:
    ours, old = (
        thread("https://me.github.io/notes/2014/05/hello/"),
        thread("https://old.example/weblog/2015/01/world.html"),
    )
    found = match(
        [HELLO, WORLD], [ours, old], site_url="https://me.github.io/notes/", from_="https://old.example/weblog"
    )
    assert found.matched == {HELLO.path: (ours,), WORLD.path: (old,)}


def test_a_map_leads_an_old_permalink_to_its_new_post() -> None:
    moved = thread("https://old.example/archives/17")
    assert paths(match([HELLO], [moved], map_={"https://old.example/archives/17": "/2014/05/hello/"})) == {
        HELLO.path: ["https://old.example/archives/17"]
    }


def test_a_map_tells_posts_apart_that_only_a_query_names() -> None:
    first, second = thread("https://old.example/?p=12"), thread("https://old.example/?p=13")
    found = match([HELLO, WORLD], [first, second], map_={"/?p=12": "2014/05/hello/", "/?p=13": "2015/01/world/"})
    assert found.matched == {HELLO.path: (first,), WORLD.path: (second,)}


def test_the_address_within_a_disqus_identifier_of_wordpress_is_mapped_too() -> None:
    old = thread(key="12 https://old.example/?p=12")
    assert match([HELLO], [old], map_={"/?p=12": "2014/05/hello/"}).matched == {HELLO.path: (old,)}


def test_front_matter_names_files_and_addresses_and_may_name_several() -> None:
    post = Post(path="a.md", url="a/", threads=("comments/x.json", "https://news.example/item?id=1"))
    file, item = thread(origin="comments/x.json"), thread("https://z.example/", source="https://news.example/item?id=1")
    other = thread("https://z.example/", source="https://news.example/item?id=2")
    found = match([post], [file, item, other])
    assert found.matched == {"a.md": (file, item)}
    assert [m.thread for m in found.unmatched] == [other]


def test_a_file_with_several_threads_is_not_given_whole_to_the_post_that_names_it() -> None:
    post = Post(path="a.md", url="a/", threads=("export.xml",))
    mine, other = (
        thread("https://old.example/a/", origin="export.xml"),
        thread("https://old.example/b/", origin="export.xml"),
    )
    assert match([post], [mine, other]).matched == {"a.md": (mine,)}


@pytest.mark.parametrize(
    "found", [thread(key="old-slug"), thread("https://o.example/2014/old-slug.html"), thread("/old-slug/")]
)
def test_a_key_in_the_front_matter_is_an_identifier_a_path_or_a_last_segment(found: Located) -> None:
    assert match([Post(path="a.md", url="a/", key="old-slug")], [found]).matched == {"a.md": (found,)}


def test_each_alias_may_bring_a_thread_of_its_own() -> None:
    post = Post(path="a.md", url="a/", aliases=("/2014/05/old.html", "/2015/older/"))
    old, older = thread("https://o.example/2014/05/old.html"), thread("https://o.example/2015/older")
    assert match([post], [old, older]).matched == {"a.md": (old, older)}


def test_an_identifier_that_is_the_path_of_a_post_finds_it() -> None:
    by_url, by_file = thread(key="/2014/05/hello/"), thread(key="blog/posts/world")
    assert match([HELLO, WORLD], [by_url, by_file]).matched == {HELLO.path: (by_url,), WORLD.path: (by_file,)}


@pytest.mark.parametrize(
    ("post", "found"),
    [
        (HELLO, thread("https://old.example/blog/2013-01-02-hello.html")),
        (HELLO, thread("https://old.example/?q=x", key="hello")),
        (WORLD, thread("https://old.example/WORLD/")),
        (WORLD, thread(origin="comments/2015-01-01-world.json")),
        (Post(path="p/2014-05-01-slug.md", url="x/y/"), thread("https://old.example/slug")),
    ],
)
def test_a_last_segment_without_its_date_finds_the_one_post_that_has_it(post: Post, found: Located) -> None:
    assert match([post, Post(path="else.md", url="else/")], [found]).matched == {post.path: (found,)}


def test_a_last_segment_that_two_posts_have_is_ambiguous() -> None:
    posts = [Post(path="a/intro.md", url="a/intro/"), Post(path="b/intro.md", url="b/intro/")]
    found = match(posts, [thread("https://old.example/intro/")])
    assert not found.matched
    assert "fits 2 posts: a/intro.md, b/intro.md" in found.ambiguous[0].reason


def test_a_last_segment_that_two_threads_have_is_ambiguous() -> None:
    found = match([HELLO], [thread("https://o.example/1/hello"), thread("https://o.example/2/hello")])
    assert not found.matched
    assert len(found.ambiguous) == 2
    assert HELLO.path in found.ambiguous[0].reason


def test_threads_of_one_platform_at_one_page_go_together_and_another_platform_is_another_venue() -> None:
    twice = [thread("https://o.example/2014/05/hello/"), thread("http://o.example/2014/05/hello.html")]
    other = thread("https://me.example/2014/05/hello/", platform="linkedin")
    found = match([HELLO], [*twice, other])
    assert found.matched == {HELLO.path: (*twice, other)}
    assert found.ambiguous == ()


def test_a_thread_of_the_same_page_by_a_weaker_rule_goes_with_the_others() -> None:
    by_address, by_key = thread("https://o.example/2014/05/hello/"), thread(key="/2014/05/hello")
    assert match([HELLO], [by_key, by_address]).matched == {HELLO.path: (by_key, by_address)}


def test_of_what_is_ambiguous_the_posts_are_named_that_have_nothing_for_certain() -> None:
    posts = [Post(path="a/intro.md", url="a/intro/"), Post(path="b/intro.md", url="b/intro/")]
    found = match(posts, [thread("https://o.example/a/intro/"), thread("https://o.example/intro/")])
    assert list(found.matched) == ["a/intro.md"]
    assert [misfit.posts for misfit in found.ambiguous] == [("b/intro.md",)]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://o.example/?p=12", "?p=12"),
        ("https://o.example?p=12", "?p=12"),
        ("https://o.example/index.php?p=12&utm_source=a", "?p=12"),
        ("https://o.example/?utm_source=a&fbclid=b", ""),
        ("https://o.example/tea/?utm_source=a&ref=b#c", "tea"),
        ("https://o.example/tea/?lang=de", "tea"),
        ("https://o.example/viewtopic.php?t=7&f=2", "viewtopic?f=2&t=7"),
        ("https://o.example/index.php/2014/05/tea/", "2014/05/tea"),
        ("https://o.example/tea/comment-page-3/#comment-9", "tea"),
        ("https://o.example/#/tea", "tea"),
        ("https://o.example/#!/tea/", "tea"),
        ("https://o.example/#comments", ""),
    ],
)
def test_of_a_query_stays_what_names_a_page(address: str, path: str) -> None:
    assert path_of(address) == path


def test_a_stronger_rule_wins_and_what_it_shut_out_is_reported() -> None:
    exact, loose = thread("https://o.example/2014/05/hello/"), thread("https://o.example/misc/hello")
    found = match([HELLO], [loose, exact])
    assert found.matched == {HELLO.path: (exact,)}
    assert "stronger rule" in found.unmatched[0].reason


def test_a_home_page_fits_its_own_address_and_no_query_that_names_a_post() -> None:
    home, named = thread("/index.html"), thread("https://o.example/?p=3", key="3 https://o.example/?p=3")
    found = match([Post(path="index.md", url=""), HELLO], [named, home])
    assert found.matched == {"index.md": (home,)}
    assert [misfit.thread for misfit in found.unmatched] == [named]


@given(
    st.lists(st.sampled_from(["a", "b", "x/a", "x/b", "2014-01-01-a", "y/index"]), max_size=6),
    st.lists(st.sampled_from(["/a", "/x/a", "/z/b/", "/2014-01-01-a.html", "/", "?p=1", "/y/"]), max_size=8),
)
def test_every_thread_is_given_once_or_reported_once_whatever_the_order(names: list[str], pages: list[str]) -> None:
    posts = [Post(path=f"{name}.md", url=f"{name}/") for name in dict.fromkeys(names)]
    threads = [thread(page, origin=str(place)) for place, page in enumerate(pages)]

    def told(found: Matches) -> dict[str, str | None]:
        given_to = {one.origin: path for path, many in found.matched.items() for one in many}
        rest = [m.thread.origin for m in (*found.unmatched, *found.ambiguous)]
        assert len(given_to) + len(rest) == len(threads)
        return given_to | dict.fromkeys(rest)

    assert told(match(posts, threads)) == told(match(posts[::-1], threads[::-1]))


@given(st.text(max_size=60))
def test_a_bare_path_is_its_own_bare_path(address: str) -> None:
    bare = path_of("/" + address.replace("%", ""))
    assert not bare.startswith("/")
    assert not bare.endswith("/")


def test_a_map_file_is_read_with_and_without_a_header(tmp_path: Path) -> None:
    file = tmp_path / "urls.csv"
    file.write_text("\ufeffold,new\n\n/a, /b \nhttps://o.example/?p=1,/c\n", encoding="utf-8")
    assert read_map(file) == {"/a": "/b", "https://o.example/?p=1": "/c"}
    file.write_text("/a,/b\n", encoding="utf-8")
    assert read_map(file) == {"/a": "/b"}


def test_a_map_file_that_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "urls.csv"
    file.write_text("old,new\n/a\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"urls\.csv, line 2"):
        read_map(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_map(tmp_path / "none.csv")


@pytest.mark.parametrize("site", ["https://blog.example/", "https://blog.example/sub/", None])
def test_a_thread_of_the_home_page_belongs_to_the_home_page_alone(site: str | None) -> None:
    home, other = Post("index.md", url="", canonical_url=site), Post("other.md", url="other/")
    thread = Located("isso", page_url=site or "https://blog.example/")
    assert match([home, other], [thread], site_url=site).matched == {"index.md": (thread,)}
    mapped = Located("isso", page_url="https://old.example/?p=1")
    assert match([home, other], [mapped], site_url=site, map_={"/?p=1": "/"}).matched == {"index.md": (mapped,)}
