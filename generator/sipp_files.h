/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIPp scenario files: parts (scenarios/sipp/, embedded in the program), assembled for a run.
 */
#ifndef RIG_GENERATOR_SIPP_FILES_H
#define RIG_GENERATOR_SIPP_FILES_H

#include "core/slice.h"
#include "core/status.h"
#include "core/secret.h"
#include "scenarios/scenario.h"

/** The files that SIPp reads. What callers' workers play: */
#define RIG_SIPP_CALLER_XML "caller.xml"
#define RIG_SIPP_AGENT_XML  "agent.xml" /**< what agents' phones play */
#define RIG_SIPP_PHONES_CSV                                                                        \
    "phones.csv"                       /**< which group a phone is of, where there are several     \
                                        */
#define RIG_SIPP_RINGS_CSV "rings.csv" /**< how long a phone of each group rings for each call */
#define RIG_SIPP_CALLED_XML "called_back.xml" /**< what callers' phones play that are called back */
#define RIG_SIPP_STOP_XML  "stop.xml"  /**< the request to stop */
/** What phones that register play (generator/register_file.h). */
#define RIG_SIPP_REGISTER_XML "register.xml"

/** The recording that callers send, where the scenario wants audio. */
#define RIG_SIPP_AUDIO "tone.ulaw"

/** Room for a method; SIPp takes up to 63 characters. */
#define RIG_SIPP_METHOD_SIZE 64

/** A part by its name, "wait.xml"; static. p is NULL when there is none. */
rig_slice rig_sipp_file_find(const char *name);

/** Whether the target says nothing between the answer and the end; what does not know it yet
 * (RIG_MARK_AUTO) is played so. */
bool rig_sipp_is_quiet(const rig_scenario *scenario);

/** Whether the callers must be told what only the agents' phones know. */
bool rig_sipp_needs_tells(const rig_scenario *scenario);

/**
 * Assemble one of the three files for a scenario: by its marks, time scale and what callers do.
 * @param secret     Of the run: a request to stop, and what callers are told, must bear it.
 * @param[out] text  Heap; the caller frees. Untouched on error.
 * @return as rig_sipp_assemble.
 */
rig_status rig_sipp_file_make(const char *name, const rig_scenario *scenario,
                              const rig_secret *secret, char **text, rig_error *err);

/**
 * Write all into a folder. Where callers have a password, "***" stands in its place: see
 * rig_sipp_secret_open.
 * @param caller_xml  What callers play in the place of ours: the text of callers.sipp_xml, as it
 *                    was read and checked. NULL: ours.
 * @return RIG_OK; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_sipp_files_write(const rig_scenario *scenario, const char *caller_xml,
                                const rig_secret *secret, const char *folder, rig_error *err);

/**
 * What callers play, with their password, in a file without a name (memfd_create(2)): it is on no
 * disk, and SIPp opens it through /proc/self/fd.
 * @param[out] fd  Close it. -1: they have no password, or a user's own scenario, and caller.xml
 * will do.
 * @return RIG_OK; as rig_sipp_file_make; RIG_EENV.
 */
rig_status rig_sipp_secret_open(const rig_scenario *scenario, const rig_secret *secret, int *fd,
                                rig_error *err);

/** Write one that was made by itself. @return RIG_OK; RIG_EIO; RIG_ENOMEM. */
rig_status rig_sipp_file_write(const char *folder, const char *name, const char *text,
                               rig_error *err);

/**
 * A text in a file without a name (memfd_create(2)), for SIPp to open through /proc/self/fd.
 * @param text     On the heap: it is overwritten and freed, on error, too.
 * @param[out] fd  Close it. Untouched on error.
 * @return RIG_OK or RIG_EENV.
 */
rig_status rig_sipp_memory_open(const char *name, char *text, int *fd, rig_error *err);

/**
 * The method by which callers are told something: X-TELL and the secret, so that nobody else can
 * tell them anything. A user's own scenario knows no secret: it is told by a plain X-TELL.
 */
void rig_sipp_tell_method(const rig_scenario *scenario, const rig_secret *secret,
                          char method[RIG_SIPP_METHOD_SIZE]);

/**
 * Read a user's own caller scenario (callers.sipp_xml), and ask whether it has what peakrig needs
 * of one. Once in a run: what was looked through is what is played, whatever becomes of the file.
 * @param[out] text  Heap; the caller frees; NULL where the scenario names none. Untouched on error.
 * @return RIG_OK; RIG_EINPUT for a file that cannot be read, holds a NUL, or lacks what peakrig
 * needs of it (docs/your-own-target.md).
 */
rig_status rig_sipp_user_file_read(const rig_scenario *scenario, char **text, rig_error *err);

#endif
