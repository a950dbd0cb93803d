# SPDX-License-Identifier: GPL-3.0-or-later
# What makes a fault harder to use. All of it by default; PEAKRIG_HARDENING=OFF leaves it to the compiler's own defaults.
#
# - position-independent programs (PIE): addresses differ in each run
# - full RELRO, BIND_NOW: the tables of the linker cannot be written; no executable stack. Functions of libraries are
#   called by that table at once (-fno-plt): a stub between serves those that are bound later, and there are none
# - stack protector, stack clash protection: an overrun of a buffer on the stack ends the program
# - _FORTIFY_SOURCE=2: so do copies whose length the compiler or the C library can check (with optimization only, and
#   not with sanitizers, which see more)
# - CET (-fcf-protection) on x86-64, branch protection on AArch64: jumps go to where jumps may go
#
# tests/unit/hardening.py reads all of it off the programs.
option(PEAKRIG_HARDENING "Compile and link with all that makes faults harder to use" ON)

if(PEAKRIG_HARDENING)
  include(CheckCCompilerFlag)
  include(CheckCSourceCompiles)
  # Not CMAKE_POSITION_INDEPENDENT_CODE: that is -fPIC, which forbids inlining what another library could replace.
  set(hardening_flags -fPIE -fno-plt -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
    list(APPEND hardening_flags -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    list(APPEND hardening_flags -mbranch-protection=standard)
  endif()
  foreach(flag ${hardening_flags})
    string(MAKE_C_IDENTIFIER "PEAKRIG_HAS${flag}" has)
    check_c_compiler_flag(${flag} ${has})
    if(${has})
      target_compile_options(peakrig_options INTERFACE $<$<COMPILE_LANGUAGE:C,ASM>:${flag}>)
    endif()
  endforeach()
  target_link_options(peakrig_options INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

  if(NOT PEAKRIG_SANITIZE)
    set(CMAKE_TRY_COMPILE_CONFIGURATION ${CMAKE_BUILD_TYPE})
    check_c_source_compiles("#ifndef __OPTIMIZE__\n#error\n#endif\nint main(void) { return 0; }"
                            PEAKRIG_IS_OPTIMIZED)
    unset(CMAKE_TRY_COMPILE_CONFIGURATION)
    if(PEAKRIG_IS_OPTIMIZED)
      target_compile_options(peakrig_options INTERFACE
                             $<$<COMPILE_LANGUAGE:C>:-U_FORTIFY_SOURCE> $<$<COMPILE_LANGUAGE:C>:-D_FORTIFY_SOURCE=2>)
    endif()
  endif()
endif()
