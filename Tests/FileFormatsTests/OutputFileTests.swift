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

  /// The rename fails after all was written: the old content stands, nothing lies beside it.
  @Test func failureAtTheEndLeavesNothing() throws {
    let path = directory.file("target")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect { try AtomicFile.write("text", to: path) } throws: { cannotWrite($0) }
    #expect(try directory.names == ["target"])
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
    let checkpoint = file.offset
    try file.append("two\n")
    try file.sync()
    #expect(checkpoint == 4)
    #expect(try InputFile.text(path) == "one\ntwo\n")
    try file.truncate(to: checkpoint)
    try file.append("three\n")
    #expect(try InputFile.text(path) == "one\nthree\n")
    #expect(try AppendingFile(path: path).offset == 10)
  }

  @Test func cannotBeCutToMoreThanItHas() throws {
    let file = try AppendingFile(path: directory.write("abc", to: "log"))
    #expect { try file.truncate(to: 4) } throws: { ($0 as? FileFormatsError)?.kind == .badData }
    #expect(file.offset == 3)
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
    #expect(file.offset == 0)
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
