/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live/page/ as read-only data. The paths are relative to the source folder (-I). */
/* Without the mark of this file the linker would leave the whole program without CET. */
#ifdef __CET__
#include <cet.h>
#endif

    .section .rodata

    .macro embed name, path
    .global rig_board_begin_\name
    .balign 16
rig_board_begin_\name:
    .incbin "\path"
    .byte 0
    .endm

    embed body, "live/page/body.html"
    embed script, "live/page/page.js"
    embed style, "live/page/page.css"

    .section .note.GNU-stack, "", %progbits
