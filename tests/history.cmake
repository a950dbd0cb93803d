# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the history, included by tests/CMakeLists.txt.
peakrig_test(unit history SOURCES unit/history.c LIBS rig_history PkgConfig::SQLITE)
peakrig_test(unit history_compare SOURCES unit/history_compare.c LIBS rig_history)
target_compile_definitions(unit_history PRIVATE PEAKRIG_FIXTURES="${fixtures}")
add_test(NAME unit.history_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/history_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.history_cli PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME unit.history_week
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/history_week.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.history_week PROPERTIES LABELS unit TIMEOUT 300)

# kill -9 of fifty runs that share a history.
add_test(NAME loopback.kill_history
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/kill_history.py $<TARGET_FILE:peakrig>
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(loopback.kill_history PROPERTIES LABELS loopback TIMEOUT 900)
add_test(NAME unit.compare_terminal
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/compare_terminal.py $<TARGET_FILE:peakrig>
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.compare_terminal PROPERTIES LABELS unit TIMEOUT 120)
