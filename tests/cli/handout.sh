#!/bin/sh
# Reports to hand out: one HTML file that needs nothing, Markdown that is no markup of the peer's.
. "${srcdir:-.}/tests/cli/lib.sh"
session=$top/tests/replay/tlsa-stale.session

"$mxscope" replay "$session" --html a.html --markdown a.md >text 2>err || [ $? -eq 2 ] || fail "$(said)"
python3 - a.html <<'P' || fail "the page is not well formed, or needs something"
import html.parser, sys
class Page(html.parser.HTMLParser):
    stack, void = [], {"meta", "br"}
    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "img", "link", "iframe", "a", "object"), tag
        assert not any(k.startswith("on") or k in ("src", "href", "style") for k, v in attrs), attrs
        if tag not in self.void:
            self.stack.append(tag)
    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, tag
page = Page()
text = open(sys.argv[1]).read()
page.feed(text)
assert not page.stack, page.stack
assert "url(" not in text and "@import" not in text and "default-src 'none'" in text
assert "@media print" in text
P
# the same headline and findings in all three
head=$(sed -n 3p a.md)
tr '\n' ' ' <text | tr -s ' ' | grep -qF "$head" || fail "the headline of the Markdown is not the report's: $head"
sed "s/&#39;/'/g" a.html | grep -qF "<p>$head</p>" || fail "the headline of the page is another: $head"
for id in $("$mxscope" replay "$session" --json 2>/dev/null |
    python3 -c 'import json,sys; print(*{f["id"] for f in json.loads(sys.stdin.readline())["findings"]})'); do
    grep -qF "$id" a.html && grep -qF "$id" a.md || fail "finding $id is missing"
done
# every row of a table has as many cells as its head
python3 - a.md <<'P' || fail "a table of the Markdown is not one"
import re, sys
n = 0
for line in open(sys.argv[1]):
    cells = len(re.findall(r"(?<!\\)\|", line)) - 1
    if not line.startswith("|"):
        n = 0
    elif not n:
        n = cells
    else:
        assert cells == n, line
P
"$mxscope" verify --session "$session" --markdown - -q >out 2>err
grep -q '^# \*\*CRITICAL\*\*' out || fail "verify --markdown: $(said)"
"$mxscope" replay "$session" --html /nonexistent/a.html >out 2>err && fail "a page nowhere"
[ "$(said)" = "mxscope: /nonexistent/a.html: No such file or directory" ] || fail "$(said)"
refused '--markdown takes one target' check --markdown=x example.org example.com
done_testing
