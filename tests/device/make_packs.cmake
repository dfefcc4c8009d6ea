# Host builds: the program that makes packs, and the tests that run it first.
add_executable(mote_make_packs make_packs.cc pack_writer.cc)
target_link_libraries(mote_make_packs PRIVATE mote_test_support mote_cases)
file(MAKE_DIRECTORY ${MOTE_DEVICE_PACKS})

add_test(NAME device.make_packs
  COMMAND mote_make_packs ops ${MOTE_DEVICE_PACKS}/integers.pack ${MOTE_DEVICE_PACKS}/floats.pack
          ${MOTE_DEVICE_PACKS}/small.pack)
set_tests_properties(device.make_packs PROPERTIES FIXTURES_SETUP device_packs LABELS device)

# Quantized reference sets whose every element must be equal on every machine.
set(golden tflm__hello_world_int8 tflm__micro_speech_quantized tflm__person_detect
    mlperf_tiny__ad01_int8 mlperf_tiny__kws_ref_model mlperf_tiny__pretrainedResnet_quant
    mlperf_tiny__vww_96_int8 coral__mobilenet_v1_0.25_128_quant)
set(mobilenets coral__mobilenet_v2_1.0_224_quant coral__tf2_mobilenet_v2_1.0_224_ptq)
foreach(pack golden mobilenets)
  add_test(NAME device.make_${pack}
    COMMAND mote_make_packs golden ${MOTE_DEVICE_PACKS}/${pack}.pack ${${pack}})
endforeach()
# For the programs of platforms/mcu and bench/runner.
add_test(NAME device.make_files
  COMMAND mote_make_packs files ${MOTE_DEVICE_PACKS} tflm__hello_world_int8 tflm__person_detect
          coral__tf2_mobilenet_v2_1.0_224_ptq)
set_tests_properties(device.make_golden device.make_mobilenets device.make_files PROPERTIES
  FIXTURES_SETUP device_golden_packs SKIP_RETURN_CODE 77 LABELS device)
