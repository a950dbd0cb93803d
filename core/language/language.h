/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a language is. Internal to core/. */
#ifndef RIG_CORE_LANGUAGE_LANGUAGE_H
#define RIG_CORE_LANGUAGE_LANGUAGE_H

#include "core/language.h"
#include "core/language/catalogue.h"

struct rig_language {
    const char *name, *tag;
    rig_catalogue words;     /**< what is said by a text of the source */
    rig_catalogue sentences; /**< what verdicts are made of */
};

#endif
