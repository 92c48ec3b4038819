import Atomistics
import FileFormats
import Interfaces
import Testing

/// Planes and terminations reduced by symmetry, against groups found without spglib.
@Suite struct PlaneFamilyTests {
  /// Every operation of a crystal by trying all whole-number matrices with entries −1 to 1 and all
  /// translations between like atoms.
  static func bruteGroup(_ crystal: Structure) -> [[SIMD3<Int>]] {
    let m = crystal.lattice.matrix
    let metric = m * m.transpose
    let places = crystal.fractionalPositions
    var found: [[SIMD3<Int>]] = []
    for code in 0..<19683 {
      var rest = code
      var entries: [Int] = []
      for _ in 0..<9 {
        entries.append(rest % 3 - 1)
        rest /= 3
      }
      let rows = (0..<3).map { SIMD3(entries[3 * $0], entries[3 * $0 + 1], entries[3 * $0 + 2]) }
      let r = Matrix3(
        Vector3(Double(rows[0].x), Double(rows[0].y), Double(rows[0].z)),
        Vector3(Double(rows[1].x), Double(rows[1].y), Double(rows[1].z)),
        Vector3(Double(rows[2].x), Double(rows[2].y), Double(rows[2].z)))
      guard (r.transpose * metric * r - metric).frobeniusNorm < 1e-3 * metric.frobeniusNorm else {
        continue
      }
      // x' = R x: rows of R times columns.
      func image(_ x: Vector3) -> Vector3 { x * r.transpose }
      let holds = places.indices.contains { target in
        guard crystal.species[target] == crystal.species[0] else { return false }
        let shift = places[target] - image(places[0])
        return places.indices.allSatisfy { i in
          let moved = image(places[i]) + shift
          return places.indices.contains { j in
            var d = moved - places[j]
            for k in 0..<3 { d[k] -= d[k].rounded() }
            return crystal.species[i] == crystal.species[j]
              && crystal.lattice.cartesian(d).length < 0.02
          }
        }
      }
      if holds { found.append(rows) }
    }
    return found
  }

  private static func determinant(_ r: [SIMD3<Int>]) -> Int {
    SymmetryOperation(rotation: r, translation: .zero).determinant
  }

  /// Orbits of faces: h' = h R runs over the same orbit as h' = h R⁻¹.
  private static func orbits(_ faces: [MillerIndex], _ group: [[SIMD3<Int>]]) -> Set<
    Set<MillerIndex>
  > {
    Set(
      faces.map { face in
        Set(
          group.compactMap { r -> MillerIndex? in
            let v = face.h &* r[0] &+ face.k &* r[1] &+ face.l &* r[2]
            let image = MillerIndex(v.x, v.y, v.z)
            return faces.contains(image) ? image : nil
          })
      })
  }

  static let samples: [(String, Structure, order: Int)] = [
    ("rock salt", InterfaceCrystals.rockSalt(), 48),
    ("zinc blende", InterfaceCrystals.zincBlende, 24),
    ("hexagonal", InterfaceCrystals.hexagonal, 24), ("quartz", InterfaceCrystals.quartz, 6),
    ("monoclinic", InterfaceCrystals.monoclinic, 4),
    ("triclinic", SampleCrystals.chiral(seed: 5), 1),
  ]

  @Test(arguments: samples.indices) func familiesAreTheOrbitsOfTheFaces(index: Int) throws {
    let (name, crystal, order) = Self.samples[index]
    let group = Self.bruteGroup(crystal)
    #expect(group.count == order, "\(name)")
    let turns = group.filter { Self.determinant($0) > 0 }
    for largest in 1...3 {
      let faces = MillerIndex.all(upTo: largest)
      for (images, operations) in [
        (Termination.MirrorImages.apart, turns), (.asOne, group),
      ] {
        let families = try MillerIndex.distinct(
          of: CleavableCrystal(crystal), upTo: largest, mirrorImages: images)
        let expected = Self.orbits(faces, operations)
        #expect(Set(families.map { Set($0.members) }) == expected, "\(name) \(largest)")
        #expect(
          families.count == expected.count && families.allSatisfy { $0.members[0] == $0.index })
        // Burnside's count, where no face leaves the limit.
        if order == 48 || order == 24 && name == "zinc blende" {
          let fixed = operations.reduce(0) { sum, r in
            sum
              + faces.filter {
                $0.h &* r[0] &+ $0.k &* r[1] &+ $0.l &* r[2] == SIMD3($0.h, $0.k, $0.l)
              }.count
          }
          #expect(families.count * operations.count == fixed)
        }
      }
    }
  }

  @Test func countsThatAreKnown() throws {
    func count(_ crystal: Structure, _ largest: Int, _ images: Termination.MirrorImages) throws
      -> Int
    {
      try MillerIndex.distinct(
        of: CleavableCrystal(crystal), upTo: largest, mirrorImages: images
      ).count
    }
    // (100) (110) (111), (210) (211) (221), and up to 3 the six-sided (321) with two hands.
    #expect(try count(InterfaceCrystals.rockSalt(), 1, .apart) == 3)
    #expect(try count(InterfaceCrystals.rockSalt(), 2, .apart) == 6)
    #expect(try count(InterfaceCrystals.rockSalt(), 3, .asOne) == 13)
    #expect(try count(InterfaceCrystals.rockSalt(), 3, .apart) == 14)
    // The two faces of (111) are two in zinc blende.
    #expect(try count(InterfaceCrystals.zincBlende, 1, .asOne) == 4)
    // Nothing of a chiral crystal is the mirror image of another part of it.
    for crystal in [InterfaceCrystals.quartz, SampleCrystals.chiral(seed: 2)] {
      #expect(try count(crystal, 2, .asOne) == count(crystal, 2, .apart))
    }
    #expect(try count(SampleCrystals.chiral(seed: 2), 2, .apart) == 98)
    #expect(
      try count(InterfaceCrystals.monoclinic, 2, .asOne)
        < count(InterfaceCrystals.monoclinic, 2, .apart))
  }

  /// A supercell with other vectors of equal multiples, a turned and a moved crystal.
  @Test func theCellDoesNotMatter() throws {
    for (name, crystal, _) in Self.samples {
      let expected = try MillerIndex.distinct(of: CleavableCrystal(crystal), upTo: 2)
      for other in [crystal.supercell(2, 2, 2), InterfaceCrystals.turned(crystal, seed: 8)] {
        let found = try MillerIndex.distinct(of: CleavableCrystal(other), upTo: 2)
        #expect(found == expected, "\(name)")
      }
    }
  }

  /// The space group finds the same terminations, and the same symmetries of each, as comparing all
  /// pairs atom by atom.
  @Test func terminationsAgreeWithComparingAtoms() throws {
    var crystals = Self.samples.map { ($0.0, $0.1, 2) }
    for name in SampleCrystals.argyrodites {
      crystals.append((name, try SampleCrystals.named(name), 1))
    }
    for name in ["LiBH4", "Li3PS4", "LiBF4", "Li2S", "LiCN"] {
      crystals.append((name, try SampleCrystals.named(name), 1))
    }
    var compared = 0
    for (name, crystal, largest) in crystals {
      let ready = CleavableCrystal(crystal)
      let planes = MillerIndex.all(upTo: largest).map { ($0, OrientedCell(ready, up: $0)) }
      let found = Termination.distinct(planes).flatMap { $0 }
      let expected = Termination.distinctByAtoms(planes).flatMap { $0 }
      #expect(found.map(\.face) == expected.map(\.face), "\(name)")
      #expect(zip(found, expected).allSatisfy { abs($0.cut - $1.cut) < 1e-9 }, "\(name)")
      for (a, b) in zip(found, expected) {
        #expect(a.symmetries.count == b.symmetries.count, "\(name) \(a.face) \(a.cut)")
        #expect(
          a.symmetries.allSatisfy { map in
            b.symmetries.contains { Self.areNear($0, map) }
          }, "\(name) \(a.face)")
        compared += a.symmetries.count
      }
      // The short way, one plane of each family, gives as many.
      #expect(try Termination.all(of: ready, upTo: largest).flatMap { $0 }.count == found.count)
    }
    #expect(compared > 300)
  }

  private static func areNear(_ a: PlaneMap, _ b: PlaneMap) -> Bool {
    let (x, y) = (a.x - b.x, a.y - b.y)
    return max(abs(x.x), abs(x.y), abs(y.x), abs(y.y)) < 0.02
  }

  /// A film that is to lie face down is the same film: its faces are told by their outward side.
  @Test func filmsThatLookDownHaveAsManyTerminations() throws {
    for name in ["Li6PS5BH4", "LiBH4", "Li2S"] {
      let ready = CleavableCrystal(try SampleCrystals.named(name))
      let faces = MillerIndex.all(upTo: 1)
      let up = Termination.distinct(faces.map { ($0, OrientedCell(ready, up: $0)) }).flatMap { $0 }
      let down = Termination.distinct(faces.map { ($0, OrientedCell(ready, up: $0.opposite)) })
        .flatMap { $0 }
      #expect(up.count == down.count)
      #expect(up.allSatisfy(\.isUpper) && down.allSatisfy { !$0.isUpper })
      func text(_ all: [Termination]) -> [String] {
        all.map { t in
          let (k, c) = (t.kind, t.character)
          let numbers = [c.dipole ?? 9, c.excessCharge ?? 9, c.brokenBonds ?? 9, t.cell.area]
            .map { Int(($0 * 1e5).rounded()) }
          return "\(k.name) \(k.planeLabel) \(numbers)"
        }.sorted()
      }
      #expect(text(up) == text(down), "\(name)")
    }
  }
}
