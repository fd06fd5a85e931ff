#!/bin/bash
# The bash completion offers what the program's own help names.
. "${srcdir:-.}/tests/cli/lib.sh"
command -v bash >/dev/null || { echo "no bash"; exit 77; }
mxscope_dir=$(dirname "$mxscope")
PATH=$mxscope_dir:$PATH
. "$top/share/completion/mxscope"

offers() # words of the line, the last is being typed; prints the offers in one line
{
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _mxscope
    echo "${COMPREPLY[*]}"
}
case " $(offers mxscope --) " in
    *" --resolver "*" --tls "*) ;;
    *) fail "options: $(offers mxscope --)" ;;
esac
[ "$(offers mxscope --no-m)" = --no-mouse ] || fail "--no-m: $(offers mxscope --no-m)"
[ "$(offers mxscope --tls = im)" = implicit ] || fail "--tls=im: $(offers mxscope --tls = im)"
[ "$(offers mxscope --offer rs)" = rsa ] || fail "--offer rs"
[ "$(offers mxscope catalog i)" = import ] || fail "catalog i: $(offers mxscope catalog i)"
[ "$(offers mxscope catalog list lets)" = letsencrypt ] || fail "$(offers mxscope catalog list lets)"
[ "$(offers mxscope whatif --scenario eku/any)" = eku/any-ca ] ||
    fail "--scenario: $(offers mxscope whatif --scenario eku/any)"
[ "$(offers mxscope learn tlsa)" = tlsa-new-key ] || fail "learn tlsa: $(offers mxscope learn tlsa)"
done_testing
