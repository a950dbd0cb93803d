/* The SIPp scenario files (scenarios/sipp/), embedded in the program. */
#ifndef RIG_GENERATOR_SIPP_FILES_H
#define RIG_GENERATOR_SIPP_FILES_H

#include "core/slice.h"
#include "core/status.h"

/** The files. */
typedef enum rig_sipp_file {
    RIG_SIPP_FILE_CALLER = 0, /**< caller.xml: plays one planned call */
    RIG_SIPP_FILE_AGENT,      /**< agent.xml: one ringing of an agent's phone */
    RIG_SIPP_FILE_STOP,       /**< stop.xml: the stop request to a callers' worker */
    RIG_N_SIPP_FILES
} rig_sipp_file;

/** "caller.xml", ...; static. */
const char *rig_sipp_file_name(rig_sipp_file file);

/** The contents; static. */
rig_slice rig_sipp_file_text(rig_sipp_file file);

/** Write all of them into a folder. @return RIG_OK; RIG_EIO; RIG_ENOMEM. */
rig_status rig_sipp_files_write(const char *folder, rig_error *err);

#endif
