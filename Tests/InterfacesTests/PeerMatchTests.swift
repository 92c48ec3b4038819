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

  /// Trace and determinant of F Fᵀ over N Nᵀ: the same for a multiple of a match and for its mirror
  /// image, both of which pymatgen lists.
  private func stretches(_ f: SIMD3<Double>, _ n: SIMD3<Double>) -> [Double] {
    let d = n.x * n.y - n.z * n.z
    return [
      (f.x * n.y + f.y * n.x - 2 * f.z * n.z) / d, (f.x * f.y - f.z * f.z) / d,
    ]
  }

  private func metric(_ a: Double, _ b: Double, _ degrees: Double) -> SIMD3<Double> {
    SIMD3(a * a, b * b, a * b * cosine(degrees * .pi / 180))
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
      ).map { match in
        let (f, n) = (match.electrolyteLattice, match.metalLattice)
        return stretches(
          metric(f.lengthA, f.lengthB, f.angle), metric(n.lengthA, n.lengthB, n.angle))
      }
      for match in pair.matches {
        let theirs = stretches(
          metric(match[0], match[1], match[2]), metric(match[3], match[4], match[5]))
        #expect(
          ours.contains { zip($0, theirs).allSatisfy { abs($0 - $1) < 2e-4 } },
          "\(pair.electrolyte) \(pair.electrolyteMiller) on \(pair.metalMiller): \(match)")
      }
    }
  }
}
