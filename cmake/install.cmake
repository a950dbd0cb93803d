# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts in place beside the program: documents, the man page, and the libraries
# peakrig-core, peakrig-models and peakrig-analyzer with their headers and pkg-config files.

# ---- documents ----

install(FILES README.md README.zh-CN.md CHANGELOG.md CONTRIBUTING.md HACKING.md SECURITY.md LICENSE TYPE DOC)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs
        FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN "*.svg")
install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/peakrig/scenarios
        FILES_MATCHING PATTERN "*.cfg" PATTERN "*.csv" PATTERN "*.xml")

file(GLOB schemas CONFIGURE_DEPENDS docs/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/peakrig)

# ---- man pages and completion in shells: from the program's own help, so that they cannot fall behind ----

find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(made ${CMAKE_CURRENT_BINARY_DIR}/made)
set(man_sources docs/man/make.py docs/man/commands.py docs/man/peakrig.1.in)
add_custom_command(OUTPUT ${made}/man.stamp
  COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/docs/man/make.py $<TARGET_FILE:peakrig>
          ${PROJECT_SOURCE_DIR}/docs/man/peakrig.1.in ${made}/man
          ${CMAKE_INSTALL_FULL_DATADIR}/peakrig/scenarios ${CMAKE_INSTALL_FULL_DOCDIR}
  COMMAND ${CMAKE_COMMAND} -E touch ${made}/man.stamp
  DEPENDS peakrig ${man_sources}
  COMMENT "Man pages" VERBATIM)
add_custom_command(OUTPUT ${made}/completion.stamp
  COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/cli/completion/make.py $<TARGET_FILE:peakrig> ${made}/completion
  COMMAND ${CMAKE_COMMAND} -E touch ${made}/completion.stamp
  DEPENDS peakrig cli/completion/make.py cli/completion/bash.py cli/completion/zsh.py cli/completion/fish.py
          cli/completion/kinds.py docs/man/commands.py
  COMMENT "Completion for bash, zsh and fish" VERBATIM)
add_custom_target(man ALL DEPENDS ${made}/man.stamp ${made}/completion.stamp)
install(DIRECTORY ${made}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
set(PEAKRIG_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
    "Where zsh finds functions (Debian packages: share/zsh/vendor-completions)")
install(FILES ${made}/completion/peakrig DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/completion/_peakrig DESTINATION ${PEAKRIG_ZSH_DIR})
install(FILES ${made}/completion/peakrig.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# ---- libraries ----

# What a file of flags needs to find the libraries from where it lies, so that a tree can be moved.
file(RELATIVE_PATH pc_to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
set(pc_sanitize "")
if(PEAKRIG_SANITIZE)
  set(pc_sanitize " -fsanitize=${PEAKRIG_SANITIZE}")
endif()

# peakrig_library(NAME DESCRIPTION text ROOMS core .. TARGETS rig_core .. PACKAGES gsl .. LIBS -lm ..
#                 PARTS scenarios/keys ..)
# One static library NAME of the targets' objects. Of each room its public headers (those at its root)
# are installed as <peakrig/room/x.h>; they include each other as "room/x.h". PARTS are folders of
# which a public header includes files, where there are any.
function(peakrig_library name)
  cmake_parse_arguments(arg "" "DESCRIPTION" "ROOMS;TARGETS;PARTS;PACKAGES;LIBS" ${ARGN})
  set(objects "")
  foreach(target ${arg_TARGETS})
    list(APPEND objects $<TARGET_OBJECTS:${target}>)
  endforeach()
  add_library(${name} STATIC ${objects})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  if(PEAKRIG_LTO) # of another version of GCC, or another compiler, the user's linker cannot read what LTO left
    add_custom_command(TARGET ${name} POST_BUILD
                       COMMAND ${CMAKE_OBJCOPY} --remove-section=.gnu.lto_* --remove-section=.gnu.debuglto_*
                               $<TARGET_FILE:${name}> VERBATIM)
  endif()
  install(TARGETS ${name} ARCHIVE COMPONENT development)
  foreach(room ${arg_ROOMS})
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${room}/*.h)
    install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/peakrig/${room} COMPONENT development)
  endforeach()
  foreach(part ${arg_PARTS})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${part}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/peakrig/${part}
            COMPONENT development OPTIONAL FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
  endforeach()
  set(pc_name ${name})
  set(pc_description "${arg_DESCRIPTION}")
  list(JOIN arg_PACKAGES ", " pc_requires)
  list(JOIN arg_LIBS " " pc_libs)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/library.pc.in ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT development)
endfunction()

peakrig_library(peakrig-core
  DESCRIPTION "What the libraries of peakrig share: status, time, calls, random streams, settings"
  ROOMS core settings TARGETS rig_core rig_settings PACKAGES nettle libconfig LIBS -lm)
peakrig_library(peakrig-models
  DESCRIPTION "Models of call centres: Erlang formulas, schedules, simulation, prediction, plans"
  ROOMS scenarios models TARGETS rig_scenarios rig_models PARTS scenarios/keys
  PACKAGES "peakrig-core = ${PROJECT_VERSION}" gsl LIBS -pthread -lm)
peakrig_library(peakrig-analyzer
  DESCRIPTION "From captured packets to SIP calls and how each of them ended"
  ROOMS analyzer TARGETS rig_packets rig_analyzer
  PACKAGES "peakrig-core = ${PROJECT_VERSION}" gsl nettle zlib libzstd LIBS -lm)
