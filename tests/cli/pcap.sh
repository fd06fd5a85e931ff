#!/bin/sh
# --pcap is read by Wireshark without a word of complaint, and opens decrypted.
. "${srcdir:-.}/tests/cli/lib.sh"
command -v tshark >/dev/null || { echo "no tshark"; exit 77; }
shark() { tshark -r "$file" "$@" 2>/dev/null; }

for lab in "" =tls12-only; do
    file=lab$lab.pcapng
    "$mxscope" check --lab$lab --json --offer ecdsa --pcap "$file" >live
    [ -z "$(shark -Y '_ws.malformed or tcp.analysis.flags or tcp.checksum.status == 0 or ip.checksum.status == 0')" ] ||
        fail "lab$lab: Wireshark complains"
    shark -T fields -e frame.time_delta | grep -q '^-' && fail "lab$lab: time runs backwards"
    # the handshake messages in order, ours and the server's, as the report lists them
    grep -o '"type":"[A-Za-z]*","length"' live | sed 's/"type":"\(.*\)","length"/\1/' >ours
    shark -Y tls.handshake.type -T fields -e tls.handshake.type | tr ',\t' '\n\n' | sed \
        's/^1$/ClientHello/;s/^2$/ServerHello/;s/^4$/NewSessionTicket/;s/^8$/EncryptedExtensions/
         s/^11$/Certificate/;s/^12$/ServerKeyExchange/;s/^13$/CertificateRequest/
         s/^14$/ServerHelloDone/;s/^15$/CertificateVerify/;s/^16$/ClientKeyExchange/
         s/^20$/Finished/;s/^22$/CertificateStatus/' >theirs
    LC_ALL=C sort ours >ours.sorted
    LC_ALL=C sort theirs >theirs.sorted
    [ -s ours ] || fail "lab$lab: no messages in the report"
    cmp -s ours.sorted theirs.sorted || fail "lab$lab: $(diff ours.sorted theirs.sorted)"
    # what was said inside TLS
    [ "$(shark -Y 'tls and smtp.req.command == "QUIT"' | wc -l)" -eq 2 ] ||
        fail "lab$lab: QUIT inside TLS is not decrypted"
    [ "$(shark -Y 'tcp.flags.syn == 1 and tcp.flags.ack == 0' | wc -l)" -eq 2 ] ||
        fail "lab$lab: not two connections"
    [ "$(shark -Y 'tcp.flags.fin == 1' | wc -l)" -eq 4 ] || fail "lab$lab: connections do not end"
done
[ "$(stat -c %a "$file")" = 600 ] || fail "a file with TLS secrets is readable by others"
done_testing
