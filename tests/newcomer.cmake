# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of what serves a newcomer: the installation, the documents; included by tests/CMakeLists.txt.
add_test(NAME unit.install
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/outside/install.py ${CMAKE_COMMAND}
                 ${CMAKE_C_COMPILER} ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.install PROPERTIES LABELS unit TIMEOUT 300)
# The Debian packages of this build; ci/package-try installs those of a release.
add_test(NAME unit.package
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/outside/package.py ${CMAKE_CPACK_COMMAND}
                 ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.package PROPERTIES LABELS unit TIMEOUT 900)
# Optimisation by a profile, in a small project; ci/optimised does it to the program.
add_test(NAME unit.profile
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/outside/profile.py ${CMAKE_COMMAND}
                 ${CMAKE_C_COMPILER} ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.profile PROPERTIES LABELS unit TIMEOUT 300)
# The tutorial, done as it says; and the site of all documents, without a warning.
add_test(NAME loopback.tutorial
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/loopback/tutorial.py $<TARGET_FILE:peakrig>
                 ${PROJECT_SOURCE_DIR})
set_tests_properties(loopback.tutorial PROPERTIES LABELS loopback TIMEOUT 600)
add_test(NAME unit.site COMMAND ${PROJECT_SOURCE_DIR}/ci/site ${PROJECT_BINARY_DIR}/site)
set_tests_properties(unit.site PROPERTIES LABELS unit TIMEOUT 300)

# HACKING.md and its neighbours name only what exists; documents are wrapped; the picture of the rooms is fresh.
add_test(NAME unit.fuzzers
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/fuzzers.py ${PROJECT_SOURCE_DIR}
                 ${PROJECT_BINARY_DIR})
set_tests_properties(unit.fuzzers PROPERTIES LABELS unit)
add_test(NAME unit.hacking
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/hacking.py ${CMAKE_CTEST_COMMAND}
                 ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
add_test(NAME unit.documents
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/documents.py ${PROJECT_SOURCE_DIR})
# Their commands; those of the tutorial are played, above.
add_test(NAME unit.document_commands
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/unit/document_commands.py ${PROJECT_SOURCE_DIR}
                 $<TARGET_FILE:peakrig>)
set_tests_properties(unit.document_commands PROPERTIES LABELS unit TIMEOUT 1200)
add_test(NAME unit.rooms_picture
         COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/docs/architecture/rooms.py --check)
# The comments of the public headers, as Doxygen reads them; fails when Doxygen is missing (ci/setup installs it).
add_test(NAME unit.header_comments
         COMMAND ${PROJECT_SOURCE_DIR}/ci/docs ${PROJECT_BINARY_DIR}/docs)
set_tests_properties(unit.hacking unit.documents unit.rooms_picture unit.header_comments
                     PROPERTIES LABELS unit TIMEOUT 120)
