# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of what stands around the program: doctor, man pages, completion, schemas, summaries, pipelines; included by
# tests/CMakeLists.txt.
peakrig_test(unit machine SOURCES unit/machine.c LIBS rig_generator)
foreach(part doctor_cli gate_script interrupted markdown result_schemas screens)
  add_test(NAME unit.${part} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/${part}.py $<TARGET_FILE:peakrig>
           ${PROJECT_SOURCE_DIR})
  set_tests_properties(unit.${part} PROPERTIES LABELS unit TIMEOUT 900)
endforeach()
set(made ${PROJECT_BINARY_DIR}/made)
add_test(NAME unit.man_pages COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/man_pages.py
         $<TARGET_FILE:peakrig> ${made}/man)
set_tests_properties(unit.man_pages PROPERTIES LABELS unit TIMEOUT 120)
# A shell that is not installed: the test is shown as skipped.
foreach(shell bash zsh fish)
  add_test(NAME unit.completion_${shell} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/completion.py
           ${shell} ${made}/completion $<TARGET_FILE:peakrig>)
  set_tests_properties(unit.completion_${shell} PROPERTIES LABELS unit TIMEOUT 300 SKIP_RETURN_CODE 77)
endforeach()
