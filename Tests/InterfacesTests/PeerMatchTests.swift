import Atomistics
import Foundation
import Interfaces
import Testing

@Suite struct PeerMatchTests {
  private struct Golden: Decodable {
    struct Pair: Decodable {
      let electrolyte: String
      let electrolyteMiller: [Int]
      let metalMiller: [Int]
      let maximumArea: Double
      let matches: [[Double]]
    }
    let pairs: [Pair]
  }

  /// Lengths and angle of both bases, in the way that pymatgen gives them: acute.
  private func shape(_ match: LatticeMatch) -> [Double] {
    let (f, n) = (match.electrolyteLattice, match.metalLattice)
    let fold = f.angle > 90
    return [f.lengthA, f.lengthB, fold ? 180 - f.angle : f.angle]
      + [n.lengthA, n.lengthB, fold ? 180 - n.angle : n.angle]
  }

  @Test func everyMatchOfPymatgenIsFound() throws {
    let url = try #require(
      Bundle.module.url(forResource: "zsl", withExtension: "json", subdirectory: "Fixtures"))
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    #expect(golden.pairs.reduce(0) { $0 + $1.matches.count } > 20)
    for pair in golden.pairs {
      func oriented(_ name: String, _ m: [Int]) throws -> OrientedCell {
        OrientedCell(try SampleCrystals.named(name), up: MillerIndex(m[0], m[1], m[2]))
      }
      let name = String(pair.electrolyte.prefix { $0 != "." })
      var settings = ContactSettings()
      settings.maximumArea = pair.maximumArea
      let ours = LatticeMatch.all(
        electrolyte: try oriented(name, pair.electrolyteMiller),
        metal: try oriented("Li", pair.metalMiller), limits: settings
      ).matches.map(shape)
      for match in pair.matches {
        #expect(
          ours.contains { zip($0, match).allSatisfy { abs($0 - $1) < 2e-3 } },
          "\(pair.electrolyte) \(pair.electrolyteMiller) on \(pair.metalMiller): \(match)")
      }
    }
  }
}
