/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a picture is drawn for. */
#ifndef RIG_REPORTS_LAYOUT_H
#define RIG_REPORTS_LAYOUT_H

/** Layouts of a picture. */
typedef enum rig_layout {
    RIG_LAYOUT_WIDE = 0, /**< SVG, 1000 units wide: 700 px and more */
    RIG_LAYOUT_NARROW,   /**< SVG, 400 units wide: phones */
    RIG_N_SVG_LAYOUTS,
    RIG_LAYOUT_PNG = RIG_N_SVG_LAYOUTS, /**< as the wide one, for slides and mail */
    RIG_N_LAYOUTS
} rig_layout;

#endif
