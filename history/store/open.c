/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/privilege.h"
#include "history/store/schema.h"

const char *rig_history_path(const rig_history *history)
{
    return history->path;
}

void rig_history_close(rig_history *history)
{
    if (history == NULL)
        return;
    (void)sqlite3_close_v2(history->db);
    free(history->path);
    free(history);
}

static rig_status fail(rig_history *h, int rc, rig_error *err)
{
    return rig_history_fail(h->path, h->db, rc, h->wait_s, err);
}

/* Whose file it is, and what; SQLite would follow a link and take any file that is empty. */
static rig_status check_file(const char *path, rig_history_use use, bool *exists, rig_error *err)
{
    struct stat about;
    const bool is_own = use == RIG_HISTORY_WRITE_OWN;
    const int rc = is_own ? lstat(path, &about) : stat(path, &about);
    *exists = rc == 0;
    if (rc != 0 && errno != ENOENT)
        return rig_fail(err, RIG_EIO, "history %s: %s", path, strerror(errno));
    if (rc != 0 && use == RIG_HISTORY_READ)
        return rig_fail(
            err, RIG_EINPUT,
            "history %s: no such file; `peakrig run` makes one beside the folder of the "
            "run, `peakrig history add RUN_DIR..` takes earlier runs, --history FILE "
            "names another",
            path);
    if (rc == 0 && !S_ISREG(about.st_mode))
        return rig_fail(err, RIG_EINPUT, "history %s: is no ordinary file; expected one", path);
    if (rc == 0 && is_own && !rig_privilege_is_ours(about.st_uid))
        return rig_fail(err, RIG_EINPUT,
                        "history %s: is a file of another user (number %lu); --history FILE names "
                        "another",
                        path, (unsigned long)about.st_uid);
    return RIG_OK;
}

/* An empty file is a database without tables; so it has our mode, and its neighbours get it, too.
 */
static rig_status make_file(const char *path, rig_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno != EEXIST) /* another run may have made it meanwhile */
        return rig_fail(err, RIG_EIO, "history %s: cannot be made: %s", path, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return RIG_OK;
}

/* file:PATH?immutable=1, escaped as RFC 3986 has it. NULL: out of memory. */
static char *uri_of(const char *path)
{
    char *uri = malloc(3 * strlen(path) + 30);
    if (uri == NULL)
        return NULL;
    char *at = stpcpy(uri, "file:");
    for (; *path != '\0'; path++) {
        if (*path == '%' || *path == '?' || *path == '#')
            at += sprintf(at, "%%%02X", (unsigned)*path);
        else
            *at++ = *path;
    }
    (void)stpcpy(at, "?immutable=1");
    return uri;
}

static int connect_to(rig_history *h, const char *name, int flags)
{
    (void)sqlite3_close_v2(h->db);
    h->db = NULL;
    int rc = sqlite3_open_v2(name, &h->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(h->db, (int)(h->wait_s * 1000.0));
    /* a file that turns out to be another program's, or a newer one, is left as it is */
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(h->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return rc;
}

/* In a folder that we may not write SQLite cannot make the -shm file that WAL needs. Without a -wal
 * file all that was written is in the file itself. */
static int connect_unchanging(rig_history *h, rig_history_header *header)
{
    char *wal = NULL, *uri = uri_of(h->path);
    struct stat about;
    int rc = SQLITE_NOMEM;
    if (uri != NULL && asprintf(&wal, "%s-wal", h->path) >= 0) {
        rc = SQLITE_CANTOPEN;
        if (stat(wal, &about) != 0 || about.st_size == 0)
            rc = connect_to(h, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
        free(wal);
    }
    free(uri);
    return rc == SQLITE_OK ? rig_history_schema_read(h->db, header) : rc;
}

static rig_status check_header(rig_history *h, const rig_history_header *header, rig_error *err)
{
    const bool is_blank = header->application == 0 && header->version == 0 && header->n_tables == 0;
    if (header->application != RIG_HISTORY_APPLICATION && !is_blank)
        return rig_fail(err, RIG_EINPUT,
                        "history %s: is an SQLite file of another program; it is left as it is",
                        h->path);
    if (header->version > RIG_HISTORY_SCHEMA)
        return rig_fail(err, RIG_EINPUT,
                        "history %s: is of a newer peakrig (schema %d; this one, %s, knows up to "
                        "%d); it is left as it is: use that version, or another file",
                        h->path, header->version, PEAKRIG_VERSION, RIG_HISTORY_SCHEMA);
    return RIG_OK;
}

/* An older file, read: its copy in memory is brought up to date, and it is left as it is. */
static rig_status read_older(rig_history *h, int version, rig_error *err)
{
    sqlite3 *copy = NULL;
    int rc = sqlite3_open_v2(":memory:", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup =
        rc == SQLITE_OK ? sqlite3_backup_init(copy, "main", h->db, "main") : NULL;
    if (backup == NULL) {
        (void)sqlite3_close_v2(copy);
        return fail(h, SQLITE_NOMEM, err);
    }
    (void)sqlite3_backup_step(backup, -1);
    rc = sqlite3_backup_finish(backup);
    if (rc == SQLITE_OK) {
        (void)sqlite3_close_v2(h->db);
        h->db = copy;
        rc = rig_history_schema_raise(copy, version);
        return rc == SQLITE_OK ? RIG_OK : fail(h, rc, err);
    }
    (void)sqlite3_close_v2(copy);
    return fail(h, rc, err);
}

static rig_status open_to_read(rig_history *h, rig_error *err)
{
    rig_history_header header = {0};
    int rc = connect_to(h, h->path, SQLITE_OPEN_READWRITE);
    if (rc == SQLITE_OK)
        rc = rig_history_schema_read(h->db, &header);
    if ((rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY)
        rc = connect_unchanging(h, &header);
    if (rc != SQLITE_OK)
        return fail(h, rc, err);
    rig_status status = check_header(h, &header, err);
    if (status != RIG_OK)
        return status;
    if (header.version < RIG_HISTORY_SCHEMA)
        return read_older(h, header.version, err);
    /* the last of several takes what is in the -wal file into the history, and removes both
     * neighbours */
    rc = sqlite3_db_config(h->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(h->db, "PRAGMA query_only = 1", NULL, NULL, NULL);
    return rc == SQLITE_OK ? RIG_OK : fail(h, rc, err);
}

/* SQLite does not wait for others when the journal's kind is to be changed. */
static int make_wal(rig_history *h)
{
    const int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(h->wait_s);
    int rc;
    while (rc = sqlite3_exec(h->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL),
           (rc & 0xff) == SQLITE_BUSY && rig_clock_monotonic_ns() < until_ns)
        (void)usleep(5000);
    return rc;
}

static rig_status raise_schema(rig_history *h, rig_error *err)
{
    rig_history_header header = {0};
    rig_status status = rig_history_exec(h, "BEGIN IMMEDIATE", err);
    if (status != RIG_OK)
        return status;
    /* another run may have done it meanwhile */
    int rc = rig_history_schema_read(h->db, &header);
    if (rc == SQLITE_OK && header.version < RIG_HISTORY_SCHEMA)
        rc = rig_history_schema_raise(h->db, header.version);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(h->db, "COMMIT", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        return RIG_OK;
    status = fail(h, rc, err);
    (void)sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static rig_status open_to_write(rig_history *h, rig_history_use use, rig_error *err)
{
    rig_history_header header = {0};
    const int flags =
        SQLITE_OPEN_READWRITE | (use == RIG_HISTORY_WRITE_OWN ? SQLITE_OPEN_NOFOLLOW : 0);
    int rc = connect_to(h, h->path, flags);
    if (rc == SQLITE_OK)
        rc = rig_history_schema_read(h->db, &header);
    if (rc != SQLITE_OK)
        return fail(h, rc, err);
    rig_status status = check_header(h, &header, err);
    if (status != RIG_OK)
        return status;
    rc = make_wal(h);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(h->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1", NULL, NULL,
                          NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(h->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    if (rc != SQLITE_OK)
        return fail(h, rc, err);
    return header.version < RIG_HISTORY_SCHEMA ? raise_schema(h, err) : RIG_OK;
}

rig_status rig_history_open(const char *path, rig_history_use use, double wait_s,
                            rig_history **history, rig_error *err)
{
    bool exists = false;
    rig_status status = check_file(path, use, &exists, err);
    if (status == RIG_OK && !exists)
        status = make_file(path, err);
    if (status != RIG_OK)
        return status;
    rig_history *h = calloc(1, sizeof *h);
    if (h != NULL) {
        *h = (rig_history){.path = strdup(path), .wait_s = wait_s};
        if (h->path == NULL) {
            free(h);
            h = NULL;
        }
    }
    if (h == NULL)
        return rig_fail(err, RIG_ENOMEM, "history %s: out of memory", path);
    status = use == RIG_HISTORY_READ ? open_to_read(h, err) : open_to_write(h, use, err);
    if (status == RIG_OK)
        *history = h;
    else
        rig_history_close(h);
    return status;
}
