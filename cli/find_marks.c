/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/find_marks.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/decoder.h"
#include "cli/one_call.h"
#include "core/temporary.h"
#include "generator/play.h"
#include "verdict/learn.h"

/* A call under way. */
typedef struct search {
    rig_decoder *decoder;
    rig_learn seen;
} search;

static rig_status on_packet(void *ctx, const rig_packet *packet, rig_error *err)
{
    search *s = ctx;
    rig_sip sip;
    (void)err;
    if (rig_sip_parse(packet->payload, packet->is_truncated, &s->seen.wanted, &sip) == RIG_SIP_OK)
        rig_learn_take(&s->seen, &sip, packet->t_ns);
    return RIG_OK;
}

static void take_frame(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                       size_t len)
{
    search *s = ctx;
    (void)rig_decoder_frame(s->decoder, linktype, t_ns, data, caplen, len, NULL);
}

/* The phone hangs up: how a caller is told of the agent is not known yet. */
static rig_status place_call(rig_run_setup *setup, const rig_run_setup_options *options,
                             rig_learn *seen, rig_error *err)
{
    search s = {.decoder = NULL};
    rig_run_dir run = {.dir = ""};
    rig_play_report report = {.trouble = ""};
    rig_one_call_make(setup, false);
    rig_status status = rig_learn_begin(&s.seen);
    if (status == RIG_OK)
        status = rig_decoder_new(on_packet, &s, &s.decoder);
    if (status != RIG_OK)
        return rig_fail(err, status, "target.marks: %s", rig_status_text(status));
    status = rig_one_call_folder(&run, err);
    rig_play_options how = rig_run_setup_play(setup, options, run.dir);
    how.n_workers = 1;
    how.n_phones = 1;
    how.packet = take_frame;
    how.packet_ctx = &s;
    how.stop = options->stop;
    if (status == RIG_OK)
        status = rig_play(setup->scenario, setup->schedule, &how, &report, err);
    if (status == RIG_OK && report.was_stopped)
        status = rig_fail(err, RIG_ECANCELLED, "stopped");
    if (status == RIG_OK && report.uncaptured[0] != '\0')
        status = rig_fail(err, RIG_EIO, "%s", report.uncaptured);
    if (status == RIG_OK && report.trouble[0] != '\0')
        status = rig_fail(err, RIG_EINVALID, "%s", report.trouble);
    if (status == RIG_OK)
        *seen = s.seen;
    if (run.dir[0] != '\0')
        rig_temporary_remove(run.dir);
    rig_decoder_free(s.decoder);
    return status;
}

static rig_status learn(rig_run_setup *setup, const rig_run_setup_options *options,
                        rig_marks *marks, char why[RIG_LEARN_TEXT_SIZE], rig_error *err)
{
    rig_learn seen;
    for (unsigned i = 0; i < RIG_FIND_MARKS_N_CALLS; i++) {
        const rig_status status = place_call(setup, options, &seen, err);
        if (status != RIG_OK)
            return status;
        if (rig_learn_conclude(&seen, marks, why))
            return RIG_OK;
    }
    return rig_fail(
        err, RIG_EINVALID,
        "INVALID: target.marks = \"auto\": %d calls do not show how this centre tells its "
        "callers where they are: %s. See that it takes them (peakrig check --probe), or "
        "set target.marks = \"quiet\" (what Asterisk and FreeSWITCH do as they come), "
        "\"early\", \"reinvite\", \"update\" or \"info\"",
        RIG_FIND_MARKS_N_CALLS, why);
}

static rig_status make_again(const char *path, const rig_run_setup_options *options,
                             rig_marks marks, rig_run_setup *setup, rig_error *err)
{
    rig_run_setup_options found = *options;
    rig_error why = {0};
    char override[64];
    if (found.overrides.n + 1 > RIG_MAX_OVERRIDES)
        return rig_fail(err, RIG_EINPUT, "--set: given more than %d times", RIG_MAX_OVERRIDES);
    (void)snprintf(override, sizeof override, "target.marks=\"%s\"", rig_marks_name(marks));
    found.overrides.items[found.overrides.n++] = override;
    rig_run_setup_clear(setup);
    const rig_status status = rig_run_setup_make(path, &found, setup, &why);
    if (status == RIG_OK)
        return RIG_OK;
    return rig_fail(err, status, "target.marks = \"auto\" was found to be \"%s\": %s",
                    rig_marks_name(marks), why.text);
}

rig_status rig_find_marks(const char *path, const rig_run_setup_options *options,
                          rig_progress *progress, rig_run_setup *setup, rig_error *err)
{
    char why[RIG_LEARN_TEXT_SIZE] = "";
    rig_marks marks = RIG_MARK_AUTO;
    if (setup->scenario->target.marks != RIG_MARK_AUTO)
        return RIG_OK;
    if (options->capture != NULL)
        return rig_fail(
            err, RIG_EINPUT,
            "--capture %s: target.marks = \"auto\" needs a capture of our own; expected "
            "what `peakrig check --probe` finds: --set 'target.marks=\"quiet\"'",
            options->capture);
    if (progress != NULL)
        rig_progress_say(
            progress,
            "target.marks = \"auto\": calling %s to see how it tells its callers where they are",
            setup->target_host);
    rig_status status = learn(setup, options, &marks, why, err);
    if (status == RIG_OK)
        status = make_again(path, options, marks, setup, err);
    if (status == RIG_OK)
        (void)snprintf(setup->marks_found, sizeof setup->marks_found, "%s", why);
    if (status == RIG_OK && progress != NULL)
        rig_progress_say(progress, "target.marks is \"%s\": %s", rig_marks_name(marks), why);
    return status;
}
