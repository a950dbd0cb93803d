/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "maddr" is forgotten where Via is read, however often and wherever it stands. */
#include <stdio.h>
#include <string.h>

#include "callcentre/sip/via.h"
#include "tests/test.h"

static const char *const headers[] = {
    "Via: SIP/2.0/UDP 127.0.0.1:5060;maddr=192.0.2.9;branch=z9hG4bKa",
    "v: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKa;MADDR=192.0.2.9",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;maddr=192.0.2.9;maddr=192.0.2.8;branch=z9hG4bKa",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;maddr;maddr=192.0.2.9;branch=z9hG4bKa;maddr=192.0.2.8",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;maddr=192.0.2.9;branch=z9hG4bKa, "
    "SIP/2.0/UDP 127.0.0.2;maddr=192.0.2.8;branch=z9hG4bKa",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKa",
    "Via: SIP/2.0/UDP 127.0.0.1:5060",
};

static void expect_none(su_home_t *home, const sip_via_t *via)
{
    char *text = sip_header_as_string(home, (const sip_header_t *)via);
    sip_via_t *copy = sip_via_dup(home, via);
    assert_non_null(text);
    assert_non_null(copy);
    assert_null(strcasestr(text, "maddr"));
    assert_null(via->v_maddr);
    assert_null(copy->v_maddr);
    assert_string_equal(via->v_protocol, "SIP/2.0/UDP");
}

static void test_answers_go_to_who_asked(void **state)
{
    (void)state;
    rig_callcentre_parser *parser = rig_callcentre_parser_new();
    assert_non_null(parser);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char text[600];
        su_home_t home[1] = {SU_HOME_INIT(home)};
        (void)snprintf(text, sizeof text,
                       "OPTIONS sip:785@127.0.0.1 SIP/2.0\r\n%s\r\nFrom: <sip:1@x>;tag=a\r\n"
                       "To: <sip:785@x>\r\nCall-ID: a@x\r\nCSeq: 1 OPTIONS\r\n"
                       "Content-Length: 0\r\n\r\n",
                       headers[i]);
        msg_t *message =
            msg_make(rig_callcentre_parser_class(parser), 0, text, (ssize_t)strlen(text));
        assert_non_null(message);
        const sip_t *sip = sip_object(message);
        assert_non_null(sip->sip_via);
        assert_int_equal(sip->sip_via->v_next != NULL, strstr(headers[i], ", ") != NULL);
        for (const sip_via_t *via = sip->sip_via; via != NULL; via = via->v_next)
            expect_none(home, via);
        su_home_deinit(home);
        msg_destroy(message);
    }
    rig_callcentre_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_answers_go_to_who_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
