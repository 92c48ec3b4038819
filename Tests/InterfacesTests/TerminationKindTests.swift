import Atomistics
import FileFormats
import Interfaces
import Testing

@Suite struct TerminationKindTests {
  /// A cluster at the origin of a cube of 9 Å, with lithium half way up, by its upper (001) face.
  private func kinds(
    _ center: String, _ ligand: String, _ directions: [Vector3], length: Double,
    lithium: Double = 0.5, clusters: [Cluster] = Cluster.known, cutsClusters: Bool = false
  ) -> [TerminationKind] {
    let crystal = InterfaceCrystals.cell(
      InterfaceCrystals.cube(9),
      [(center, Vector3.zero)] + directions.map { (ligand, length / 9 * $0) }
        + [("Li", Vector3(0.5, 0.5, lithium))])
    let face = MillerIndex(0, 0, 1)
    let cell = OrientedCell(crystal, up: face, clusters: clusters, cutsClusters: cutsClusters)
    return Termination.distinct([(face, cell)]).flatMap { $0 }.map(\.kind)
  }

  @Test(arguments: InterfaceCrystals.Pose.allCases) func tetrahedraByCornerEdgeAndFace(
    pose: InterfaceCrystals.Pose
  ) {
    for (center, ligand, length) in [("B", "H", 1.22), ("B", "F", 1.39), ("P", "S", 2.05)] {
      let found = kinds(center, ligand, InterfaceCrystals.tetrahedron(pose), length: length)
      let name = "\(center)\(ligand)4 with \(pose.rawValue) \(ligand)"
      #expect(Set(found.map(\.name)) == [name, "Li plane"])
      let isHydrogen = ligand == "H"
      let kind = found.first { $0.name == name }
      #expect(kind?.paperLabel == (isHydrogen ? "H2" : nil))
      #expect(kind?.planeLabel == (isHydrogen ? "H2" : ligand == "F" ? "F2" : "S"))
      #expect(kind?.sentence.contains(name) ?? false)
      // Read off the other face the same tetrahedron shows the opposite side.
      let flipped = kinds(
        center, ligand, InterfaceCrystals.tetrahedron(pose).map { Vector3($0.x, -$0.y, -$0.z) },
        length: length)
      let opposite = ["one": "three", "two": "two", "three": "one"][pose.rawValue]!
      #expect(flipped.map(\.name).contains("\(center)\(ligand)4 with \(opposite) \(ligand)"))
    }
  }

  /// Half way between an edge and a corner, and between an edge and a face, the count changes.
  @Test func tiltsAreCountedToTheNearestPose() {
    func tilted(_ degrees: Double) -> String {
      let angle = degrees * .pi / 180
      // About the axis in the plane that lets one of the two upper ligands rise.
      let axis = Vector3(1, -1, 0).normalized
      let turned = InterfaceCrystals.tetrahedron(.edge).map { v in
        cosine(angle) * v + sine(angle) * axis.cross(v)
          + (1 - cosine(angle)) * axis.dot(v) * axis
      }
      return kinds("B", "H", turned, length: 1.22).map(\.name).first { $0 != "Li plane" } ?? ""
    }
    #expect(tilted(10) == "BH4 with two H" && tilted(-10) == "BH4 with two H")
    #expect(tilted(40) == "BH4 with one H" && tilted(-40) == "BH4 with one H")
  }

  @Test func dumbbells() {
    func cyanide(_ degrees: Double) -> [String] {
      let angle = degrees * .pi / 180
      return kinds("C", "N", [Vector3(cosine(angle), 0, sine(angle))], length: 1.17).map(\.name)
    }
    #expect(cyanide(90).contains("CN by N") && cyanide(-90).contains("CN by C"))
    #expect(cyanide(0).contains("CN flat") && cyanide(-25).contains("CN flat"))
    #expect(cyanide(35).contains("CN by N") && cyanide(-35).contains("CN by C"))
  }

  @Test func unitsOfThePersonsOwn() throws {
    let nitrate = [try Cluster(parsing: "NO3: N-O3, 1.25 Å, -1")]
    let third = 2 * Double.pi / 3
    let flat = (0..<3).map { Vector3(cosine(Double($0) * third), sine(Double($0) * third), 0) }
    let upright = flat.map { Vector3(0, $0.y, $0.x) }
    func names(_ d: [Vector3], _ clusters: [Cluster]) -> [String] {
      kinds("N", "O", d, length: 1.25, clusters: clusters).map(\.name)
    }
    #expect(names(flat, nitrate).contains("NO3 flat"))
    #expect(names(upright, nitrate).contains("NO3 with one O"))
    #expect(names(upright.map { -$0 }, nitrate).contains("NO3 with two O"))
    // Unknown as a cluster it is cut like any other atoms.
    #expect(!names(upright, []).contains { $0.contains("NO3") })
    // A pyramid with its centre up.
    let pyramid = flat.map { 0.9 * $0 - Vector3(0, 0, 0.43589) }
    let chlorate = [try Cluster(parsing: "ClO3: Cl-O3, 1.5 Å, -1")]
    #expect(
      kinds("Cl", "O", pyramid, length: 1.5, clusters: chlorate).map(\.name).contains("ClO3 by Cl"))
  }

  @Test func severalGroupsAreListedTheOutermostFirst() {
    // Lithium 0.4 Å below the upper hydrogen; the crystal may also be cut between it and boron.
    let high = kinds(
      "B", "H", InterfaceCrystals.tetrahedron(.corner), length: 1.22, lithium: 0.82 / 9)
    #expect(Set(high.map(\.name)) == ["BH4 with one H", "BH4 with one H + Li plane"])
    let both = high.first { $0.groups == ["BH4 with one H", "Li plane"] }
    #expect(both?.sentence.contains("within 1.0 Å of it Li plane") ?? false)
    // At boron's own height it is too far below.
    let low = kinds(
      "B", "H", InterfaceCrystals.tetrahedron(.corner), length: 1.22, lithium: 0.12 / 9)
    #expect(low.map(\.name) == ["BH4 with one H"])
    let above = kinds(
      "B", "H", InterfaceCrystals.tetrahedron(.corner), length: 1.22, lithium: 2.0 / 9)
    #expect(above.map(\.name).contains("Li plane + BH4 with one H"))
  }

  /// Cut through the units there is a plane of boron alone, the paper's B.
  @Test func cutClustersShowTheirCentres() {
    let cut = kinds(
      "B", "H", InterfaceCrystals.tetrahedron(.corner), length: 1.22, cutsClusters: true)
    let boron = cut.first { $0.paperLabel == "B" }
    #expect(boron?.planeLabel == "B")
    #expect(boron?.name.contains("of a cut cluster") ?? false, "\(cut.map(\.name))")
    let whole = kinds("B", "H", InterfaceCrystals.tetrahedron(.corner), length: 1.22)
    #expect(!whole.contains { $0.paperLabel == "B" })
  }

  /// The paper's labels at a model of its own electrolyte. Boron is nowhere in a plane of its own
  /// up to index 1 in this model, cut or not.
  @Test func thePapersLabels() throws {
    func kinds(cutsClusters: Bool) throws -> [TerminationKind] {
      let ready = CleavableCrystal(
        try SampleCrystals.named("Li6PS5BH4"), cutsClusters: cutsClusters)
      return try Termination.all(of: ready, upTo: 1).flatMap { $0 }.map(\.kind)
    }
    let whole = try kinds(cutsClusters: false)
    #expect(Set(whole.compactMap(\.paperLabel)) == ["H2", "LiS"])
    for kind in whole {
      #expect((kind.paperCounterpart == "B") == (kind.groups[0] == "BH4 with three H"))
      #expect(kind.paperLabel != "H2" || kind.planeLabel == "H2")
      #expect(kind.sentence.contains("the paper's label") == (kind.paperLabel != nil))
    }
    #expect(whole.contains { $0.paperCounterpart == "B" })
    #expect(try !kinds(cutsClusters: true).contains { $0.paperLabel == "B" })
    // Without boron and hydrogen only LiS means anything.
    let salt = CleavableCrystal(try SampleCrystals.named("Li3PS4"))
    let labels = try Termination.all(of: salt, upTo: 1).flatMap { $0 }.compactMap(\.kind.paperLabel)
    #expect(Set(labels) == ["LiS"])
  }

  /// Equal labels, other geometry: two terminations.
  @Test func equalLabelsDoNotMakeOneTermination() {
    // Two planes of lithium, one above chlorine near by, one above bromine.
    let crystal = InterfaceCrystals.cell(
      InterfaceCrystals.cube(8),
      [
        ("Li", .zero), ("Cl", Vector3(0.5, 0.5, 0.25)), ("Li", Vector3(0, 0, 0.5)),
        ("Br", Vector3(0.5, 0.5, 0.75)),
      ])
    let face = MillerIndex(0, 0, 1)
    let all = Termination.distinct([(face, OrientedCell(crystal, up: face))]).flatMap { $0 }
    #expect(all.count == 4)
    #expect(all.filter { $0.kind.name == "Li plane" }.count == 2)
    // With the same below both they are one.
    var same = crystal
    same.species[3] = same.species[1]
    #expect(
      Termination.distinct([(face, OrientedCell(same, up: face))]).flatMap { $0 }
        .filter { $0.kind.name == "Li plane" }.count == 1)
  }
}
