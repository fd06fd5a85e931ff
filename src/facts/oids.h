/* Names of the OBJECT IDENTIFIERs that certificates and OCSP responses use. Tables by use, since the
 * same question ("what is this extension?") never spans two of them. */
#ifndef MXSCOPE_SRC_FACTS_OIDS_H
#define MXSCOPE_SRC_FACTS_OIDS_H

#include "base/base.h"

struct mxs_oid_name {
    const char *oid, *name;
};

/* All: NULL when the table has no such OID; dotted may be NULL. */
const char *mxs_oid_attribute(const char *dotted);  /* of a DN: "CN" (RFC 4514 3), "serialNumber" */
const char *mxs_oid_eku(const char *dotted);        /* "serverAuth" */
const char *mxs_oid_extension(const char *dotted);  /* "basicConstraints" */
const char *mxs_oid_access(const char *dotted);     /* of AIA, SIA: "ocsp", "caIssuers" */
const char *mxs_oid_policy(const char *dotted);     /* "domain-validated (CA/B)" */
const char *mxs_oid_qualifier(const char *dotted);  /* "cps" */
const char *mxs_oid_key(const char *dotted);        /* "RSA", "EC", "Ed25519" */
const char *mxs_oid_curve(const char *dotted);      /* "P256" */
const char *mxs_oid_hash(const char *dotted);       /* "SHA256" */
const char *mxs_oid_signature(const char *dotted);  /* "RSA-SHA256"; RSASSA-PSS gives "RSA-PSS" */
const char *mxs_oid_of_signature(const char *name); /* back: "1.2.840.113549.1.1.11" */
const char *mxs_oid_of_eku(const char *name);       /* back; a dotted OID gives itself; NULL */
const char *mxs_oid_other_name(const char *dotted); /* of otherName: "SmtpUTF8Mailbox" */

#endif
