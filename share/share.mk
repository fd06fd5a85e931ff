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
dist_lessons_DATA = share/lessons/02-starttls-stripped.lesson
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = share/completion/mxscope
catalogdir = $(pkgdatadir)/catalog
dist_catalog_DATA = share/catalog/actalis-certificates.json \
	share/catalog/certum-certificates.json share/catalog/digicert-certificates.json \
	share/catalog/entrust-certificates.json share/catalog/globalsign-certificates.json \
	share/catalog/godaddy-certificates.json share/catalog/google-certificates.json \
	share/catalog/harica-certificates.json share/catalog/sectigo-certificates.json \
	share/catalog/ssl-com-certificates.json \
	share/catalog/letsencrypt-certificates.json share/catalog/letsencrypt.json \
	share/catalog/others.json
keysdir = $(pkgdatadir)/keys
dist_keys_DATA = share/keys/throw-away.pem
EXTRA_DIST += tools/make-catalog tools/make-throw-away-keys
