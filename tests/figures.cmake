# Tests of figures, conditions and groups, included by tests/CMakeLists.txt.
foreach(part query survival usage_series)
  peakrig_test(unit ${part} SOURCES unit/${part}.c LIBS rig_analyzer)
endforeach()
