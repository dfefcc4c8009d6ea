#include "export/write_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace mote::test {
namespace {

namespace fs = std::filesystem;

struct WriteFile : testing::Test {
  fs::path folder = fs::path(testing::TempDir()) / ("mote_write_file_" + std::to_string(getpid()));
  std::string path = (folder / "a.mote").string();
  const uint8_t data[3] = {1, 2, 3};

  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  size_t files() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
};

TEST_F(WriteFile, LeavesTheFileAndNothingElse) {
  EXPECT_EQ(write_file(path, {data, 3}, false), "");
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(text, std::string("\1\2\3"));
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, AnExistingFileIsKeptWithoutForce) {
  ASSERT_EQ(write_file(path, {data, 3}, false), "");
  EXPECT_NE(write_file(path, {data, 1}, false), "");
  EXPECT_EQ(fs::file_size(path), 3u);
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, ForceReplacesIt) {
  ASSERT_EQ(write_file(path, {data, 3}, false), "");
  EXPECT_EQ(write_file(path, {data, 1}, true), "");
  EXPECT_EQ(fs::file_size(path), 1u);
  EXPECT_EQ(files(), 1u);
}

TEST_F(WriteFile, AMissingFolderIsAnError) {
  EXPECT_NE(write_file((folder / "none" / "a.mote").string(), {data, 3}, false), "");
}

}  // namespace
}  // namespace mote::test
