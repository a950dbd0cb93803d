# SPDX-License-Identifier: GPL-3.0-or-later
# The bill of materials of what was built: cmake --build DIR --target sbom
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  add_custom_target(sbom COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/ci/sbom $<TARGET_FILE:peakrig>
                    ${PROJECT_VERSION} ${PROJECT_BINARY_DIR}/peakrig.spdx.json DEPENDS peakrig)
endif()
