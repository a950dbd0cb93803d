#include "analyzer/analyzer.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/packet.h"

/* What libpcap says when reading itself fails; all its other complaints are about the content. */
static bool is_read_error(const char *text)
{
    return strncmp(text, "error reading dump file", strlen("error reading dump file")) == 0;
}

/* The fraction holds nanoseconds: the file was opened so. */
static bool time_of(const struct pcap_pkthdr *header, int64_t *t_ns)
{
    int64_t whole = header->ts.tv_sec;
    if (whole < 0)
        whole &= UINT32_MAX; /* libpcap takes the 32 bits of the file for signed on some systems */
    if (whole > INT64_MAX / 4 / RIG_NS_PER_S - 2 || header->ts.tv_usec < 0)
        return false;
    *t_ns = whole * RIG_NS_PER_S + header->ts.tv_usec;
    return true;
}

static rig_status read_packets(const char *path, pcap_t *pcap, rig_analyzer *analyzer,
                               rig_error *err)
{
    int linktype = pcap_datalink(pcap);
    if (!rig_packet_link_is_read(linktype)) {
        const char *name = pcap_datalink_val_to_name(linktype);
        return rig_fail(err, RIG_EINPUT,
                        "%s: link layer %d (%s) is not read; expected Ethernet, Linux cooked (SLL, "
                        "SLL2), BSD loopback or raw IP",
                        path, linktype, name == NULL ? "unknown" : name);
    }
    for (uint64_t n = 1;; n++) {
        struct pcap_pkthdr *header;
        const u_char *data;
        int got = pcap_next_ex(pcap, &header, &data);
        if (got == PCAP_ERROR_BREAK)
            return RIG_OK;
        if (got != 1) {
            if (is_read_error(pcap_geterr(pcap)))
                return rig_fail(err, RIG_EIO, "%s: %s", path, pcap_geterr(pcap));
            rig_analyzer_note_cut(analyzer);
            return RIG_OK;
        }
        int64_t t_ns = 0;
        if (!time_of(header, &t_ns))
            return rig_fail(err, RIG_EINPUT, "%s: packet %llu: its time is out of range", path,
                            (unsigned long long)n);
        rig_error inner = {.status = RIG_OK};
        rig_status status = rig_analyzer_packet(analyzer, linktype, t_ns, data, header->caplen,
                                                header->len, &inner);
        if (status != RIG_OK)
            return rig_fail(err, status, "%s: packet %llu: %s", path, (unsigned long long)n,
                            inner.text);
    }
}

rig_status rig_analyze_file(const char *path, rig_analyzer *analyzer, rig_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    if (is_stdin)
        path = "standard input";
    FILE *file = is_stdin ? stdin : fopen(path, "rbe");
    if (file == NULL)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(errno));
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL) {
        if (!is_stdin)
            fclose(file);
        if (is_read_error(why))
            return rig_fail(err, RIG_EIO, "%s: %s", path, why);
        return rig_fail(err, RIG_EINPUT, "%s: %s; expected a capture (pcap or pcapng)", path, why);
    }
    rig_status status = read_packets(path, pcap, analyzer, err);
    pcap_close(pcap); /* closes the file too, but never the standard input */
    return status;
}
