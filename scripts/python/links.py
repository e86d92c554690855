"""Checks links: python links.py markdown FILE… | bring BOOK | html BOOK

- markdown: links of Markdown files lead to files of the checkout, and to headings that there are; every page of docs is in
  SUMMARY.md
- bring: copies files of the checkout that the book links to (settings, proto files, scripts) into BOOK/files, and has the
  links lead there; links to folders become plain text
- html: links of the built book lead to files and ids in it
"""

import re
import shutil
import sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

DOCS = Path("docs")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//")
FENCED = re.compile(r"^ *(```|~~~).*?^ *\1[^\n]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+)\)")

problems = []


def main():
    command, *names = sys.argv[1:]
    count = {"markdown": markdown, "bring": bring, "html": html}[command](names)
    for problem in problems:
        print(f"FAILED  {problem}")
    if problems:
        sys.exit(1)
    print(f"ok  {count} links")


def markdown(names):
    count, headings = 0, {}
    for page in map(Path, names):
        for target in LINK.findall(FENCED.sub("", text(page))):
            if ELSEWHERE.match(target):
                continue
            count += 1
            name, _, anchor = target.partition("#")
            path = page.parent / unquote(name) if name else page
            if not path.exists():
                problems.append(f"{page}: {target} does not exist")
            elif anchor and path.suffix == ".md":
                if path not in headings:
                    headings[path] = anchors(path)
                if unquote(anchor) not in headings[path]:
                    problems.append(f"{page}: {target}: no such heading")
    listed = {(DOCS / target).resolve() for target in LINK.findall(text(DOCS / "SUMMARY.md"))}
    for page in sorted(DOCS.rglob("*.md")):
        if page.name != "SUMMARY.md" and page.resolve() not in listed:
            problems.append(f"{page} is not in {DOCS}/SUMMARY.md")
    return count


def text(path):
    return path.read_text(encoding="utf-8")


def anchors(page):
    """As GitHub and mdBook make them of headings: the second of a name has -1 behind it."""
    found, seen = set(), Counter()
    for heading in re.findall(r"^#{1,6} (.+?)\s*$", FENCED.sub("", text(page)), re.MULTILINE):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.ids = [], set()
        self.feed(text(path))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids.update(filter(None, (attributes.get("id"), attributes.get("name") if tag == "a" else None)))
        if tag in ("a", "link") and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag in ("img", "script") and attributes.get("src"):
            self.links.append(attributes["src"])


def pages(book):
    return [page for page in sorted(book.rglob("*.html")) if page.name not in ("toc.html", "404.html")]


def bring(names):
    book = Path(names[0])
    count = 0

    def replace(match):
        nonlocal count
        before, target, after, words = match.groups()
        name, _, anchor = target.partition("#")
        if ELSEWHERE.match(target) or not name or (page.parent / name).exists():
            return match[0]
        source = DOCS / page.relative_to(book).parent / unquote(name)
        # mdBook has made .html of .md.
        if source.suffix == ".html" and not source.exists():
            source = source.with_suffix(".md")
        if source.name == "index.md" and not source.exists():
            source = source.with_name("README.md")
        root = Path.cwd()
        if not source.exists() or not source.resolve().is_relative_to(root):
            return match[0]
        count += 1
        if source.is_dir():
            return words
        inside = Path("files") / source.resolve().relative_to(root)
        # Browsers show these; other endings they would save.
        copy = book / f"{inside}.txt"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        up = "../" * len(page.relative_to(book).parent.parts)
        return f"<a {before}href=\"{up}{inside}.txt\"{after}>{words}</a>"

    for page in pages(book):
        old = text(page)
        new = re.sub(r'<a ([^>]*?)href="([^"]+)"([^>]*)>(.*?)</a>', replace, old, flags=re.DOTALL)
        if new != old:
            page.write_text(new, encoding="utf-8")
    return count


def html(names):
    book, count = Path(names[0]).resolve(), 0
    read = cache(Page)
    for page in pages(book):
        for target in read(page).links:
            if ELSEWHERE.match(target):
                continue
            count += 1
            name, _, anchor = target.partition("#")
            path = (page.parent / unquote(name) if name else page).resolve()
            path = path / "index.html" if path.is_dir() else path
            if not path.is_relative_to(book) or not path.exists():
                problems.append(f"{page}: {target} does not exist")
            elif anchor and path.suffix == ".html" and unquote(anchor) not in read(path).ids:
                problems.append(f"{page}: {target}: no such id")
    return count


if __name__ == "__main__":
    main()
