# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of figures, conditions and groups, included by tests/CMakeLists.txt.
peakrig_test(unit tidy SOURCES unit/tidy.c LIBS rig_core)
foreach(part call_groups carriers q850 query survival usage_series)
  peakrig_test(unit ${part} SOURCES unit/${part}.c LIBS rig_analyzer)
endforeach()
peakrig_test(unit figures_oom SOURCES unit/figures_oom.c LIBS rig_analyzer)
target_link_options(unit_figures_oom PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=reallocarray,--wrap=strdup)
target_compile_definitions(unit_figures_oom PRIVATE PEAKRIG_FIXTURES="${fixtures}"
                           PEAKRIG_SOURCE="${PROJECT_SOURCE_DIR}")
peakrig_test(fuzz query SOURCES fuzz/fuzz_query.c fuzz/replay_main.c LIBS rig_analyzer
             ARGS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/query)
add_test(NAME unit.analyze_figures
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/analyze_figures.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.analyze_figures PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME unit.loss_bounds
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/loss_bounds.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.loss_bounds PROPERTIES LABELS unit TIMEOUT 120)
