/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogues as read-only bytes; msgfmt makes them at build. The paths are relative to the
 * build folder (-I). */
/* Without the mark of this file the linker would leave the whole program without CET. */
#ifdef __CET__
#include <cet.h>
#endif

    .section .rodata

    .macro embed name, path
    .global rig_catalogue_\name
    .balign 16
rig_catalogue_\name:
    .incbin "\path"
    .byte 0
    .endm

    embed words_zh, "languages/words.zh.mo"
    embed sentences_zh, "languages/sentences.zh.mo"

    .section .note.GNU-stack, "", %progbits
