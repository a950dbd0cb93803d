# Tests of what serves a newcomer: the installation, the documents; included by tests/CMakeLists.txt.
add_test(NAME unit.install
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/outside/install.py ${CMAKE_COMMAND}
                 ${CMAKE_C_COMPILER} ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.install PROPERTIES LABELS unit TIMEOUT 300)
