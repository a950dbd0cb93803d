/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script of a proxy that is the trunk in front of a centre: Kamailio and OpenSIPS come from one
 * ancestor, and say most of it alike. */
#ifndef RIG_RECIPES_DRAFT_PROXY_H
#define RIG_RECIPES_DRAFT_PROXY_H

#include "recipes/draft/draft.h"

/** What they say otherwise. All is static. */
typedef struct rig_recipe_dialect {
    const char *reply; /**< the function that answers without a transaction */
    const char *quote; /**< around a number or a variable that is an argument */
    const char *lock, *unlock;
    const char *follow;    /**< the function that follows a dialog to its end */
    const char *frees;     /**< when a circuit is free again: what differs from the model */
    const char *port;      /**< the variable that is the port a request came in at */
    const char *save;      /**< takes a REGISTER: one Contact a phone, the last one */
    const char *in_memory; /**< usrloc's parameter and value: the phones are in no database */
} rig_recipe_dialect;

/** Where a carrier comes in: the scenario's port, or one after the other from the exchange's on. */
unsigned rig_recipe_carrier_port(const rig_recipe *r, size_t carrier);

/** Where it listens, a line a port. @param word  Before each, static: "listen=". */
void rig_recipe_proxy_listen(rig_recipe *r, const char *word);

/** Whether it asks anybody for credentials: callers, or phones that register. */
bool rig_recipe_proxy_needs_auth(const rig_recipe *r);

/** The modules of a registrar, where the scenario's phones register: then the proxy is theirs. */
void rig_recipe_proxy_registrar_modules(rig_recipe *r, const rig_recipe_dialect *d);

/** REGISTERs of the phones, without credentials or behind those that `authenticate` has asked for;
 * others are not taken. @param authenticate  Writes the lines that do. */
void rig_recipe_proxy_registrar(rig_recipe *r, const rig_recipe_dialect *d,
                                void (*authenticate)(rig_recipe *r, const char *password));

/** Legs of the centre to the agents' phones, where it sends them by this proxy; registered phones
 * are called by their users. */
void rig_recipe_proxy_agents(rig_recipe *r, const rig_recipe_dialect *d);

/** Callers' INVITEs: carrier, circuit, on to the centre; the main block ends. */
void rig_recipe_proxy_calls(rig_recipe *r, const rig_recipe_dialect *d);

#endif
