/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What SIPp says of phones that register: the log that register.xml writes, and the same as a
 * sentence for people. The format is described at the top of the XML file. */
#ifndef RIG_GENERATOR_REGISTER_LOG_H
#define RIG_GENERATOR_REGISTER_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "scenarios/registration.h"

/** What befell a phone. */
typedef enum rig_register_event {
    RIG_REGISTER_DONE = 0, /**< registered, or renewed */
    RIG_REGISTER_REFUSED,  /**< a final failure response */
    RIG_REGISTER_SHA,      /**< challenged with a digest that SIPp has not */
    RIG_REGISTER_LONGER,   /**< 423: it asks again, for longer */
    RIG_REGISTER_SILENT,   /**< no final response */
    RIG_REGISTER_REMOVED,  /**< at the end */
    RIG_REGISTER_KEPT      /**< at the end: it would not be taken away */
} rig_register_event;

/** A line. The slices are borrowed from it. */
typedef struct rig_register_line {
    rig_slice user;
    rig_register_event event;
    unsigned code;    /**< of the response; 0 = none */
    double seconds;   /**< granted, or asked for */
    rig_slice reason; /**< reason phrase; "-" = none */
} rig_register_line;

/** Read a line (without its line end). @param[out] parsed Untouched unless true is returned. */
bool rig_register_line_parse(rig_slice line, rig_register_line *parsed);

/** Of whom a sentence speaks. All borrowed. */
typedef struct rig_register_about {
    const rig_phone_register *registration;
    size_t group;          /**< its agents[]: the keys that the sentence names */
    uint32_t n_phones;     /**< that register */
    const char *registrar; /**< "HOST:PORT" */
    bool was_registered;   /**< before: it is a renewal that failed */
    double waited_s;       /**< RIG_REGISTER_SILENT */
} rig_register_about;

/**
 * Why a phone is not registered, and which key to change: "agent 1003's registration at
 * 192.0.2.9:5060 was refused: 403 Forbidden; ...". Without a full stop; cut to fit.
 * @param line  RIG_REGISTER_REFUSED, _SHA or _SILENT.
 */
void rig_register_sentence(const rig_register_line *line, const rig_register_about *about,
                           char *text, size_t size);

#endif
