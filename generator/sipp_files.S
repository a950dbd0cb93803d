/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/sipp/ as read-only data. The paths are relative to the source folder (-I). */
/* Without the mark of this file the linker would leave the whole program without CET. */
#ifdef __CET__
#include <cet.h>
#endif

    .section .rodata

    .macro embed name, path
    .global rig_sipp_begin_\name
    .global rig_sipp_end_\name
    .balign 16
rig_sipp_begin_\name:
    .incbin "\path"
rig_sipp_end_\name:
    .byte 0
    .endm

    embed ack, "scenarios/sipp/ack.xml"
    embed ack_failure, "scenarios/sipp/ack_failure.xml"
    embed agent, "scenarios/sipp/agent.xml"
    embed agent_mark, "scenarios/sipp/agent_mark.xml"
    embed bye, "scenarios/sipp/bye.xml"
    embed bye_wait, "scenarios/sipp/bye_wait.xml"
    embed caller, "scenarios/sipp/caller.xml"
    embed caller_anew, "scenarios/sipp/caller_anew.xml"
    embed caller_call, "scenarios/sipp/caller_call.xml"
    embed caller_end, "scenarios/sipp/caller_end.xml"
    embed caller_place, "scenarios/sipp/caller_place.xml"
    embed caller_unanswered, "scenarios/sipp/caller_unanswered.xml"
    embed cancel, "scenarios/sipp/cancel.xml"
    embed clock, "scenarios/sipp/clock.xml"
    embed fine, "scenarios/sipp/fine.xml"
    embed free, "scenarios/sipp/free.xml"
    embed header, "scenarios/sipp/header.xml"
    embed invite, "scenarios/sipp/invite.xml"
    embed mark, "scenarios/sipp/mark.xml"
    embed next_event, "scenarios/sipp/next_event.xml"
    embed ok, "scenarios/sipp/ok.xml"
    embed ok_message, "scenarios/sipp/ok_message.xml"
    embed provisional, "scenarios/sipp/provisional.xml"
    embed redirect, "scenarios/sipp/redirect.xml"
    embed refresh, "scenarios/sipp/refresh.xml"
    embed refuse, "scenarios/sipp/refuse.xml"
    embed register, "scenarios/sipp/register.xml"
    embed register_answer, "scenarios/sipp/register_answer.xml"
    embed register_challenge, "scenarios/sipp/register_challenge.xml"
    embed register_request, "scenarios/sipp/register_request.xml"
    embed reliable, "scenarios/sipp/reliable.xml"
    embed response, "scenarios/sipp/response.xml"
    embed sdp, "scenarios/sipp/sdp.xml"
    embed stage, "scenarios/sipp/stage.xml"
    embed stay, "scenarios/sipp/stay.xml"
    embed stop, "scenarios/sipp/stop.xml"
    embed stop_request, "scenarios/sipp/stop_request.xml"
    embed timed, "scenarios/sipp/timed.xml"
    embed timer, "scenarios/sipp/timer.xml"
    embed wait, "scenarios/sipp/wait.xml"

    .section .note.GNU-stack, "", %progbits
