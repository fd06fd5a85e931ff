#!/bin/sh
# --like takes an operator's own settings, says what it ignores, and words still win.
. "${srcdir:-.}/tests/cli/lib.sh"

cat >main.cf <<'X'
# postconf -n
inet_protocols = ipv4
myhostname = mail.example.org
smtp_bind_address = 127.0.0.1
smtp_helo_name = $myhostname
smtp_tls_mandatory_protocols = >=TLSv1.2,
    !TLSv1.1
smtp_tls_security_level = dane
smtpd_tls_cert_file = /etc/ssl/server.pem
X
"$mxscope" check --lab --json --like postfix:main.cf --record s >out 2>err
[ $? -ne 3 ] || fail "postfix: $(said)"
[ "$(said)" = "mxscope: main.cf: ignored: smtp_tls_mandatory_protocols" ] || fail "postfix: $(said)"
grep -q '"verifier":"rfc/webpki"' out && fail "the level does not decide who judges"
grep -q '"verifier":"\(postfix/smtp\|rfc\)/dane"' out || fail "level dane is not asked"
grep -q '"offer":"rsa","client_certificate":false' out || fail "no session"
grep -q '"address":"::1","port"' out && fail "inet_protocols = ipv4 is not kept"
grep -q 'EHLO mail.example.org' s || fail "smtp_helo_name is not said"
"$mxscope" check --lab --json --like postfix:main.cf --ehlo other.example --record s >out 2>err
grep -q 'EHLO other.example' s || fail "--ehlo does not win"

cat >exim.txt <<'X'
primary_hostname = exim.example.org
tls_certificate = /etc/exim4/server.crt
no_tls_advertise
remote_smtp transport:
driver = smtp
hosts_try_dane = *
tls_require_ciphers = NORMAL
X
"$mxscope" check --lab --like exim:exim.txt --record s -q >out 2>err
[ "$(said)" = "mxscope: exim.txt: ignored: tls_require_ciphers" ] || fail "exim: $(said)"
grep -q 'EHLO exim.example.org' s || fail "primary_hostname is not said"

refused "nowhere: No such file or directory" check --lab --like postfix:nowhere
refused "--like: 'qmail:x' is not postfix:FILE or exim:FILE" check --lab --like qmail:x
echo hello world >bad
refused "bad:1: not NAME = VALUE, as postconf -n prints it" check --lab --like postfix:bad
printf '.ifdef MACRO\n.include /etc/exim4/local\n' >bad
refused "bad:1: not NAME = VALUE, as exim -bP prints it" check --lab --like exim:bad
awk 'BEGIN { print "a = b"; for (n = 0; n < 100000; n++) print " a" }' >bad
refused "bad:8194: not NAME = VALUE, as postconf -n prints it" check --lab --like postfix:bad
awk 'BEGIN { for (i = 0; i < 10001; i++) print "a" i " = x" }' >bad
refused "bad:10001: more than 10000 settings" check --lab --like postfix:bad
echo 'smtp_tls_security_level = high' >bad
refused "bad: smtp_tls_security_level: 'high' is none of none, may, encrypt, dane, dane-only, verify, secure, fingerprint" \
    check --lab --like postfix:bad
# --- the settings as a profile of their own, shown first ---
cat "$top/tests/certs/judge/good.crt" "$top/tests/certs/judge/int.crt" >good.pem
cat "$top/tests/certs/judge/eku-both.crt" "$top/tests/certs/judge/int.crt" >both.pem
at="--at 2026-12-01 --trust-store $top/tests/certs/judge/root.crt"
first() { sed 's/.*"verdicts":\[{"verifier":"\([^"]*\)".*/\1/' out; }
mine() { grep -o "\"verifier\":\"$1\",[^]]*\"log\":" out | head -1; }
# mine FILE-KIND VERIFIER PATTERN: what the settings in the file x make of a good chain
judged()
{
    # shellcheck disable=SC2086
    "$mxscope" verify $at --like "$1:x" --chain good.pem --json >out 2>err
    [ "$(first)" = "$2" ] || fail "$1: first is $(first), not $2: $(said)"
    mine "$2" | grep -q -- "$3" || fail "$1, $(tr '\n' ' ' <x): $(mine "$2")"
}
echo 'smtp_tls_security_level = may' >x
judged postfix mine/postfix '"label":"Untrusted"' # no trust anchors unless they are named
echo 'smtp_tls_CAfile = roots' >>x
judged postfix mine/postfix '"label":"Trusted"'
printf 'smtp_tls_security_level = secure\nsmtp_tls_secure_cert_match = hostname\nsmtp_tls_CAfile = y\n' >x
judged postfix mine/postfix '"channel":"verified"'
printf 'remote_smtp transport:\nhosts_try_dane =\ntls_verify_hosts = *\nhosts_require_tls =\n' >x
judged exim mine/exim '"channel":"verified"'
echo 'smtp_tls_security_level = dane' >x
key=$("$mxscope" verify --json --chain good.pem --trust-store none |
    sed 's/.*"depth":0[^}]*"spki_sha256":"\([0-9a-f]*\)".*"depth":1.*/\1/')
# shellcheck disable=SC2086
"$mxscope" verify $at --like postfix:x --chain good.pem --tlsa "3 1 1 $key" --json >out 2>err
mine mine/postfix | grep -q '"channel":"encrypted"' || fail "dane without smtp_dns_support_level: $(mine mine/postfix)"
echo 'smtp_dns_support_level = dnssec' >>x
# shellcheck disable=SC2086
"$mxscope" verify $at --like postfix:x --chain good.pem --tlsa "3 1 1 $key" --json >out 2>err
mine mine/postfix | grep -q '"channel":"verified"' || fail "dane: $(mine mine/postfix)"
# what a value names, wherever it stands; a byte order mark; the settings of old
printf '\357\273\277smtp_tls_security_level = ${level}\r\nlevel = $(other)\r\nother = secure\r\n' >x
printf 'smtp_tls_CAfile = $folder/y\r\nfolder = /etc/${sub}\r\nsub = ssl\r\n' >>x
judged postfix mine/postfix '"channel":"verified"'
echo 'smtp_tls_secure_cert_match = hostname, .partner.example' >>x
judged postfix mine/postfix '"channel":"verified"'
[ "$(said)" = "mxscope: x: ignored: smtp_tls_secure_cert_match" ] || fail "names: $(said)"
printf 'smtp_enforce_tls = yes\nsmtp_tls_CAfile = y\n' >x
judged postfix mine/postfix '"channel":"verified"'
printf 'smtp_use_tls = yes\nsmtp_tls_CAfile = y\n' >x
judged postfix mine/postfix '"label":"Trusted"'
printf 'a = $b\nb = $a\nsmtp_tls_security_level = $a\n' >x # round in circles
# shellcheck disable=SC2086
"$mxscope" verify $at --like postfix:x --chain good.pem -q >out 2>err
[ "$(said)" = "mxscope: x: ignored: smtp_tls_security_level" ] || fail "circle: $(said)"
for end in xxxxxxxxxxxxxxxx ''; do # grows without end, or takes long
    printf 'smtp_tls_security_level = may\nsmtp_tls_CAfile = $a$a$a$a$a$a$a$a\n' >x
    for name in ab bc cd de ef fg; do
        echo "${name%?} = $(printf "\$${name#?}%.0s" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)" >>x
    done
    echo "g = $end" >>x
    # shellcheck disable=SC2086
    timeout 20 "$mxscope" verify $at --like postfix:x --chain good.pem -q >out 2>err
    [ "$(said)" = "mxscope: x: ignored: smtp_tls_CAfile" ] || fail "a value without end: $(said)"
done
for level in none ''; do
    printf 'smtp_tls_security_level = %s\n' "$level" >x
    # shellcheck disable=SC2086
    "$mxscope" verify $at --like postfix:x --chain good.pem --json >out 2>err
    [ "$(said)" = "mxscope: x: smtp_tls_security_level is ${level:-not set}: this Postfix sends without TLS" ] ||
        fail "no TLS: $(said)"
    grep -q '"mine/postfix"' out && fail "level ${level:-empty} is judged as one with TLS"
done
# of several transports the first that speaks SMTP
printf '%s transport:\ndriver = %s\n%s\n' local appendfile 'user = mail' remote_smtp smtp 'hosts_require_dane = *' \
    smarthost smtp 'hosts_try_dane =' >x
judged exim mine/exim '"action":"bounce"'
[ "$(said)" = "mxscope: x: the transport remote_smtp is taken; left out: smarthost" ] || fail "transports: $(said)"
printf 'tls_advertise_hosts = *\nlocal transport:\ndriver = appendfile\n' >x
# shellcheck disable=SC2086
"$mxscope" verify $at --like exim:x --chain good.pem --json >out 2>err
grep -q '"mine/exim"' out && fail "a sender without an SMTP transport"

# as receiver: what it asks for, and whom it trusts
receives() # PATTERN: of what the own receiver did before
{
    # shellcheck disable=SC2086
    "$mxscope" whatif $at --like postfix:x --role client --chain both.pem --scenario eku/any-ca --json >out 2>err
    grep -o '"verifier":"mine/postfix-smtpd","role":"receiver","before":{[^}]*"label":"[A-Za-z]*"' out |
        grep -q -- "$1" || fail "$(tr '\n' ' ' <x): $(said) $(grep -o 'mine/postfix-smtpd.\{200\}' out | head -1)"
}
ask='smtpd_tls_ask_ccert = yes\nsmtp_tls_security_level = may\n'
printf '%b' "$ask" >x
receives '"label":"Anonymous"' # no level, no STARTTLS
printf '%b' "$ask"'smtpd_tls_security_level = may\n' >x
receives '"label":"Untrusted"' # no trust anchors unless they are named
printf '%b' "$ask"'smtpd_use_tls = yes\nsmtpd_tls_CAfile = y\n' >x
receives '"label":"Trusted"'
printf 'smtpd_tls_security_level = may\nsmtpd_tls_req_ccert = yes\nsmtp_tls_security_level = may\n' >x
receives '"label":"Anonymous"' # required only where TLS is
printf 'smtpd_tls_security_level = encrypt\nsmtpd_tls_ask_ccert = yes\nsmtpd_tls_CAfile = %s\n' \
    "$top/tests/certs/judge/good.crt" >x
at='--at 2026-12-01' # its own trust anchors: of the side that is asked
receives '"label":"Untrusted"'
echo "smtp_tls_CAfile = $top/tests/certs/judge/root.crt" >>x
receives '"label":"Untrusted"'
echo "smtpd_tls_CAfile = $top/tests/certs/judge/root.crt" >>x
receives '"label":"Trusted"'
at="$at --trust-store $top/tests/certs/judge/root.crt"

# as receiver, and what the own sender does about a refusal
printf 'smtp_tls_security_level = may\nsmtpd_tls_req_ccert = yes\nsmtpd_tls_security_level = encrypt\n' >x
echo 'smtpd_tls_CAfile = y' >>x
# shellcheck disable=SC2086
"$mxscope" whatif $at --like postfix:x --role client --chain both.pem --scenario eku/any-ca >out 2>err
[ $? = 2 ] && tr '\n' ' ' <out | grep -q 'accept → reject at ehlo-tls, reply 421 *your Postfix; Postfix req' ||
    fail "the own receiver: $(cat err out)"
grep -q 'CLEARTEXT at a later attempt: your Postfix; Postfix may' out || fail "the own sender: $(cat out)"
# what exim -bP prints of the receiving side; with what -bV prints, of the other library too
exim_receives() # LINES PATTERN: of what the own receiver did before
{
    printf '%s\n' "$1" >x
    # shellcheck disable=SC2086
    "$mxscope" whatif $at --like exim:x --role client --chain both.pem --scenario eku/intermediates-server-only \
        --scenario failure/expired --all --json >out 2>err
    grep -o '"verifier":"mine/exim-smtpd","role":"receiver","before":{[^}]*"grade":"[a-z]*","action":"[a-z-]*"' out | head -1 |
        grep -q -- "$2" || fail "exim, $1: $(said) $(grep -o 'mine/exim-smtpd.\{200\}' out | head -1)"
}
gnutls='Exim version 4.98.2 #2 built 23-Jul-2026 17:04:03
Support for: Content_Scanning iconv() IPv6 GnuTLS TLS_resume DANE DKIM'
openssl=$(echo "$gnutls" | sed s/GnuTLS/OpenSSL/)
bp='primary_hostname = x.example
tls_advertise_hosts = *
tls_certificate = /etc/exim4/mx.crt
tls_try_verify_hosts =
tls_verify_certificates = system
tls_verify_hosts = *
remote_smtp transport:
hosts_try_dane = *'
exim_receives "$gnutls
$bp" '"grade":"measured","action":"accept"'
exim_receives "$openssl
$bp" '"grade":"source","action":"accept"'
exim_receives "$bp" '"grade":"measured"'

printf '%s\n' "$openssl" 'remote_smtp transport:' 'hosts_require_dane = *' >x
judged exim mine/exim '"grade":"source"'

mkdir -p none/mxscope && echo 'mine = gmail/*' >none/mxscope/config
# shellcheck disable=SC2086
"$mxscope" verify $at --chain good.pem --json >out 2>err
[ "$(first)" = gmail/out ] || fail "mine: first is $(first)"
done_testing
