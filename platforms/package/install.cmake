# Installation: libraries, public headers, find_package(Mote) and pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(MOTE_INSTALLED mote_core mote_train)
install(DIRECTORY core/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET mote_platform)
  list(APPEND MOTE_INSTALLED mote_platform)
endif()
if(MOTE_BUILD_CONVERTER)
  list(APPEND MOTE_INSTALLED mote_converter)
  install(DIRECTORY converter/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
# The names that programs link, installed or by add_subdirectory: Mote::core, …
foreach(target IN LISTS MOTE_INSTALLED)
  string(REPLACE mote_ "" name ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  add_library(Mote::${name} ALIAS ${target})
endforeach()

install(TARGETS ${MOTE_INSTALLED} EXPORT MoteTargets)
set(MOTE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Mote)
install(EXPORT MoteTargets NAMESPACE Mote:: DESTINATION ${MOTE_CMAKE_DIR})
configure_package_config_file(platforms/package/MoteConfig.cmake.in MoteConfig.cmake
  INSTALL_DESTINATION ${MOTE_CMAKE_DIR})
write_basic_package_version_file(MoteConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/MoteConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/MoteConfigVersion.cmake
        DESTINATION ${MOTE_CMAKE_DIR})

set(MOTE_PC_LIBRARIES "-lmote_train -lmote_core")
if(TARGET mote_platform)
  set(MOTE_PC_LIBRARIES "-lmote_platform -lmote_train -lmote_core -pthread")
endif()
configure_file(platforms/package/mote.pc.in mote.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mote.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
