/* scenarios/sipp/ as read-only data. The paths are relative to the source folder (-I). */
    .section .rodata

    .macro embed name, path
    .global rig_sipp_\name
    .global rig_sipp_\name\()_end
    .balign 16
rig_sipp_\name:
    .incbin "\path"
rig_sipp_\name\()_end:
    .byte 0
    .endm

    embed caller, "scenarios/sipp/caller.xml"
    embed agent, "scenarios/sipp/agent.xml"
    embed stop, "scenarios/sipp/stop.xml"

    .section .note.GNU-stack, "", %progbits
