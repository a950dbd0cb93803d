# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of analyzer/packets, included by tests/CMakeLists.txt.
set(layers ${CMAKE_CURRENT_SOURCE_DIR}/fixtures/layers)

foreach(part fragments framing sctp tcp)
  peakrig_test(unit packets_${part} SOURCES unit/packets_${part}.c unit/packets_feed.c
               LIBS rig_packets)
endforeach()
peakrig_test(unit packets_capture SOURCES unit/packets_capture.c LIBS rig_packets)
peakrig_test(unit packets_compressed SOURCES unit/packets_compressed.c
             LIBS rig_packets PkgConfig::ZLIB PkgConfig::ZSTD)
peakrig_test(unit packets_order SOURCES unit/packets_order.c LIBS rig_packets Threads::Threads)
peakrig_test(unit packets_layers SOURCES unit/packets_layers.c LIBS rig_packets)
peakrig_test(unit packets_oom SOURCES unit/packets_oom.c LIBS rig_packets oom)

# Captures and their hand-written truth; made by fixtures/make_layers.py.
peakrig_test(golden layers SOURCES golden/layers.c golden/compare.c golden/suite.c LIBS rig_analyzer)
foreach(target golden_layers unit_packets_layers unit_packets_oom)
  target_compile_definitions(${target} PRIVATE PEAKRIG_LAYERS="${layers}")
endforeach()
add_test(NAME golden.layers_are_fresh
         COMMAND ${Python3_EXECUTABLE} ${fixtures}/make_layers.py --check)
set_tests_properties(golden.layers_are_fresh PROPERTIES LABELS golden)

foreach(part packet_decoder stream capture)
  peakrig_test(fuzz ${part} SOURCES fuzz/fuzz_${part}.c fuzz/replay_main.c LIBS rig_packets
               ARGS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${part})
endforeach()
