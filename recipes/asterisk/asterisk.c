/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/asterisk/asterisk.h"

#include <math.h>

#include "recipes/draft/exchanges.h"

/* Ports of audio: two a leg, and some that the last calls still hold. */
enum { FIRST_AUDIO_PORT = 16384, LAST_AUDIO_PORT = 65535 };

static void put_small_files(rig_recipe *r)
{
    rig_recipe_begin(r, "modules.conf", "; ", "");
    rig_recipe_line(r, NULL, "[modules]");
    rig_recipe_line(r, NULL, "autoload=yes");
    rig_recipe_comment(r, "they would take the port, or write a record of each call");
    rig_recipe_line(r, NULL, "noload=chan_sip.so");
    rig_recipe_line(r, NULL, "noload=cdr_csv.so");
    rig_recipe_line(r, NULL, "noload=cdr_custom.so");
    rig_recipe_line(r, NULL, "noload=cel_custom.so");
    rig_recipe_comment(r, "no music: nobody listens");
    rig_recipe_line(r, NULL, "noload=res_musiconhold.so");
    rig_recipe_begin(r, "logger.conf", "; ", "");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "[logfiles]");
    rig_recipe_line(r, NULL, "console => warning,error");
    rig_recipe_line(r, NULL, "messages.log => notice,warning,error");
    rig_recipe_begin(r, "rtp.conf", "; ", "");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "rtpstart=%d", FIRST_AUDIO_PORT);
    rig_recipe_line(r, NULL, "rtpend=%d", LAST_AUDIO_PORT);
    rig_recipe_begin(r, "cdr.conf", "; ", "");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "enable=no");
    rig_recipe_begin(r, "indications.conf", "; ", "");
    rig_recipe_comment(r, "no tones are played; without a country it warns");
    rig_recipe_line(r, NULL, "[general]");
    rig_recipe_line(r, NULL, "country=us");
    rig_recipe_line(r, NULL, "[us]");
    rig_recipe_line(r, NULL, "description=United States");
    rig_recipe_line(r, NULL, "ringcadence=2000,4000");
    rig_recipe_line(r, NULL, "ring=440+480/2000,0/4000");
    rig_recipe_begin(r, "features.conf", "; ", "");
    rig_recipe_line(r, NULL, "[general]");
}

/* asterisk.conf wants absolute paths, which only the start knows. */
static void put_start(rig_recipe *r)
{
    rig_recipe_begin_start(r,
                           "Made by peakrig. Runs Asterisk with the files of this folder, in the "
                           "foreground; another program: PEAKRIG_ASTERISK=/path/to/asterisk.");
    rig_recipe_line(r, NULL, "# it asks for these, which may be empty, and for a folder of keys");
    rig_recipe_line(
        r, NULL, "for file in acl ccss cel geolocation manager pjproject stasis statsd udptl; do");
    rig_recipe_line(r, NULL, "    test -e \"$here/$file.conf\" || : >\"$here/$file.conf\"");
    rig_recipe_line(r, NULL, "done");
    rig_recipe_line(r, NULL, "mkdir -p \"$here/run/keys\"");
    rig_recipe_line(r, NULL, "cat >\"$here/run/asterisk.conf\" <<END");
    rig_recipe_line(r, NULL, "[directories]");
    rig_recipe_line(r, NULL, "astetcdir => $here");
    static const char *const folders[] = {"astdbdir", "astkeydir", "astspooldir", "astrundir",
                                          "astlogdir"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        rig_recipe_line(r, NULL, "%s => $here/run", folders[i]);
    rig_recipe_line(r, NULL, "[options]");
    rig_recipe_line(r, NULL, "maxfiles = 65536");
    rig_recipe_line(r, NULL, "END");
    rig_recipe_line(r, NULL, "ulimit -n 65536 2>/dev/null || ulimit -n \"$(ulimit -Hn)\"");
    rig_recipe_line(
        r, NULL, "exec \"${PEAKRIG_ASTERISK:-asterisk}\" -f -C \"$here/run/asterisk.conf\" \"$@\"");
}

static void say_target(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    if (s->time_scale > 1.0 || s->time_scale < 1.0)
        rig_recipe_instead(r, "time_scale", "time_scale=1.0",
                           "an exchange's announcements and timers run in real time");
    if (s->target.marks != RIG_MARK_QUIET && s->target.marks != RIG_MARK_EARLY)
        rig_recipe_instead(
            r, "target.marks", "target.marks=\"quiet\"",
            "Asterisk says nothing on the caller's leg between the answer and the end");
    if (s->target.is_scalable)
        rig_recipe_instead(r, "target.scalable", "target.scalable=false",
                           "its timers run in real time");
    if (s->target.marks == RIG_MARK_EARLY)
        rig_recipe_cannot(
            r, "target.marks",
            "no 182 when a call enters the queue: peakrig takes the end of the menu for "
            "it");
    else
        rig_recipe_cannot(r, "target.marks",
                          "no mark when a call enters the queue: peakrig takes the end of the menu "
                          "for it, and ivr.menu must be a constant");
}

static void say_rest(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    for (size_t g = 0; g < s->n_agents; g++) {
        if (s->agents[g].n_shifts > 1)
            rig_recipe_instead(r, "agents[].shifts",
                               rig_recipe_format(r, "agents[%zu].count=%u", g,
                                                 rig_scenario_first_agents(&s->agents[g])),
                               "queues.conf has one list of members: that of the first shift");
    }
    if (s->n_agents > 1)
        rig_recipe_cannot(r, "agents[]",
                          "ring and rest times of each group by itself: a queue has one of each");
    if (s->n_reserves > 0)
        rig_recipe_instead(r, "reserves", "reserves=()", "app_queue calls nobody to duty");
    if (s->n_faults > 0)
        rig_recipe_instead(r, "faults", "faults=()", "nothing fails by itself here");
    if (s->emergency.talk_factor > 0.0 && s->emergency.talk_factor < 1.0)
        rig_recipe_instead(r, "emergency", "emergency.talk_factor=1.0",
                           "the agents read one script");
    if (s->queue.announcement != RIG_ANNOUNCE_NOTHING)
        rig_recipe_cannot(
            r, "queue.announcement",
            "app_queue speaks of places and minutes in words of its own; nobody balks");
    if (s->queue.timeout_s > 0.0 && ceil(s->queue.timeout_s) > s->queue.timeout_s)
        rig_recipe_instead(r, "queue.timeout_s",
                           rig_recipe_format(r, "queue.timeout_s=%.1f", ceil(s->queue.timeout_s)),
                           "app_queue counts whole seconds");
    if (s->queue.keep_place.p_accept > 0.0)
        rig_recipe_cannot(r, "queue.keep_place", "nobody keeps a place for a caller who hangs up");
    if (s->queue.keep_place.p_accept > 0.0 || s->queue.deflection.p_accept > 0.0)
        rig_recipe_cannot(r, "call_back", "nobody is called back");
}

void rig_recipe_draft_asterisk(rig_recipe *r)
{
    put_small_files(r);
    rig_recipe_asterisk_pjsip(r);
    rig_recipe_asterisk_queues(r);
    rig_recipe_asterisk_dialplan(r);
    put_start(r);
    say_target(r);
    say_rest(r);
}
