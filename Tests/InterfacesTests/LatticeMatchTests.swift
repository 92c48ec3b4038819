import Atomistics
import Foundation
import Interfaces
import Testing

/// A pair of sublattices, each by its Hermite normal form (m, n, p).
struct MatchKey: Hashable {
  let electrolyte: [Int]
  let metal: [Int]

  init(_ electrolyte: [Int], _ metal: [Int]) {
    self.electrolyte = electrolyte
    self.metal = metal
  }

  init(_ match: LatticeMatch) {
    self.init(hermite(match.electrolyte.rows), hermite(match.metal.rows))
  }

  /// What a multiple of a pair in bases that belong together shares with it: the minors of the
  /// 2 × 4 matrix over their greatest common divisor.
  static func minors(_ a: [SIMD2<Int>], _ b: [SIMD2<Int>]) -> [Int] {
    let (p, q) = ([a[0].x, a[0].y, b[0].x, b[0].y], [a[1].x, a[1].y, b[1].x, b[1].y])
    var all: [Int] = []
    for i in 0..<4 { for j in (i + 1)..<4 { all.append(p[i] * q[j] - p[j] * q[i]) } }
    let divisor = all.reduce(0) { greatestCommonDivisor($0, $1) }
    return all.map { $0 / divisor }
  }

  /// The key in coordinates of the mirrored electrolyte surface, a against −a.
  var mirrored: MatchKey {
    MatchKey(
      [electrolyte[0], (electrolyte[0] - electrolyte[1]) % electrolyte[0], electrolyte[2]], metal)
  }
}

/// Rows (m 0) and (n p), 0 ≤ n < m, that span what two whole vectors span.
func hermite(_ rows: [SIMD2<Int>]) -> [Int] {
  var (u, v) = (rows[0], rows[1])
  while u.y != 0 {
    let q = v.y / u.y
    (u, v) = (SIMD2(v.x - q * u.x, v.y - q * u.y), u)
  }
  let m = abs(u.x)
  let n = v.y > 0 ? v.x : -v.x
  return [m, ((n % m) + m) % m, abs(v.y)]
}

func matches(_ film: [Double], _ metal: [Double], area: Double) -> [LatticeMatch] {
  var settings = ContactSettings()
  settings.maximumArea = area
  return LatticeMatch.all(
    electrolyte: OrientedCell(
      Crystals.plane(film[0], film[1], film[2]), up: MillerIndex(0, 0, 1)),
    metal: OrientedCell(
      Crystals.plane(metal[0], metal[1], metal[2]), up: MillerIndex(0, 0, 1)),
    limits: settings
  )
}

/// How many pairs of superlattices there are; each may match in several turns of the metal.
private func pairs(_ matches: [LatticeMatch]) -> Int { Set(matches.map(MatchKey.init)).count }

@Suite struct LatticeMatchTests {
  @Test(arguments: 1...40) func sublatticesAreCountedByTheSumOfDivisors(_ n: Int) {
    let all = PlaneSupercell.all(index: n)
    #expect(all.count == (1...n).filter { n % $0 == 0 }.reduce(0, +))
    #expect(Set(all.map { hermite($0.rows) }).count == all.count)
    #expect(all.allSatisfy { $0.index == n })
  }

  @Test func equalSurfacesMatchWithoutStrain() throws {
    let plane = [3.1, 0.4, 3.7]
    let found = matches(plane, plane, area: 12)
    // As it is and turned by 180°.
    #expect(found.count == 2 && pairs(found) == 1)
    #expect(found.allSatisfy { $0.vonMisesStrain < 1e-12 && $0.lengthMismatch < 1e-12 })
  }

  @Test func onePerCentInBothDirectionsIsAVonMisesStrainOfTwoThirds() throws {
    let found = matches([1.01 * 3.1, 0, 1.01 * 3.7], [3.1, 0, 3.7], area: 12)
    #expect(found.count == 2 && pairs(found) == 1)
    // E = (1.01² − 1) / 2 in x and y; e : e = (6 / 9) E².
    let strain = (1.01 * 1.01 - 1) / 2
    #expect(abs(found[0].vonMisesStrain - 2.0 / 3 * strain) < 1e-12)
    #expect(abs(found[0].strain.x - strain) < 1e-12 && abs(found[0].strain.y - strain) < 1e-12)
    // Shear alone: x' = x + γ y with e_xy = γ / 2 and e_yy = γ² / 2.
    let sheared = matches([3.1, 0.02, 3.7], [3.1, 0, 3.7], area: 12)[0]
    let γ = 0.02 / 3.7
    let (xy, yy) = (γ / 2, γ * γ / 2)
    let square = 2.0 / 3 * (yy * yy * 6 / 9 + 2 * xy * xy)
    #expect(abs(sheared.vonMisesStrain - square.squareRoot()) < 1e-12)
  }

  @Test func limitsAreThemselvesAllowed() {
    // 3 % in length and 9 Å² of area, to the last digit that is typed.
    #expect(pairs(matches([3, 0, 3], [3.09, 0, 3.09], area: 9)) == 1)
    #expect(matches([3, 0, 3], [3.0901, 0, 3.09], area: 9).isEmpty)
    #expect(matches([3, 0, 3], [3.09, 0, 3.09], area: 8.999).isEmpty)
    // 1 % of 60° is 0.6°, whether the basis shows 60° or 120°.
    func tilted(_ degrees: Double) -> [Double] {
      [3, 3.3 * cosine(degrees * .pi / 180), 3.3 * sine(degrees * .pi / 180)]
    }
    for (angle, other, expected) in [
      (65.0, 65.64, 1), (65.0, 65.66, 0), (115.0, 114.36, 1), (115.0, 114.34, 0),
    ] {
      #expect(pairs(matches(tilted(angle), tilted(other), area: 10)) == expected)
    }
  }

  /// Seeded pairs of oblique surfaces against every pair of whole-number bases.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6]) func bruteForceFindsTheSame(_ seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    func plane() -> [Double] {
      let a = 2.5 + random.uniform()
      return [a, a * (random.uniform() - 0.5) * 0.9, a + 0.1 + random.uniform()]
    }
    let (film, metal) = (plane(), plane())
    let found = matches(film, metal, area: 150)
    let keys = found.map { MatchKey.minors($0.electrolyte.rows, $0.metal.rows) }
    #expect(Set(keys).count == keys.count)
    for match in found {
      #expect(match.area <= 150 && match.lengthMismatch <= 0.03 && match.angleMismatch <= 0.01)
    }
    #expect(Set(keys) == bruteForce(film, metal, area: 150))
  }

  @Test func bruteForceComparesSomething() {
    let count = [UInt64(1), 2, 3, 4, 5, 6].reduce(0) { sum, seed in
      var random = RandomGenerator(seed: seed)
      func plane() -> [Double] {
        let a = 2.5 + random.uniform()
        return [a, a * (random.uniform() - 0.5) * 0.9, a + 0.1 + random.uniform()]
      }
      let (film, metal) = (plane(), plane())
      return sum + matches(film, metal, area: 150).count
    }
    #expect(count > 20)
  }

  @Test func everyMatchOfPymatgenIsFound() throws {
    struct Fixture: Decodable {
      struct Case: Decodable {
        let name: String
        let electrolyte: [Double]
        let metal: [Double]
        let area: Double
        let matches: [[[Int]]]
      }
      let cases: [Case]
    }
    let url = try #require(
      Bundle.module.url(forResource: "matches", withExtension: "json", subdirectory: "Fixtures"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    #expect(fixture.cases.count == 3)
    for one in fixture.cases {
      let film = one.electrolyte
      // pymatgen compares without regard to handedness, so the mirrored electrolyte counts too:
      // here it is the other face of the crystal. It lists multiples of what it has listed: areas are
      // compared by their ratio.
      let plain = matches(film, one.metal, area: one.area)
      let mirrored = matches([film[0], -film[1], film[2]], one.metal, area: one.area)
      let ratios = Set((plain + mirrored).map { Self.ratio($0.electrolyte.index, $0.metal.index) })
      #expect(!one.matches.isEmpty)
      for match in one.matches {
        let (f, n) = (match[0], match[1])
        #expect(ratios.contains(Self.ratio(f[0] * f[2], n[0] * n[2])), "\(one.name)")
      }
    }
  }

  private static func ratio(_ a: Int, _ b: Int) -> [Int] {
    let divisor = greatestCommonDivisor(a, b)
    return [a / divisor, b / divisor]
  }
}

/// Every pair of sublattices with bases that agree within 3 % and 1 %, by trying all of them.
private func bruteForce(_ film: [Double], _ metal: [Double], area: Double) -> Set<[Int]> {
  func vectors(_ plane: [Double], _ reach: Int) -> [(SIMD2<Int>, SIMD2<Double>)] {
    (-reach...reach).flatMap { i in
      (-reach...reach).map { j in
        (
          SIMD2(i, j),
          SIMD2(Double(i) * plane[0] + Double(j) * plane[1], Double(j) * plane[2])
        )
      }
    }
  }
  func length(_ v: SIMD2<Double>) -> Double { (v.x * v.x + v.y * v.y).squareRoot() }
  func angle(_ u: SIMD2<Double>, _ v: SIMD2<Double>) -> Double {
    arcCosine((u.x * v.x + u.y * v.y) / (length(u) * length(v)))
  }
  // No vector of a reduced cell of that area over the shortest vector is longer.
  let longest = area / 2.4
  func pairs(_ plane: [Double], reduced: Bool) -> [([SIMD2<Int>], Double, Double, Double)] {
    let all = vectors(plane, 26).filter { length($0.1) > 0 && length($0.1) < longest * 1.05 }
    var result: [([SIMD2<Int>], Double, Double, Double)] = []
    for (p, u) in all where !reduced || p.y > 0 || (p.y == 0 && p.x > 0) {
      for (q, v) in all {
        let cross = u.x * v.y - u.y * v.x
        guard cross > 1e-6, cross < area * 1.1 else { continue }
        let dot = u.x * v.x + u.y * v.y
        if reduced {
          guard cross <= area, length(u) <= length(v), 2 * abs(dot) <= length(u) * length(u)
          else { continue }
        } else {
          // Within 3 % and 1 % of a reduced basis.
          guard length(u) < 1.07 * length(v), abs(dot) < 0.6 * length(u) * length(u)
          else { continue }
        }
        result.append(([p, q], length(u), length(v), angle(u, v)))
      }
    }
    return result
  }
  let metals = pairs(metal, reduced: false).sorted { $0.1 < $1.1 }
  var found: Set<[Int]> = []
  for (rows, a, b, γ) in pairs(film, reduced: true) {
    for (other, u, v, δ) in metals where abs(u / a - 1) <= 0.03 && abs(v / b - 1) <= 0.03 {
      let mismatch = γ > .pi / 2 ? (.pi - δ) / (.pi - γ) - 1 : δ / γ - 1
      if abs(mismatch) <= 0.01 { found.insert(MatchKey.minors(rows, other)) }
    }
  }
  return found
}
