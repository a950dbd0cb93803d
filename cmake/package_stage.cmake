# SPDX-License-Identifier: GPL-3.0-or-later
# Run by CPack when the files of the packages are staged and not yet packed: what Debian's policy asks of them, beyond
# what `cmake --install` does. SOURCE_DATE_EPOCH is the date of the changelog; without it, now.
cmake_policy(VERSION 3.25)

set(debian ${CMAKE_CURRENT_LIST_DIR}/debian)
set(packages peakrig libpeakrig-dev)
set(parts program development)

function(compress file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # heeds SOURCE_DATE_EPOCH
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

foreach(package part IN ZIP_LISTS packages parts)
  set(usr ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${part}/usr)
  set(doc ${usr}/share/doc/${package})
  if(NOT IS_DIRECTORY ${usr})
    message(FATAL_ERROR "${usr}: the files of ${package} are not there")
  endif()

  # ---- what every package says of itself ----
  file(COPY ${debian}/copyright DESTINATION ${doc}
       FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  file(WRITE ${doc}/changelog.Debian "${package} (${version}) unstable; urgency=medium\n\n"
       "  * Version ${CPACK_PACKAGE_VERSION}: see changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  compress(${doc}/changelog.Debian)
  file(COPY_FILE ${debian}/../../CHANGELOG.md ${doc}/changelog)
  compress(${doc}/changelog)

  # The licence is in every Debian system, and the changelog stands under its Debian name.
  file(REMOVE ${doc}/LICENSE ${doc}/CHANGELOG.md)

  file(GLOB pages ${usr}/share/man/man*/*.[1-9])
  foreach(page ${pages})
    compress(${page})
  endforeach()

  # CPack strips programs, not these.
  file(GLOB_RECURSE archives ${usr}/lib/*.a)
  foreach(archive ${archives})
    execute_process(COMMAND strip --strip-debug --remove-section=.comment --enable-deterministic-archives ${archive}
                    COMMAND_ERROR_IS_FATAL ANY)
  endforeach()

  # Whatever the umask was.
  file(GLOB_RECURSE files LIST_DIRECTORIES false ${usr}/share/*)
  foreach(file ${files})
    file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  endforeach()
endforeach()
