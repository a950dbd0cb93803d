/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes: the configuration of a real call centre that is what a scenario says.
 *
 * A recipe is a folder: the files that the exchange reads, `start.sh`, which runs it in the
 * foreground, and `README.md`, which says of each key of the scenario which line it became, where
 * exchange and model differ, and what the exchange cannot do. No key that is in use is left out in
 * silence: what no line and no remark of the exchange's own speaks of is said to be missing.
 *
 * Where an exchange can do something only in another way than the scenario has it, the recipe names
 * the value that describes what it does ("agents[0].wrap_up=5"): with it, scenario and exchange are
 * the same again. */
#ifndef RIG_RECIPES_RECIPE_H
#define RIG_RECIPES_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "scenarios/scenario.h"

/** The exchanges. */
typedef enum rig_recipe_kind {
    RIG_RECIPE_ASTERISK = 0, /**< 20 and later: chan_pjsip, app_queue */
    RIG_RECIPE_FREESWITCH,   /**< 1.10: mod_sofia, mod_callcenter */
    RIG_RECIPE_KAMAILIO,     /**< 5.6: the trunk in front of another centre */
    RIG_RECIPE_OPENSIPS,     /**< 3.6: the same */
    RIG_N_RECIPE_KINDS
} rig_recipe_kind;

/** Most agents, and most circuits of a group, in one recipe. */
#define RIG_RECIPE_MAX_AGENTS 20000u

/** Most calls that the tables of one recipe tell apart. */
#define RIG_RECIPE_MAX_CALLS 500000u

/** A planned caller, as a centre must know him. */
typedef struct rig_recipe_caller {
    uint64_t number;
    size_t carrier; /**< by which he comes in: an index of trunks; 0 without shares */
    uint32_t priority;
    uint32_t skill;    /**< of the choice that he makes */
    bool is_satisfied; /**< the menu satisfies him: he is not sent to the queue */
} rig_recipe_caller;

/** What the scenario does not say. All is borrowed; addresses are without brackets. */
typedef struct rig_recipe_spec {
    const char *host; /**< where the exchange listens: an address of its own host */
    uint16_t port;
    const char *agents_host; /**< where peakrig's agents' phones answer */
    uint16_t agents_port;
    const char *const *callers; /**< the addresses that the callers come from; at least one */
    size_t n_callers;
    const char *next; /**< the centre behind; only for the proxies, and required there */
    uint16_t next_port;
    const rig_recipe_caller *calls; /**< planned ones: the exchange is told who these callers are */
    size_t n_calls;
} rig_recipe_spec;

/** What a remark says. */
typedef enum rig_recipe_remark_kind {
    RIG_RECIPE_DIFFERS = 0, /**< done, but not quite as the model does it */
    RIG_RECIPE_INSTEAD,     /**< the scenario should say this instead: see `value` */
    RIG_RECIPE_CANNOT,      /**< not done */
    RIG_RECIPE_BEHIND       /**< left to the centre behind the proxy */
} rig_recipe_remark_kind;

/** A remark; borrowed from the recipe. */
typedef struct rig_recipe_remark {
    rig_recipe_remark_kind kind;
    const char *key;   /**< of the scenario: "agents[].wrap_up" */
    const char *value; /**< INSTEAD: an override, "agents[0].wrap_up=5"; else NULL */
    const char *text;
} rig_recipe_remark;

/** A recipe; opaque. */
typedef struct rig_recipe rig_recipe;

/** "asterisk", "freeswitch", ...; static. */
const char *rig_recipe_kind_name(rig_recipe_kind kind);

/** The kind of a name. @return false: none has it; *kind is untouched. */
bool rig_recipe_kind_of(const char *name, rig_recipe_kind *kind);

/** Whether it is a proxy: it has no agents of its own and needs a centre behind it. */
bool rig_recipe_is_proxy(rig_recipe_kind kind);

/**
 * Make a recipe, in memory.
 * @param scenario     Borrowed for the life of the recipe.
 * @param[out] recipe  Owned by the caller: rig_recipe_free. Untouched on error.
 * @return RIG_OK; RIG_EINPUT when a proxy has no centre behind it, an exchange one, or there are
 *         more agents or calls than a recipe takes; RIG_ENOMEM.
 */
rig_status rig_recipe_new(rig_recipe_kind kind, const rig_scenario *scenario,
                          const rig_recipe_spec *spec, rig_recipe **recipe, rig_error *err);

/** The number of remarks. */
size_t rig_recipe_n_remarks(const rig_recipe *recipe);

/** Remark i < rig_recipe_n_remarks, in the order in which they were made. Borrowed. */
const rig_recipe_remark *rig_recipe_remark_at(const rig_recipe *recipe, size_t i);

/**
 * Add a file to the folder, such as the scenario that describes the exchange.
 * @param name  Static.
 * @param text  Copied.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_recipe_add_file(rig_recipe *recipe, const char *name, const char *text, size_t n,
                               rig_error *err);

/**
 * Write the folder: whole or not at all.
 * @param dir  Must not exist, or be an empty folder. Its mode becomes 0700: it holds the callers'
 *             password, where they have one.
 * @return RIG_OK; RIG_EINPUT when there is something in it; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_recipe_write(rig_recipe *recipe, const char *dir, rig_error *err);

/** NULL-safe. */
void rig_recipe_free(rig_recipe *recipe);

#endif
