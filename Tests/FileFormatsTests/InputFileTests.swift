import Atomistics
import FileFormats
import Foundation
import Testing

struct InputFileTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test func readsPlainBytes() throws {
    let data = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    #expect(try InputFile.read(directory.write(data, to: "bytes")) == data)
    #expect(try InputFile.read(directory.write(Data(), to: "empty")).isEmpty)
    #expect(try InputFile.read(directory.write(Data([0x1F]), to: "one")) == Data([0x1F]))
  }

  @Test func unpacksByMagicNumberWhateverTheName() throws {
    let data = Data((0..<300_000).map { UInt8(truncatingIfNeeded: ($0 * $0) >> 7) })
    #expect(try InputFile.read(directory.write(gzipped(data), to: "no-suffix")) == data)
  }

  @Test func concatenatedMembersAreOne() throws {
    let packed = try gzipped("first\n") + gzipped("second\n") + Data(count: 100)
    #expect(try InputFile.text(directory.write(packed, to: "two.gz")) == "first\nsecond\n")
  }

  @Test func missingFileIsMissingInput() {
    let path = directory.file("nothing")
    #expect(throws: FileFormatsError.missing(path)) { try InputFile.read(path) }
    #expect(FileFormatsError.missing(path).kind == .missingInput)
    #expect(FileFormatsError.missing(path).description.contains(path))
  }

  @Test func aDirectoryIsNotAFile() {
    #expect(
      throws: FileFormatsError.unreadable(
        directory.path, reason: "it is a directory; name a file in it")
    ) { try InputFile.read(directory.path) }
  }

  @Test func everyCutOfGzipIsFound() throws {
    let packed = try gzipped((0..<50).map { "line \($0)\n" }.joined())
    for length in 2..<packed.count {
      let path = try directory.write(packed.prefix(length), to: "cut.gz")
      #expect(throws: FileFormatsError.truncated(path, line: nil)) { try InputFile.read(path) }
    }
  }

  @Test func damagedGzipIsBadData() throws {
    var packed = try gzipped((0..<5000).map { "line \($0)\n" }.joined())
    packed[packed.count - 6] ^= 0xFF  // the checksum
    let path = try directory.write(packed, to: "damaged.gz")
    #expect { try InputFile.read(path) } throws: { error in
      guard case .badFile(path, nil, let reason)? = error as? FileFormatsError else { return false }
      return reason.contains("gzip")
    }
  }

  @Test func textMustBeUTF8() throws {
    let path = try directory.write(Data([0x41, 0xFF, 0xFE]), to: "junk")
    #expect { try InputFile.text(path) } throws: {
      ($0 as? FileFormatsError)?.kind == .badData
    }
  }
}

struct LineReaderTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func lines(_ reader: LineReader) throws -> [String] {
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  @Test func splitsAtEveryKindOfBreak() throws {
    let path = try directory.write("a\r\n\nb c\nlast", to: "text")
    let reader = try LineReader(path: path)
    #expect(try lines(reader) == ["a", "", "b c", "last"])
    #expect(reader.lineNumber == 4)
    #expect(!reader.lineWasEnded)
    #expect(try lines(LineReader(text: "a\r\n\nb c\nlast", path: "t")) == ["a", "", "b c", "last"])
    #expect(try lines(LineReader(text: "", path: "t")) == [])
    #expect(try lines(LineReader(text: "x\n", path: "t")) == ["x"])
  }

  @Test func manyLinesAcrossBuffersPlainAndPacked() throws {
    let expected = (0..<60_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) }
    let text = expected.joined(separator: "\n") + "\n"
    #expect(try lines(LineReader(path: directory.write(text, to: "plain"))) == expected)
    #expect(try lines(LineReader(path: directory.write(gzipped(text), to: "packed"))) == expected)
  }

  @Test func cutGzipGivesItsWholeLinesFirst() throws {
    let text = (0..<20_000).map { "line \($0 &* 7919)\n" }.joined()
    let packed = try gzipped(text)
    let path = try directory.write(packed.prefix(packed.count / 2), to: "cut.gz")
    let reader = try LineReader(path: path)
    var whole: [String] = []
    #expect(throws: FileFormatsError.truncated(path, line: nil)) {
      while let line = try reader.next() { whole.append(line) }
    }
    #expect(whole.count > 5000)
    #expect(whole == (0..<whole.count).map { "line \($0 &* 7919)" })
  }

  @Test func aLineThatNeverEndsIsRefused() throws {
    let path = try directory.write(Data(repeating: 0x41, count: 20 << 20), to: "endless")
    #expect { try LineReader(path: path).next() } throws: {
      ($0 as? FileFormatsError)?.description.contains("MiB") == true
    }
  }
}
