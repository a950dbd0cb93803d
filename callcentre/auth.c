/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/auth.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <nettle/base16.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>

#include "core/clock.h"

enum {
    BIRTH_LENGTH = 16, /* 64 bits in hex */
    MAC_BYTES = 16,    /* of the keyed hash: enough for a nonce */
    NONCE_LENGTH = BIRTH_LENGTH + 2 * MAC_BYTES,
    HEX_SIZE = 2 * SHA256_DIGEST_SIZE + 1
};

static const char *algorithm_name(rig_callcentre_digest digest)
{
    return digest == RIG_CALLCENTRE_DIGEST_SHA256 ? "SHA-256" : "MD5";
}

static void hex(char *text, const uint8_t *bytes, size_t n)
{
    base16_encode_update(text, n, bytes);
    text[BASE16_ENCODE_LENGTH(n)] = '\0';
}

/* H(a ":" b ":" ...), in hex. */
static void hash(rig_callcentre_digest digest, const char *const *parts, size_t n_parts,
                 char text[HEX_SIZE])
{
    struct md5_ctx md5;
    struct sha256_ctx sha256;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    md5_init(&md5);
    sha256_init(&sha256);
    for (size_t i = 0; i < n_parts; i++) {
        const char *colon = i ? ":" : "";
        if (digest == RIG_CALLCENTRE_DIGEST_SHA256) {
            sha256_update(&sha256, strlen(colon), (const uint8_t *)colon);
            sha256_update(&sha256, strlen(parts[i]), (const uint8_t *)parts[i]);
        } else {
            md5_update(&md5, strlen(colon), (const uint8_t *)colon);
            md5_update(&md5, strlen(parts[i]), (const uint8_t *)parts[i]);
        }
    }
    if (digest == RIG_CALLCENTRE_DIGEST_SHA256) {
        sha256_digest(&sha256, SHA256_DIGEST_SIZE, bytes);
        hex(text, bytes, SHA256_DIGEST_SIZE);
    } else {
        md5_digest(&md5, MD5_DIGEST_SIZE, bytes);
        hex(text, bytes, MD5_DIGEST_SIZE);
    }
}

static void make_nonce(const rig_callcentre_auth *auth, int64_t birth_ns,
                       char nonce[NONCE_LENGTH + 1])
{
    struct hmac_sha256_ctx hmac;
    uint8_t mac[MAC_BYTES];
    (void)snprintf(nonce, BIRTH_LENGTH + 1, "%016" PRIx64, (uint64_t)birth_ns);
    hmac_sha256_set_key(&hmac, sizeof auth->secret, auth->secret);
    hmac_sha256_update(&hmac, BIRTH_LENGTH, (const uint8_t *)nonce);
    hmac_sha256_digest(&hmac, sizeof mac, mac);
    hex(nonce + BIRTH_LENGTH, mac, sizeof mac);
}

/* Whether we made it. @param[out] birth_ns  When. */
static bool is_our_nonce(const rig_callcentre_auth *auth, const char *nonce, int64_t *birth_ns)
{
    char ours[NONCE_LENGTH + 1];
    uint64_t birth = 0;
    if (strlen(nonce) != NONCE_LENGTH || strspn(nonce, "0123456789abcdef") != NONCE_LENGTH ||
        sscanf(nonce, "%16" SCNx64, &birth) != 1)
        return false;
    make_nonce(auth, (int64_t)birth, ours);
    *birth_ns = (int64_t)birth;
    return memeql_sec(ours, nonce, NONCE_LENGTH) != 0;
}

void rig_callcentre_auth_challenge(const rig_callcentre_auth *auth, int64_t now_ns,
                                   rig_callcentre_nonce_age why,
                                   char text[RIG_CALLCENTRE_CHALLENGE_SIZE])
{
    char nonce[NONCE_LENGTH + 1];
    make_nonce(auth, now_ns, nonce);
    (void)snprintf(text, RIG_CALLCENTRE_CHALLENGE_SIZE,
                   "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s", auth->realm,
                   nonce, algorithm_name(auth->digest),
                   why == RIG_CALLCENTRE_NONCE_STALE ? ", stale=true" : "");
}

/* RFC 7616, 3.4.1 to 3.4.3; without qop the form of RFC 2069, which RFC 3261 still allows. */
static void expected_response(const rig_callcentre_auth *auth, const rig_callcentre_credentials *c,
                              const char *method, char response[HEX_SIZE])
{
    char ha1[HEX_SIZE], ha2[HEX_SIZE];
    const char *a1[] = {auth->user, auth->realm, auth->password};
    const char *a2[] = {method, c->uri};
    hash(auth->digest, a1, 3, ha1);
    hash(auth->digest, a2, 2, ha2);
    if (c->qop) {
        const char *parts[] = {ha1, c->nonce, c->nc, c->cnonce, c->qop, ha2};
        hash(auth->digest, parts, 6, response);
    } else {
        const char *parts[] = {ha1, c->nonce, ha2};
        hash(auth->digest, parts, 3, response);
    }
}

rig_callcentre_auth_result rig_callcentre_auth_check(const rig_callcentre_auth *auth,
                                                     const rig_callcentre_credentials *credentials,
                                                     const char *method, int64_t now_ns)
{
    const rig_callcentre_credentials *c = credentials;
    const char *algorithm = c->algorithm ? c->algorithm : "MD5";
    char response[HEX_SIZE];
    int64_t birth_ns = 0;
    if (!c->user || !c->realm || !c->nonce || !c->uri || !c->response ||
        strcmp(c->user, auth->user) != 0 || strcmp(c->realm, auth->realm) != 0 ||
        strcasecmp(algorithm, algorithm_name(auth->digest)) != 0)
        return RIG_CALLCENTRE_AUTH_BAD;
    if (c->qop && (strcasecmp(c->qop, "auth") != 0 || !c->nc || !c->cnonce))
        return RIG_CALLCENTRE_AUTH_BAD;
    expected_response(auth, c, method, response);
    if (strlen(c->response) != strlen(response) || strcasecmp(c->response, response) != 0 ||
        !is_our_nonce(auth, c->nonce, &birth_ns))
        return RIG_CALLCENTRE_AUTH_BAD;
    return now_ns - birth_ns > rig_clock_ns_of_s(auth->nonce_life_s) ? RIG_CALLCENTRE_AUTH_STALE
                                                                     : RIG_CALLCENTRE_AUTH_GOOD;
}
