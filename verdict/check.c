/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/check.h"

#include <stdio.h>

void rig_check_write(rig_check *check, const char *gate, const char *name, bool is_ok,
                     const char *format, va_list args)
{
    *check = (rig_check){.gate = gate, .name = name, .is_ok = is_ok};
    (void)vsnprintf(check->text, sizeof check->text, format, args);
}
