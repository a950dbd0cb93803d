/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conversions of a printf format. Internal to core/. */
#ifndef RIG_CORE_LANGUAGE_FORMAT_H
#define RIG_CORE_LANGUAGE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/** What a conversion takes. */
typedef enum rig_conversion_kind {
    RIG_CONVERSION_NONE = 0, /**< "%%" */
    RIG_CONVERSION_TEXT,     /**< "%s" */
    RIG_CONVERSION_NUMBER    /**< all others */
} rig_conversion_kind;

/** A conversion. */
typedef struct rig_conversion {
    rig_conversion_kind kind;
    size_t n_bytes;  /**< of the format */
    size_t position; /**< of "%2$s" 2; 0: the next one */
    int width;       /**< of "%-5s" -5; 0: as many columns as it takes */
} rig_conversion;

/** The conversion at a '%'. */
rig_conversion rig_conversion_at(const char *format);

/** Letters of a format before its first conversion, or in all of it. */
size_t rig_format_n_letters(const char *format, bool only_before_the_first);

#endif
