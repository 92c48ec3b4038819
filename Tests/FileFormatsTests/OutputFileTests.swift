import FileFormats
import Foundation
import Testing

struct AtomicFileTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func cannotWrite(_ error: any Error) -> Bool {
    (error as? FileFormatsError)?.kind == .cannotWrite
  }

  @Test func writesAndReplacesWithoutLeavings() throws {
    let path = directory.file("result")
    try AtomicFile.write("old", to: path)
    try AtomicFile.write("new and longer", to: path)
    #expect(try InputFile.text(path) == "new and longer")
    #expect(try directory.names == ["result"])
  }

  @Test func missingDirectoryAndPathBelowAFile() throws {
    let file = try directory.write("x", to: "file")
    for path in [directory.file("none/result"), file + "/below", directory.path] {
      #expect { try AtomicFile.write("text", to: path) } throws: { cannotWrite($0) }
    }
    #expect(try directory.names == ["file"])
  }

  /// The disk fills up while the file is written: the old content stands, nothing lies beside it.
  @Test(.enabled(if: SmallDisk.isPossible)) func fullDiskKeepsTheOldFile() throws {
    try SmallDisk.use { disk in
      let path = disk + "/result"
      try AtomicFile.write("old", to: path)
      let tooMuch = Data(repeating: 0x41, count: 2 * SmallDisk.size)
      #expect { try AtomicFile.write(tooMuch, to: path) } throws: {
        cannotWrite($0) && "\($0)".contains("No space left") && "\($0)".contains(path)
      }
      #expect(try InputFile.text(path) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["result"])
      try AtomicFile.write("fits", to: path)
      #expect(try InputFile.text(path) == "fits")
    }
  }

  @Test func theLongestNameCanBeWritten() throws {
    let path = directory.file(String(repeating: "n", count: 255))
    try AtomicFile.write("text", to: path)
    #expect(try InputFile.text(path) == "text")
  }

  @Test(.enabled(if: getuid() != 0)) func readOnlyDirectoryKeepsTheOldFile() throws {
    let path = try directory.write("old", to: "file")
    chmod(directory.path, 0o500)
    defer { chmod(directory.path, 0o700) }
    #expect { try AtomicFile.write("new", to: path) } throws: { cannotWrite($0) }
    #expect(try InputFile.text(path) == "old")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDeviceIsReported() throws {
    #expect { try AtomicFile.write("text", to: "/dev/full") } throws: {
      cannotWrite($0) && "\($0)".contains("/dev/full")
    }
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func aLinkStaysALinkAndModesStay() throws {
    let target = try directory.write("old", to: "target")
    chmod(target, 0o640)
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: target)
    try AtomicFile.write("new", to: directory.file("link"))
    #expect(try InputFile.text(target) == "new")
    #expect(try directory.names == ["link", "target"])
    let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
    #expect(mode as? Int == 0o640)
  }
}

struct AppendingFileTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test func growsAndIsCutBack() throws {
    let path = directory.file("log")
    let file = try AppendingFile(path: path)
    try file.append("one\n")
    let checkpoint = file.content
    try file.append("two\n")
    try file.sync()
    #expect(checkpoint.length == 4)
    #expect(try InputFile.text(path) == "one\ntwo\n")
    let again = try AppendingFile(path: path, keeping: checkpoint)
    try again.append("three\n")
    #expect(try InputFile.text(path) == "one\nthree\n")
    #expect(again.content == .nothing.followed(by: Data("one\nthree\n".utf8)))
    #expect(try AppendingFile(path: path).content == .nothing)
    #expect(try InputFile.text(path).isEmpty)
  }

  @Test func cannotBeCutToMoreThanItHas() throws {
    let path = try directory.write("abc", to: "log")
    let more = FileBeginning(length: 4, crc32: 0)
    #expect { try AppendingFile(path: path, keeping: more) } throws: {
      ($0 as? FileFormatsError)?.kind == .badData
    }
    #expect(try InputFile.text(path) == "abc")
  }

  @Test func aPlaceThatDoesNotExist() {
    #expect { try AppendingFile(path: directory.file("none/log")) } throws: {
      ($0 as? FileFormatsError)?.kind == .cannotWrite
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDeviceIsReported() throws {
    let file = try AppendingFile(path: "/dev/full")
    #expect { try file.append("frame") } throws: {
      "\($0)".contains("/dev/full") && ($0 as? FileFormatsError)?.kind == .cannotWrite
    }
    #expect(file.content == .nothing)
  }
}

extension AppendingFileTests {
  /// A frame that does not fit is taken back whole; the frames before it stay.
  @Test(.enabled(if: SmallDisk.isPossible)) func fullDiskKeepsTheWholeFrames() throws {
    try SmallDisk.use { disk in
      let file = try AppendingFile(path: disk + "/trajectory")
      let frame = Data(repeating: 0x41, count: SmallDisk.size / 3)
      try file.append(frame)
      try file.append(frame)
      #expect { for _ in 0..<2 { try file.append(frame) } } throws: {
        ($0 as? FileFormatsError)?.kind == .cannotWrite
      }
      try file.sync()
      let size = try InputFile.read(file.path).count
      #expect(UInt64(size) == file.content.length)
      #expect(size % frame.count == 0 && size > 0)
    }
  }
}

struct FileBeginningTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// The check value that lists of CRCs give for CRC-32, from parts of every length.
  @Test func knownSum() {
    let digits = Data("123456789".utf8)
    for cut in 0...9 {
      let sum = FileBeginning.nothing.followed(by: digits.prefix(cut))
        .followed(by: digits.dropFirst(cut))
      #expect(sum == FileBeginning(length: 9, crc32: 0xCBF4_3926))
    }
  }

  @Test func findsEveryChangedByteAndNothingBehind() throws {
    let path = directory.file("long")
    var bytes = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
    let beginning = FileBeginning.nothing.followed(by: bytes.prefix(600_000))
    try bytes.write(to: URL(fileURLWithPath: path))
    try beginning.check(path)
    for place in [0, 262_143, 262_144, 599_999, 600_000, 699_999] {
      bytes[place] ^= 0x10
      try bytes.write(to: URL(fileURLWithPath: path))
      if place < 600_000 {
        #expect { try beginning.check(path) } throws: { "\($0)".contains("edited or damaged") }
      } else {
        try beginning.check(path)
      }
      bytes[place] ^= 0x10
    }
    try bytes.prefix(599_999).write(to: URL(fileURLWithPath: path))
    #expect { try beginning.check(path) } throws: { "\($0)".contains("its end is lost") }
    #expect { try beginning.check(directory.file("none")) } throws: {
      ($0 as? FileFormatsError)?.kind == .missingInput
    }
    try FileBeginning.nothing.check(directory.file("none"))
  }
}

struct SHA256DigestTests {
  /// FIPS 180-4 examples.
  @Test func knownDigests() {
    #expect(
      SHA256Digest.hex(of: Data("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256Digest.hex(of: Data())
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256Digest.hex(of: Data(repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func filesAreDigestedAsTheyLie() throws {
    let directory = try TemporaryDirectory()
    let packed = try gzipped(String(repeating: "text\n", count: 200_000))
    let path = try directory.write(packed, to: "file.gz")
    #expect(try SHA256Digest.hex(ofFile: path) == SHA256Digest.hex(of: packed))
    #expect(throws: FileFormatsError.missing(directory.file("none"))) {
      try SHA256Digest.hex(ofFile: directory.file("none"))
    }
  }
}
