import Atomistics
import FileFormats
import Interfaces
import Testing

@Suite struct SurfaceCharacterTests {
  private func terminations(
    _ crystal: Structure, _ face: MillerIndex, cutsClusters: Bool = false
  ) -> [Termination] {
    let ready = CleavableCrystal(crystal, cutsClusters: cutsClusters)
    return Termination.distinct([(face, OrientedCell(ready, up: face))]).flatMap { $0 }
  }

  private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) < tolerance } ?? false
  }

  @Test func rockSalt() throws {
    let a = 5.64
    let flat = terminations(InterfaceCrystals.rockSalt(a), MillerIndex(1, 0, 0))
    #expect(flat.count == 1)
    let c = flat[0].character
    #expect(
      c.tasker == .neutralLayers && near(c.dipole, 0) && near(c.excessCharge, 0) && !c.isPolar)
    // One bond from each of the two ions on a²/2.
    #expect(near(c.brokenBonds, 4 / (a * a) * 100))
    #expect(flat[0].kind.name == "Na-Cl plane" && flat[0].kind.planeLabel == "NaCl")

    let steps = terminations(InterfaceCrystals.rockSalt(a), MillerIndex(1, 1, 0))
    #expect(steps.count == 1 && steps[0].character.tasker == .neutralLayers)
    // Four of the six bonds of a formula unit lead one plane on; the area is a²/√2.
    #expect(near(steps[0].character.brokenBonds, 4 * 2.0.squareRoot() / (a * a) * 100))

    let polar = terminations(InterfaceCrystals.rockSalt(a), MillerIndex(1, 1, 1))
    #expect(polar.count == 2)
    let area = a * a * 3.0.squareRoot() / 4
    for termination in polar {
      let c = termination.character
      let sign = termination.kind.name == "Na plane" ? 1.0 : -1
      #expect(c.tasker == .dipole && c.isPolar)
      // Planes of ±e per cell, a/(2√3) apart: half a charge is left over on each face.
      #expect(near(c.dipole, sign * 2 / (3 * a)))
      #expect(near(c.excessCharge, sign * 0.5 / area))
      #expect(near(c.brokenBonds, 3 / area * 100))
    }
    #expect(Set(polar.map(\.kind.name)) == ["Na plane", "Cl plane"])
  }

  @Test func antifluorite() throws {
    let a = 5.71
    let area = a * a * 3.0.squareRoot() / 4
    let all = terminations(InterfaceCrystals.antifluorite(a), MillerIndex(1, 1, 1))
    #expect(all.count == 3)
    // Li-S-Li sheets are Tasker's second class; after S, or after both Li, e D per cell are left.
    let (without, with) = (
      all.filter { $0.character.tasker == .noDipole }, all.filter { $0.character.isPolar }
    )
    #expect(without.count == 1 && with.count == 2)
    #expect(near(without[0].character.dipole, 0) && near(without[0].character.excessCharge, 0))
    #expect(without[0].kind.name == "Li plane")
    let d = a / 3.0.squareRoot()
    for termination in with {
      let sign = termination.kind.name == "S plane" ? -1.0 : 1
      #expect(near(termination.character.dipole, sign * d / area))
      #expect(near(termination.character.excessCharge, sign / area))
    }
    // The dipole of (100) as of zinc blende: planes of 2 Li and of S, a/4 apart, on a²/2.
    for termination in terminations(InterfaceCrystals.antifluorite(a), MillerIndex(1, 0, 0)) {
      let sign = termination.kind.name == "S plane" ? -1.0 : 1
      #expect(near(termination.character.dipole, sign * 1 / a))
    }
    for termination in terminations(InterfaceCrystals.zincBlende, MillerIndex(1, 0, 0)) {
      #expect(near(termination.character.dipole.map(abs), 1 / 5.41))
    }
  }

  /// A slab of N repeats has N times the dipole, counted from its atoms; the face below has the
  /// opposite charge.
  @Test func slabsHaveTheDipoleOfTheirRepeats() throws {
    var polar = 0
    for name in ["Li6PS5Cl", "Li6PS5BH4", "Li6PS5BF4", "Li6PS5CN", "LiBH4", "Li3PS4", "LiBF4"] {
      let ready = CleavableCrystal(try SampleCrystals.named(name))
      let charges = try ready.charges.get().values
      #expect(abs(charges.reduce(0, +)) < 1e-9, "\(name)")
      for termination in try Termination.all(of: ready, upTo: 1).flatMap({ $0 }) {
        let cell = termination.cell
        for layers in [1, 3] {
          let slab = Slab(cell, cut: termination.cut, layers: layers)
          let moment = zip(slab.atoms, slab.positions).reduce(0) { $0 + charges[$1.0] * $1.1.z }
          let expected = Double(layers) * (termination.character.dipole ?? .nan) * cell.area
          #expect(abs(moment - expected) < 1e-6, "\(name) \(termination.face)")
          #expect(slab.excess(over: ready).isEmpty)
        }
        let opposite = OrientedCell(ready, up: termination.face.opposite)
        let other = Termination(
          cell: opposite, face: termination.face, cut: -termination.cut)
        let same = other.character
        #expect(abs((same.dipole ?? 9) - (termination.character.dipole ?? 0)) < 1e-9)
        #expect(other.kind == termination.kind)
        if termination.character.isPolar { polar += 1 }
      }
    }
    #expect(polar > 10)
  }

  /// Broken bonds by counting the neighbours that a slab's atoms have lost.
  @Test func brokenBondsAreThoseThatASlabLacks() throws {
    for (crystal, pairs) in [
      (InterfaceCrystals.rockSalt(), [("Na", "Cl", 3.3)]),
      (InterfaceCrystals.antifluorite(), [("Li", "S", 2.9)]),
      (InterfaceCrystals.quartz, [("Si", "O", 1.95)]),
      (InterfaceCrystals.zincBlende, [("Zn", "S", 2.8)]),
    ] {
      func bonds(_ structure: Structure) -> Int {
        pairs.reduce(0) { sum, pair in
          let list = NeighborList(structure, cutoff: pair.2)
          return sum
            + (0..<structure.count).filter { structure.species[$0].symbol == pair.0 }.reduce(0) {
              $0
                + list.pairs(of: $1).filter {
                  structure.species[Int(list.neighbors[$0])].symbol == pair.1
                }.count
            }
        }
      }
      let ready = CleavableCrystal(crystal)
      for termination in try Termination.all(of: ready, upTo: 2).flatMap({ $0 }) {
        let layers = Int((8 / termination.cell.spacing).rounded(.up))
        let slab = Slab(termination.cell, cut: termination.cut, layers: layers)
        let lost =
          layers * bonds(ready.primitive)
          - bonds(slab.structure(in: termination.cell, vacuum: 8))
        let expected = (termination.character.brokenBonds ?? 0) * termination.cell.area / 100
        #expect(abs(Double(lost) - expected) < 1e-6, "\(termination.face) \(termination.cut)")
        #expect(lost > 0)
      }
    }
  }

  /// Clusters are cut only on request, and then their bonds are counted.
  @Test func clustersAreWholeUnlessCut() throws {
    var (whole, cut, named) = (0, 0, 0)
    for name in [
      "Li6PS5Cl", "Li6PS5BH4", "Li6PS5BF4", "Li6PS5CN", "LiBH4", "Li3PS4", "LiBF4", "LiCN",
    ] {
      let crystal = try SampleCrystals.named(name)
      let clusters = Cluster.present(in: crystal)
      func bonds(_ structure: Structure) -> Int {
        clusters.reduce(0) { $0 + $1.bonds(in: structure).count }
      }
      for cutsClusters in [false, true] {
        let ready = CleavableCrystal(crystal, cutsClusters: cutsClusters)
        for termination in try Termination.all(of: ready, upTo: 1).flatMap({ $0 }) {
          let slab = Slab(termination.cell, cut: termination.cut, layers: 2)
          let lost =
            2 * bonds(ready.primitive) - bonds(slab.structure(in: termination.cell, vacuum: 8))
          #expect(lost == termination.character.cutClusterBondsPerCell, "\(name)")
          if cutsClusters { cut += lost } else { whole += lost }
          // What the cut has left is named where it lies among the outermost.
          if termination.kind.name.contains("cut cluster") {
            named += 1
            #expect(lost > 0)
          }
        }
      }
    }
    #expect(whole == 0 && cut > 100 && named > 50)
  }

  /// The list is the crystal's: not the cell's, the frame's, the origin's or the order's.
  @Test func theCellDoesNotMatter() throws {
    func list(_ crystal: Structure) throws -> [String] {
      try Termination.all(of: CleavableCrystal(crystal), upTo: 1).flatMap { $0 }.map { t in
        let c = t.character
        let numbers = [c.dipole, c.excessCharge, c.brokenBonds, t.cell.area, t.cell.spacing]
          .map { Int((($0 ?? 99) * 1e4).rounded()) }
        return "\(t.kind.name) \(t.kind.planeLabel) \(c.tasker?.rawValue ?? "") \(numbers)"
      }.sorted()
    }
    for name in ["LiBH4", "Li6PS5BH4", "Li2S", "LiBF4"] {
      let crystal = try SampleCrystals.named(name)
      let expected = try list(crystal)
      #expect(!expected.isEmpty)
      #expect(try list(crystal.supercell(2, 2, 2)) == expected, "\(name), supercell")
      #expect(try list(InterfaceCrystals.turned(crystal, seed: 4)) == expected, "\(name), turned")
    }
  }

  @Test func metalsHaveNoChargesAndUnknownOnesAreTold() throws {
    let metal = terminations(SampleCrystals.cubic(3.44, "Li"), MillerIndex(1, 1, 0))
    let c = metal[0].character
    #expect(c.tasker == .neutralLayers && c.dipole == 0)
    // Of 14 near neighbours (8 + 6) the face (110) cuts 2 + 1 short bonds and 2 of the edges.
    let area = 3.44 * 3.44 / 2.0.squareRoot()
    #expect(near(c.brokenBonds, 4 / area * 100, 1e-6))
    let unknown = terminations(
      InterfaceCrystals.cell(
        InterfaceCrystals.cube(4), [("Na", .zero), ("O", Vector3(0.5, 0.5, 0.5))]),
      MillerIndex(1, 0, 0))
    #expect(unknown[0].character.dipole == nil && unknown[0].character.tasker == nil)
    #expect(unknown[0].character.brokenBonds == nil && !unknown[0].character.isPolar)
  }
}
