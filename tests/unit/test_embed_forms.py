"""The embeds that a page's HTML and scripts show, in the forms that people really write."""

from __future__ import annotations

from time import perf_counter

import pytest

from mkdocs_echo_plugin.embeds import Embed, embeds
from mkdocs_echo_plugin.embeds.recognise import in_script

GISCUS = {"repo": "me/blog", "mapping": "pathname", "category": "General", "category_id": "DIC_1"}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            "<script src='https://comments.example.org/client.js' data-repo='me/blog' data-repo-id='R_1' "
            "data-category='General' data-category-id='DIC_1' data-mapping='pathname'></script>",
            Embed("giscus", GISCUS),
        ),
        (
            "<giscus-widget id='comments' repo='me/blog' repoid='R_1' category='General' categoryid='DIC_1' "
            "mapping='pathname'></giscus-widget><script type='module' src='https://esm.sh/giscus'></script>",
            Embed("giscus", GISCUS),
        ),
        (
            "<script>var s = document.createElement('script'); s.src = 'https://giscus.app/client.js';\n"
            "s.setAttribute('data-repo', 'me/blog'); s.setAttribute(\"data-category\", \"General\");\n"
            "s.setAttribute('data-category-id', 'DIC_1'); s.setAttribute('data-mapping', 'pathname');</script>",
            Embed("giscus", GISCUS),
        ),
        (
            "<script>let giscusAttributes = {'src': 'https://giscus.app/client.js', 'data-repo': 'me/blog',\n"
            "'data-category': 'General', 'data-category-id': 'DIC_1', 'data-mapping': 'pathname', 'data-strict': '0'};\n"
            "Object.entries(giscusAttributes).forEach(([k, v]) => s.setAttribute(k, v));</script>",
            Embed("giscus", GISCUS),
        ),
        (
            "<script>Object.assign(s.dataset, {repo: 'me/blog', repoId: 'R', categoryId: `DIC_1`, category: 'General',\n"
            "mapping: 'number', term: '7'}); s.src = `https://giscus.app/client.js`;</script>",
            Embed("giscus", {**GISCUS, "mapping": "number"}, "7"),
        ),
        (
            "<script>s.src = 'https://utteranc.es/client.js'; s.setAttribute('repo', 'me/blog');"
            "s.setAttribute('issue-term', 'pathname');</script>",
            Embed("utterances", {"repo": "me/blog", "issue_term": "pathname"}),
        ),
        (
            "<script src='https://comments.example/client.js' repo='me/blog' issue-number='12'></script>",
            Embed("utterances", {"repo": "me/blog", "issue_number": 12}),
        ),
        (
            "<script>DiscourseEmbed = {discourseUrl: 'https://talk.example/', topicId: 12};</script>",
            Embed("discourse", {"url": "https://talk.example/"}, "12"),
        ),
        (
            "<script>DiscourseEmbed = {discourseUrl: 'https://talk.example/', discourseEmbedUrl: 'https://b.example/'};</script>",
            Embed("discourse-topic", {"url": "https://talk.example/"}),
        ),
        (
            "<div id='tcomment'></div><script>twikoo.init({envId: 'https://t.example', el: '#tcomment', path: '/p/'})</script>",
            Embed("twikoo", {"url": "https://t.example"}, "/p/"),
        ),
        ("<script>twikoo.init({envId: 'cloud-1a2b', el: '#tcomment'})</script>", Embed("twikoo-cloud")),
        (
            "<script>Artalk.init({el: '#a', pageKey: '/p/', server: 'https://art.example', site: 'My site'})</script>",
            Embed("artalk", {"url": "https://art.example", "site": "My site"}, "/p/"),
        ),
        (
            "<script>new Artalk({el: '#a', pageKey: location.pathname, server: 'https://art.example'})</script>",
            Embed("artalk", {"url": "https://art.example"}),
        ),
        ("<script>var g = new Gitalk({clientID: 'x', repo: 'blog', owner: 'me'})</script>", Embed("gitalk")),
        ("<script>new Valine({el: '#v', appId: 'x'})</script>", Embed("valine")),
    ],
    ids=lambda value: value.name if isinstance(value, Embed) else "",
)
def test_an_embed_is_read_as_it_stands(html: str, found: Embed) -> None:
    assert embeds(f"<h1>Title</h1>{html}") == (found,)


@pytest.mark.parametrize(
    "html",
    [
        "<p>We use giscus, twikoo.init and Artalk.init({server: 'https://a.example'}).</p>",
        "<pre><code>&lt;giscus-widget repo='me/blog'&gt;</code></pre>",
        "<script>s.setAttribute('data-repo', `${owner}/${name}`); s.src = 'https://giscus.app/client.js'</script>",
        "<script src='client.js' data-repo='me/blog'></script>",
        "<script>twikoo.init({envId: window.env})</script>",
        "<script>var discourseUrl = 'talk';</script>",
    ],
)
def test_what_only_speaks_of_an_embed_is_none(html: str) -> None:
    assert embeds(html) == ()


@pytest.mark.parametrize(
    "piece",
    ["giscus repo='a/b' ", "repo: '", "repo:   ", "a-", "new Artalk(", "server = ", "twikoo.init(", "discourseUrl: 'https://a' ",
     "topicId = ", "data-", "x", "\"repo\" "],
)  # fmt: skip
def test_the_time_grows_with_the_script_and_no_faster(piece: str) -> None:
    start = perf_counter()
    in_script("giscus Artalk twikoo. " + piece * (300_000 // len(piece)))
    embeds("<script>giscus" + piece * (300_000 // len(piece)) + "</script>")
    assert perf_counter() - start < 3
