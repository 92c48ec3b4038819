import Atomistics
import Foundation
import Interfaces
import Testing

@Suite struct PymatgenListTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let electrolyte: String
      let film: [Int]
      let substrate: [Int]
      let area: Double
      let bidirectional: Bool
      let matches: [[Double]]
    }
    let cases: [Case]
  }

  /// Count, areas, strains and shapes of every entry, repeats included.
  @Test func theListIsPymatgens() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "pymatgen_list", withExtension: "json", subdirectory: "Fixtures"))
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    #expect(golden.cases.reduce(0) { $0 + $1.matches.count } > 20)
    for one in golden.cases {
      func cell(_ name: String, _ m: [Int]) throws -> OrientedCell {
        OrientedCell(try Crystals.data(name), up: MillerIndex(m[0], m[1], m[2]))
      }
      var search = PymatgenMatches()
      search.area = one.area
      search.bidirectional = one.bidirectional
      let ours = search.all(
        film: try cell(one.electrolyte, one.film).lattice,
        substrate: try cell("Li.cif", one.substrate).lattice
      ).map {
        [
          $0.area, $0.strain.vonMises, $0.film.a, $0.film.b, $0.film.angle, $0.substrate.a,
          $0.substrate.b, $0.substrate.angle,
        ]
      }
      #expect(ours.count == one.matches.count, "\(one.electrolyte) \(one.film) \(one.substrate)")
      // One for one: each of theirs takes one of ours.
      var left = ours
      for match in one.matches {
        let place = left.firstIndex {
          zip($0, match).allSatisfy { abs($0 - $1) < 1e-6 * max(1, abs($1)) }
        }
        if let place { left.remove(at: place) }
        #expect(place != nil, "\(one.electrolyte) \(one.film) \(one.substrate): \(match)")
      }
    }
  }
}
