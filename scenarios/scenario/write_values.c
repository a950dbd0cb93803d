#include "scenarios/scenario/write_values.h"

#include <stdlib.h>
#include <string.h>

/* A number as libconfig's float (it must hold a point or an exponent), read back exactly. */
void rig_write_number(FILE *out, const char *key, double value)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    char shorter[40];
    for (int digits = 15; digits < 17; digits++) {
        (void)snprintf(shorter, sizeof shorter, "%.*g", digits, value);
        if (strtod(shorter, NULL) == value) {
            memcpy(text, shorter, sizeof text);
            break;
        }
    }
    const char *point = strpbrk(text, ".e") != NULL ? "" : ".0";
    (void)fprintf(out, "%s = %s%s;", key, text, point);
}

void rig_write_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            (void)fputc('\\', out);
        if (*p == '\n')
            (void)fputs("\\n", out);
        else
            (void)fputc(*p, out);
    }
    (void)fputc('"', out);
}

void rig_write_string(FILE *out, const char *key, const char *value)
{
    (void)fprintf(out, "%s = ", key);
    rig_write_text(out, value);
    (void)fputc(';', out);
}

void rig_write_dist(FILE *out, const char *key, const rig_dist *dist)
{
    (void)fprintf(out, "%s = { ", key);
    rig_write_string(out, "type", rig_dist_kind_name(dist->kind));
    (void)fputc(' ', out);
    if (dist->kind == RIG_DIST_EMPIRICAL) {
        char *absolute = realpath(dist->file, NULL); /* the copy may stand in another folder */
        rig_write_string(out, "file", absolute != NULL ? absolute : dist->file);
        free(absolute);
        (void)fputc(' ', out);
        rig_write_string(out, "column", dist->column);
    } else {
        rig_write_number(out, "mean_s", dist->mean_s);
        if (dist->kind != RIG_DIST_CONSTANT && dist->kind != RIG_DIST_EXPONENTIAL) {
            (void)fputc(' ', out);
            rig_write_number(out, "cv", dist->cv);
        }
    }
    (void)fputs(" };", out);
}

void rig_write_number_line(FILE *out, const char *key, double value)
{
    (void)fputs("    ", out);
    rig_write_number(out, key, value);
    (void)fputc('\n', out);
}

void rig_write_string_line(FILE *out, const char *key, const char *value)
{
    (void)fputs("    ", out);
    rig_write_string(out, key, value);
    (void)fputc('\n', out);
}

void rig_write_dist_line(FILE *out, const char *key, const rig_dist *dist)
{
    (void)fputs("    ", out);
    rig_write_dist(out, key, dist);
    (void)fputc('\n', out);
}
