# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of ladders, slices and pseudonyms, included by tests/CMakeLists.txt.
peakrig_test(unit mask SOURCES unit/mask.c LIBS rig_reports)
peakrig_test(unit print_calls SOURCES unit/print_calls.c ${PROJECT_SOURCE_DIR}/cli/print_calls.c
             ${PROJECT_SOURCE_DIR}/cli/console.c ${PROJECT_SOURCE_DIR}/cli/run_dir.c LIBS rig_reports)
peakrig_test(unit slice SOURCES unit/slice.c LIBS rig_analyzer)
peakrig_test(unit ladder SOURCES unit/ladder.c LIBS rig_reports PkgConfig::LIBXML2)
peakrig_test(golden slice SOURCES golden/slice.c golden/slice_check.c golden/compare.c LIBS rig_analyzer)
peakrig_test(golden slice_carried SOURCES golden/slice_carried.c golden/slice_check.c golden/carriers.c
             golden/compare.c LIBS rig_analyzer)
foreach(target unit_ladder golden_slice golden_slice_carried)
  target_compile_definitions(${target} PRIVATE PEAKRIG_FIXTURES="${fixtures}"
                             PEAKRIG_LAYERS="${fixtures}/layers"
                             PEAKRIG_SOURCE="${PROJECT_SOURCE_DIR}")
endforeach()
foreach(part pick mask)
  peakrig_test(fuzz ${part} SOURCES fuzz/fuzz_${part}.c fuzz/replay_main.c LIBS rig_analyzer
               ARGS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${part})
endforeach()
add_test(NAME unit.analyze_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/analyze_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.analyze_cli PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME unit.analyze_files_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/analyze_files_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.analyze_files_cli PROPERTIES LABELS unit TIMEOUT 300)
# Each command on a full device, in a closed pipe, without standard descriptors; and a real run there.
add_test(NAME unit.standard_output
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/standard_output.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.standard_output PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME unit.run_files_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/run_files_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.run_files_cli PROPERTIES LABELS unit TIMEOUT 300)
# What `report --share` gives away, searched for each number, Call-ID and address of the run.
add_test(NAME unit.share_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/share_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.share_cli PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME unit.outputs_cli
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/outputs_cli.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.outputs_cli PROPERTIES LABELS unit TIMEOUT 300)
add_test(NAME loopback.standard_output
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/standard_output.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR} play)
set_tests_properties(loopback.standard_output PROPERTIES LABELS loopback TIMEOUT 300)

# Several processes, by Open MPI's mpirun; skipped, and it says so, where peakrig is built without.
add_test(NAME loopback.ranks
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/ranks.py
                 $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR} ${PEAKRIG_HAS_MPI})
set_tests_properties(loopback.ranks PROPERTIES LABELS loopback TIMEOUT 300 SKIP_RETURN_CODE 77)
peakrig_test(unit fleet_facts SOURCES unit/fleet_facts.c ${PROJECT_SOURCE_DIR}/cli/fleet_facts.c
             LIBS rig_reports rig_generator)
peakrig_test(unit play_facts SOURCES unit/play_facts.c ${PROJECT_SOURCE_DIR}/cli/run_play_facts.c
             LIBS rig_reports rig_generator)
peakrig_test(unit ranks_end SOURCES unit/ranks_end.c ${PROJECT_SOURCE_DIR}/ranks/leader.c
             ${PROJECT_SOURCE_DIR}/ranks/dealing.c LIBS rig_models)
peakrig_test(unit fleet_gather SOURCES unit/fleet_gather.c ${PROJECT_SOURCE_DIR}/cli/fleet_gather.c
             LIBS rig_reports rig_generator)
# Load hosts, a rank each: on this machine, and in network namespaces of their own (skipped, and it says so, without
# root).
foreach(part alike hosts)
  add_test(NAME loopback.fleet_${part}
           COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/fleet.py ${part}
                   $<TARGET_FILE:peakrig> ${PROJECT_SOURCE_DIR} ${PEAKRIG_HAS_MPI})
  set_tests_properties(loopback.fleet_${part} PROPERTIES LABELS loopback TIMEOUT 600 SKIP_RETURN_CODE 77)
endforeach()
