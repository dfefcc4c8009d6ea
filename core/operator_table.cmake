# mote_operator_table(<target> NAME <function> OPERATORS conv2d add ...)
#
# Gives <target> a function `mote::OperatorTable <function>()`, declared in <function>.h, with just
# these operators: the argument of Model::load. What no table names is left out at link time.

function(mote_operator_table target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAME" "OPERATORS")
  if(NOT arg_NAME OR NOT arg_OPERATORS)
    message(FATAL_ERROR "mote_operator_table(<target> NAME <function> OPERATORS <operator>...)")
  endif()
  file(STRINGS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/ops/ops.inc rows REGEX "^MOTE_OPERATOR")
  file(STRINGS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/train/ops.inc train_rows REGEX "^MOTE_OPERATOR")
  list(APPEND rows ${train_rows})
  set(known "")
  foreach(row IN LISTS rows)
    string(REGEX REPLACE "^MOTE_OPERATOR\\([0-9]+, *([a-z0-9_]+)\\).*" "\\1" name "${row}")
    list(APPEND known ${name})
  endforeach()
  set(declarations "")
  set(entries "")
  foreach(operator IN LISTS arg_OPERATORS)
    if(NOT operator IN_LIST known)
      list(JOIN known ", " all)
      message(FATAL_ERROR "mote_operator_table: no operator '${operator}'; there are: ${all}")
    endif()
    string(APPEND declarations "extern const Operator ${operator}_operator;\n")
    string(APPEND entries "    &mote::${operator}_operator,\n")
  endforeach()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_operators)
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.h CONTENT
"#pragma once

#include \"mote/model.h\"

mote::OperatorTable ${arg_NAME}();
" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.cc CONTENT
"#include \"${arg_NAME}.h\"

namespace mote {
${declarations}}

namespace {
const mote::Operator* const kOperators[] = {
${entries}};
}

mote::OperatorTable ${arg_NAME}() {
  return {kOperators, sizeof(kOperators) / sizeof(kOperators[0])};
}
" @ONLY)
  target_sources(${target} PRIVATE ${folder}/${arg_NAME}.cc)
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE mote_train mote_core)
endfunction()
