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
refused "bad:1: not NAME = VALUE" check --lab --like postfix:bad
done_testing
