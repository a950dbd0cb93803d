/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phones that register: their users, what SIPp plays for them, and what is said of those that are
 * not taken. */
#include "tests/unit/scenario_file.h"

#include "generator/register_file.h"
#include "generator/register_log.h"
#include "scenarios/password.h"
#include "scenarios/registration.h"

static const char BASE[] =
    "name = \"load\"; traffic: { duration_s = 60; rate = ( { at_s = 0; per_min = 60; } ); };\n"
    "callers: { patience_answer = 9; patience_queue = 9; talk = 9; }; trunks = ( { circuits = 9; } "
    ");\n"
    "agents = ( { count = 5; ring = 1; register = { %s }; } );\n";

static const char *const password_path = talk_path; /* no scenario here has talks of a file */

static rig_status read_with(const char *registration, rig_scenario **scenario, rig_error *err)
{
    char text[4096];
    (void)snprintf(text, sizeof text, BASE, registration);
    return read_text(text, NULL, scenario, err);
}

static void test_users(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        uint32_t i;
        const char *user;
    } cases[] = {{"1001", 0, "1001"},          {"1001", 4, "1005"},
                 {"agent08", 0, "agent08"},    {"agent08", 2, "agent10"},
                 {"agent98", 3, "agent101"},   {"0098", 3, "0101"},
                 {"a1b2", 9, "a1b11"},         {"x-9.y_0", 1, "x-9.y_1"},
                 {"+4930001", 99, "+4930100"}, {"999999999999999", 1, "1000000000000000"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char first[40], user[RIG_USER_SIZE];
        (void)snprintf(first, sizeof first, "%s", cases[k].first);
        const rig_phone_register r = {.first_user = first};
        rig_scenario_register_user(&r, cases[k].i, user);
        assert_string_equal(user, cases[k].user);
    }
}

/* Each group's phones are its own; who does not register is agentK. */
static void test_users_of_groups(void **state)
{
    (void)state;
    static char first[] = "7001", second[] = "s1";
    rig_agent_group groups[] = {{.n_agents = 2, .registration = {.first_user = first}},
                                {.n_agents = 3},
                                {.n_agents = 2, .registration = {.first_user = second}}};
    const rig_scenario s = {.agents = groups, .n_agents = 3};
    static const char *const users[] = {"7001", "7002", "agent3", "agent4", "agent5", "s1", "s2"};
    for (uint32_t i = 0; i < sizeof users / sizeof *users; i++) {
        char user[RIG_USER_SIZE];
        rig_scenario_phone_user(&s, i, user);
        assert_string_equal(user, users[i]);
    }
    assert_ptr_equal(rig_scenario_registering(&s), &groups[0]);
}

static void test_keys(void **state)
{
    (void)state;
    rig_scenario *first = NULL, *second = NULL;
    rig_error err = {0};
    if (read_with("first_user = \"1001\";", &first, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const rig_phone_register *r = &first->agents[0].registration;
    assert_string_equal(r->first_user, "1001");
    assert_int_equal(r->expires_s, 120);
    assert_null(r->registrar);
    assert_null(r->domain);
    assert_null(r->password);
    rig_scenario_free(first);
    first = NULL;
    if (read_with("first_user = \"a1\"; registrar = \"[::1]:5070\"; domain = \"c.example\"; "
                  "expires_s = 2; "
                  "password = \"se/cret\";",
                  &first, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rig_scenario_write(first, copy_path, &err), RIG_OK);
    assert_int_equal(rig_scenario_read(copy_path, NULL, 0, &second, &err), RIG_OK);
    r = &second->agents[0].registration;
    assert_string_equal(r->registrar, "[::1]:5070");
    assert_string_equal(r->domain, "c.example");
    assert_int_equal(r->expires_s, 2);
    assert_null(r->password); /* it is in no file that we write */
    rig_scenario_free(first);
    rig_scenario_free(second);
}

static void test_bad_keys(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *words;
    } cases[] = {
        {"registrar = \"a\";", "first_user"},
        {"first_user = \"agent\";", "of which the last 1 to 15 are digits"},
        {"first_user = \"1001x\";", "of which the last 1 to 15 are digits"},
        {"first_user = \"1234567890123456\";", "of which the last 1 to 15 are digits"},
        {"first_user = \"a b1\";", "cannot be the user of a phone"},
        {"first_user = \"a;1\";", "cannot be the user of a phone"},
        {"first_user = \"1\"; expires_s = 1;", "expires_s"},
        {"first_user = \"1\"; expires_s = 86401;", "expires_s"},
        {"first_user = \"1\"; registrar = \"a b\";", "registrar"},
        {"first_user = \"1\"; domain = \"a>b\";", "domain"},
        {"first_user = \"1\"; password = \"a b\";", "SIPp cannot take"},
        {"first_user = \"1\"; password = \"a\"; password_file = \"x\";", "beside password"},
        {"first_user = \"1\"; contacts = 2;", "contacts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_scenario *s = NULL;
        rig_error err = {.text = ""};
        if (read_with(cases[i].keys, &s, &err) != RIG_EINPUT ||
            strstr(err.text, cases[i].words) == NULL)
            fail_msg("%s: \"%s\"", cases[i].keys, err.text);
        assert_null(s);
    }
}

static void test_passwords(void **state)
{
    (void)state;
    char keys[400];
    rig_scenario *s = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(read_with("first_user = \"1\";", &s, &err), RIG_OK);
    assert_int_equal(rig_scenario_find_agents_password(s, NULL, &err), RIG_OK);
    assert_null(s->agents[0].registration.password); /* a registrar may be content with that */
    assert_int_equal(rig_scenario_find_agents_password(s, "has blank", &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "PEAKRIG_AGENTS_PASSWORD"));
    assert_null(strstr(err.text, "has blank"));
    assert_int_equal(rig_scenario_find_agents_password(s, "fromhere", &err), RIG_OK);
    assert_string_equal(s->agents[0].registration.password, "fromhere");
    rig_scenario_free(s);
    s = NULL;
    (void)snprintf(keys, sizeof keys, "first_user = \"1\"; password_file = \"%s\";", password_path);
    write_text(password_path, "of file\r\n");
    assert_int_equal(read_with(keys, &s, &err), RIG_OK);
    assert_int_equal(rig_scenario_find_agents_password(s, "fromhere", &err), RIG_EINPUT);
    write_text(password_path, "offile\r\nmore\n");
    assert_int_equal(rig_scenario_find_agents_password(s, "fromhere", &err), RIG_OK);
    assert_string_equal(s->agents[0].registration.password, "offile");
    rig_scenario_free(s);
}

static void test_domain(void **state)
{
    (void)state;
    char domain[300], given[] = "centre.example";
    rig_phone_register r = {.domain = NULL};
    rig_register_domain(&r, "pbx.example", domain, sizeof domain);
    assert_string_equal(domain, "pbx.example");
    rig_register_domain(&r, "2001:db8::1", domain, sizeof domain);
    assert_string_equal(domain, "[2001:db8::1]");
    r.domain = given;
    rig_register_domain(&r, "2001:db8::1", domain, sizeof domain);
    assert_string_equal(domain, "centre.example");
}

static bool has(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

static void test_scenario_file(void **state)
{
    (void)state;
    char first[] = "1001", *text = NULL;
    rig_error err = {.text = ""};
    const rig_phone_register r = {.first_user = first, .expires_s = 77};
    const rig_register_spec spec = {.registration = &r,
                                    .registrar_host = "10.0.0.1",
                                    .contact_host = "::1",
                                    .contact_port = 5081,
                                    .transport = RIG_TRANSPORT_TCP};
    if (rig_register_file_make(&spec, "", &text, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_true(has(text, "REGISTER sip:10.0.0.1 SIP/2.0"));
    assert_true(has(text, "To: <sip:[$user]@10.0.0.1>"));
    assert_true(has(text, "Contact: <sip:[$user]@[::1]:5081;transport=tcp>"));
    assert_true(has(text, "regexp=\"\\[::1\\]:5081[^,]*;"));
    assert_true(has(text, "assign_to=\"expires\" value=\"77\""));
    assert_false(has(text, "[authentication"));
    assert_false(has(text, "<?rig"));
    free(text);
    assert_int_equal(rig_register_file_make(&spec, "pass", &text, &err), RIG_OK);
    assert_true(has(text, "[authentication username=\"[$user]\" password=pass]"));
    free(text);
}

static void test_rows(void **state)
{
    (void)state;
    char first[] = "a9", *text = NULL;
    size_t n = 0;
    const rig_phone_register r = {.first_user = first};
    assert_int_equal(rig_register_rows_write(&r, 3, 1000000000000, path, NULL), RIG_OK);
    assert_int_equal(rig_file_read(path, &text, &n, NULL), RIG_OK);
    assert_string_equal(text, "SEQUENTIAL\na9;1000000\na10;1000010\na11;1000020\n");
    free(text);
}

static void test_lines(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "REG",
                                      "REG;1001;registered;200;60",
                                      "REG;;registered;200;60;-",
                                      "REG;1001;lost;200;60;-",
                                      "REG;1001;refused;1000;60;-",
                                      "REG;1001;refused;x;60;-",
                                      "REG;1001;refused;403;;-",
                                      "RIG;1001;refused;403;60;-"};
    rig_register_line line = {.code = 7};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(rig_register_line_parse(rig_slice_of(bad[i]), &line));
    assert_int_equal(line.code, 7);
    assert_true(rig_register_line_parse(rig_slice_of("REG;a1;refused;403;60;Not; today"), &line));
    assert_int_equal(line.event, RIG_REGISTER_REFUSED);
    assert_true(rig_slice_is(line.user, "a1"));
    assert_true(rig_slice_is(line.reason, "Not; today"));
    assert_true(rig_register_line_parse(rig_slice_of("REG;a1;registered;200;3600;-"), &line));
    assert_int_equal(line.event, RIG_REGISTER_DONE);
    assert_true(line.seconds == 3600.0);
}

static void test_sentences(void **state)
{
    (void)state;
    char first[] = "1001", secret[] = "s3cret";
    static const struct {
        const char *line;
        bool has_password, was_registered;
        const char *words[3];
    } cases[] = {{"REG;1003;refused;403;60;Forbidden",
                  false,
                  false,
                  {"agent 1003's registration at h:1 was refused: 403 Forbidden;",
                   "the users 1001 to 1005", "agents[0].register.first_user"}},
                 {"REG;1003;refused;401;60;Unauthorized",
                  false,
                  false,
                  {"401 Unauthorized", "asks for a password", "agents[0].register.password_file"}},
                 {"REG;1003;refused;407;60;No",
                  true,
                  false,
                  {"407 No", "must be the password", "agents[0].register.password_file"}},
                 {"REG;1003;refused;423;60;Interval Too Brief",
                  false,
                  false,
                  {"423 Interval Too Brief", "agents[0].register.expires_s", ""}},
                 {"REG;1003;refused;500;60;-",
                  false,
                  true,
                  {"was refused: 500, when it was to be renewed;", "agents[0].register.registrar",
                   ".domain"}},
                 {"REG;1003;sha;401;60;Unauthorized", true, false, {"SHA-256", "MD5", "(401)"}},
                 {"REG;1003;silent;0;60;-",
                  false,
                  false,
                  {"had no answer in 4.5 s", "agents[0].register.registrar", ""}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const rig_phone_register r = {.first_user = first,
                                      .password = cases[i].has_password ? secret : NULL};
        const rig_register_about about = {.registration = &r,
                                          .n_phones = 5,
                                          .registrar = "h:1",
                                          .was_registered = cases[i].was_registered,
                                          .waited_s = 4.5};
        rig_register_line line;
        char text[400];
        assert_true(rig_register_line_parse(rig_slice_of(cases[i].line), &line));
        rig_register_sentence(&line, &about, text, sizeof text);
        for (size_t k = 0; k < 3; k++)
            if (!has(text, cases[i].words[k]))
                fail_msg("\"%s\" has no \"%s\"", text, cases[i].words[k]);
        assert_false(has(text, secret));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_users),         cmocka_unit_test(test_users_of_groups),
        cmocka_unit_test(test_keys),          cmocka_unit_test(test_bad_keys),
        cmocka_unit_test(test_passwords),     cmocka_unit_test(test_domain),
        cmocka_unit_test(test_scenario_file), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lines),         cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
