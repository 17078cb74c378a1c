"""Makes a WordPress export of a given size, sound or damaged, and measures what reading it costs.

python benchmarks/wxr.py --megabytes 100              # CPU seconds and peak memory of `mkdocs-echo threads`
python benchmarks/wxr.py --megabytes 100 --damaged
python benchmarks/wxr.py --megabytes 5 --keep out.xml # only writes the file
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import PIPE, Popen

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Kettle</title><link>https://kettle.example</link><wp:wxr_version>1.2</wp:wxr_version>
"""
POST = """<item><title>Tea {post}</title><link>https://kettle.example/tea-{post}/</link><dc:creator>ada</dc:creator>
<content:encoded><![CDATA[{words}]]></content:encoded><wp:post_id>{post}</wp:post_id>
<wp:post_name>tea-{post}</wp:post_name><wp:comment_status>open</wp:comment_status>
<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value><![CDATA[12]]></wp:meta_value></wp:postmeta>
"""
COMMENT = """<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[Reader {who}]]></wp:comment_author>
<wp:comment_author_email>reader{who}@example.org</wp:comment_author_email>
<wp:comment_author_url>https://reader{who}.example/</wp:comment_author_url>
<wp:comment_author_IP>192.0.2.1</wp:comment_author_IP><wp:comment_date>2014-01-14 18:00:01</wp:comment_date>
<wp:comment_date_gmt>2014-01-14 17:00:01</wp:comment_date_gmt>
<wp:comment_content><![CDATA[{words}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_type></wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id></wp:comment>
"""
WORDS = "Boil the water once, pour it over the leaves and wait; a second boiling makes it flat, as <em>everybody</em> says. "
COMMENTS = 20
"""A post, some 22 kB with the words of the post itself."""


def write(path: Path, size: int, *, damaged: bool = False) -> int:
    """An export of about `size` bytes; the number of its comments. Damaged: a loose & in every twentieth post."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        written, post = file.write(HEAD), 0
        while written < size:
            post += 1
            written += file.write(POST.format(post=post, words=WORDS * 20))
            for i in range(COMMENTS):
                number += 1
                parent = number - 1 if i % 2 else 0
                loose = "<wp:commentmeta><wp:meta_value>a=1&b=2<br></wp:meta_value></wp:commentmeta></wp:comment>"
                words = COMMENT.format(id=number, who=number % 997, parent=parent, words=WORDS * 3)
                if damaged and post % 20 == 1 and i == 3:
                    words = words.replace("</wp:comment>", loose)
                written += file.write(words)
            written += file.write("</item>\n")
        file.write("</channel></rss>\n")
    return number


def measured(path: Path) -> tuple[float, float, int]:
    """Seconds, megabytes at the peak, and the number of threads that `mkdocs-echo threads` printed."""
    began = time.perf_counter()
    with Popen([sys.executable, "-m", "mkdocs_echo_plugin.cli", "threads", str(path)], stdout=PIPE) as process:
        assert process.stdout is not None
        threads = sum(1 for _ in process.stdout)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - began, used.ru_maxrss / 1000, threads


def main() -> None:
    """Reads the arguments and prints one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--damaged", action="store_true")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "export.xml"
        comments = write(path, int(given.megabytes * 1_000_000), damaged=given.damaged)
        print(f"{path.stat().st_size / 1e6:.1f} MB, {comments:,} comments")
        if given.keep is None:
            seconds, peak, threads = measured(path)
            print(f"{threads:,} threads in {seconds:.1f} s, {peak:.0f} MB at the peak")


if __name__ == "__main__":
    main()
