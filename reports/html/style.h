/* The style sheet of the report. */
#ifndef RIG_REPORTS_HTML_STYLE_H
#define RIG_REPORTS_HTML_STYLE_H

/** CSS without '<' and '&', so that it may stand in HTML and in XML. Static. */
const char *rig_html_style(void);

#endif
