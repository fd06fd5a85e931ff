# Data that anyone can read and extend.
glossarydir = $(pkgdatadir)/glossary
dist_glossary_DATA = share/glossary/alerts.json share/glossary/openssl.json \
	share/glossary/others.json share/glossary/postfix.json share/glossary/stages.json \
	share/glossary/words.json
sendersdir = $(pkgdatadir)/senders
dist_senders_DATA = share/senders/large.json
verifiersdir = $(pkgdatadir)/verifiers
dist_verifiers_DATA = share/verifiers/exim-smtp.ini share/verifiers/exim-smtpd.ini \
	share/verifiers/opensmtpd-listen.ini share/verifiers/others-receiver.ini \
	share/verifiers/others-sender.ini share/verifiers/postfix-smtp.ini \
	share/verifiers/postfix-smtpd.ini share/verifiers/sendmail-daemon.ini \
	share/verifiers/tools.ini
lessonsdir = $(pkgdatadir)/lessons
dist_lessons_DATA = share/lessons/next-key.pem \
	share/lessons/01-clean-session.lesson \
	share/lessons/02-starttls-stripped.lesson \
	share/lessons/03-names-and-sni.lesson \
	share/lessons/04-missing-intermediate.lesson \
	share/lessons/05-late-refusal.lesson \
	share/lessons/06-refused-without-alert.lesson \
	share/lessons/07-public-client-certificate.lesson \
	share/lessons/08-tlsa-new-key.lesson \
	share/lessons/09-x3-to-r3.lesson \
	share/lessons/10-root-pin.lesson \
	share/lessons/11-root-removed.lesson \
	share/lessons/12-short-lifetimes.lesson \
	share/lessons/13-dnssec-bogus.lesson \
	share/lessons/14-mta-sts.lesson \
	share/lessons/15-client-auth-removal.lesson \
	share/lessons/16-plan-a-rollover.lesson
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = share/completion/mxscope
catalogdir = $(pkgdatadir)/catalog
dist_catalog_DATA = share/catalog/actalis-certificates.json \
	share/catalog/certum-certificates.json share/catalog/digicert-certificates.json \
	share/catalog/entrust-certificates.json share/catalog/globalsign-certificates.json \
	share/catalog/godaddy-certificates.json share/catalog/google-certificates.json \
	share/catalog/harica-certificates.json share/catalog/sectigo-certificates.json \
	share/catalog/ssl-com-certificates.json \
	share/catalog/actalis-issuers.json share/catalog/certum-issuers.json \
	share/catalog/digicert-issuers.json share/catalog/entrust-issuers.json \
	share/catalog/globalsign-issuers.json share/catalog/godaddy-issuers.json \
	share/catalog/google-issuers.json share/catalog/harica-issuers.json \
	share/catalog/sectigo-issuers.json share/catalog/ssl-com-issuers.json \
	share/catalog/letsencrypt-certificates.json share/catalog/letsencrypt.json \
	share/catalog/others.json
remediesdir = $(pkgdatadir)/remedies
dist_remedies_DATA = share/remedies/client.ini share/remedies/server.ini
keysdir = $(pkgdatadir)/keys
dist_keys_DATA = share/keys/throw-away.pem
EXTRA_DIST += tools/make-bundle tools/make-catalog tools/make-throw-away-keys
scenarios_ekudir = $(pkgdatadir)/scenarios/eku
dist_scenarios_eku_DATA = share/scenarios/eku/actalis.ini share/scenarios/eku/any-ca.ini \
	share/scenarios/eku/certum.ini share/scenarios/eku/godaddy.ini share/scenarios/eku/ssl-com.ini \
	share/scenarios/eku/chrome-leaf.ini \
	share/scenarios/eku/digicert.ini \
	share/scenarios/eku/google.ini \
	share/scenarios/eku/intermediates-server-only.ini \
	share/scenarios/eku/le-classic.ini \
	share/scenarios/eku/le-tlsclient-announced.ini \
	share/scenarios/eku/le-tlsclient-end.ini \
	share/scenarios/eku/sectigo.ini
scenarios_rolloverdir = $(pkgdatadir)/scenarios/rollover
dist_scenarios_rollover_DATA = share/scenarios/rollover/digicert-g1-to-g2.ini \
	share/scenarios/rollover/globalsign-r46.ini share/scenarios/rollover/godaddy-r1.ini \
	share/scenarios/rollover/sectigo-r46.ini \
	share/scenarios/rollover/cross-sign-dropped.ini \
	share/scenarios/rollover/cross-signs-reissued.ini \
	share/scenarios/rollover/dst-cross-leaves.ini \
	share/scenarios/rollover/dst-root-expired.ini \
	share/scenarios/rollover/generation-y.ini \
	share/scenarios/rollover/next-rotation.ini \
	share/scenarios/rollover/one-intermediate-missing.ini \
	share/scenarios/rollover/other-ca.ini \
	share/scenarios/rollover/r10-to-r12-e7.ini \
	share/scenarios/rollover/r3-e1-to-r10-e5.ini \
	share/scenarios/rollover/revoked-cross-sign.ini \
	share/scenarios/rollover/x3-to-r3.ini
scenarios_renewaldir = $(pkgdatadir)/scenarios/renewal
dist_scenarios_renewal_DATA = share/scenarios/renewal/day-60-timer.ini \
	share/scenarios/renewal/lifetime-45.ini \
	share/scenarios/renewal/lifetime-47.ini \
	share/scenarios/renewal/lifetime-64.ini \
	share/scenarios/renewal/new-key.ini \
	share/scenarios/renewal/profile-classic.ini \
	share/scenarios/renewal/profile-shortlived.ini \
	share/scenarios/renewal/profile-tlsserver.ini \
	share/scenarios/renewal/same-key.ini \
	share/scenarios/renewal/to-ecdsa-le.ini \
	share/scenarios/renewal/to-ecdsa.ini \
	share/scenarios/renewal/to-rsa-le.ini \
	share/scenarios/renewal/to-rsa.ini \
	share/scenarios/renewal/unknown-key.ini
scenarios_trustdir = $(pkgdatadir)/scenarios/trust
dist_scenarios_trust_DATA = share/scenarios/trust/ca-distrusted.ini \
	share/scenarios/trust/digicert-g1.ini \
	share/scenarios/trust/generation-y-roots-known.ini \
	share/scenarios/trust/generation-y-roots-unknown.ini \
	share/scenarios/trust/ov-wanted.ini \
	share/scenarios/trust/server-only-store.ini \
	share/scenarios/trust/x1-retires.ini
scenarios_reactiondir = $(pkgdatadir)/scenarios/reaction
dist_scenarios_reaction_DATA = share/scenarios/reaction/client-certificate-dropped.ini \
	share/scenarios/reaction/key-pinned.ini \
	share/scenarios/reaction/private-ca-installed.ini \
	share/scenarios/reaction/private-ca.ini \
	share/scenarios/reaction/receiver-asks.ini \
	share/scenarios/reaction/receiver-requires.ini \
	share/scenarios/reaction/self-signed.ini \
	share/scenarios/reaction/smime-certificate.ini
scenarios_failuredir = $(pkgdatadir)/scenarios/failure
dist_scenarios_failure_DATA = share/scenarios/failure/dnssec-expired.ini \
	share/scenarios/failure/expired.ini \
	share/scenarios/failure/leaf-revoked.ini \
	share/scenarios/failure/issuer-revoked.ini \
	share/scenarios/failure/crl-expired.ini \
	share/scenarios/failure/crl-absent.ini \
	share/scenarios/failure/misissued.ini \
	share/scenarios/failure/missing-intermediate.ini \
	share/scenarios/failure/mx-renamed.ini \
	share/scenarios/failure/policy-stale.ini \
	share/scenarios/failure/starttls-stripped.ini \
	share/scenarios/failure/tlsa-bogus.ini \
	share/scenarios/failure/tlsa-removed.ini \
	share/scenarios/failure/tlsa-stale.ini \
	share/scenarios/failure/wrong-name.ini
