# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages, made by CPack (ci/package): `peakrig`, the program with all that a run needs, and `libpeakrig-dev`,
# the libraries with their headers. Dependencies on libraries are what dpkg-shlibdeps reads off the program.
# cmake/package_stage.cmake does to the staged files what Debian's policy asks for.
set(PEAKRIG_MAINTAINER "peakrig maintainers <maintainers@peakrig.invalid>" CACHE STRING
    "Who answers for the packages: NAME <ADDRESS>")
set(PEAKRIG_DEB_REVISION 1 CACHE STRING "Debian revision of the packages")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME peakrig)
set(CPACK_PACKAGE_CONTACT "${PEAKRIG_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package_stage.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${PEAKRIG_DEB_REVISION})
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# A run plays its calls by SIPp; the rights of the program's file are set when it is installed. Pictures are drawn by
# gnuplot: without it a run is judged all the same. mpirun is wanted only where the program can use it.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME peakrig)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS
    "sip-tester (>= 1:3.6), adduser, libcap2-bin, debconf (>= 0.5) | debconf-2.0")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "gnuplot-nox | gnuplot")
if(PEAKRIG_HAS_MPI)
  string(APPEND CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS ", openmpi-bin")
endif()
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "libpeakrig-dev")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "find where a call centre loses calls at its peak
A scenario describes a peak of calls and the call centre that is to serve it:
trunk circuits, IVR ports, queue and agents. peakrig predicts by simulation
how many calls each of the four stages will lose, plays the same calls, one by
one, as SIP at a call centre, captures the packets and finds where each call
was really lost. The difference is the verdict, and the exit code.

It also plans (how many circuits, ports and agents are needed), analyzes
captures of any call centre, compares runs and computes the Erlang formulas.")
set(debian ${PROJECT_SOURCE_DIR}/cmake/debian)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
    "${debian}/config;${debian}/templates;${debian}/postinst;${debian}/prerm;${debian}/postrm")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libpeakrig-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libc6-dev, libconfig-dev, libgsl-dev, libzstd-dev, nettle-dev, zlib1g-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "peakrig, pkg-config")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "models of call centres and analysis of SIP captures (development files)
The static libraries of peakrig, with their headers and pkg-config files:
models of call centres (Erlang formulas, schedules, simulation, prediction
and plans), and the analyzer, which finds in captured packets each SIP call
and how it ended.")

include(CPack)
