/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours of all pictures, each named once. Okabe & Ito's palette, which colour-blind readers
 * tell apart (jfly.uni-koeln.de/color, 2008), and greys. As gnuplot reads them: #AARRGGBB has a
 * transparency in front. */
#ifndef RIG_REPORTS_PLOTS_PALETTE_H
#define RIG_REPORTS_PLOTS_PALETTE_H

#define RIG_COLOUR_PREDICTED      "#0072B2"   /**< what a model says */
#define RIG_COLOUR_PREDICTED_BAND "#BF0072B2" /**< where runs lie that conform */
#define RIG_COLOUR_PREDICTED_WIDE                                                                  \
    "#CC0072B2"                               /**< where single runs lie, of many in one picture   \
                                               */
#define RIG_COLOUR_PREDICTED_MEAN "#800072B2" /**< the interval of a mean */
#define RIG_COLOUR_PREDICTED_AREA "#8F0072B2" /**< an area that other lines cross */
#define RIG_COLOUR_PREDICTED_TEXT "#003A5C"   /**< words and marks about it */
#define RIG_COLOUR_OBSERVED       "#D55E00"   /**< what was seen; what is required */
#define RIG_COLOUR_OBSERVED_TEXT  "#8A3D00"
#define RIG_COLOUR_THIRD          "#009E73"   /**< one more quantity */
#define RIG_COLOUR_FAULT          "#B0CC79A7" /**< the time that a fault lasts */
#define RIG_COLOUR_FAULT_TEXT     "#7A2E58"
#define RIG_COLOUR_MARK           "#000000" /**< what is pointed at */
#define RIG_COLOUR_PAPER          "#FFFFFF"
#define RIG_COLOUR_BORDER         "#666666"
#define RIG_COLOUR_GRID           "#DDDDDD"
#define RIG_COLOUR_SOFT_TEXT      "#57606A"
#define RIG_COLOUR_NOT_TRIED      RIG_COLOUR_GRID /**< a combination without a figure */

#endif
