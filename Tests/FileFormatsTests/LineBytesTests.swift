import Atomistics
import FileFormats
import Foundation
import Testing

/// Lines in plain form are read as the general way reads them, to the bit.
struct LineBytesTests {
  @Test func plainNumbersAreTheNearestDoubles() throws {
    let directory = try TemporaryDirectory()
    var random = RandomGenerator(seed: 12)
    var texts = [
      "0", "-0.0", "+3.5", "1.", ".5", "1e-3", "-2.5E2", "0.1", "900719.92547409930", "000012.50",
      "999999.999999999999", "0.00000000000000000001", "123456.7890123456789",
    ]
    for _ in 0..<3000 {
      let value = (random.uniform() - 0.5) * 100
      let digits = Int(random.next() % 19)
      texts.append(String(format: "%.\(digits)f", value))
      texts.append("\(value)")
    }
    while texts.count % 3 != 0 { texts.append("7") }
    let rows = stride(from: 0, to: texts.count, by: 3).map {
      texts[$0..<$0 + 3].joined(separator: "\t ")
    }
    let text =
      "\(rows.count)\nProperties=species:S:1:pos:R:3\n"
      + rows.map { "Li  \($0)  \r\n" }.joined()
    var reader = try TrajectoryReader(path: directory.write(text, to: "a.xyz"))
    let frame = try #require(try reader.next())
    for (row, position) in frame.structure.positions.enumerated() {
      for k in 0..<3 { #expect(position[k] == Double(texts[3 * row + k]), "\(texts[3 * row + k])") }
    }
  }

  @Test func whatIsNotPlainGoesTheGeneralWay() throws {
    func found(_ row: String, _ properties: String = "species:S:1:pos:R:3") throws -> String {
      try reason("1\nProperties=\(properties)\n\(row)\n")
    }
    #expect(try found("Li 1 2 3").contains("Li 1.0 2.0 3.0"))
    #expect(try found("1 2 3 Li", "pos:R:3:species:S:1").contains("Li 1.0 2.0 3.0"))
    #expect(try found("Li 9 1 2 3 x", "species:S:1:id:I:1:pos:R:3:tag:S:1").contains("Li 1.0 2.0"))
    #expect(try found("Li 1 2").contains("line 3: atom 1 has 3 columns, expected 4"))
    #expect(try found("Li 1 2 3 4").contains("line 3: atom 1 has 5 columns"))
    #expect(try found("Lx 1 2 3").contains("line 3: 'Lx' is not the symbol"))
    #expect(try found("Li 1 2 3,5").contains("the coordinate '3,5' is not a number"))
    #expect(try found("Li 1 2 1000001").contains("is not a finite number below 1e6"))
    #expect(try found("Li 1 - 3").contains("the coordinate '-' is not a number"))
  }

  /// Every column that means something, among others and in any order.
  @Test func allColumnsOfPlainLines() throws {
    let directory = try TemporaryDirectory()
    let properties =
      "layer:I:1:vel:R:3:id:I:1:species:S:1:region:S:1:forces:R:3:formal_charge:R:1:pos:R:3"
    let text = """
      2
      Lattice="9 0 0 0 9 0 0 0 9" Properties=\(properties)
      -1 0.1 0.2 0.3 7 Li metal 1 2 3 1 4 5 6.000000000000000123
      2 -1e-3 0 0.0001234567890123456789 8 S electrolyte -1 -2 -3 -2 1 2 3

      """
    var reader = try TrajectoryReader(path: directory.write(text, to: "a.xyz"))
    let frame = try #require(try reader.next())
    #expect(frame.structure.layers == [-1, 2])
    #expect(frame.structure.regions == [.metal, .electrolyte])
    #expect(frame.structure.formalCharges == [1, -2])
    #expect(
      frame.structure.velocities
        == [Vector3(0.1, 0.2, 0.3), Vector3(-1e-3, 0, 0.0001234567890123456789)])
    #expect(frame.forces == [Vector3(1, 2, 3), Vector3(-1, -2, -3)])
    #expect(frame.structure.positions == [Vector3(4, 5, 6), Vector3(1, 2, 3)])
    // A label that is not ours in the second line: then there are no regions at all.
    let other = text.replacingOccurrences(of: "electrolyte", with: "film")
    var second = try TrajectoryReader(path: directory.write(other, to: "b.xyz"))
    #expect(try second.next()?.structure.regions == nil)
  }

  private func reason(_ text: String) throws -> String {
    let directory = try TemporaryDirectory()
    do {
      var reader = try TrajectoryReader(path: directory.write(text, to: "a.xyz"))
      guard let structure = try reader.next()?.structure else { return "none" }
      let position = structure.positions[0]
      return "\(structure.species[0]) \(position.x) \(position.y) \(position.z)"
    } catch {
      return "\(error)"
    }
  }
}
