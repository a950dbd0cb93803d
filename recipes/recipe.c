/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/recipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "recipes/draft/draft.h"
#include "recipes/draft/exchanges.h"

static const struct {
    const char *name;
    bool is_proxy;
    void (*draft)(rig_recipe *r);
} kinds[RIG_N_RECIPE_KINDS] = {
    [RIG_RECIPE_ASTERISK] = {"asterisk", false, rig_recipe_draft_asterisk},
    [RIG_RECIPE_FREESWITCH] = {"freeswitch", false, rig_recipe_draft_freeswitch},
    [RIG_RECIPE_KAMAILIO] = {"kamailio", true, rig_recipe_draft_kamailio},
    [RIG_RECIPE_OPENSIPS] = {"opensips", true, rig_recipe_draft_opensips},
};

const char *rig_recipe_kind_name(rig_recipe_kind kind)
{
    return kinds[kind].name;
}

bool rig_recipe_is_proxy(rig_recipe_kind kind)
{
    return kinds[kind].is_proxy;
}

bool rig_recipe_kind_of(const char *name, rig_recipe_kind *kind)
{
    for (int i = 0; i < RIG_N_RECIPE_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *kind = (rig_recipe_kind)i;
            return true;
        }
    }
    return false;
}

static rig_status check(rig_recipe_kind kind, const rig_scenario *s, const rig_recipe_spec *spec,
                        rig_error *err)
{
    uint64_t n_agents = 0;
    for (size_t i = 0; i < s->n_agents; i++)
        n_agents += rig_scenario_first_agents(&s->agents[i]);
    if (s->callers.auth.user != NULL && s->callers.auth.password == NULL)
        return rig_fail(err, RIG_EINPUT, "%s: callers.auth has no password", s->path);
    if (kinds[kind].is_proxy && spec->next == NULL)
        return rig_fail(err, RIG_EINPUT,
                        "%s is a proxy: it has no menu, queue or agents; expected --next "
                        "HOST[:PORT], the centre behind it",
                        kinds[kind].name);
    if (!kinds[kind].is_proxy && spec->next != NULL)
        return rig_fail(err, RIG_EINPUT, "--next %s: %s is the centre itself, not a proxy",
                        spec->next, kinds[kind].name);
    if (!kinds[kind].is_proxy && n_agents > RIG_RECIPE_MAX_AGENTS)
        return rig_fail(err, RIG_EINPUT, "%s: %llu agents; a recipe takes at most %u", s->path,
                        (unsigned long long)n_agents, RIG_RECIPE_MAX_AGENTS);
    if (!kinds[kind].is_proxy && spec->n_calls > RIG_RECIPE_MAX_CALLS)
        return rig_fail(err, RIG_EINPUT, "%s: %zu calls; a recipe tells at most %u apart", s->path,
                        spec->n_calls, RIG_RECIPE_MAX_CALLS);
    return RIG_OK;
}

static void close_pages(rig_recipe *r)
{
    for (size_t i = 0; i < r->n_pages; i++) {
        if (r->pages[i].stream != NULL && fclose(r->pages[i].stream) != 0)
            r->is_out_of_memory = true;
        r->pages[i].stream = NULL;
    }
}

rig_status rig_recipe_new(rig_recipe_kind kind, const rig_scenario *scenario,
                          const rig_recipe_spec *spec, rig_recipe **recipe, rig_error *err)
{
    rig_status status = check(kind, scenario, spec, err);
    if (status != RIG_OK)
        return status;
    rig_recipe *r = calloc(1, sizeof *r);
    if (r == NULL)
        return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    r->kind = kind;
    r->scenario = scenario;
    r->spec = *spec;
    kinds[kind].draft(r);
    rig_recipe_say_missing(r);
    rig_recipe_readme(r);
    close_pages(r);
    if (r->is_out_of_memory) {
        rig_recipe_free(r);
        return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    }
    *recipe = r;
    return RIG_OK;
}

size_t rig_recipe_n_remarks(const rig_recipe *r)
{
    return r->n_remarks;
}

const rig_recipe_remark *rig_recipe_remark_at(const rig_recipe *r, size_t i)
{
    return &r->remarks[i];
}

rig_status rig_recipe_add_file(rig_recipe *r, const char *name, const char *text, size_t n,
                               rig_error *err)
{
    rig_recipe_begin(r, name, "", "");
    rig_recipe_page *page = &r->pages[r->n_pages - 1];
    if (page->stream != NULL && fwrite(text, 1, n, page->stream) != n)
        r->is_out_of_memory = true;
    close_pages(r);
    if (r->is_out_of_memory)
        return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    return RIG_OK;
}

/* The pages written into `folder`; what is there may be a part. */
static rig_status write_pages(const rig_recipe *r, const char *folder, rig_error *err)
{
    rig_status status = RIG_OK;
    for (size_t i = 0; i < r->n_pages && status == RIG_OK; i++) {
        const rig_recipe_page *page = &r->pages[i];
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, page->name) < 0)
            return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
        status = rig_atomic_file_write(path, page->text, page->size, err);
        if (status == RIG_OK && page->is_program && chmod(path, 0755) != 0)
            status = rig_atomic_file_fail(path, errno, err);
        free(path);
    }
    return status;
}

static void remove_part(const rig_recipe *r, const char *folder)
{
    for (size_t i = 0; i < r->n_pages; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, r->pages[i].name) < 0)
            continue;
        (void)unlink(path);
        free(path);
    }
    (void)rmdir(folder);
}

rig_status rig_recipe_write(rig_recipe *r, const char *dir, rig_error *err)
{
    char *part = NULL;
    size_t n = strlen(dir);
    while (n > 1 && dir[n - 1] == '/')
        n--;
    if (asprintf(&part, "%.*s.part-%d", (int)n, dir, (int)getpid()) < 0)
        return rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    if (mkdir(part, 0700) != 0) {
        rig_status status = rig_fail(err, RIG_EIO, "%s: %s", part, strerror(errno));
        free(part);
        return status;
    }
    rig_status status = write_pages(r, part, err);
    /* rename(2) puts a folder in the place of an empty one, and of nothing else */
    if (status == RIG_OK && rename(part, dir) != 0) {
        int cause = errno;
        bool is_there = cause == ENOTEMPTY || cause == EEXIST || cause == ENOTDIR;
        status = rig_fail(err, is_there ? RIG_EINPUT : RIG_EIO,
                          "--output %s: %s; expected a new or empty folder", dir, strerror(cause));
    }
    if (status != RIG_OK)
        remove_part(r, part);
    free(part);
    return status;
}

void rig_recipe_free(rig_recipe *r)
{
    if (r == NULL)
        return;
    close_pages(r);
    for (size_t i = 0; i < r->n_pages; i++)
        free(r->pages[i].text);
    for (size_t i = 0; i < r->n_texts; i++)
        free(r->texts[i]);
    free(r->texts);
    free(r->origins);
    free(r->remarks);
    free(r);
}
