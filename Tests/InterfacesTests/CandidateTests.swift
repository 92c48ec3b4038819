import Atomistics
import Interfaces
import Testing

@Suite struct CandidateTests {
  @Test func nothingNamesTheNearestMiss() throws {
    var settings = ContactSettings()
    settings.maximumArea = 45
    settings.lengthMismatch = 1e-4
    settings.angleMismatch = 1e-4
    let (film, metal) = (try SampleCrystals.named("Li6PS5Cl"), try SampleCrystals.named("Li"))
    do {
      _ = try CoherentInterface.candidates(electrolyte: film, metal: metal, settings: settings)
      Issue.record("a contact within 0.01 %")
    } catch InterfacesError.nothingWithinLimits(let text) {
      #expect(text.contains("the nearest differs by") && text.contains("Å²"), "\(text)")
    }
    settings = ContactSettings()
    settings.maximumAtoms = 60
    do {
      _ = try CoherentInterface.candidates(electrolyte: film, metal: metal, settings: settings)
      Issue.record("60 atoms are too few")
    } catch InterfacesError.nothingWithinLimits(let text) {
      #expect(text.contains("60 atoms"), "\(text)")
    }
  }

  @Test func badInputIsRefused() throws {
    let metal = try SampleCrystals.named("Li")
    var slab = metal
    slab.periodic = [true, true, false]
    var settings = ContactSettings()
    #expect(throws: InterfacesError.self) {
      try CoherentInterface.candidates(electrolyte: slab, metal: metal, settings: settings)
    }
    settings.vacuum = 1
    #expect(throws: InterfacesError.self) {
      try CoherentInterface.candidates(electrolyte: metal, metal: metal, settings: settings)
    }
    settings.vacuum = 13
    var empty = metal
    (empty.species, empty.positions) = ([], [])
    #expect(throws: InterfacesError.self) {
      try CoherentInterface.candidates(electrolyte: metal, metal: empty, settings: settings)
    }
    for area in [Double.nan, .infinity, -1] {
      settings.maximumArea = area
      #expect(throws: InterfacesError.self) {
        try CoherentInterface.candidates(electrolyte: metal, metal: metal, settings: settings)
      }
    }
  }

  /// Cubic on cubic: the six faces (100) are one, and so are the turns by 90 degrees.
  @Test func symmetricContactsAreKeptOnce() throws {
    var settings = ContactSettings()
    settings.maximumArea = 12
    settings.minimumThickness = 5
    let found = try CoherentInterface.candidates(
      electrolyte: SampleCrystals.cubic(3.4, "Na"), metal: SampleCrystals.cubic(3.4, "Li"),
      settings: settings)
    let cubes = found.filter { $0.match.electrolyte.index == 1 && $0.match.vonMisesStrain < 1e-9 }
    // (100) and (110) fit into 12 Å^2, (111) does not; a turn of (110) by 90° does not match.
    #expect(cubes.count == 2)
    #expect(Set(cubes.map { "\($0.metal.miller)" }) == ["(1 0 0)", "(1 1 0)"])
  }

  /// Equal principal strains along other directions of an anisotropic metal are other contacts.
  @Test func strainsOfUnlikeDirectionAreKept() throws {
    // A film that repeats as the metal's face, stretched along one axis, on a metal face that is
    // square in its lattice but not in its atoms.
    let a = 5.0
    let lattice = Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, 6.1))
    let metal = Structure(
      lattice: lattice, species: ["K", "Na", "Li"].map { Element($0)! },
      fractional: [.zero, Vector3(0.5, 0, 0), Vector3(0.5, 0.4, 0.5)])
    let film = Structure(
      lattice: Lattice(Vector3(a * 1.02, 0, 0), Vector3(0, a, 0), Vector3(0, 0, 7.3)),
      species: [Element("Cl")!], positions: [.zero])
    var settings = ContactSettings()
    settings.maximumArea = 26
    settings.maximumAtoms = 200
    let found = try CoherentInterface.candidates(
      electrolyte: film, metal: metal, settings: settings
    ).filter {
      $0.metal.miller == MillerIndex(0, 0, 1) && $0.electrolyteMiller == MillerIndex(0, 0, 1)
    }
    let strains = Set(found.map { $0.match.strain.x > $0.match.strain.y })
    #expect(strains.count == 2)
    // Both terminations of the metal.
    #expect(Set(found.map(\.metalCut)).count == 2)
  }

  /// P atoms at heights that follow closely are not one thick layer.
  @Test func layersDoNotChain() throws {
    let heights = (0..<8).map { Double($0) }
    let lattice = Lattice(Vector3(4, 0, 0), Vector3(0, 4, 0), Vector3(0, 0, 12))
    let film = Structure(
      lattice: lattice, species: heights.map { _ in Element("P")! },
      positions: heights.map { Vector3(2 * $0.truncatingRemainder(dividingBy: 2), $0, $0) })
    var settings = ContactSettings()
    settings.maximumArea = 17
    settings.lengthMismatch = 0.05
    let found = try CoherentInterface.candidates(
      electrolyte: film, metal: SampleCrystals.cubic(4, "Li", bodyCentred: false),
      settings: settings)
    let flat = try #require(found.first { abs($0.electrolyte.spacing - 12) < 1e-9 })
    let contact = CoherentInterface(flat, settings: settings)
    #expect(contact.polyanionLayers == 4 * flat.electrolyteLayers)
  }
}
