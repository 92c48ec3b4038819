import Atomistics
import FileFormats
import Foundation
import Testing

struct TrajectoryReaderTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func frames(_ count: Int) -> [String] {
    (0..<count).map { index in
      var structure = sampleStructures()[1]
      structure.positions = structure.positions.map { $0 + Double(index) / 3 }
      return ExtendedXYZ.text(of: Frame(structure: structure, time: Double(index) * 100))
    }
  }

  private func count(_ reader: inout TrajectoryReader) throws -> Int {
    while try reader.next() != nil {}
    return reader.frameCount
  }

  /// Wherever the file is cut, exactly the whole frames before the cut come out.
  @Test func everyCutKeepsTheWholeFrames() throws {
    let texts = frames(3)
    let bytes = Data(texts.joined().utf8)
    let ends = texts.indices.map { texts[...$0].joined().utf8.count }
    for length in 0...bytes.count {
      var reader = try TrajectoryReader(
        path: directory.write(bytes.prefix(length), to: "cut.xyz"))
      let whole = ends.filter { $0 <= length }.count
      #expect(try count(&reader) == whole)
      #expect(reader.truncated == !([0] + ends).contains(length))
    }
  }

  @Test func cutGzipKeepsTheWholeFrames() throws {
    let packed = try gzipped(frames(400).joined())
    var reader = try TrajectoryReader(
      path: directory.write(packed.prefix(packed.count * 2 / 3), to: "cut.xyz.gz"))
    let found = try count(&reader)
    #expect(found > 100 && found < 400)
    #expect(reader.truncated)
    var all = try TrajectoryReader(path: directory.write(packed, to: "all.xyz.gz"))
    #expect(try count(&all) == 400)
    #expect(!all.truncated)
  }

  @Test func damageInTheMiddleIsAnError() throws {
    var lines = frames(3).joined().split(separator: "\n").map(String.init)
    lines[8] = "Li 0 broken 0"
    let path = try directory.write(lines.joined(separator: "\n") + "\n", to: "bad.xyz")
    var reader = try TrajectoryReader(path: path)
    #expect(try reader.next() != nil)
    #expect { try reader.next() } throws: { "\($0)".contains("line 9: the coordinate 'broken'") }
  }

  @Test func atomsAndTimesMayNotChange() throws {
    var texts = frames(2)
    let path = try directory.write(
      texts[0] + texts[1].replacingOccurrences(of: "\nS ", with: "\nCl "), to: "a.xyz")
    var reader = try TrajectoryReader(path: path)
    _ = try reader.next()
    #expect { try reader.next() } throws: { "\($0)".contains("other atoms") }
    texts[1] = texts[1].replacingOccurrences(of: "time_fs", with: "x")
    var second = try TrajectoryReader(path: directory.write(texts.joined(), to: "b.xyz"))
    _ = try second.next()
    #expect { try second.next() } throws: { "\($0)".contains("time") }
  }

  private let header = "Li2 S\n1.0\n5 0 0\n0 5 0\n0 0 5\nLi S\n2 1\n"
  private func block(_ n: Int) -> String {
    "Direct configuration=     \(n)\n0 0 0\n0.5 0.5 0.0\n0.1 0.2 0.\(n)\n"
  }

  @Test func readsXDATCARWithOneHeaderOrMany() throws {
    let once = header + block(1) + block(2) + block(3)
    let wider = header.replacingOccurrences(of: "1.0", with: "1.1")
    let many = header + block(1) + wider + block(2) + header + block(3)
    for (text, edge) in [(once, 5.0), (many, 5.5)] {
      var reader = try TrajectoryReader(
        path: directory.write(gzipped(text), to: "run_XDATCAR.gz"), frameInterval: 100)
      _ = try reader.next()
      let frame = try #require(try reader.next())
      #expect(frame.time == 100)
      #expect(abs(frame.structure.lattice.a.x - edge) < 1e-12)
      #expect(abs(frame.structure.positions[2].z - 0.2 * edge) < 1e-12)
      #expect(try count(&reader) == 3)
      #expect(!reader.truncated && reader.timesAreKnown)
    }
    var silent = try TrajectoryReader(path: directory.write(once, to: "XDATCAR"))
    _ = try silent.next()
    #expect(!silent.timesAreKnown)
    #expect(try StructureFile.read(directory.file("XDATCAR")).positions[2].z == 1.5)
  }

  @Test func damagedXDATCAR() throws {
    func reason(_ text: String) throws -> String {
      var reader = try TrajectoryReader(path: directory.write(text, to: "XDATCAR"))
      do {
        let frames = try count(&reader)
        return "\(frames) frames, truncated \(reader.truncated)"
      } catch { return "\(error)" }
    }
    #expect(try reason(header + block(1) + "Direct conf") == "1 frames, truncated true")
    #expect(
      try reason(header + block(1) + "Direct configuration= 2\n0 0 0\n")
        == "1 frames, truncated true")
    #expect(try reason(header) == "0 frames, truncated true")
    #expect(try reason("") == "0 frames, truncated false")
    #expect(
      try reason(header + block(1) + "0 0 0\n").contains("line 12: the frame before has more"))
    #expect(try reason(header + "Direct configuration= 1\n0 0 inf\n\n").contains("line 9"))
    #expect(try reason(header + "elsewhere\n").contains("line 8: expected 'Direct configuration='"))
  }

  @Test func aStructureIsNoTrajectory() throws {
    let path = try directory.write("data_x\n", to: "a.cif")
    #expect { _ = try TrajectoryReader(path: path) } throws: { "\($0)".contains("XDATCAR") }
  }
}
