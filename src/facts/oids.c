#include "config.h"

#include "facts/oids.h"

#include <string.h>

static const struct mxs_oid_name attributes[] = {
    { "2.5.4.3", "CN" },
    { "2.5.4.6", "C" },
    { "2.5.4.10", "O" },
    { "2.5.4.11", "OU" },
    { "2.5.4.7", "L" },
    { "2.5.4.8", "ST" },
    { "2.5.4.9", "STREET" },
    { "0.9.2342.19200300.100.1.25", "DC" },
    { "0.9.2342.19200300.100.1.1", "UID" },
    { "2.5.4.5", "serialNumber" },
    { "2.5.4.4", "sn" },
    { "2.5.4.42", "givenName" },
    { "2.5.4.12", "title" },
    { "2.5.4.13", "description" },
    { "2.5.4.15", "businessCategory" },
    { "2.5.4.17", "postalCode" },
    { "2.5.4.43", "initials" },
    { "2.5.4.44", "generationQualifier" },
    { "2.5.4.46", "dnQualifier" },
    { "2.5.4.65", "pseudonym" },
    { "2.5.4.97", "organizationIdentifier" },
    { "1.2.840.113549.1.9.1", "EMAIL" },
    { "1.3.6.1.4.1.311.60.2.1.1", "jurisdictionOfIncorporationLocalityName" },
    { "1.3.6.1.4.1.311.60.2.1.2", "jurisdictionOfIncorporationStateOrProvinceName" },
    { "1.3.6.1.4.1.311.60.2.1.3", "jurisdictionOfIncorporationCountryName" },
    { NULL, NULL },
};

static const struct mxs_oid_name ekus[] = {
    { "1.3.6.1.5.5.7.3.1", "serverAuth" },
    { "1.3.6.1.5.5.7.3.2", "clientAuth" },
    { "2.5.29.37.0", "anyExtendedKeyUsage" },
    { "1.3.6.1.5.5.7.3.4", "emailProtection" },
    { "1.3.6.1.5.5.7.3.3", "codeSigning" },
    { "1.3.6.1.5.5.7.3.5", "ipsecEndSystem" },
    { "1.3.6.1.5.5.7.3.6", "ipsecTunnel" },
    { "1.3.6.1.5.5.7.3.7", "ipsecUser" },
    { "1.3.6.1.5.5.7.3.8", "timeStamping" },
    { "1.3.6.1.5.5.7.3.9", "OCSPSigning" },
    { "1.3.6.1.5.5.7.3.17", "ipsecIKE" },
    { "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin" },
    { "1.3.6.1.4.1.311.10.3.3", "msSGC" },
    { "2.16.840.1.113730.4.1", "nsSGC" },
    { "1.3.6.1.5.2.3.5", "pkinitKDC" },
    { NULL, NULL },
};

static const struct mxs_oid_name extensions[] = {
    { "2.5.29.14", "subjectKeyIdentifier" },
    { "2.5.29.15", "keyUsage" },
    { "2.5.29.17", "subjectAltName" },
    { "2.5.29.19", "basicConstraints" },
    { "2.5.29.31", "cRLDistributionPoints" },
    { "2.5.29.32", "certificatePolicies" },
    { "2.5.29.35", "authorityKeyIdentifier" },
    { "2.5.29.37", "extKeyUsage" },
    { "1.3.6.1.5.5.7.1.1", "authorityInfoAccess" },
    { "1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestamps" },
    { "1.3.6.1.4.1.11129.2.4.3", "precertificatePoison" },
    { "2.5.29.9", "subjectDirectoryAttributes" },
    { "2.5.29.16", "privateKeyUsagePeriod" },
    { "2.5.29.18", "issuerAltName" },
    { "2.5.29.30", "nameConstraints" },
    { "2.5.29.33", "policyMappings" },
    { "2.5.29.36", "policyConstraints" },
    { "2.5.29.46", "freshestCRL" },
    { "2.5.29.54", "inhibitAnyPolicy" },
    { "1.3.6.1.5.5.7.1.3", "qcStatements" },
    { "1.3.6.1.5.5.7.1.11", "subjectInfoAccess" },
    { "1.3.6.1.5.5.7.1.24", "tlsFeature" },
    { "1.3.6.1.5.5.7.48.1.2", "ocspNonce" },
    { "1.3.6.1.5.5.7.48.1.5", "ocspNoCheck" },
    { "1.3.6.1.4.1.11129.2.4.5", "signedCertificateTimestamps" }, /* in OCSP responses */
    { "2.5.29.20", "cRLNumber" },
    { "2.5.29.21", "cRLReason" },
    { "2.16.840.1.113730.1.1", "netscapeCertType" },
    { "2.16.840.1.113730.1.13", "netscapeComment" },
    { "1.3.6.1.4.1.311.20.2", "msCertificateTemplateName" },
    { "1.3.6.1.4.1.311.21.1", "msCAVersion" },
    { "1.3.6.1.4.1.311.21.7", "msCertificateTemplate" },
    { "1.3.6.1.4.1.311.21.10", "msApplicationPolicies" },
    { "2.23.140.3.1", "cabfOrganizationIdentifier" },
    { NULL, NULL },
};

static const struct mxs_oid_name accesses[] = {
    { "1.3.6.1.5.5.7.48.1", "ocsp" },
    { "1.3.6.1.5.5.7.48.2", "caIssuers" },
    { "1.3.6.1.5.5.7.48.3", "timeStamping" },
    { "1.3.6.1.5.5.7.48.5", "caRepository" },
    { NULL, NULL },
};

static const struct mxs_oid_name policies[] = {
    { "2.23.140.1.2.1", "domain-validated (CA/B)" },
    { "2.23.140.1.2.2", "organization-validated (CA/B)" },
    { "2.23.140.1.2.3", "individual-validated (CA/B)" },
    { "2.23.140.1.1", "extended-validation (CA/B)" },
    { "2.23.140.1.5.1.1", "S/MIME mailbox-validated legacy (CA/B)" },
    { "2.23.140.1.5.1.2", "S/MIME mailbox-validated multipurpose (CA/B)" },
    { "2.23.140.1.5.1.3", "S/MIME mailbox-validated strict (CA/B)" },
    { "2.5.29.32.0", "anyPolicy" },
    { "1.3.6.1.4.1.44947.1.1.1", "ISRG domain-validated" },
    { NULL, NULL },
};

static const struct mxs_oid_name qualifiers[] = {
    { "1.3.6.1.5.5.7.2.1", "cps" },
    { "1.3.6.1.5.5.7.2.2", "userNotice" },
    { NULL, NULL },
};

static const struct mxs_oid_name key_types[] = {
    { "1.2.840.113549.1.1.1", "RSA" },
    { "1.2.840.10045.2.1", "EC" },
    { "1.3.101.112", "Ed25519" },
    { "1.3.101.113", "Ed448" },
    { "1.2.840.113549.1.1.10", "RSA-PSS" },
    { "1.3.101.110", "X25519" },
    { "1.3.101.111", "X448" },
    { "1.2.840.10040.4.1", "DSA" },
    { "2.16.840.1.101.3.4.3.17", "ML-DSA-44" },
    { "2.16.840.1.101.3.4.3.18", "ML-DSA-65" },
    { "2.16.840.1.101.3.4.3.19", "ML-DSA-87" },
    { NULL, NULL },
};

static const struct mxs_oid_name curves[] = {
    { "1.2.840.10045.3.1.7", "P256" },
    { "1.3.132.0.34", "P384" },
    { "1.3.132.0.35", "P521" },
    { "1.3.132.0.33", "P224" },
    { "1.2.840.10045.3.1.1", "P192" },
    { "1.3.132.0.10", "secp256k1" },
    { "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1" },
    { "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1" },
    { "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1" },
    { NULL, NULL },
};

static const struct mxs_oid_name hashes[] = {
    { "2.16.840.1.101.3.4.2.1", "SHA256" },
    { "2.16.840.1.101.3.4.2.2", "SHA384" },
    { "2.16.840.1.101.3.4.2.3", "SHA512" },
    { "2.16.840.1.101.3.4.2.4", "SHA224" },
    { "1.3.14.3.2.26", "SHA1" },
    { "1.2.840.113549.2.5", "MD5" },
    { NULL, NULL },
};

static const struct mxs_oid_name signatures[] = {
    { "1.2.840.113549.1.1.11", "RSA-SHA256" },
    { "1.2.840.113549.1.1.12", "RSA-SHA384" },
    { "1.2.840.113549.1.1.13", "RSA-SHA512" },
    { "1.2.840.10045.4.3.2", "ECDSA-SHA256" },
    { "1.2.840.10045.4.3.3", "ECDSA-SHA384" },
    { "1.2.840.10045.4.3.4", "ECDSA-SHA512" },
    { "1.3.101.112", "Ed25519" },
    { "1.3.101.113", "Ed448" },
    { "1.2.840.113549.1.1.10", "RSA-PSS" },
    { "1.2.840.113549.1.1.5", "RSA-SHA1" },
    { "1.2.840.113549.1.1.14", "RSA-SHA224" },
    { "1.2.840.113549.1.1.4", "RSA-MD5" },
    { "1.2.840.113549.1.1.2", "RSA-MD2" },
    { "1.2.840.10045.4.1", "ECDSA-SHA1" },
    { "1.2.840.10045.4.3.1", "ECDSA-SHA224" },
    { "1.2.840.10040.4.3", "DSA-SHA1" },
    { "2.16.840.1.101.3.4.3.1", "DSA-SHA224" },
    { "2.16.840.1.101.3.4.3.2", "DSA-SHA256" },
    { "2.16.840.1.101.3.4.3.17", "ML-DSA-44" },
    { "2.16.840.1.101.3.4.3.18", "ML-DSA-65" },
    { "2.16.840.1.101.3.4.3.19", "ML-DSA-87" },
    { NULL, NULL },
};

static const struct mxs_oid_name other_names[] = {
    { "1.3.6.1.5.5.7.8.9", "SmtpUTF8Mailbox" },
    { "1.3.6.1.5.5.7.8.5", "XmppAddr" },
    { "1.3.6.1.5.5.7.8.7", "SRVName" },
    { "1.3.6.1.4.1.311.20.2.3", "userPrincipalName" },
    { NULL, NULL },
};

static const char *name_of(const struct mxs_oid_name *table, const char *dotted)
{
    for (; dotted && table->oid; table++)
        if (strcmp(table->oid, dotted) == 0)
            return table->name;
    return NULL;
}

static const char *oid_of(const struct mxs_oid_name *table, const char *name)
{
    for (; table->oid; table++)
        if (strcmp(table->name, name) == 0)
            return table->oid;
    return NULL;
}

const char *mxs_oid_of_signature(const char *name)
{
    return oid_of(signatures, name);
}

const char *mxs_oid_of_eku(const char *name)
{
    return name[0] >= '0' && name[0] <= '2' && name[1] == '.' ? name : oid_of(ekus, name);
}

const char *mxs_oid_attribute(const char *dotted)
{
    return name_of(attributes, dotted);
}

const char *mxs_oid_eku(const char *dotted)
{
    return name_of(ekus, dotted);
}

const char *mxs_oid_extension(const char *dotted)
{
    return name_of(extensions, dotted);
}

const char *mxs_oid_access(const char *dotted)
{
    return name_of(accesses, dotted);
}

const char *mxs_oid_policy(const char *dotted)
{
    return name_of(policies, dotted);
}

const char *mxs_oid_qualifier(const char *dotted)
{
    return name_of(qualifiers, dotted);
}

const char *mxs_oid_key(const char *dotted)
{
    return name_of(key_types, dotted);
}

const char *mxs_oid_curve(const char *dotted)
{
    return name_of(curves, dotted);
}

const char *mxs_oid_hash(const char *dotted)
{
    return name_of(hashes, dotted);
}

const char *mxs_oid_signature(const char *dotted)
{
    return name_of(signatures, dotted);
}

const char *mxs_oid_other_name(const char *dotted)
{
    return name_of(other_names, dotted);
}
