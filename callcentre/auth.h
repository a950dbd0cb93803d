/* Digest authentication of callers: the server's side (RFC 3261, 22; RFC 7616; RFC 8760).
 *
 * A nonce carries its own birth and a keyed hash of it, so that nothing is remembered for a
 * challenge. Not checked: that a nonce count rises, that is, a replay within the nonce's life. */
#ifndef RIG_CALLCENTRE_AUTH_H
#define RIG_CALLCENTRE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

/** Which status challenges a caller. */
typedef enum rig_target_challenge {
    RIG_TARGET_CHALLENGE_401 = 0, /**< as a user agent: WWW-Authenticate, Authorization */
    RIG_TARGET_CHALLENGE_407      /**< as a proxy: Proxy-Authenticate, Proxy-Authorization */
} rig_target_challenge;

/** The hash. */
typedef enum rig_target_digest {
    RIG_TARGET_DIGEST_MD5 = 0,
    RIG_TARGET_DIGEST_SHA256
} rig_target_digest;

/** What credentials are held against. */
typedef struct rig_target_auth {
    const char *user;
    const char *password;
    const char *realm;
    rig_target_digest digest;
    double nonce_life_s; /**< wire time */
    uint8_t secret[32];  /**< keys the nonces; random */
} rig_target_auth;

/** One caller's credentials: the parameters of Authorization, without quotes; NULL = absent. */
typedef struct rig_target_credentials {
    const char *user, *realm, *nonce, *uri, *response, *algorithm, *cnonce, *qop, *nc;
} rig_target_credentials;

/** What credentials are worth. */
typedef enum rig_target_auth_result {
    RIG_TARGET_AUTH_GOOD = 0,
    RIG_TARGET_AUTH_STALE, /**< right, but the nonce is too old: challenge again, stale=true */
    RIG_TARGET_AUTH_BAD    /**< wrong, incomplete, or with a nonce that is not ours */
} rig_target_auth_result;

/** Room for a challenge, its NUL included. */
enum { RIG_TARGET_CHALLENGE_SIZE = 512 };

/**
 * The value of WWW-Authenticate or Proxy-Authenticate.
 * @param now_ns  CLOCK_MONOTONIC: the nonce's birth.
 */
void rig_target_auth_challenge(const rig_target_auth *auth, int64_t now_ns, bool is_stale,
                               char text[RIG_TARGET_CHALLENGE_SIZE]);

/** Check credentials. @param method  Of the request, "INVITE". */
rig_target_auth_result rig_target_auth_check(const rig_target_auth *auth,
                                             const rig_target_credentials *credentials,
                                             const char *method, int64_t now_ns);

#endif
