/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules by which a capture is read: which leg is whose, which marks on the wire put a call into
 * which stage, and what its end means. Internal to the room; the file format is in docs/rules.md.
 *
 * Without a file the built-in rules hold: those of docs/wire-contract.md and of a private branch
 * exchange whose agents' legs are in the capture (scenarios/rules/embedded.cfg spells them out). */
#ifndef RIG_ANALYZER_RULES_H
#define RIG_ANALYZER_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/carriers.h"
#include "analyzer/outcome.h"
#include "analyzer/sip.h"
#include "core/clock.h"
#include "core/status.h"

/** What a mark says of its call. */
typedef enum rig_meaning {
    RIG_MEANS_QUEUE = 0, /**< the call waits for an agent */
    RIG_MEANS_RINGING,   /**< an agent's phone rings */
    RIG_MEANS_CONNECTED, /**< an agent has answered, unless the agent's own leg is there to tell it
                              better, or the ringing would have been marked before */
    RIG_MEANS_TALKING,   /**< an agent has answered, whatever else is seen */
    RIG_MEANS_MENU,      /**< the call is in the menu (again) */
    RIG_MEANS_DEFLECTED, /**< the caller was promised a call back */
    RIG_MEANS_EMERGENCY, /**< the agent was told to keep the talk short */
    RIG_N_MEANINGS
} rig_meaning;

/** Which legs a mark is looked for on. */
typedef enum rig_rule_leg {
    RIG_RULE_LEG_CALLER = 0,
    RIG_RULE_LEG_AGENT,
    RIG_RULE_LEG_ANY
} rig_rule_leg;

/** Who sends a mark. */
typedef enum rig_rule_from {
    RIG_RULE_FROM_CENTRE = 0,
    RIG_RULE_FROM_OTHER,
    RIG_RULE_FROM_ANY
} rig_rule_from;

/** How a text is compared; without regard to ASCII case. */
typedef enum rig_text_match { RIG_MATCH_ANY = 0, RIG_MATCH_IS, RIG_MATCH_CONTAINS } rig_text_match;

/** A mark: which message means what. */
typedef struct rig_mark_rule {
    char *name; /**< for explanations; owned by the rules */
    rig_meaning meaning;
    bool is_request;
    uint32_t methods; /**< bits by rig_sip_method; of a response: of its CSeq */
    unsigned n_codes; /**< of a response */
    rig_code_range codes[RIG_RULE_MAX_NUMBERS];
    rig_rule_leg leg;
    rig_rule_from from;
    int header; /**< index of rig_sip_want, or -1: no header is asked for */
    rig_text_match value_match;
    char *value;     /**< owned by the rules */
    char *body_text; /**< to be found in the body; NULL: the body is not looked at */
} rig_mark_rule;

/** A mark that is no message: so long after the answer, or after the mark of the menu where that
 * comes before any answer. The latter holds until some call has shown a message that marks the
 * queue: then the centre says itself when a call enters it. */
typedef struct rig_elapsed_rule {
    char *name;
    bool is_of_menu;
    int64_t after_ns;
    rig_meaning meaning;
} rig_elapsed_rule;

/** How an agent's leg finds its call. */
typedef enum rig_join_kind {
    RIG_JOIN_HEADER = 0, /**< a header of its INVITE holds the Call-ID of the caller's leg */
    RIG_JOIN_SAME,       /**< a header has the same value in both INVITEs */
    RIG_JOIN_SESSION_ID, /**< the same session identifier (RFC 7989) in both */
    RIG_JOIN_NUMBER,     /**< the same From user, of a call in progress at the leg's sender */
    RIG_JOIN_BYE         /**< both legs end at the same time */
} rig_join_kind;

/** A way to join. */
typedef struct rig_join_rule {
    char *name;
    rig_join_kind kind;
    unsigned header;            /**< index of rig_sip_want */
    bool same_dialled_is_agent; /**< NUMBER: a leg to the number that the caller dialled is an
                                   agent's, too, not the call on its way */
    int64_t window_ns; /**< NUMBER, SAME: the call began so shortly before at the most; BYE: how far
                            the ends may lie apart; RIG_RULE_NO_LIMIT_NS */
} rig_join_rule;

/** The least talk of an agent that serves a call, unless a file says otherwise. */
#define RIG_RULES_LEAST_TALK_NS (2 * RIG_NS_PER_S)

/** Most marks, joins and rules by time of one set of rules. */
#define RIG_RULES_MAX_MARKS   48
#define RIG_RULES_MAX_JOINS   8 /**< joins */
#define RIG_RULES_MAX_ELAPSED 4 /**< rules by time */

/** All rules. Constant once made. */
typedef struct rig_rules {
    char *name;
    rig_sip_wanted wanted;                    /**< headers that the rules look at */
    rig_join_rule joins[RIG_RULES_MAX_JOINS]; /**< tried in this order */
    size_t n_joins;
    rig_mark_rule marks[RIG_RULES_MAX_MARKS];
    size_t n_marks;
    rig_elapsed_rule elapsed[RIG_RULES_MAX_ELAPSED]; /**< by after_ns, the shortest first */
    size_t n_elapsed;
    rig_carrier_rules carriers; /**< which carrier a call came by */
    rig_carrier_rules classes;  /**< which class of callers a call is of */
    bool rings_on_18x;     /**< an agent's phone rings from its first 18x on, not from its INVITE */
    int64_t least_talk_ns; /**< an agent who hangs up sooner has not served a call that goes on */
    rig_outcome_rule *outcomes; /**< of the file; tried before the built-in ones */
    size_t n_outcomes;
    bool has_built_in_outcomes;                       /**< whether the built-in ones follow */
    int64_t bye_window_ns;                            /**< of RIG_JOIN_BYE; -1: there is none */
    unsigned refer_to, replaces, target_dialog, join; /**< headers, for transfers: rig_sip_want */
    unsigned session, charging, asserted;             /**< headers, for calls that are passed on */
    unsigned position, wait, balked;           /**< headers, of what the queue tells (X-Rig-..) */
    unsigned remote_party, diversion, history; /**< headers that may show whose call a leg is of */
    rig_carrier_rules relays; /**< addresses and networks to which legs are calls on their way .. */
    bool knows_relays;        /**< .. and all of them: nothing is guessed */
    bool has_number_join;
    /* what follows from the above: bits by mark */
    uint64_t on_request[RIG_SIP_N_METHODS], on_response[RIG_SIP_N_METHODS];
    uint64_t queue_marks, ringing_marks;
    uint8_t
        first_built_in[RIG_N_ENDS]; /**< the built-in outcome rules before it are of other ends */
} rig_rules;

/**
 * The built-in rules.
 * @param[out] rules  Owned by the caller: rig_rules_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_rules_new(rig_rules **rules, rig_error *err);

/**
 * Read a file of rules (docs/rules.md).
 * @param[out] rules  Owned by the caller: rig_rules_free.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: key: what is wrong; what is expected"; RIG_EIO naming
 *         the file; RIG_ENOMEM.
 */
rig_status rig_rules_read(const char *path, rig_rules **rules, rig_error *err);

/** The same from a text; `path` is for messages. */
rig_status rig_rules_read_text(const char *text, const char *path, rig_rules **rules,
                               rig_error *err);

/**
 * Add a rule for carriers as the command line says it: NAME=NETWORK, NAME=header:HEADER=PATTERN,
 * NAME=prefix:DIGITS (of the number that is called), NAME=caller:DIGITS (of the caller's).
 * NETWORK: "10.0.0.0/24", "2001:db8::/32" or an address. In PATTERN "*" stands for any bytes; case
 * does not matter. Rules that were there before are tried before.
 * @return RIG_OK; RIG_EINPUT naming what is wrong and what is expected; RIG_ENOMEM.
 */
rig_status rig_rules_add_carrier(rig_rules *rules, const char *text, rig_error *err);

/** Free. NULL-safe. */
void rig_rules_free(rig_rules *rules);

/** Compute what follows from the marks and joins; for those who fill rules themselves. */
void rig_rules_compile(rig_rules *rules);

/** The marks whose message this may be, as bits: method, code, header and body fit; legs and
 * senders are not looked at. */
uint64_t rig_rules_match(const rig_rules *rules, const rig_sip *sip);

/** Whether legs to an address are calls on their way, as the file says. */
bool rig_rules_is_relay(const rig_rules *rules, rig_endpoint at);

/** Decide a call by the rules of the file, then by the built-in ones. @return NULL: none fits. */
const rig_outcome_rule *rig_rules_decide(const rig_rules *rules, const rig_call_facts *facts);

/** "queue", "ringing", ..; static. */
const char *rig_meaning_name(rig_meaning meaning);

#endif
