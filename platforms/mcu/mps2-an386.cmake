# Toolchain: Arm Cortex-M4 with its floating-point unit, bare metal, newlib; the board MPS2 with
# image AN386, which qemu-system-arm knows.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
# A test program of CMake would need the linker script.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(mote_mcu_flags "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16")
set(CMAKE_C_FLAGS_INIT "${mote_mcu_flags}")
set(CMAKE_CXX_FLAGS_INIT "${mote_mcu_flags}")
set(CMAKE_ASM_FLAGS_INIT "${mote_mcu_flags}")
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
# The board's default maps semihosting to the host: text on its standard output, exit status.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-system-arm -M mps2-an386 -nographic -monitor none
    -serial none -semihosting-config enable=on,target=native -kernel)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
