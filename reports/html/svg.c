/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/svg.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "reports/xml/memory.h"

/* A reference with the prefix behind its '#': "#name" in an href, "url(#name)" elsewhere, where
 * "#name" would be a colour. Other values are copied. NULL when out of memory. */
static char *with_prefix(const char *value, const char *prefix, bool is_href)
{
    char *made;
    const char *lead = is_href ? "#" : "url(#";
    size_t head = strlen(lead);
    if (strncmp(value, lead, head) != 0)
        return strdup(value);
    return asprintf(&made, "%.*s%s%s", (int)head, value, prefix, value + head) < 0 ? NULL : made;
}

/* "rgb(213,  94,   0)", "#D55E00", "black": what gnuplot writes. @return whether it is a colour. */
static bool is_colour(const char *value, unsigned *rgb)
{
    unsigned r, g, b;
    char end;
    const char *hex = "#0123456789abcdefABCDEF";
    if (sscanf(value, "rgb(%3u,%3u,%3u%c", &r, &g, &b, &end) == 4 && end == ')' && r < 256 &&
        g < 256 && b < 256)
        *rgb = r << 16 | g << 8 | b;
    else if (strlen(value) == 7 && value[0] == '#' && strspn(value, hex) == 7)
        *rgb = (unsigned)strtoul(value + 1, NULL, 16);
    else if (strcmp(value, "black") == 0)
        *rgb = 0;
    else
        return false;
    return true;
}

static bool is_one_of(const xmlAttr *attribute, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp((const char *)attribute->name, names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_paint(const xmlAttr *attribute)
{
    static const char *const names[] = {"fill", "stroke", "color"};
    return is_one_of(attribute, names, sizeof names / sizeof names[0]);
}

static bool is_reference(const xmlAttr *attribute)
{
    static const char *const names[] = {"href", "fill",   "stroke",     "clip-path",
                                        "mask", "filter", "marker-end", "marker-start"};
    return is_one_of(attribute, names, sizeof names / sizeof names[0]);
}

static rig_status adapt_attribute(xmlNode *element, xmlAttr *attribute, const char *prefix)
{
    bool is_id = strcmp((const char *)attribute->name, "id") == 0;
    if (attribute->ns != NULL) { /* xlink:href: plain href means the same and needs no namespace */
        if (strcmp((const char *)attribute->name, "href") != 0)
            return xmlRemoveProp(attribute) == 0 ? RIG_OK : RIG_ENOMEM;
        attribute->ns = NULL;
    }
    if (!is_id && !is_reference(attribute) && !is_paint(attribute))
        return RIG_OK;
    if (attribute->children == NULL)
        return RIG_OK; /* an empty attribute */
    xmlChar *value = xmlNodeListGetString(element->doc, attribute->children, 1);
    if (value == NULL)
        return RIG_ENOMEM;
    char *made = NULL;
    unsigned rgb;
    if (is_paint(attribute) && is_colour((const char *)value, &rgb)) {
        if (asprintf(&made, "var(--c%06x,#%06x)", rgb, rgb) < 0)
            made = NULL;
    } else if (is_id && asprintf(&made, "%s%s", prefix, (const char *)value) < 0) {
        made = NULL;
    } else if (!is_id) {
        made = with_prefix((const char *)value, prefix,
                           strcmp((const char *)attribute->name, "href") == 0);
    }
    xmlFree(value);
    if (made == NULL)
        return RIG_ENOMEM;
    const xmlChar *name = is_id ? BAD_CAST "id" : attribute->name;
    bool is_set = xmlSetProp(element, name, BAD_CAST made) != NULL;
    free(made);
    return is_set ? RIG_OK : RIG_ENOMEM;
}

/* The picture's own title and description are gnuplot's words, not ours; a script has no place. */
static bool is_unwanted(const xmlNode *node)
{
    static const char *const names[] = {"title", "desc", "script", "metadata"};
    if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
        return true;
    for (size_t i = 0; node->type == XML_ELEMENT_NODE && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp((const char *)node->name, names[i]) == 0)
            return true;
    }
    return false;
}

/* A label in the page's language. */
static rig_status tell(xmlNode *text, const rig_language *language)
{
    xmlChar *content = xmlNodeGetContent(text);
    if (content == NULL)
        return RIG_ENOMEM;
    const rig_told told = rig_retell(language, (const char *)content);
    if (strcmp(told.text, (const char *)content) != 0) {
        xmlNodeSetContent(text, NULL);
        xmlNodeAddContent(text, BAD_CAST told.text);
    }
    xmlFree(content);
    return RIG_OK;
}

static rig_status adapt(xmlNode *element, const char *prefix, const rig_language *language)
{
    rig_status status = RIG_OK;
    element->ns = NULL;
    for (xmlAttr *a = element->properties, *next; a != NULL && status == RIG_OK; a = next) {
        next = a->next;
        status = adapt_attribute(element, a, prefix);
    }
    for (xmlNode *child = element->children, *next; child != NULL && status == RIG_OK;
         child = next) {
        next = child->next;
        if (is_unwanted(child)) {
            xmlUnlinkNode(child);
            xmlFreeNode(child);
        } else if (child->type == XML_ELEMENT_NODE) {
            status = adapt(child, prefix, language);
        } else if (child->type == XML_TEXT_NODE) {
            status = tell(child, language);
        }
    }
    return status;
}

static rig_status dress(xmlNode *root, const char *label)
{
    (void)xmlUnsetProp(root, BAD_CAST "width");
    (void)xmlUnsetProp(root, BAD_CAST "height");
    bool is_set = xmlSetProp(root, BAD_CAST "role", BAD_CAST "img") != NULL &&
                  xmlSetProp(root, BAD_CAST "aria-label", BAD_CAST label) != NULL;
    return is_set ? RIG_OK : RIG_ENOMEM;
}

/* The picture as text. @return NULL when out of memory, or when it is no SVG: *is_svg tells. */
static xmlBuffer *text_of(xmlDoc *doc, const rig_html_picture *picture, bool *is_svg)
{
    xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    *is_svg = root != NULL && strcmp((const char *)root->name, "svg") == 0;
    if (!*is_svg || adapt(root, picture->prefix, picture->language) != RIG_OK ||
        dress(root, picture->label) != RIG_OK)
        return NULL;
    xmlBuffer *text = xmlBufferCreate();
    xmlNs *namespaces = root->nsDef; /* of no use in HTML, and no element refers to them now */
    root->nsDef = NULL;
    if (text != NULL && xmlNodeDump(text, doc, root, 0, 0) < 0) {
        xmlBufferFree(text);
        text = NULL;
    }
    root->nsDef = namespaces;
    return text;
}

/* Before the end of the picture, and so over all of it. */
static void print_with(FILE *out, const char *svg, size_t n, const char *over)
{
    static const char end[] = "</svg>";
    const size_t n_end = sizeof end - 1;
    const bool is_whole = over != NULL && n > n_end && memcmp(svg + n - n_end, end, n_end) == 0;
    (void)fwrite(svg, 1, is_whole ? n - n_end : n, out);
    if (is_whole)
        (void)fprintf(out, "%s%s", over, end);
}

rig_status rig_html_svg(FILE *out, const char *path, const rig_html_picture *picture,
                        rig_error *err)
{
    char *data;
    size_t size;
    bool is_svg = false;
    rig_xml_memory memory;
    rig_status status = rig_file_read(path, &data, &size, err);
    if (status != RIG_OK)
        return status;
    rig_xml_memory_watch(&memory);
    xmlDoc *doc = size > INT_MAX ? NULL
                                 : xmlReadMemory(data, (int)size, path, NULL,
                                                 XML_PARSE_NONET | XML_PARSE_NOBLANKS |
                                                     XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    free(data);
    xmlBuffer *text = text_of(doc, picture, &is_svg);
    if (rig_xml_memory_was_short(&memory) || (text == NULL && is_svg))
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    else if (!is_svg)
        status = rig_fail(err, RIG_EIO, "%s: no SVG", path);
    else
        print_with(out, (const char *)xmlBufferContent(text), (size_t)xmlBufferLength(text),
                   picture->over);
    if (text != NULL)
        xmlBufferFree(text);
    if (doc != NULL)
        xmlFreeDoc(doc);
    return status;
}
