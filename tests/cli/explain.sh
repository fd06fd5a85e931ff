#!/bin/sh
# mxscope explain: words, log lines, a mail queue, a TLS report; errors in one line.
. "${srcdir:-.}/tests/cli/lib.sh"
work=.


has() { grep -qF -- "$2" "$1" || { echo "missing in $1: $2"; cat "$1"; exit 1; }; }

"$mxscope" explain 'verify=FAIL' >$work/out || exit 1
has $work/out 'sendmail: encrypted, the certificate was not verified'

# alike lines are one entry with its count; unknown ones among known do not disturb
printf '%s\n' 'mail postfix/smtp[1]: A1: (Server certificate not trusted)' 'mail kernel: hello' \
    'mail postfix/smtp[2]: B2: (Server certificate not trusted)' | "$mxscope" explain - >$work/out || exit 1
has $work/out '2 times'
[ "$(grep -c '^  Means' $work/out)" = 1 ] || { echo "not grouped"; exit 1; }

# broken in two, at a blank and within a word
printf '%s\n' 'mail postfix/smtp[1]: A1: status=deferred (Server' '    certificate not trusted)' |
    "$mxscope" explain - >$work/out || exit 1
has $work/out '(Server certificate not'
printf '%s\n' '<22>1 2026-11-22T03:14:15Z mx postfix/smtp 1 - - num=62:hostname mis' 'match' |
    "$mxscope" explain --json - | grep -q '"id":"postfix/hostname-mismatch"' || exit 1

# nothing known at all is said once
printf '%s\n' 'foo bar' 'baz qux' | "$mxscope" explain - >$work/out
[ $? = 3 ] || { echo "unknown lines must be status 3"; exit 1; }
has $work/out 'Not known: foo bar'
has $work/out 'the first of 2 lines'

cat >$work/report.json <<'J'
{"organization-name": "Sender Inc", "date-range": {"start-datetime": "2026-06-01T00:00:00Z", "end-datetime": "2026-06-01T23:59:59Z"},
 "policies": [{"policy": {"policy-type": "tlsa", "policy-domain": "example.org"},
   "summary": {"total-successful-session-count": 10, "total-failure-session-count": 7},
   "failure-details": [
     {"result-type": "tlsa-invalid", "receiving-mx-hostname": "mx1.example.org", "failed-session-count": 4},
     {"result-type": "certificate-expired", "receiving-mx-hostname": "mx2.example.org", "failed-session-count": 1,
      "failure-reason-code": "X509_V_ERR_CERT_HAS_EXPIRED"},
     {"result-type": "tlsa-invalid", "receiving-mx-hostname": "mx2.example.org", "failed-session-count": 2}]}]}
J
"$mxscope" explain - <$work/report.json >$work/out || exit 1
has $work/out 'TLS report by Sender Inc from 2026-06-01T00:00:00Z: 10 sessions succeeded, 7 failed'
has $work/out 'mx1.example.org, mx2.example.org (6 times)'
has $work/out 'mx2.example.org: X509_V_ERR_CERT_HAS_EXPIRED (1 time)'
gzip -c $work/report.json | "$mxscope" explain - >$work/gz || exit 1
cmp $work/out $work/gz || exit 1
gzip -c $work/report.json | head -c 100 | "$mxscope" explain - 2>$work/err
[ $? = 3 ] || { echo "cut gzip must be status 3"; exit 1; }
has $work/err 'mxscope: standard input: the gzip data end early'

# counts that cannot be are no reason to count wrong
sed 's/-count": 10/-count": 9223372036854775807/; s/-count": 7/-count": -7/; s/-count": 4/-count": 9223372036854775807/' \
    $work/report.json | "$mxscope" explain - >$work/out || exit 1
has $work/out 'from 2026-06-01T00:00:00Z: 1000000000 sessions succeeded, 0 failed'
has $work/out 'mx1.example.org, mx2.example.org (1000000002 times)'

printf '%s\n' '{"queue_name": "deferred", "queue_id": "A", "recipients": [{"address": "a@example.org", "delay_reason": "TLSA lookup error for mx.example.org:25"}]}' |
    "$mxscope" explain - >$work/out || exit 1
has $work/out 'Mail queue: 1 message'
has $work/out 'example.org (1 time)'

# a reason that nobody knows is shown with its place; so is what jq made of it, over many lines
cat >$work/queue <<'J'
{
  "queue_name": "deferred",
  "queue_id": "4FZkXx1234z9sW",
  "recipients": [
    { "address": "a@example.org", "delay_reason": "TLS is required, but was not offered by host mx.example.org[192.0.2.1]" }
  ]
}
{
  "queue_id": "4FZkXx1234z9sY",
  "recipients": [ { "address": "b@example.com", "delay_reason": "the frob is out of order" } ]
}
J
"$mxscope" explain - <$work/queue >$work/out || exit 1
has $work/out 'Mail queue: 2 messages'
has $work/out 'mxscope learn starttls-stripped'
has $work/out 'Not known: the frob is out of order'
has $work/out 'example.com (1 time)'

"$mxscope" explain xyzzy >$work/out
[ $? = 3 ] || { echo "unknown text must be status 3"; exit 1; }
has $work/out 'Not known: xyzzy'
"$mxscope" explain 2>$work/err && exit 1
[ "$(wc -l <$work/err)" = 1 ] || exit 1

# the lesson that shows it, and each that is named is there
"$mxscope" explain tlsa-stale >$work/out || exit 1
has $work/out 'Lesson  mxscope learn tlsa-new-key'
"$mxscope" learn >$work/lessons || exit 1
"$mxscope" explain --list | awk '{ print $1 }' | "$mxscope" explain - | sed -n 's/^  Lesson  mxscope learn //p' | sort -u >$work/named
[ "$(wc -l <$work/named)" -ge 10 ] || { echo "few lessons are named"; cat $work/named; exit 1; }
while read -r lesson; do
    grep -q " $lesson " $work/lessons || { echo "no lesson is called $lesson"; exit 1; }
done <$work/named

# who enforces it
"$mxscope" explain tlsa-stale >$work/out || exit 1
has $work/out 'Senders enforced by Exchange Online'
"$mxscope" explain exchange-online >$work/out || exit 1
has $work/out 'Exchange Online (Microsoft), a large sender, as of 2026-11-21'
has $work/out 'learn.microsoft.com/en-us/purview/how-smtp-dane-works'
has $work/out 'enforces DANE since 2022-03-01 (documented'
"$mxscope" replay "$top/tests/replay/tlsa-stale.session" >$work/out
has $work/out 'Enforced by Exchange Online, Posteo, Tuta.'

# hostile bytes reach the terminal only as text
printf 'num=26 \033[2J\n' | "$mxscope" explain - >$work/out
grep -q "$(printf '\033')" $work/out && { echo "escape passed through"; exit 1; }
"$mxscope" explain --json 43 | python3 -c 'import json,sys; o=json.loads(sys.stdin.readline()); assert o["id"]=="alert/unsupported_certificate", o' || exit 1

