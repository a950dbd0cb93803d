/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The style sheets as read-only text. The paths are relative to the source folder (-I). */
/* Without the mark of this file the linker would leave the whole program without CET. */
#ifdef __CET__
#include <cet.h>
#endif

    .section .rodata

    .macro embed name, path
    .global rig_html_\name
    .balign 16
rig_html_\name:
    .incbin "\path"
    .byte 0
    .endm

    embed style_page, "reports/html/page.css"
    embed style_plan, "reports/html/plan.css"

    .section .note.GNU-stack, "", %progbits
