# SPDX-License-Identifier: GPL-3.0-or-later
# Optimisation by a profile of the program at work (GCC). `train` builds a program that leaves a profile in
# PEAKRIG_PGO_DIR, `use` builds by the profile that is there. ci/optimised does one after the other, in one folder: GCC
# finds a profile by the path of the object that it is of. What was not trained is built as without a profile. Functions
# are not put in the order of their first use: that depends on which thread was faster, and the program would with it.
set(PEAKRIG_PGO OFF CACHE STRING "Optimise by a profile: OFF, train or use (ci/optimised does both)")
set_property(CACHE PEAKRIG_PGO PROPERTY STRINGS OFF train use)
set(PEAKRIG_PGO_DIR ${PROJECT_BINARY_DIR}/profile CACHE PATH "Where the profile is (PEAKRIG_PGO)")

if(NOT PEAKRIG_PGO MATCHES "^(OFF|train|use)$")
  message(FATAL_ERROR "PEAKRIG_PGO=${PEAKRIG_PGO}: expected OFF, train or use")
endif()
if(PEAKRIG_PGO)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "PEAKRIG_PGO=${PEAKRIG_PGO}: the compiler is ${CMAKE_C_COMPILER_ID}; expected GNU")
  endif()
  if(PEAKRIG_SANITIZE OR PEAKRIG_FUZZ)
    message(FATAL_ERROR "PEAKRIG_PGO=${PEAKRIG_PGO}: expected OFF with PEAKRIG_SANITIZE or PEAKRIG_FUZZ")
  endif()
endif()

if(PEAKRIG_PGO STREQUAL "train")
  # Counts of all threads are whole: the same work leaves the same profile.
  target_compile_options(peakrig_options INTERFACE $<$<COMPILE_LANGUAGE:C>:-fprofile-generate=${PEAKRIG_PGO_DIR}>
                         $<$<COMPILE_LANGUAGE:C>:-fprofile-update=atomic>)
  target_link_options(peakrig_options INTERFACE -fprofile-generate=${PEAKRIG_PGO_DIR})
elseif(PEAKRIG_PGO STREQUAL "use")
  file(GLOB profiles ${PEAKRIG_PGO_DIR}/*.gcda)
  if(NOT profiles)
    message(FATAL_ERROR "PEAKRIG_PGO=use: ${PEAKRIG_PGO_DIR} holds no profile; ci/optimised makes one")
  endif()
  target_compile_options(peakrig_options INTERFACE $<$<COMPILE_LANGUAGE:C>:-fprofile-use=${PEAKRIG_PGO_DIR}>
                         $<$<COMPILE_LANGUAGE:C>:-fprofile-partial-training>
                         $<$<COMPILE_LANGUAGE:C>:-fno-profile-reorder-functions>
                         $<$<COMPILE_LANGUAGE:C>:-Wno-missing-profile>)
endif()
