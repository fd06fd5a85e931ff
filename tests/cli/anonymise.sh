#!/bin/sh
# --anonymise: nothing of the original is left in anything that is written, the same name is the same
# word everywhere, and files with the true bytes are refused.
. "${srcdir:-.}/tests/cli/lib.sh"

# The names of a session by another way: its own JSON, every name, digest and word of a subject in it.
cat >hidden.py <<'P'
import json, re, sys
true, hidden = (json.loads(open(f).readline()) for f in sys.argv[1:3])
outputs = [open(f).read() for f in sys.argv[2:]]
names, pairs = set(), {}
def walk(t, h, key):
    assert type(t) is type(h), key
    if isinstance(t, dict):
        assert list(t) == list(h), key
        for k in t:
            walk(t[k], h[k], k)
    elif isinstance(t, list):
        assert len(t) == len(h), key
        for a, b in zip(t, h):
            walk(a, b, key)
    elif isinstance(t, str) and "127.0.0." not in t:
        if key == "name" and "." not in t: # an alert's
            return
        if key in ("name", "host", "target", "data", "sha256", "spki_sha256", "serial", "ski", "aki", "sni",
                   "base_domain", "san_dns", "mx"):
            pairs.setdefault(t.lower(), set()).add(h.lower())
            names.add(t)
        if key in ("subject", "issuer"):
            names.update(v for v in re.findall(r"(?:CN|O|OU|L|ST)=([^,]+)", t))
        if key == "rua":
            names.add(t.split(":")[1].split("@")[0])
    elif not isinstance(t, str):
        assert t == h, (key, t, h)
walk(true, hidden, "")
# loopback is nobody's; a serial below eight digits is no name (and would hit any number)
names = {n for n in names if len(n) > 3 and not re.search(r"::1|127\.0\.0\.", n) and not re.fullmatch(r"\d{1,7}", n)}
names |= {n.split(".")[0] for n in names if re.match(r"mx\d+\.", n)} # mx1
assert names
for n in names:
    word = re.compile(r"(?<![\w-])" + re.escape(n).replace(r"\ ", r"\s+") + r"(?![\w-])", re.I)
    for f, text in zip(sys.argv[2:], outputs):
        m = word.search(text)
        assert not m, "%s: %s: ...%s..." % (f, n, text[max(0, m.start() - 60):m.end() + 20])
    for digits in [n[i:i + 12] for i in (0,) if re.fullmatch(r"[0-9a-f]{32,}", n)]: # cut ones too
        assert not any(digits in text for text in outputs), digits
back = {}
for t, hs in pairs.items():
    assert len(hs) == 1, (t, hs)
    back.setdefault(next(iter(hs)), set()).add(t)
for h, ts in back.items():
    assert len(ts) == 1, (h, ts)
P

for session in "$top"/tests/replay/*.session "$top"/tests/screens/sessions/*.mxs; do
    "$mxscope" replay "$session" --json >true.json 2>err
    "$mxscope" replay "$session" --anonymise --json >hidden.json 2>err
    "$mxscope" replay "$session" --anonymise -v --html a.html --markdown a.md >a.txt 2>err || true
    "$mxscope" verify --session "$session" --anonymise -v >verify.txt 2>err
    "$mxscope" verify --session "$session" --anonymise --json >verify.json 2>err
    python3 hidden.py true.json hidden.json a.html a.md a.txt verify.txt verify.json ||
        fail "$(basename "$session")"
done

# all files of one run speak of the same hosts, and another run of the same
"$mxscope" replay "$top/tests/replay/tlsa-stale.session" --anonymise --html a.html --markdown a.md >a.txt
"$mxscope" replay "$top/tests/replay/tlsa-stale.session" --anonymise --html b.html >b.txt
cmp -s a.html b.html && cmp -s a.txt b.txt || fail "another run gives other words"
for f in a.html a.md a.txt; do
    grep -q 'host-1\.domain-1\.example' $f || fail "$f: no host-1.domain-1.example"
    grep -q 'host-2\.domain-1\.example' $f || fail "$f: no host-2.domain-1.example"
done
# a CA of the catalog stays, the rest of the certificate does not
cat "$top/tests/certs/facts/leaf.pem" "$top/tests/certs/facts/int.pem" >chain.pem
"$mxscope" verify --chain chain.pem --host mx.example.org --anonymise --json >out 2>err
grep -q 'Example\|mx\.example\.org' out && fail "verify: $(cat out)"

for o in --record=x.mxs --pcap=x.pcapng --keylog=x.keys; do
    refused "${o%=*} keeps the true bytes: not with --anonymise" check --lab --anonymise $o
    [ -e "${o#*=}" ] && fail "$o wrote a file"
done
done_testing
