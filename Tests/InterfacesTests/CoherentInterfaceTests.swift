import Atomistics
import FileFormats
import Interfaces
import Testing

/// A crystal's name and whether the contact is a periodic double one.
struct ContactCase: Sendable, CustomTestStringConvertible {
  let file: String
  let isDouble: Bool
  var testDescription: String { "\(file), \(isDouble ? "double" : "vacuum")" }

  static let all = Crystals.argyrodites.flatMap { file in
    [false, true].map { ContactCase(file: file, isDouble: $0) }
  }

  var settings: ContactSettings {
    var settings = ContactSettings()
    settings.vacuum = isDouble ? nil : 13
    return settings
  }

  /// The least strained contacts and a few from the whole list.
  func contacts() throws -> (bulk: Structure, contacts: [CoherentInterface]) {
    let bulk = try Crystals.data(file)
    let candidates = try CoherentInterface.candidates(
      electrolyte: bulk, metal: Crystals.lithium(), settings: settings)
    let chosen =
      Array(candidates.prefix(3))
      + stride(from: 3, to: candidates.count, by: max(1, candidates.count / 12)).map {
        candidates[$0]
      }
    return (bulk, chosen.map { CoherentInterface($0, settings: settings) })
  }
}

extension CoherentInterface {
  func atoms(_ region: Region) -> [Int] {
    structure.regions!.indices.filter { structure.regions![$0] == region }
  }
}

@Suite struct CoherentInterfaceTests {
  @Test(arguments: ContactCase.all) func closestPairIsAtTheGapsRule(_ one: ContactCase) throws {
    for contact in try one.contacts().contacts {
      let structure = contact.structure
      let list = NeighborList(structure, cutoff: 3.2)
      // Metal to electrolyte upwards is the lower contact, downwards the upper one.
      var (lower, upper) = (Double.infinity, Double.infinity)
      for i in contact.atoms(.metal) {
        for pair in list.pairs(of: i) {
          let j = Int(list.neighbors[pair])
          guard structure.regions![j] == .electrolyte else { continue }
          let radii =
            structure.species[i].vanDerWaalsRadius! + structure.species[j].vanDerWaalsRadius!
          let vector = list.vector(pair, from: i, in: structure)
          let excess = vector.length - 0.6 * radii
          if vector.z > 0 { lower = min(lower, excess) } else { upper = min(upper, excess) }
        }
      }
      #expect(abs(lower) < 1e-9)
      #expect(one.isDouble ? abs(upper) < 1e-9 : upper == .infinity)
      #expect(contact.contactPlanes.count == (one.isDouble ? 2 : 1))
      #expect(abs(contact.closestPair.distance - contact.closestPair.required) < 1e-9)
    }
  }

  @Test(arguments: ContactCase.all) func compositionAndClustersAreTheCrystals(_ one: ContactCase)
    throws
  {
    let (bulk, contacts) = try one.contacts()
    let perFormula = bulk.composition.reduced
    let unitsInBulk = Double(bulk.count) / perFormula.atomCount
    for contact in contacts {
      let film = contact.structure.selecting(contact.atoms(.electrolyte))
      #expect(film.composition.reduced == perFormula)
      #expect(contact.formulaUnits == Double(film.count) / perFormula.atomCount)
      #expect(Double(contact.metalAtoms) >= 8 * contact.formulaUnits)
      #expect(contact.structure.count <= one.settings.maximumAtoms)
      for cluster in Cluster.present(in: bulk) {
        let expected = Double(cluster.bonds(in: bulk).count) * contact.formulaUnits / unitsInBulk
        #expect(Double(cluster.bonds(in: film).count) == expected)
        #expect(Double(cluster.bonds(in: contact.structure).count) == expected)
      }
      try contact.structure.validate(minimumDistance: 1)
    }
  }

  @Test(arguments: ContactCase.all) func cellIsTheMatch(_ one: ContactCase) throws {
    for contact in try one.contacts().contacts {
      let m = contact.structure.lattice
      #expect(abs(m.a.cross(m.b).length - contact.match.area) < 1e-9 * contact.match.area)
      #expect(contact.match.area <= 300 * (1 + 1e-9))
      #expect(contact.match.lengthMismatch <= 0.03 && contact.match.angleMismatch <= 0.01)
      #expect(m.c.x == 0 && m.c.y == 0 && m.a.y == 0 && m.a.z == 0 && m.b.z == 0 && m.b.y > 0)
      let z = contact.structure.positions.map(\.z)
      if !one.isDouble { #expect(abs(m.c.z - (z.max()! - z.min()!) - 13) < 1e-9) }
      // The metal under the contact's strain: area by area, spacing kept.
      let metal = contact.strainedMetal.lattice
      let area = metal.a.cross(metal.b).length * Double(contact.match.metal.index)
      #expect(abs(area - contact.match.area) < 1e-9 * area)
      let relaxed = 3.44 * 3.44 * 3.44 / 2 * Double(contact.strainedMetal.count)
      let (x, y, xy) = (contact.match.strain.x, contact.match.strain.y, contact.match.strain.z)
      let stretch = ((1 + 2 * x) * (1 + 2 * y) - 4 * xy * xy).squareRoot()
      #expect(abs(contact.strainedMetal.volume - relaxed * stretch) < 1e-8 * relaxed)
    }
  }

  @Test(arguments: ContactCase.all) func everyAtomIsLabelled(_ one: ContactCase) throws {
    for contact in try one.contacts().contacts {
      let structure = contact.structure
      let layers = try #require(structure.layers)
      #expect(
        contact.atoms(.metal).allSatisfy {
          layers[$0] == -1 && structure.species[$0] == Element("Li")
        })
      let film = contact.atoms(.electrolyte)
      #expect(film.count + contact.metalAtoms == structure.count)
      let expected = one.isDouble ? (contact.polyanionLayers + 1) / 2 : contact.polyanionLayers
      #expect(Set(film.map { layers[$0] }) == Set(0..<expected))
      // A cluster lies in one layer, whatever the heights of its ligands.
      for cluster in Cluster.present(in: structure) {
        for bond in cluster.bonds(in: structure) {
          #expect(layers[bond.center] == layers[bond.ligand])
        }
      }
      // P atoms further from the contacts are in later layers.
      let planes = contact.contactPlanes
      let centers = film.filter { structure.species[$0].symbol == "P" }.map { i in
        (planes.map { abs($0 - structure.positions[i].z) }.min()!, layers[i])
      }.sorted { $0.0 < $1.0 }
      if !one.isDouble { #expect(centers.map(\.1) == centers.map(\.1).sorted()) }
      #expect(centers.first?.1 == 0)
    }
  }

  /// Three bonds of every PS4 by length: their triple product has one sign in the crystal and the
  /// other in its mirror image.
  @Test(arguments: Crystals.argyrodites) func electrolyteIsTurnedNotMirrored(_ file: String) throws
  {
    let bulk = try Crystals.data(file)
    func hands(_ structure: Structure) -> [Double] {
      let bonds = Dictionary(grouping: Cluster.PS4.bonds(in: structure), by: \.center)
      return bonds.values.map { group in
        let vectors = group.map { bond in
          let image = Vector3(
            Double(bond.image.x), Double(bond.image.y), Double(bond.image.z))
          return structure.positions[bond.ligand] + structure.lattice.cartesian(image)
            - structure.positions[bond.center]
        }.sorted { $0.length < $1.length }
        return vectors[0].dot(vectors[1].cross(vectors[2]))
      }
    }
    let crystal = hands(bulk)
    #expect(crystal.count == 1 && abs(crystal[0]) > 1)
    var faces: Set<MillerIndex> = []
    var settings = ContactSettings()
    settings.maximumAtoms = 500
    let candidates = try CoherentInterface.candidates(
      electrolyte: bulk, metal: Crystals.lithium(), settings: settings)
    for candidate in candidates where faces.insert(candidate.electrolyteMiller).inserted {
      let contact = CoherentInterface(candidate, settings: settings)
      for hand in hands(contact.structure.selecting(contact.atoms(.electrolyte))) {
        #expect(abs(hand - crystal[0]) < 1e-6)
      }
    }
    #expect(faces.count >= 10, "both faces of several planes: \(faces.count)")
  }

  /// Away from its faces the slab is the crystal, neighbour by neighbour.
  @Test(arguments: Crystals.argyrodites) func slabIsTheCrystalInside(_ file: String) throws {
    func environments(_ structure: Structure, _ atoms: [Int]) -> [[Double]] {
      let list = NeighborList(structure, cutoff: 3.6)
      return atoms.map { i in
        list.pairs(of: i).map { pair in
          list.vector(pair, from: i, in: structure).length
            + 100 * Double(structure.species[Int(list.neighbors[pair])].atomicNumber)
        }.sorted() + [1e6 * Double(structure.species[i].atomicNumber)]
      }
    }
    func agree(_ a: [Double], _ b: [Double]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
    }
    let (bulk, contacts) = try ContactCase(file: file, isDouble: false).contacts()
    let known = environments(bulk, Array(0..<bulk.count))
    var compared = 0
    for contact in contacts {
      let film = contact.structure.selecting(contact.atoms(.electrolyte))
      let z = film.positions.map(\.z)
      // Ligands and single ions may lie deeper or less deep than the cut: 3 Å more than the reach.
      let inside = z.indices.filter { z[$0] > z.min()! + 6.6 && z[$0] < z.max()! - 6.6 }
      for environment in environments(film, inside) {
        compared += 1
        #expect(known.contains { agree($0, environment) })
      }
    }
    #expect(compared > 20)
  }
}

@Suite struct InterfacesErrorTests {
  private func message(
    _ film: Structure, _ metal: Structure, _ change: (inout ContactSettings) -> Void = { _ in }
  ) -> (String, FailureKind?) {
    var settings = ContactSettings()
    change(&settings)
    do {
      let found = try CoherentInterface.candidates(
        electrolyte: film, metal: metal, settings: settings)
      return ("\(found.count) found", nil)
    } catch let error as any ReportableError {
      return (error.description, error.kind)
    } catch {
      return ("\(error)", nil)
    }
  }

  @Test func nothingWithinTheLimitsTellsWhatCameNearest() throws {
    let film = try Crystals.data("Li6PS5Cl.extxyz")
    let lithium = try Crystals.lithium()
    let (strict, kind) = message(film, lithium) { $0.lengthMismatch = 1e-5 }
    #expect(strict.contains("nearest differs by") && kind == .badData)
    #expect(message(film, lithium) { $0.maximumArea = 20 }.0.contains("larger area"))
    #expect(message(film, lithium) { $0.maximumAtoms = 60 }.0.contains("allow more atoms"))
  }

  @Test func badCrystalsAreTold() throws {
    let lithium = try Crystals.lithium()
    func crystal(_ symbols: [String], _ fractional: [Vector3]) -> Structure {
      Structure(
        lattice: Lattice(Vector3(4.2, 0, 0), Vector3(0, 6, 0), Vector3(0, 0, 6)),
        species: symbols.compactMap { Element($0) }, fractional: fractional)
    }
    // P-S-P-S along a: a slab with a face across it would cut bonds whatever the level.
    let chain = message(crystal(["P", "S"], [.zero, Vector3(0.5, 0, 0)]), lithium)
    #expect(chain.0.contains("without end") && chain.1 == .badData)
    let unknown = message(crystal(["Rn", "Li"], [.zero, Vector3(0.5, 0.5, 0.5)]), lithium)
    #expect(unknown.0.contains("van der Waals radius of Rn"))
    let near = message(crystal(["Li", "Cl"], [.zero, Vector3(0.01, 0, 0)]), lithium)
    #expect(near.0.contains("apart") && near.1 == .badData)
    let lost = message(crystal(["Li", "Cl"], [.zero, Vector3(.nan, 0, 0)]), lithium)
    #expect(lost.0.contains("not a finite number"))
    var slab = crystal(["Li", "Cl"], [.zero, Vector3(0.5, 0.5, 0.5)])
    slab.periodic = [true, true, false]
    #expect(message(slab, lithium).0.contains("not a slab"))
    #expect(message(lithium, slab).0.contains("not a slab"))
  }

  @Test func badSettingsAreTold() throws {
    let lithium = try Crystals.lithium()
    let changes: [(inout ContactSettings) -> Void] = [
      { $0.maximumArea = .infinity }, { $0.maximumArea = -1 }, { $0.lengthMismatch = .nan },
      { $0.angleMismatch = 0 }, { $0.maximumIndex = 0 }, { $0.gapFraction = -0.6 },
      { $0.vacuum = -3 }, { $0.metalPerFormulaUnit = 0 }, { $0.maximumAtoms = 0 },
      { $0.minimumThickness = .infinity },
    ]
    for change in changes {
      let (text, kind) = message(lithium, lithium, change)
      #expect(text.contains("expected more than 0") && kind == .usage)
    }
  }
}
