/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/csv/parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void rig_report_csv_real(FILE *out, double value, int decimals)
{
    char text[400];
    fputc(',', out);
    if (!isfinite(value))
        return;
    (void)snprintf(text, sizeof text, "%.*f", decimals, value);
    /* "-0.00": a small negative number, or -0 */
    fputs(text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1) ? text + 1 : text, out);
}

void rig_report_csv_count(FILE *out, uint64_t count)
{
    fprintf(out, ",%" PRIu64, count);
}

void rig_report_csv_text(FILE *out, const char *text)
{
    if (text[0] != '#' && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}
