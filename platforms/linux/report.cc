#include "report.h"

#include "report_template.h"

namespace mote::tool {
namespace {

// Inside an HTML script element nothing may look like its end.
std::string embedded(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace), out;
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string report_page(const Json& summary, const Json& model) {
  Json data = summary;
  data["model"] = model;
  std::string page = kReportTemplate;
  const std::string place = "@REPORT_DATA@";
  page.replace(page.find(place), place.size(), embedded(data));
  return page;
}

}  // namespace mote::tool
