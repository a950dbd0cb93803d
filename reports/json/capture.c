#include "reports/json/capture.h"

#include <arpa/inet.h>

#include "core/clock.h"

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *seconds(int64_t ns)
{
    return json_real(rig_clock_s_of_ns(ns));
}

static json_t *order_of(const rig_capture_disorder *d)
{
    json_t *steps = json_array();
    for (uint64_t i = 0; i < d->n_steps && i < RIG_CAPTURE_MAX_STEPS; i++) {
        const rig_capture_step_back *s = &d->steps[i];
        (void)json_array_append_new(
            steps, json_pack("{s:o, s:o, s:o, s:o, s:o}", "file", count(s->file), "interface",
                             count(s->interface), "packet", count(s->packet), "t_s",
                             seconds(s->t_ns), "back_s", seconds(s->back_ns)));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "streams", count(d->n_streams),
                     "reordered", count(d->n_reordered), "max_disorder_s",
                     seconds(d->max_disorder_ns), "late", count(d->n_late), "max_late_s",
                     seconds(d->max_late_ns), "pushed_out", count(d->n_pushed_out),
                     "times_went_back", count(d->n_steps), "steps_back", steps);
}

static json_t *end_of(rig_endpoint at)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t ip[16];
    for (int i = 0; i < 8; i++) {
        ip[i] = (uint8_t)(at.ip_high >> (56 - 8 * i));
        ip[8 + i] = (uint8_t)(at.ip_low >> (56 - 8 * i));
    }
    bool is_ipv4 = at.ip_high == 0 && at.ip_low >> 32 == 0xffff;
    (void)inet_ntop(is_ipv4 ? AF_INET : AF_INET6, is_ipv4 ? ip + 12 : ip, text, sizeof text);
    return json_string(text);
}

static json_t *clocks_of(const rig_clock_offsets *clocks)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < clocks->n; i++) {
        const rig_clock_offset *o = &clocks->of[i];
        (void)json_array_append_new(
            list, json_pack("{s:o, s:i, s:o, s:o, s:o, s:o, s:o}", "address", end_of(o->at), "port",
                            (int)o->at.port, "sent_early_s", seconds(o->early_ns), "at_least_s",
                            seconds(o->at_least_ns), "at_most_s",
                            o->has_most ? seconds(o->at_most_ns) : json_null(), "pairs",
                            count(o->n_pairs), "pairs_reversed", count(o->n_early)));
    }
    return list;
}

static json_t *not_read_of(const rig_not_read_all *all)
{
    static const char *const kinds[RIG_N_NOT_READ_KINDS] = {
        [RIG_NOT_READ_LINK] = "link",
        [RIG_NOT_READ_ETHERTYPE] = "ethertype",
        [RIG_NOT_READ_LLC] = "llc",
        [RIG_NOT_READ_PPP] = "ppp",
        [RIG_NOT_READ_IP_PROTOCOL] = "ip_protocol",
        [RIG_NOT_READ_NEXT_PROTOCOL] = "next_protocol",
        [RIG_NOT_READ_TZSP] = "tzsp",
        [RIG_NOT_READ_UDP_PORT] = "udp_port",
    };
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++) {
        const rig_not_read *what = &all->of[i];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o}", "kind", kinds[what->kind], "number",
                            count(what->number), "name",
                            what->name != NULL ? json_string(what->name) : json_null(), "packets",
                            count(what->n)));
    }
    if (all->n_others > 0)
        (void)json_array_append_new(list, json_pack("{s:s, s:n, s:n, s:o}", "kind", "others",
                                                    "number", "name", "packets",
                                                    count(all->n_others)));
    return list;
}

void rig_json_add_packets(json_t *capture, const rig_capture_counts *counts)
{
    (void)json_object_set_new(capture, "order", order_of(&counts->disorder));
    (void)json_object_set_new(capture, "clocks", clocks_of(&counts->clocks));
    (void)json_object_set_new(capture, "not_read", not_read_of(&counts->not_read));
}
