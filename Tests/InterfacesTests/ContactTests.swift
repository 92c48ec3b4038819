import Atomistics
import Interfaces
import Testing

@Suite struct ContactTests {
  /// Signed volumes of the four atoms of a crystal without symmetry keep their sign and size.
  @Test func theFilmIsTurnedNotMirrored() throws {
    let crystal = SampleCrystals.chiral(seed: 5)
    var settings = ContactSettings()
    settings.maximumArea = 120
    settings.lengthMismatch = 0.1
    settings.angleMismatch = 0.05
    let candidates = try CoherentInterface.candidates(
      electrolyte: crystal, metal: SampleCrystals.cubic(3.44, "K"), settings: settings)
    let bulk = signedVolumes(crystal)
    for candidate in sample(candidates, 12) {
      let contact = CoherentInterface(candidate, settings: settings)
      let film = contact.structure.selecting(indices(contact, .electrolyte))
      let built = signedVolumes(film)
      #expect(!built.isEmpty && built.isSubset(of: bulk))
      #expect(contact.structure.lattice.matrix.determinant > 0)
    }
  }

  /// Volumes spanned by a Li atom and its near Na, Cl and F, where all four are within 6 Å.
  private func signedVolumes(_ structure: Structure) -> Set<Int> {
    let list = NeighborList(structure, cutoff: 4.5)
    func near(_ i: Int, _ symbol: String) -> [Vector3] {
      list.pairs(of: i).filter { structure.species[Int(list.neighbors[$0])].symbol == symbol }
        .map { list.vector($0, from: i, in: structure) }
    }
    var volumes: Set<Int> = []
    for i in 0..<structure.count where structure.species[i].symbol == "Li" {
      for u in near(i, "Na") {
        for v in near(i, "Cl") {
          for w in near(i, "F") { volumes.insert(Int((u.dot(v.cross(w)) * 1e3).rounded())) }
        }
      }
    }
    // Rounding may fall either way.
    return volumes.reduce(into: volumes) { all, v in
      if structure.count == 4 { all.formUnion([v - 1, v + 1]) }
    }
  }

  @Test(arguments: SampleCrystals.argyrodites) func argyroditesOnLithium(name: String) throws {
    let crystal = try SampleCrystals.named(name)
    var settings = ContactSettings()
    settings.maximumAtoms = 600
    let candidates = try CoherentInterface.candidates(
      electrolyte: crystal, metal: try SampleCrystals.named("Li"), settings: settings)
    #expect(candidates.count > 10)
    for (a, b) in zip(candidates, candidates.dropFirst()) {
      #expect(a.match.vonMisesStrain <= b.match.vonMisesStrain + 1e-7)
    }
    let perCell = Cluster.known.map { $0.bonds(in: crystal).count }
    let cells = Set(candidates.map { "\($0.electrolyteMiller) \($0.cut)" })
    var tried: Set<String> = []
    for candidate in candidates
    where tried.insert("\(candidate.electrolyteMiller) \(candidate.cut)").inserted {
      let contact = CoherentInterface(candidate, settings: settings)
      let s = contact.structure
      let film = indices(contact, .electrolyte)
      let units = Double(film.count) / Double(crystal.count)
      #expect(abs(contact.formulaUnits - units) < 1e-9)
      for element in Set(crystal.species) {
        #expect(
          film.filter { s.species[$0] == element }.count
            == Int(units) * crystal.species.filter { $0 == element }.count)
      }
      #expect(Cluster.known.map { $0.bonds(in: s).count } == perCell.map { $0 * Int(units) })
      #expect(Double(contact.metalAtoms) >= 8 * units)
      #expect(s.count <= 600 && s.count == candidate.atoms)
      #expect(
        Double(candidate.electrolyteLayers) * candidate.electrolyte.spacing >= 10)
      try s.validate(minimumDistance: 1)
      checkGap(s, contact, fraction: 0.6)
      checkLabels(contact, double: false)
      let heights = s.positions.map(\.z)
      #expect(heights.min()! > 0 && heights.max()! < s.lattice.c.z)
      #expect(abs(s.lattice.c.z - (heights.max()! - heights.min()!) - 13) < 1e-9)
    }
    #expect(tried == cells)
  }

  /// The least d − 0.6 (r_i + r_j) over all pairs across the contact, images included, is 0.
  private func checkGap(_ s: Structure, _ contact: CoherentInterface, fraction: Double) {
    let list = NeighborList(s, cutoff: 5)
    var least = [Double](repeating: .infinity, count: 2)
    for i in 0..<s.count where s.regions![i] == .metal {
      for pair in list.pairs(of: i) where s.regions![Int(list.neighbors[pair])] == .electrolyte {
        let j = Int(list.neighbors[pair])
        let v = list.vector(pair, from: i, in: s)
        let sum = s.species[i].vanDerWaalsRadius! + s.species[j].vanDerWaalsRadius!
        // Through the top of the cell lies the second contact.
        let side = list.images[pair].z == 0 ? 0 : 1
        least[side] = min(least[side], v.length - fraction * sum)
      }
    }
    #expect(abs(least[0]) < 1e-9)
    if contact.contactPlanes.count == 2 { #expect(abs(least[1]) < 1e-9) }
  }

  private func checkLabels(_ contact: CoherentInterface, double: Bool) {
    let s = contact.structure
    let (layers, regions) = (s.layers!, s.regions!)
    for i in 0..<s.count { #expect((layers[i] == -1) == (regions[i] == .metal)) }
    // By the polyanions' centres: a ligand has the layer of its centre, whatever its own height.
    let film = indices(contact, .electrolyte).filter { s.species[$0].symbol == "P" }
      .sorted { s.positions[$0].z < s.positions[$1].z }
    let ordered = film.map { layers[$0] }
    #expect(ordered.first == 0)
    if double {
      #expect(ordered.last == 0)
      #expect(ordered.max() == (contact.polyanionLayers - 1) / 2)
    } else {
      #expect(ordered == ordered.sorted() && ordered.last == contact.polyanionLayers - 1)
    }
  }

  @Test func periodicDoubleContact() throws {
    var settings = ContactSettings()
    settings.vacuum = nil
    settings.maximumAtoms = 600
    let candidates = try CoherentInterface.candidates(
      electrolyte: try SampleCrystals.named("Li6PS5Cl"), metal: try SampleCrystals.named("Li"),
      settings: settings)
    for candidate in sample(candidates, 20) {
      let contact = CoherentInterface(candidate, settings: settings)
      #expect(contact.contactPlanes.count == 2)
      checkGap(contact.structure, contact, fraction: 0.6)
      checkLabels(contact, double: true)
    }
  }

  /// Inside film and metal every atom sees the bulk: nothing overlaps, nothing is missing, and the
  /// film is not strained.
  @Test func innerAtomsSeeTheBulk() throws {
    let crystal = try SampleCrystals.named("Li6PS5Cl")
    var settings = ContactSettings()
    settings.maximumAtoms = 600
    let candidates = try CoherentInterface.candidates(
      electrolyte: crystal, metal: try SampleCrystals.named("Li"), settings: settings)
    let cutoff = 3.2
    let bulk = Set(coarse(crystal, cutoff))
    for candidate in sample(candidates, 15) {
      let contact = CoherentInterface(candidate, settings: settings)
      let metal = Set(coarse(candidate.strainedMetal, cutoff))
      let s = contact.structure
      let shells = coarse(s, cutoff)
      for (region, expected) in [(Region.electrolyte, bulk), (.metal, metal)] {
        let members = indices(contact, region)
        let z = members.map { s.positions[$0].z }
        let inner = members.filter {
          s.positions[$0].z > z.min()! + cutoff + 2.2 && s.positions[$0].z < z.max()! - cutoff - 2.2
        }
        for i in inner { #expect(expected.contains(shells[i])) }
        if region == .electrolyte { #expect(!inner.isEmpty) }
      }
    }
  }

  /// Counts of neighbours by element, and the sum of the distances.
  private func coarse(_ s: Structure, _ cutoff: Double) -> [String] {
    let list = NeighborList(s, cutoff: cutoff)
    return (0..<s.count).map { i in
      var sum = 0.0
      var names: [String] = []
      for pair in list.pairs(of: i) {
        sum += list.vector(pair, from: i, in: s).length
        names.append(s.species[Int(list.neighbors[pair])].symbol)
      }
      return "\(s.species[i]) \(names.sorted().joined()) \(Int((sum * 100).rounded(.down)))"
    }
  }

  private func indices(_ contact: CoherentInterface, _ region: Region) -> [Int] {
    contact.structure.regions!.indices.filter { contact.structure.regions![$0] == region }
  }

  private func sample<T>(_ all: [T], _ count: Int) -> [T] {
    stride(from: 0, to: all.count, by: max(1, all.count / count)).map { all[$0] }
  }
}
