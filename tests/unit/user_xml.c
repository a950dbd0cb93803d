/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's own SIPp scenario: what it dials, and what it can do beyond calling. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "generator/user_xml.h"

static const char *folder;

static rig_status check(const char *text, bool is_loopback, rig_error *err)
{
    const rig_route route = {.target = "192.0.2.7", .is_loopback = is_loopback};
    const rig_permits none = {.n_hosts = 0};
    return rig_user_xml_check("own.xml", text, "4930785", &route, &none, err);
}

static void takes_the_example(void **state)
{
    (void)state;
    char path[1024], *text;
    size_t n;
    rig_error err = {0};
    (void)snprintf(path, sizeof path, "%s/examples/own-caller.xml", folder);
    assert_int_equal(rig_file_read(path, &text, &n, &err), RIG_OK);
    if (check(text, false, &err) != RIG_OK)
        fail_msg("%s", err.text);
    free(text);
}

static void takes_what_only_calls(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<action><exec rtp_stream=\"tone.ulaw,-1,0\" /></action>",
        "<exec\n int_cmd='stop_call'/>",
        "<executive command=\"x\"/>",
        "<send><![CDATA[\n\n INVITE sip:[field3]@[remote_ip] SIP/2.0\nFrom: "
        "<sip:110@h>\n]]></send>",
        "<![CDATA[\nINVITE [next_url] SIP/2.0\n]]>",
        "<![CDATA[\nACK [next_url] SIP/2.0\nTo: <sip:[$x]@h>\n]]>",
        "<![CDATA[\nBYE sip:[$x]@h SIP/2.0\n]]>",
        "<![CDATA[\nINVITE sip:[service]@h SIP/2.0\nContact: <sip:[field2]@h>\n]]>",
        "<![CDATA[\nOPTIONS sip:127.0.0.1:5060 SIP/2.0\n]]>",
        "<![CDATA[\nREGISTER sip:[remote_ip]:[remote_port] SIP/2.0\nTo: <sip:[field3]@h>\n]]>",
        "<![CDATA[\nBYE [$to] SIP/2.0\nTo: [$x]\n]]>",
        "<![CDATA[\nINVITE sip:[remote_host]:[remote_port];transport=[transport] SIP/2.0\n"
        "Route: <sip:[2001:db8::1.2.3.4]:5060;lr>, <sip:[server_ip]>\n]]>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        rig_error err = {0};
        if (check(texts[i], false, &err) != RIG_OK)
            fail_msg("%s: %s", texts[i], err.text);
    }
}

static void refuses_what_is_code(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"\n\n<exec command=\"true\"/>", "own.xml:3: <exec> with something else"},
        {"<EXEC COMMAND='true'>", "<exec>"},
        {"<exec\n\tint_cmd=\"stop_now\" command=\"true\"/>", "<exec>"},
        {"<exec rtp_stream=\"a>b\" command=\"true\"/>", "<exec>"},
        {"<exec command = \"true\"/>", "<exec>"},
        {"<exec play_pcap_audio=\"a.pcap\"/>", "<exec>"},
        {"<exec rtp_stream=a", "<exec>"},
        {"<exec", "<exec>"},
        {"<action>\n<setdest host=\"192.0.2.9\" port=\"5060\" protocol=\"udp\"/>",
         "own.xml:2: <setdest>"},
        {"<SetDest host", "<setdest>"},
        {"<sendCmd>", "<sendCmd>"},
        {"<![CDATA[\nX: [file name=/etc/hostname]\n]]>", "[file ...]"},
        {"<!DOCTYPE scenario [ <!ENTITY a \"b\"> ]>", "entity"},
        {"<?xml version=\"1.0\" encoding=\"UTF-7\"?>", "encoding"},
        {"<?xml version=\"1.0\" encoding='ebcdic-cp-us'?>", "encoding"},
        {"<![CDATA[\nINVITE sip:\\x31\\x31\\x32@h SIP/2.0\n]]>", "\\x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_error err = {0};
        if (check(rows[i].text, true, &err) != RIG_EINPUT || !strstr(err.text, rows[i].words) ||
            !strstr(err.text, "--trust-xml"))
            fail_msg("%s: %s", rows[i].text, err.text);
    }
}

static void refuses_what_must_not_be_dialled(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"<![CDATA[\n\n  INVITE sip:112@[remote_ip]:[remote_port] SIP/2.0\n]]>", "own.xml:3: "},
        {"<![CDATA[\nINVITE sip:9911@h SIP/2.0\n]]>", "911"},
        {"<![CDATA[\nINVITE sips:%31%31%32@h SIP/2.0\n]]>", "112"},
        {"<![CDATA[\nINVITE tel:+49-112 SIP/2.0\n]]>", "112"},
        {"<![CDATA[\nINVITE urn:service:sos SIP/2.0\n]]>", "sos"},
        {"<![CDATA[\nMESSAGE sip:110@h SIP/2.0\n]]>", "110"},
        {"<![CDATA[\nINVITE sip:[field3]@h SIP/2.0\nTo: <sip:112@h>\n]]>", "own.xml:3"},
        {"<![CDATA[\nREFER [next_url] SIP/2.0\nRefer-To: <sip:911@h>\n]]>", "911"},
        {"<![CDATA[\nSIP/2.0 302 Moved\nContact: <sip:999@h>\n]]>", "999"},
        {"<![CDATA[\nACK [next_url] SIP/2.0\n\nINVITE sip:112@h SIP/2.0\n]]>", "112"},
        {"<![CDATA[\nINVITE sip:[$x]@h SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:9[field2]@h SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE tel:[$x] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\n[$m] sip:[$x]@h SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE [next_url] SIP/2.0\nRefer-To: sip:[$x]@h\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE [next_url] SIP/2.0\nRefer-To: [$x]\n]]>", "own.xml:3: what is dialled"},
        {"<![CDATA[\nREFER [next_url] SIP/2.0\nr: <[field4]>\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:[field3]@h SIP/2.0\nTo: [$x]\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE [$x] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:[$x] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:[last_From] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:[call_number] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:1[cseq] SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE sip:[field3]@h SIP/2.0\nTo: [routes]\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE im:112@h SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE h323:112@h SIP/2.0\n]]>", "cannot be told"},
        {"<![CDATA[\nINVITE urn:service:sos.police SIP/2.0\n]]>", "sos"},
        {"<![CDATA[\nINVITE sip:[field3]@h SIP/2.0\nRoute: <urn:service:sos.fire>\n]]>", "sos"},
        {"<![CDATA[\nINVITE sip:7112@h SIP/2.0\n]]>", "--allow-dial 7112"},
        {"<![CDATA[\nINVITE sip:785@h SIP/2.0\n]]>", "--allow-dial 785"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_error err = {0};
        if (check(rows[i].text, false, &err) != RIG_EINPUT || !strstr(err.text, rows[i].words))
            fail_msg("%s: \"%s\"", rows[i].text, err.text);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_example),
        cmocka_unit_test(takes_what_only_calls),
        cmocka_unit_test(refuses_what_is_code),
        cmocka_unit_test(refuses_what_must_not_be_dialled),
    };
    folder = argc > 1 ? argv[1] : "scenarios";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
