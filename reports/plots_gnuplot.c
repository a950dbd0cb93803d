#include "reports/plots_gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Ctrl-C and a closed pipe end gnuplot whatever the caller has blocked or ignored. */
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    sigaddset(&defaults, SIGPIPE);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0)
        code = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (code == 0)
        code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return code;
}

static int set_files(posix_spawn_file_actions_t *files, const char *folder, int log_fd)
{
    int code = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(files, log_fd, STDOUT_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(files, log_fd, STDERR_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_addchdir_np(files, folder);
    return code;
}

/* @return 0 or an errno value. */
static int start(const char *folder, const char *script, int log_fd, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    int code = posix_spawnattr_init(&attributes);
    if (code != 0)
        return code;
    code = posix_spawn_file_actions_init(&files);
    if (code != 0)
        goto out;
    char name[] = "gnuplot", option[] = "--default-settings";
    char *script_copy = strdup(script); /* argv wants char *, not const char * */
    char *argv[] = {name, option, script_copy, NULL};
    code = script_copy == NULL ? ENOMEM : set_signals(&attributes);
    if (code == 0)
        code = set_files(&files, folder, log_fd);
    if (code == 0)
        code = posix_spawnp(pid, name, &files, &attributes, argv, environ);
    free(script_copy);
    (void)posix_spawn_file_actions_destroy(&files);
out:
    (void)posix_spawnattr_destroy(&attributes);
    return code;
}

static int wait_for(pid_t pid)
{
    int how = 0;
    while (waitpid(pid, &how, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

rig_status rig_gnuplot_run(const char *folder, const char *script, rig_error *err)
{
    char *log_path;
    if (asprintf(&log_path, "%s/%s.log", folder, script) < 0)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", script);
    rig_status status = RIG_OK;
    int log_fd = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (log_fd < 0) {
        status = rig_fail(err, RIG_EIO, "%s: cannot write: %s", log_path, strerror(errno));
        goto out;
    }
    pid_t pid = 0;
    int code = start(folder, script, log_fd, &pid);
    close(log_fd);
    if (code == ENOENT || code == EACCES) {
        status =
            rig_fail(err, RIG_EENV, "gnuplot: not found in PATH; install gnuplot-nox (ci/setup)");
    } else if (code != 0) {
        status = rig_fail(err, RIG_EENV, "gnuplot: cannot start: %s", strerror(code));
    } else {
        code = wait_for(pid);
        if (code != 0)
            status = rig_fail(err, RIG_EENV, "gnuplot: %s/%s failed (exit code %d); see %s", folder,
                              script, code, log_path);
    }
out:
    free(log_path);
    return status;
}
