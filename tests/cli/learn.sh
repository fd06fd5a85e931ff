#!/bin/sh
# mxscope learn without a terminal: the list, one lesson, one's own, a recorded session; what is broken is
# told in one line with file and line, and nothing is lost.
. "${srcdir:-.}/tests/cli/lib.sh"
XDG_STATE_HOME=$PWD/state
export XDG_STATE_HOME

# fails TEXT WORDS...: status 3, this on standard error
fails()
{
    want=$1
    shift
    "$mxscope" learn "$@" >out 2>err
    [ $? = 3 ] || fail "learn $*: status"
    grep -qF -- "$want" err || { fail "learn $*: no \"$want\""; cat err; }
    [ "$(said | wc -l)" = 1 ] || { fail "learn $*: not one line"; cat err; }
}

"$mxscope" learn >list || fail "the list"
[ "$(grep -c '^ *[0-9][0-9]*  ' list)" = 16 ] || { fail "not sixteen lessons"; cat list; }
grep -q '0 of 16 done' list || fail "something is done already"
[ ! -e state ] || fail "a list writes nothing"
awk 'length($0) > 80 { exit 1 }' list || { fail "the list is wider than 80 columns"; cat list; }

# What was kept is shown, and a newer or a broken file is left alone.
mkdir -p state/mxscope
printf 'mxscope.progress/1\nmta-sts 2 6 going --a---\nroot-pin 3 4 done -a-a\n' >state/mxscope/lessons
"$mxscope" learn >list || fail "the list with progress"
grep -q 'mta-sts  *step 3 of 6' list || { fail "mta-sts"; cat list; }
grep -q 'root-pin  *done' list || fail "root-pin"
grep -q '1 of 16 done' list || fail "one is done"
for broken in 'mxscope.progress/2' 'mxscope.progress/1
mta-sts two'; do
    echo "$broken" >state/mxscope/lessons
    fails 'state/mxscope/lessons:' mta-sts
    [ "$(cat state/mxscope/lessons)" = "$broken" ] || fail "the progress was written over"
done
rm -r state

# A lesson as text, with the answers that its walks prove.
"$mxscope" learn starttls >text || fail "starttls"
for want in 'Step 2: EHLO, in clear' 'a  It sends the mail in cleartext.' 'Answers, as the walk' \
    'step 3    b' 'seen      EHLO without STARTTLS' 'Take home'; do
    grep -qF "$want" text || { fail "no \"$want\""; cat text; }
done
grep -q 'not seen\|does not decide\|ended before' text && { fail "starttls"; cat text; }
awk 'length($0) > 80 { exit 1 }' text || fail "wider than 80 columns"

fails 'no lesson is called "zebra"' zebra
fails 'several lessons begin with "root"' root
fails 'no 99' 99
fails 'learn takes one LESSON' 1 2

# One's own, and broken ones.
cat >own.lesson <<'EOL'
mxscope.lesson/1
id: own
title: My own
about: One step.
lab: tls12-only
option: offer ecdsa
closing: So it is.
goal: tls:1.2 = TLS 1.2
step: Hello
run: stage:server-hello=end
happens: We reached {remote}.
ask: Which version?
a: 1.3
a if: tls:1.3
b: 1.2
b if: tls:1.2
EOL
"$mxscope" learn own.lesson >text || fail "own.lesson"
grep -q 'step 1    b  1.2' text || { fail "own.lesson"; cat text; }
grep -q 'We reached 127.0.0.1:[0-9]' text || fail "{remote}"
grep -q 'seen      TLS 1.2' text || fail "its goal"
sed 's/tls12-only/rain/' own.lesson >rain.lesson
fails 'rain.lesson:5: no fault is called "rain"' rain.lesson
head -n 9 own.lesson >cut.lesson
fails 'cut.lesson:9: the step has neither a card nor explain:' cut.lesson
sed 's/lesson.1$/lesson\/7/' own.lesson >newer.lesson
fails 'newer.lesson:1: from a newer version' newer.lesson
sed 's/^option.*/option: record pwned/' own.lesson >writes.lesson
fails 'writes.lesson:6: no option of a lesson is called "record"' writes.lesson
sed 's/^happens.*/&\nview: windows/' own.lesson >view.lesson
fails 'view.lesson:12: view: the workbench has no such view' view.lesson
sed 's/^happens.*/explain: stage\/lunch/' own.lesson >card.lesson
fails 'card.lesson:11: explain: the glossary has no such entry' card.lesson
sed 's/offer ecdsa/offer purple/' own.lesson >purple.lesson
fails "purple.lesson:6: option: --offer: 'purple' is not any|rsa|ecdsa" purple.lesson
printf '\357\273\277' | cat - own.lesson >marked.lesson
"$mxscope" learn marked.lesson >text || fail "a byte order mark"
truncate -s 1G huge.lesson
fails 'huge.lesson' huge.lesson
fails 'gone.lesson' gone.lesson
[ ! -e pwned ] || fail "a lesson wrote a file"

# A recorded session becomes a lesson; what is broken there is told as by replay.
"$mxscope" check --lab=tlsa-stale-key --offer any --record rec.mxs >/dev/null
"$mxscope" learn rec.mxs >text || fail "rec.mxs"
grep -q 'lab.test, as recorded' text || fail "its title"
grep -qF 'a  It is offered, and answered with 220.' text || fail "its questions"
tail -n 30 text | grep -qF 'd  It keeps the mail, or gives it back.' || { fail "its verdict"; cat text; }
grep -q 'does not decide\|ended before' text && { fail "rec.mxs"; cat text; }
head -c 3000 rec.mxs >half.mxs
fails 'half.mxs:' half.mxs

# A lesson may play one that lies beside it.
mkdir beside
cp rec.mxs beside/one.mxs
sed -e 's/^lab:.*/session: one.mxs/' -e '/^option/d' -e 's/^goal.*/goal: finding:tlsa-stale = stale/' \
    own.lesson >beside/own.lesson
"$mxscope" learn beside/own.lesson >text || fail "beside"
grep -q 'step 1    a  1.3' text || { fail "beside"; cat text; }
grep -q 'seen      stale' text || fail "what was recorded is judged"
done_testing
