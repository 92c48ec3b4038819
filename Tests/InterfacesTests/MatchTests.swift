import Atomistics
import Foundation
import Interfaces
import Testing

private func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }
private func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }

@Suite struct MatchTests {
  private func limits(_ area: Double) -> ContactSettings {
    var settings = ContactSettings()
    settings.maximumArea = area
    return settings
  }

  @Test func limitsAreKeptAndStrainIsThatOfDistances() throws {
    let film = OrientedCell(try SampleCrystals.named("Li6PS5Cl"), up: MillerIndex(1, 1, 0))
    let metal = OrientedCell(try SampleCrystals.named("Li"), up: MillerIndex(1, 1, 0))
    let matches = LatticeMatch.all(electrolyte: film, metal: metal, limits: limits(300))
    #expect(matches.count > 3)
    for match in matches {
      let (f, n) = (match.electrolyteLattice, match.metalLattice)
      #expect(match.area <= 300)
      #expect(abs(n.lengthA / f.lengthA - 1) <= 0.03 && abs(n.lengthB / f.lengthB - 1) <= 0.03)
      #expect(abs(n.angle - f.angle) <= 0.01 * min(f.angle, 180 - f.angle))
      #expect(abs(match.area - Double(match.electrolyte.index) * film.area) < 1e-6)
      #expect(abs(n.area - Double(match.metal.index) * metal.area) < 1e-6)
      // 2 n·E·n = f·f − n·n for every vector of the lattice.
      let e = match.strain
      for (i, j) in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (2.0, -3.0)] {
        let (u, v) = (i * n.a + j * n.b, i * f.a + j * f.b)
        let strained = e.x * u.x * u.x + e.y * u.y * u.y + 2 * e.z * u.x * u.y
        #expect(abs(2 * strained - ((v * v).sum() - (u * u).sum())) < 1e-8)
      }
    }
  }

  @Test func onePercentInBothDirections() throws {
    let e = 0.01
    // Green-Lagrange: the stretch whose strain is exactly 1 %.
    let stretched = SampleCrystals.cubic(3.4 * (1 + 2 * e).squareRoot(), "Na", bodyCentred: false)
    let metal = SampleCrystals.cubic(3.4, "Li", bodyCentred: false)
    let match = try #require(
      LatticeMatch.all(
        electrolyte: OrientedCell(stretched, up: MillerIndex(0, 0, 1)),
        metal: OrientedCell(metal, up: MillerIndex(0, 0, 1)), limits: limits(13)
      ).first)
    #expect(abs(match.vonMisesStrain - 2.0 / 3 * e) < 1e-12)
  }

  @Test func selfMatchHasNoStrainAndTheAreaLimitIsIncluded() {
    let crystal = SampleCrystals.chiral(seed: 11)
    for m in MillerIndex.all(upTo: 1) {
      let cell = OrientedCell(crystal, up: m)
      let found = LatticeMatch.all(electrolyte: cell, metal: cell, limits: limits(2 * cell.area))
      #expect(found.contains { $0.electrolyte.index == 1 && $0.vonMisesStrain < 1e-12 })
      // Twice the cell is the same match.
      #expect(!found.contains { $0.electrolyte.index == 2 && $0.vonMisesStrain < 1e-12 })
      let one = LatticeMatch.all(electrolyte: cell, metal: cell, limits: limits(cell.area))
      #expect(!one.isEmpty)
      let below = LatticeMatch.all(
        electrolyte: cell, metal: cell, limits: limits(cell.area * (1 - 1e-6)))
      #expect(below.isEmpty)
    }
  }

  /// The limit on the angle is the same whichever way a basis vector points: an obtuse film and its
  /// acute mirror image have mirrored matches.
  @Test func obtuseAndAcuteAreJudgedAlike() {
    func count(_ gamma: Double, _ metalGamma: Double) -> Int {
      func cell(_ gamma: Double) -> OrientedCell {
        let lattice = Lattice(a: 4, b: 5, c: 6, alpha: 90, beta: 90, gamma: gamma)
        return OrientedCell(
          Structure(lattice: lattice, species: [Element("Li")!], positions: [.zero]),
          up: MillerIndex(0, 0, 1))
      }
      return LatticeMatch.all(
        electrolyte: cell(gamma), metal: cell(metalGamma), limits: limits(20)
      ).count
    }
    for difference in [0.3, 0.65, 0.75, 0.9, 1.1, 1.3] {
      #expect(count(70, 70 + difference) == count(110, 110 - difference))
      #expect((count(70, 70 + difference) > 0) == (difference <= 0.7))
    }
  }

  /// Every pair of integer matrices whose bases lie within the limits, with nothing clever.
  @Test func bruteForceFindsTheSameMatches() {
    var total = 0
    for seed in 21...28 as ClosedRange<UInt64> {
      let film = OrientedCell(SampleCrystals.chiral(seed: seed), up: MillerIndex(1, 0, 0))
      let metal = OrientedCell(SampleCrystals.cubic(3.44, "Li"), up: MillerIndex(1, 1, 0))
      var settings = limits(100)
      (settings.lengthMismatch, settings.angleMismatch) = (0.06, 0.03)
      let found = LatticeMatch.all(electrolyte: film, metal: metal, limits: settings)
      let ours = Set(found.map { Deformation($0.metalLattice, $0.electrolyteLattice) })
      let slow = bruteForce(film, metal, settings)
      total += slow.count
      #expect(ours == slow, "seed \(seed): \(ours.count) and \(slow.count)")
    }
    #expect(total > 40)
  }

  /// A match by its deformation, as numbers.
  private struct Deformation: Hashable {
    let entries: [Int]

    init(_ n: PlaneLattice, _ f: PlaneLattice) {
      let d = n.area
      func deformed(_ x: Double, _ y: Double) -> SIMD2<Double> {
        ((x * n.b.y - y * n.b.x) / d) * f.a + ((y * n.a.x - x * n.a.y) / d) * f.b
      }
      let (x, y) = (deformed(1, 0), deformed(0, 1))
      entries = [x.x, x.y, y.x, y.y].map { Int(($0 * 1e5).rounded()) }
    }
  }

  private func bruteForce(
    _ film: OrientedCell, _ metal: OrientedCell, _ settings: ContactSettings
  ) -> Set<Deformation> {
    func vectors(_ cell: OrientedCell, reach: Double) -> [SIMD2<Double>] {
      (-25...25).flatMap { i in
        (-25...25).map { j in
          let v = Double(i) * cell.lattice.a + Double(j) * cell.lattice.b
          return SIMD2(v.x, v.y)
        }
      }.filter { length($0) > 1e-9 && length($0) < reach }
    }
    let area = settings.maximumArea
    let short = vectors(film, reach: area / 3.5)
    let near = vectors(metal, reach: area / 3.5 * 1.1)
    var result: Set<Deformation> = []
    for a in short {
      for b in short where length(a) <= length(b) + 1e-9 {
        // Reduced right-handed bases only, which every superlattice has.
        guard cross(a, b) > 1e-9, cross(a, b) <= area,
          abs((a * b).sum()) <= (a * a).sum() / 2 + 1e-9
        else { continue }
        let f = PlaneLattice(a: a, b: b)
        func fits(_ v: SIMD2<Double>, _ l: Double) -> Bool {
          abs(length(v) / l - 1) <= settings.lengthMismatch
        }
        let seconds = near.filter { fits($0, f.lengthB) }
        for u in near where fits(u, f.lengthA) {
          for v in seconds where cross(u, v) > 1e-9 {
            let n = PlaneLattice(a: u, b: v)
            let acute = min(f.angle, 180 - f.angle)
            if abs(n.angle - f.angle) <= settings.angleMismatch * acute {
              result.insert(Deformation(n, f))
            }
          }
        }
      }
    }
    return result
  }
}
