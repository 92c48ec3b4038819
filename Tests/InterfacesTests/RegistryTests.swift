import Atomistics
import Interfaces
import Testing

/// Lateral shifts: which are distinct, and what a scan of them gives.
@Suite struct RegistryTests {
  private static let pairs = [("LiCl", "Li"), ("Li2S", "Li"), ("Li6PS5Cl", "Li")]

  private func candidates(_ pair: (String, String)) throws -> [ContactCandidate] {
    var settings = ContactSettings()
    settings.maximumArea = 150
    return try CoherentInterface.candidates(
      electrolyte: SampleCrystals.named(pair.0), metal: SampleCrystals.named(pair.1),
      settings: settings)
  }

  /// A sum over all pairs between the sides up to 7 Å, which tells one contact from another whatever
  /// the origin.
  private func sumOfDistances(_ structure: Structure) -> Double {
    let list = NeighborList(structure, cutoff: 7)
    var sum = 0.0
    for i in 0..<structure.count where structure.regions?[i] == .metal {
      for pair in list.pairs(of: i) where structure.regions?[Int(list.neighbors[pair])] != .metal {
        let d = list.vector(pair, from: i, in: structure).length
        // Smooth at the end, so that no pair falls in or out.
        let weight = Double(structure.species[Int(list.neighbors[pair])].atomicNumber)
        sum += (7 - d) * (7 - d) * weight
      }
    }
    return sum
  }

  @Test(arguments: pairs) func shiftsByTheLatticeGiveTheSameContact(pair: (String, String)) throws {
    let all = try candidates(pair)
    let settings = ContactSettings()
    var larger = 0
    for candidate in all.prefix(4) {
      let cell = RegistryCell(candidate).lattice
      func value(_ shift: SIMD2<Double>) -> Double {
        sumOfDistances(CoherentInterface(candidate, settings: settings, shift: shift).structure)
      }
      let start = 0.31 * cell.a + 0.17 * cell.b
      let reference = value(start)
      for step in [cell.a, cell.b, cell.a - 2 * cell.b] {
        #expect(abs(value(start + step) - reference) < 1e-6 * max(1, reference))
      }
      // No finer lattice would do: halves are other contacts.
      let halves = [0.5 * cell.a, 0.5 * cell.b, 0.5 * (cell.a + cell.b)].map {
        abs(value(start + $0) - reference)
      }
      if halves.contains(where: { $0 > 1e-4 * max(1, reference) }) { larger += 1 }
    }
    #expect(larger > 0)
  }

  /// L holds the surface lattices of both sides, and its area is that of C over a whole number.
  @Test(arguments: pairs) func theCellIsOfTheLatticeThatBothGenerate(pair: (String, String)) throws
  {
    for candidate in try candidates(pair).prefix(12) {
      let cell = RegistryCell(candidate).lattice
      let match = candidate.match
      func isInLattice(_ v: SIMD2<Double>) -> Bool {
        let s = (v.x * cell.b.y - v.y * cell.b.x) / cell.area
        let t = (v.y * cell.a.x - v.x * cell.a.y) / cell.area
        return abs(s - s.rounded()) < 1e-6 && abs(t - t.rounded()) < 1e-6
      }
      // The superlattice in the contact's frame, and surface vectors as fractions of it.
      let c = CoherentInterface(candidate, settings: ContactSettings()).structure.lattice
      for supercell in [match.electrolyte, match.metal] {
        let (p, q) = (supercell.rows[0], supercell.rows[1])
        let n = Double(supercell.index)
        for (u, v) in [(Double(q.y), -Double(p.y)), (-Double(q.x), Double(p.x))] {
          let vector = (u / n) * c.a + (v / n) * c.b
          #expect(isInLattice(SIMD2(vector.x, vector.y)))
        }
      }
      let least = match.area / cell.area
      let (nf, nm) = (match.electrolyte.index, match.metal.index)
      #expect(abs(least - least.rounded()) < 1e-6)
      #expect(Int(least.rounded()) % nf == 0 && Int(least.rounded()) % nm == 0)
      #expect(Int(least.rounded()) <= nf * nm)
    }
  }

  @Test func aScanSetsTheGapAnewAndRanks() throws {
    let candidate = try #require(try candidates(("LiCl", "Li")).first)
    let settings = ContactSettings()
    let scan = RegistryScan(candidate, settings: settings, grid: .points(3)) { structure in
      -structure.positions.reduce(0) { $0 + cosine($1.x) }
    }
    #expect(scan.points.count == 9 && scan.divisions == SIMD2(3, 3))
    #expect(scan.points[0].shift == .zero)
    let plain = CoherentInterface(candidate, settings: settings)
    #expect(scan.points[0].gap == plain.gap)
    for point in scan.points {
      let contact = CoherentInterface(candidate, settings: settings, shift: point.shift)
      #expect(contact.gap == point.gap && contact.shift == point.shift)
    }
    #expect(Set(scan.points.map { ($0.gap * 1e6).rounded() }).count > 1)
    #expect(scan.best.energy <= (scan.points.map(\.energy).min() ?? 0) + 1e-6)
    #expect(scan.ranked.count == 9)
    let fine = RegistryCell.Grid.spacing(0.5)
    let again = RegistryScan(candidate, settings: settings, grid: fine) { _ in 0 }
    #expect(scan.cell.lengthA / Double(again.divisions.x) <= 0.5 + 1e-9)
    #expect(again.best.shift == .zero)
  }

  @Test func gridsAreRead() throws {
    #expect(try RegistryCell.Grid("4") == .points(4))
    #expect(try RegistryCell.Grid("0.5 Å") == .spacing(0.5))
    for text in ["0", "-2", "65", "0 Å", "0.001 Å", "fine"] {
      #expect(throws: AtomisticsError.self) { try RegistryCell.Grid(text) }
    }
  }
}
