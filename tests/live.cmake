# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the wallboard of a run, included by tests/CMakeLists.txt.
peakrig_test(unit live_board SOURCES unit/live_board.c LIBS rig_live)
peakrig_test(unit live_text SOURCES unit/live_text.c LIBS rig_live PkgConfig::JANSSON)
peakrig_test(unit live_server SOURCES unit/live_server.c LIBS rig_live)
peakrig_test(unit live_oom SOURCES unit/live_oom.c LIBS rig_live oom oom_json)
peakrig_test(unit live_ladder SOURCES unit/live_ladder.c ${PROJECT_SOURCE_DIR}/cli/run_live_ladder.c
             ${PROJECT_SOURCE_DIR}/cli/run_dir.c LIBS rig_reports)
target_compile_definitions(unit_live_ladder PRIVATE PEAKRIG_FIXTURES="${CMAKE_CURRENT_SOURCE_DIR}/fixtures")

# The page, and reports, in a browser: Chromium, driven by chromedriver (both are Debian's; ci/setup --test).
add_test(NAME loopback.live_page
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/live_page.py $<TARGET_FILE:peakrig>
                 ${PROJECT_SOURCE_DIR})
add_test(NAME unit.report_page
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/report_page.py $<TARGET_FILE:peakrig>
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.report_page PROPERTIES LABELS unit TIMEOUT 900)
set_tests_properties(loopback.live_page PROPERTIES LABELS loopback TIMEOUT 600)
