#!/bin/sh
# Reports to hand out: one HTML file that needs nothing, Markdown that is no markup of the peer's.
. "${srcdir:-.}/tests/cli/lib.sh"
session=$top/tests/replay/tlsa-stale.session

"$mxscope" replay "$session" --html a.html --markdown a.md >text 2>err || [ $? -eq 2 ] || fail "$(said)"
cat >page.py <<'P'
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
python3 page.py a.html || fail "the page is not well formed, or needs something"
# the same headline and findings in all three
head=$(sed -n 3p a.md)
tr '\n' ' ' <text | tr -s ' ' | grep -qF "$head" || fail "the headline of the Markdown is not the report's: $head"
sed "s/&#39;/'/g" a.html | grep -qF "<p>$head</p>" || fail "the headline of the page is another: $head"
for id in $("$mxscope" replay "$session" --json 2>/dev/null |
    python3 -c 'import json,sys; print(*{f["id"] for f in json.loads(sys.stdin.readline())["findings"]})'); do
    grep -qF "$id" a.html && grep -qF "$id" a.md || fail "finding $id is missing"
done
# every row of a table has as many cells as its head
cat >table.py <<'P'
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
python3 table.py a.md || fail "a table of the Markdown is not one"
"$mxscope" verify --session "$session" --markdown - -q >out 2>err
grep -q '^# \*\*CRITICAL\*\*' out || fail "verify --markdown: $(said)"
"$mxscope" replay "$session" --html /nonexistent/a.html >out 2>err && fail "a page nowhere"
[ "$(said)" = "mxscope: /nonexistent/a.html: No such file or directory" ] || fail "$(said)"
refused '--markdown takes one target' check --markdown=x example.org example.com
# a lesson: its cards, questions, answers and what to take home
"$mxscope" learn 1 --html l.html --markdown - >l.md 2>err </dev/null || fail "learn: $(said)"
python3 page.py l.html && python3 table.py l.md || fail "learn: the page or the tables"
grep -q '^| happens | ' l.md && grep -q '^| means | ' l.md || fail "learn: a card without the names of its rows"
[ "$(grep -c '^## Step ' l.md)" -ge 3 ] && grep -q '^## Take home' l.md || fail "learn: $(cat l.md)"
"$mxscope" learn "$top/tests/screens/sessions/clean.mxs" --anonymise --markdown - >l.md 2>err </dev/null || fail "learn FILE: $(said)"
grep -q 'lab\.test' l.md && fail "learn FILE --anonymise: a name"
grep -q '^## Step 1' l.md || fail "learn FILE: no steps"
# what-if and plan
"$mxscope" whatif --chain "$top/tests/certs/facts/leaf.pem" --role client --html w.html --markdown w.md >text 2>err
python3 page.py w.html && python3 table.py w.md || fail "what-if: the page or the tables"
[ "$(grep -c '^CRITICAL \|^WARNING \|^OK ' text)" -eq "$(grep -c '^##* \*\*' w.md)" ] ||
    fail "what-if: the Markdown tells of other scenarios than the text"
"$mxscope" whatif --chain "$top/tests/certs/facts/leaf.pem" --role client --anonymise --html w.html >text 2>err
grep -q 'mx\.example\.org' w.html text && fail "what-if: a name under --anonymise"
grep -q 'host-1\.domain-1\.example' w.html || fail "what-if: nobody is left"
openssl ecparam -genkey -name prime256v1 -noout -out next.pem 2>/dev/null
"$mxscope" plan --session "$top/tests/replay/clean-domain.session" --next-key next.pem --html p.html --markdown - >p.md 2>err ||
    fail "plan: $(said)"
python3 page.py p.html || fail "plan: the page"
grep -q '^# Plan ' p.md && [ "$(grep -c '^## [0-9]' p.md)" -ge 4 ] || fail "plan: $(head -3 p.md)"
done_testing
