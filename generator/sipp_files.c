#include "generator/sipp_files.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/atomic_file.h"

extern const char rig_sipp_caller[], rig_sipp_caller_end[];
extern const char rig_sipp_agent[], rig_sipp_agent_end[];
extern const char rig_sipp_stop[], rig_sipp_stop_end[];

const char *rig_sipp_file_name(rig_sipp_file file)
{
    switch (file) {
    case RIG_SIPP_FILE_CALLER:
        return "caller.xml";
    case RIG_SIPP_FILE_AGENT:
        return "agent.xml";
    case RIG_SIPP_FILE_STOP:
        return "stop.xml";
    case RIG_N_SIPP_FILES:
        break;
    }
    return "?";
}

rig_slice rig_sipp_file_text(rig_sipp_file file)
{
    switch (file) {
    case RIG_SIPP_FILE_CALLER:
        return (rig_slice){rig_sipp_caller, (size_t)(rig_sipp_caller_end - rig_sipp_caller)};
    case RIG_SIPP_FILE_AGENT:
        return (rig_slice){rig_sipp_agent, (size_t)(rig_sipp_agent_end - rig_sipp_agent)};
    case RIG_SIPP_FILE_STOP:
        return (rig_slice){rig_sipp_stop, (size_t)(rig_sipp_stop_end - rig_sipp_stop)};
    case RIG_N_SIPP_FILES:
        break;
    }
    return (rig_slice){NULL, 0};
}

rig_status rig_sipp_files_write(const char *folder, rig_error *err)
{
    rig_status status = RIG_OK;
    for (int i = 0; i < RIG_N_SIPP_FILES && status == RIG_OK; i++) {
        rig_slice text = rig_sipp_file_text((rig_sipp_file)i);
        char *path;
        if (asprintf(&path, "%s/%s", folder, rig_sipp_file_name((rig_sipp_file)i)) < 0)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", folder);
        status = rig_atomic_file_write(path, text.p, text.n, err);
        free(path);
    }
    return status;
}
