#include <stdio.h>

#include "analyzer/analyzer.h"
#include "analyzer/packets/capture.h"

static void warn_of_files(const rig_capture_reader *reader, size_t n, rig_analyzer *analyzer,
                          rig_analyze_warning warn, void *ctx)
{
    for (size_t i = 0; i < n; i++) {
        rig_capture_file_info info = rig_capture_about(reader, i);
        if (!info.is_cut && !info.is_damaged)
            continue;
        char text[1200];
        rig_analyzer_note_cut(analyzer);
        (void)snprintf(text, sizeof text, "%s: %s; what is there was read", info.name,
                       info.problem);
        if (warn != NULL)
            warn(ctx, text);
    }
}

rig_status rig_analyze_files(const char *const *paths, size_t n, rig_analyzer *analyzer,
                             rig_analyze_warning warn, void *ctx, rig_error *err)
{
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    uint64_t n_frames = 0, n_read = 0;
    bool is_end = false;
    rig_status status = rig_capture_open(paths, n, &reader, err);
    if (status != RIG_OK)
        return status;
    int linktype = 0;
    size_t file = 0;
    while ((status = rig_capture_next(reader, &frame, &is_end, err)) == RIG_OK && !is_end) {
        n_frames++;
        if (rig_decoder_link_is_read(frame.linktype))
            n_read++;
        else if (n_frames == 1)
            linktype = frame.linktype, file = frame.file;
        status = rig_analyzer_packet(analyzer, frame.linktype, frame.t_ns, frame.data, frame.caplen,
                                     frame.len, err);
        if (status != RIG_OK)
            break;
    }
    if (status == RIG_OK && n_frames > 0 && n_read == 0)
        status =
            rig_fail(err, RIG_EINPUT,
                     "%s: link layer %d is not read; expected one of docs/captures.md, such as "
                     "Ethernet, Linux cooked (SLL, SLL2), BSD loopback or raw IP",
                     rig_capture_about(reader, file).name, linktype);
    if (status == RIG_OK)
        warn_of_files(reader, n, analyzer, warn, ctx);
    rig_capture_close(reader);
    return status;
}

rig_status rig_analyze_file(const char *path, rig_analyzer *analyzer, rig_error *err)
{
    return rig_analyze_files(&path, 1, analyzer, NULL, NULL, err);
}
