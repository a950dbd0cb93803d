/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digest authentication of callers: the server's side (RFC 3261, 22; RFC 7616; RFC 8760).
 *
 * A nonce carries the time at which it was made and a keyed hash of that time, so no challenge has
 * to be remembered. Not checked: that the nonce count rises. A replay of a request within the
 * nonce's life is therefore accepted. */
#ifndef RIG_CALLCENTRE_AUTH_H
#define RIG_CALLCENTRE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

/** Which status challenges a caller. */
typedef enum rig_callcentre_challenge {
    RIG_CALLCENTRE_CHALLENGE_401 = 0, /**< as a user agent: WWW-Authenticate, Authorization */
    RIG_CALLCENTRE_CHALLENGE_407      /**< as a proxy: Proxy-Authenticate, Proxy-Authorization */
} rig_callcentre_challenge;

/** The hash. */
typedef enum rig_callcentre_digest {
    RIG_CALLCENTRE_DIGEST_MD5 = 0,
    RIG_CALLCENTRE_DIGEST_SHA256
} rig_callcentre_digest;

/** What credentials are held against. */
typedef struct rig_callcentre_auth {
    const char *user;
    const char *password;
    const char *realm;
    rig_callcentre_digest digest;
    double nonce_life_s; /**< wire time */
    uint8_t secret[32];  /**< keys the nonces; random */
} rig_callcentre_auth;

/** One caller's credentials: the parameters of Authorization, without quotes; NULL = absent. */
typedef struct rig_callcentre_credentials {
    const char *user, *realm, *nonce, *uri, *response, *algorithm, *cnonce, *qop, *nc;
} rig_callcentre_credentials;

/** What credentials are worth. */
typedef enum rig_callcentre_auth_result {
    RIG_CALLCENTRE_AUTH_GOOD = 0,
    RIG_CALLCENTRE_AUTH_STALE, /**< right, but the nonce is too old: challenge again, stale=true */
    RIG_CALLCENTRE_AUTH_BAD    /**< wrong, incomplete, or with a nonce that is not ours */
} rig_callcentre_auth_result;

/** Room for a challenge, its NUL included. */
enum { RIG_CALLCENTRE_CHALLENGE_SIZE = 512 };

/** Why a caller is challenged. */
typedef enum rig_callcentre_nonce_age {
    RIG_CALLCENTRE_NONCE_NEW = 0, /**< no credentials, or wrong ones */
    RIG_CALLCENTRE_NONCE_STALE    /**< right ones with an old nonce: stale=true */
} rig_callcentre_nonce_age;

/**
 * The value of WWW-Authenticate or Proxy-Authenticate.
 * @param now_ns  CLOCK_MONOTONIC: the nonce's birth.
 */
void rig_callcentre_auth_challenge(const rig_callcentre_auth *auth, int64_t now_ns,
                                   rig_callcentre_nonce_age why,
                                   char text[RIG_CALLCENTRE_CHALLENGE_SIZE]);

/** Check credentials. @param method  Of the request, "INVITE". */
rig_callcentre_auth_result rig_callcentre_auth_check(const rig_callcentre_auth *auth,
                                                     const rig_callcentre_credentials *credentials,
                                                     const char *method, int64_t now_ns);

#endif
