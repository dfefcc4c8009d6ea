#include "trainer/idx.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include "data.h"

namespace mote::test {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

Span<const uint8_t> span_of(const Bytes& b) { return {b.data(), b.size()}; }

Bytes idx(const std::vector<uint32_t>& dims, const Bytes& elements) {
  Bytes b = {0, 0, 8, static_cast<uint8_t>(dims.size())};
  for (uint32_t d : dims)
    for (int shift : {24, 16, 8, 0}) b.push_back(static_cast<uint8_t>(d >> shift));
  b.insert(b.end(), elements.begin(), elements.end());
  return b;
}

Bytes gzip(const Bytes& plain) {
  Bytes out(plain.size() + 1000);
  z_stream s = {};
  EXPECT_EQ(deflateInit2(&s, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  s.next_in = const_cast<uint8_t*>(plain.data());
  s.avail_in = static_cast<uInt>(plain.size());
  s.next_out = out.data();
  s.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&s, Z_FINISH), Z_STREAM_END);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

const Bytes kImages = idx({3, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255});
const Bytes kLabels = idx({3}, {1, 0, 2});

std::string refusal(const Bytes& images, const Bytes& labels) {
  std::string message = error_of(
      [&] { trainer::dataset_from_idx(span_of(images), "images", span_of(labels), "labels"); });
  EXPECT_NE(message, "");
  return message;
}

TEST(Idx, PlainAndGzipFilesGiveTheSame) {
  Dataset plain = trainer::dataset_from_idx(span_of(kImages), "images", span_of(kLabels), "labels");
  Bytes images = gzip(kImages), labels = gzip(kLabels);
  Dataset packed = trainer::dataset_from_idx(span_of(images), "images", span_of(labels), "labels");
  EXPECT_EQ(plain.sample_shape, (std::vector<int32_t>{2, 2, 1}));
  EXPECT_EQ(plain.labels, (std::vector<int32_t>{1, 0, 2}));
  EXPECT_EQ(plain.pixels, (Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255}));
  EXPECT_EQ(packed.pixels, plain.pixels);
  EXPECT_EQ(packed.labels, plain.labels);
}

TEST(Idx, FourDimensionsAreHeightWidthChannels) {
  Bytes images = idx({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}), labels = idx({1}, {0});
  Dataset data = trainer::dataset_from_idx(span_of(images), "i", span_of(labels), "l");
  EXPECT_EQ(data.sample_shape, (std::vector<int32_t>{1, 2, 3}));
}

TEST(Idx, BadMagicIsRefused) {
  for (size_t i : {0, 1, 2}) {
    Bytes bad = kImages;
    bad[i] = 0x0d;
    EXPECT_THAT(refusal(bad, kLabels), HasSubstr("images: the first bytes are"));
  }
  Bytes rank = kImages;
  rank[3] = 7;
  EXPECT_THAT(refusal(rank, kLabels), HasSubstr("byte 3 says 7 dimensions, expected 3 or 4"));
}

TEST(Idx, ExchangedFilesAreRefused) {
  EXPECT_THAT(refusal(kLabels, kImages), HasSubstr("exchanged"));
}

TEST(Idx, EveryCutIsRefused) {
  for (size_t n = 0; n < kImages.size(); ++n)
    EXPECT_THAT(refusal(Bytes(kImages.begin(), kImages.begin() + static_cast<int>(n)), kLabels),
                testing::AnyOf(HasSubstr("the file ends at byte"), HasSubstr("promises")));
  for (size_t n = 0; n < kLabels.size(); ++n)
    EXPECT_THAT(refusal(kImages, Bytes(kLabels.begin(), kLabels.begin() + static_cast<int>(n))),
                HasSubstr("labels: "));
}

TEST(Idx, EveryCutOfAGzipFileIsRefused) {
  Bytes packed = gzip(kImages);
  for (size_t n = 0; n < packed.size(); ++n)
    refusal(Bytes(packed.begin(), packed.begin() + static_cast<int>(n)), kLabels);
}

TEST(Idx, DamagedGzipDataAreRefused) {
  Bytes packed = gzip(kImages);
  packed[packed.size() - 5] ^= 1;  // of the checksum
  EXPECT_THAT(refusal(packed, kLabels), HasSubstr("damaged"));
}

TEST(Idx, TrailingBytesAreRefused) {
  Bytes more = kImages;
  more.push_back(0);
  EXPECT_THAT(refusal(more, kLabels), HasSubstr("bytes follow after byte 28"));
  EXPECT_THAT(refusal(gzip(more), kLabels), HasSubstr("bytes follow after byte 28"));
  Bytes packed = gzip(kImages);
  packed.push_back(0);
  EXPECT_THAT(refusal(packed, kLabels), HasSubstr("the gzip data end at byte"));
}

TEST(Idx, DifferentCountsAreRefused) {
  EXPECT_THAT(refusal(kImages, idx({2}, {1, 0})), HasSubstr("has 2 labels, images has 3 images"));
}

TEST(Idx, SizesBeyondTheFileAreRefusedBeforeMemoryIsTaken) {
  EXPECT_THAT(refusal(idx({0xffffffff, 0xffffffff, 0xffffffff}, {}), kLabels), HasSubstr("2^40"));
  EXPECT_THAT(refusal(idx({1 << 20, 1 << 10, 1 << 9}, {}), kLabels), HasSubstr("promises"));
  EXPECT_THAT(refusal(gzip(idx({1 << 20, 1 << 10, 1 << 9}, {})), kLabels), HasSubstr("promises"));
  EXPECT_THAT(refusal(idx({0, 2, 2}, {}), kLabels), HasSubstr("a dimension is 0"));
}

TEST(Idx, AFolderWithoutTheFilesIsRefused) {
  Folder folder;
  EXPECT_THAT(error_of([&] { load_idx(folder.path.string(), "train"); }),
              HasSubstr("train-images-idx3-ubyte"));
}

TEST(Idx, FilesOfAFolderAreFoundPlainAndPacked) {
  Folder folder;
  auto write = [&](const char* name, const Bytes& b) {
    std::ofstream(folder.file(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(b.data()), static_cast<std::streamsize>(b.size()));
  };
  write("t10k-images-idx3-ubyte.gz", gzip(kImages));
  write("t10k-labels-idx1-ubyte", kLabels);
  EXPECT_EQ(load_idx(folder.path.string(), "t10k").size(), 3u);
}

}  // namespace
}  // namespace mote::test
