import Atomistics
import Interfaces
import Testing

/// Two surfaces by their vectors (ax, 0) and (bx, by).
struct SurfacePair: Sendable, CustomTestStringConvertible {
  let name: String
  let film: [Double]
  let metal: [Double]
  var testDescription: String { name }

  static let all: [SurfacePair] = {
    let h = 3.0.squareRoot() / 2
    var pairs = [
      SurfacePair(name: "square on square", film: [4.1, 0, 4.1], metal: [3.4, 0, 3.4]),
      SurfacePair(
        name: "hexagonal on hexagonal", film: [5, 2.5, 5 * h], metal: [3.1, 1.55, 3.1 * h]),
      SurfacePair(name: "square on hexagonal", film: [4.1, 0, 4.1], metal: [3, 1.5, 3 * h]),
      SurfacePair(name: "centred on rectangular", film: [5, 2.5, 3.1], metal: [3.4, 0, 4.2]),
      SurfacePair(name: "itself", film: [3.1, 0.4, 3.7], metal: [3.1, 0.4, 3.7]),
    ]
    for seed in 1...6 as ClosedRange<UInt64> {
      var random = RandomGenerator(seed: seed)
      func plane() -> [Double] {
        let a = 2.8 + random.uniform()
        return [a, a * (random.uniform() - 0.5), a + random.uniform()]
      }
      pairs.append(SurfacePair(name: "oblique \(seed)", film: plane(), metal: plane()))
    }
    return pairs
  }()

  func lattice(_ plane: [Double]) -> PlaneLattice {
    PlaneLattice(a: SIMD2(plane[0], 0), b: SIMD2(plane[1], plane[2]))
  }
}

/// A real 2 × 2 matrix; rows are the images of x and y.
private struct Map {
  let x: SIMD2<Double>
  let y: SIMD2<Double>
  var determinant: Double { x.x * y.y - x.y * y.x }

  init(_ x: SIMD2<Double>, _ y: SIMD2<Double>) { (self.x, self.y) = (x, y) }

  /// What carries one basis into another.
  init(from n: (SIMD2<Double>, SIMD2<Double>), to f: (SIMD2<Double>, SIMD2<Double>)) {
    let d = n.0.x * n.1.y - n.0.y * n.1.x
    self.init((n.1.y * f.0 - n.0.y * f.1) / d, (n.0.x * f.1 - n.1.x * f.0) / d)
  }

  func callAsFunction(_ v: SIMD2<Double>) -> SIMD2<Double> { v.x * x + v.y * y }
  func then(_ next: Map) -> Map { Map(next(x), next(y)) }

  func isNear(_ other: Map) -> Bool {
    let (u, v) = (x - other.x, y - other.y)
    return (u * u).sum() + (v * v).sum() < 1e-12
  }
}

private func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }

private func vectors(_ lattice: PlaneLattice, upTo reach: Double) -> [SIMD2<Double>] {
  (-30...30).flatMap { i in
    (-30...30).map { Double(i) * lattice.a + Double($0) * lattice.b }
  }.filter { length($0) > 1e-9 && length($0) < reach }
}

/// Every map of a lattice onto itself, from all vectors of the right lengths.
private func isometries(_ lattice: PlaneLattice) -> [Map] {
  let near = vectors(lattice, upTo: lattice.lengthA + lattice.lengthB + 1)
  return near.filter { abs(length($0) - lattice.lengthA) < 1e-7 }.flatMap { u in
    near.filter {
      abs(length($0) - lattice.lengthB) < 1e-7
        && abs(length($0 - u) - length(lattice.b - lattice.a)) < 1e-7
    }.map { Map(from: (lattice.a, lattice.b), to: (u, $0)) }
  }
}

/// All deformations within the limits, by trying every pair of vectors on either side.
private func bruteForce(_ film: PlaneLattice, _ metal: PlaneLattice, area: Double) -> [Map] {
  let reach = area / 2.5
  let (short, near) = (vectors(film, upTo: reach), vectors(metal, upTo: reach * 1.06))
  var result: [Map] = []
  for a in short {
    let first = near.filter { abs(length($0) / length(a) - 1) <= 0.05 }
    guard !first.isEmpty else { continue }
    for b in short where length(b) >= length(a) - 1e-9 {
      let cross = a.x * b.y - a.y * b.x
      guard cross > 1e-9, cross <= area, abs((a * b).sum()) <= (a * a).sum() / 2 + 1e-9 else {
        continue
      }
      let f = PlaneLattice(a: a, b: b)
      let acute = min(f.angle, 180 - f.angle)
      for v in near where abs(length(v) / length(b) - 1) <= 0.05 {
        for u in first where u.x * v.y - u.y * v.x > 1e-9 {
          if abs(PlaneLattice(a: u, b: v).angle - f.angle) <= 0.03 * acute {
            result.append(Map(from: (u, v), to: (a, b)))
          }
        }
      }
    }
  }
  return result
}

@Suite struct MatchOnceTests {
  /// Of lattices that symmetry reduces, oblique ones too: every deformation is found, and once.
  @Test(arguments: SurfacePair.all) func everyDeformationOnce(_ pair: SurfacePair) {
    let (film, metal) = (pair.lattice(pair.film), pair.lattice(pair.metal))
    let limits = MatchLimits(area: 110, length: 0.05, angle: 0.03)
    let (filmMaps, metalMaps) = (isometries(film), isometries(metal))
    #expect(filmMaps.count == film.symmetries().count)
    #expect(metalMaps.count == metal.symmetries().count)
    func isSame(_ d: Map, _ e: Map) -> Bool {
      metalMaps.contains { g in
        filmMaps.contains { h in
          g.determinant * h.determinant > 0 && g.then(d).then(h).isNear(e)
        }
      }
    }
    var classes: [Map] = []
    for d in bruteForce(film, metal, area: 110) where !classes.contains(where: { isSame($0, d) }) {
      classes.append(d)
    }
    let found = LatticeMatch.all(
      electrolyte: film, metal: metal, limits: limits, electrolyteSymmetries: film.symmetries(),
      metalSymmetries: metal.symmetries())
    let ours = found.map { match in
      Map(
        from: (match.metalLattice.a, match.metalLattice.b),
        to: (match.electrolyteLattice.a, match.electrolyteLattice.b))
    }
    #expect(ours.count == classes.count)
    for d in classes { #expect(ours.filter { isSame($0, d) }.count == 1) }
  }

  @Test func theBruteForceComparesSomething() {
    let counts = SurfacePair.all.map {
      bruteForce($0.lattice($0.film), $0.lattice($0.metal), area: 110).count
    }
    #expect(counts.filter { $0 > 0 }.count >= 8 && counts.reduce(0, +) > 100)
  }

  /// The superlattices are what their integers say, and make no smaller cell of the same match.
  @Test func matchesAreOfTheSmallestCell() {
    for pair in SurfacePair.all {
      let (film, metal) = (pair.lattice(pair.film), pair.lattice(pair.metal))
      let found = LatticeMatch.all(
        electrolyte: film, metal: metal, limits: MatchLimits(area: 200, length: 0.05, angle: 0.03))
      #expect(!found.isEmpty)
      for match in found {
        let (p, q) = (match.electrolyte.rows, match.metal.rows)
        for (row, v) in zip(p, [match.electrolyteLattice.a, match.electrolyteLattice.b]) {
          #expect(length(Double(row.x) * film.a + Double(row.y) * film.b - v) < 1e-9)
        }
        for (row, v) in zip(q, [match.metalLattice.a, match.metalLattice.b]) {
          #expect(length(Double(row.x) * metal.a + Double(row.y) * metal.b - v) < 1e-9)
        }
      }
      // By areas: no deformation twice.
      let maps = found.map {
        Map(
          from: ($0.metalLattice.a, $0.metalLattice.b),
          to: ($0.electrolyteLattice.a, $0.electrolyteLattice.b))
      }
      for (i, d) in maps.enumerated() {
        #expect(!maps[..<i].contains { $0.isNear(d) })
      }
    }
  }

  @Test func absoluteLimitsAreInAngstromAndDegrees() {
    let film = PlaneLattice(a: SIMD2(10, 0), b: SIMD2(0, 12))
    func count(_ a: Double, _ degrees: Double, _ limits: MatchLimits) -> Int {
      let radians = degrees * .pi / 180
      let metal = PlaneLattice(a: SIMD2(a, 0), b: SIMD2(12 * cosine(radians), 12 * sine(radians)))
      // As it is and turned by 180°.
      return LatticeMatch.all(electrolyte: film, metal: metal, limits: limits).count / 2
    }
    let limits = MatchLimits(area: 130, length: 0.1, angle: 1, kind: .absolute)
    #expect(count(10.0999, 90, limits) == 1 && count(10.1001, 90, limits) == 0)
    #expect(count(10, 90.999, limits) == 1 && count(10, 91.001, limits) == 0)
    // 0.1 Å of 10 Å is 1 %, 1 degree of 90 is 1.11 %.
    let relative = MatchLimits(area: 130, length: 0.01, angle: 1 / 90.0)
    #expect(count(10.0999, 90, relative) == 1 && count(10.1001, 90, relative) == 0)
    #expect(count(10, 90.999, relative) == 1 && count(10, 91.001, relative) == 0)
  }

  /// The unrelated sides of a mirror-symmetric pair count once only where both are mirrored.
  @Test func symmetriesOfALattice() {
    let counts = [
      ([4.1, 0, 4.1], 8), ([3, 1.5, 1.5 * 3.0.squareRoot()], 12), ([3.4, 0, 4.2], 4),
      ([5, 2.5, 3.1], 4), ([3.1, 0.4, 3.7], 2), ([3.1, 7.2, 3.7], 2),
    ]
    for (plane, count) in counts {
      let lattice = PlaneLattice(a: SIMD2(plane[0], 0), b: SIMD2(plane[1], plane[2]))
      let maps = lattice.symmetries()
      #expect(maps.count == count && Set(maps).count == count)
      for map in maps {
        for v in [SIMD2(1, 0), SIMD2(2, 3), SIMD2(-1, 5)] {
          func vector(_ n: SIMD2<Int>) -> SIMD2<Double> {
            Double(n.x) * lattice.a + Double(n.y) * lattice.b
          }
          let image = v.x &* map.rows[0] &+ v.y &* map.rows[1]
          #expect(abs(length(vector(image)) - length(vector(v))) < 1e-9)
        }
      }
    }
  }
}
