import Atomistics
import FileFormats
import Foundation
import Testing

struct StructureFileTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test func namesThatAreNotWritten() throws {
    for name in ["a.txt", "XDATCAR", "a.xyz.gz"] {
      #expect { try StructureFile.write(sampleStructures()[0], to: directory.file(name)) } throws: {
        "\($0)".contains("CIF (.cif)")
      }
    }
    #expect(try directory.names.isEmpty)
  }

  @Test func missingAndUnknownFiles() throws {
    let path = directory.file("none.cif")
    #expect(throws: FileFormatsError.missing(path)) { try StructureFile.read(path) }
    for junk in [
      Data(), Data("hello\n".utf8), Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 77) }),
    ] {
      #expect(try message(reading: junk, as: "junk").contains("expected extended XYZ"))
    }
  }

  /// Binary junk under every name that a format claims.
  @Test(arguments: ["a.xyz", "POSCAR", "a.cif", "XDATCAR"])
  func binaryJunk(name: String) throws {
    var random = RandomGenerator(seed: 3)
    for length in [1, 10, 1000, 100_000] {
      let junk = Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
      #expect(try message(reading: junk, as: name).hasPrefix(name))
      #expect(try message(reading: Data(count: length), as: name).hasPrefix(name))
    }
  }

  @Test func unitsGoneWrong() throws {
    var text = "64\nLattice=\"1 0 0 0 1 0 0 0 1\" Properties=species:S:1:pos:R:3\n"
    for i in 0..<64 { text += "Li \(Double(i) / 64) 0 0\n" }
    #expect(try message(reading: text, as: "nm.xyz").contains("denser than any matter"))
  }

  /// The last frame of several, as other tools read it.
  @Test func lastFrameOfSeveral() throws {
    let (first, last) = (sampleStructures()[0], sampleStructures()[2])
    let text = ExtendedXYZ().text(of: first) + ExtendedXYZ().text(of: last)
    #expect(try StructureFile.read(directory.write(text, to: "a.xyz")) == last)
  }
}
