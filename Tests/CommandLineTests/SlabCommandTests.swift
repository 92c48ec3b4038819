import FileFormats
import Foundation
import Testing

/// `interphase slab`, run as a person would.
struct SlabCommandTests {
  private static func data(_ name: String) -> String {
    InterphaseProcess.root.appendingPathComponent("Data/Structures/\(name)").path
  }

  private func rows(_ run: InterphaseProcess) throws -> [[String: Any]] {
    #expect(run.status == 0, "\(run.errors)")
    return try #require(try run.json()["terminations"] as? [[String: Any]])
  }

  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("slab-\(UUID().uuidString)")
  }

  @Test func rockSaltByIndex() throws {
    let run = try InterphaseProcess("slab", Self.data("LiCl.cif"), "--json")
    let all = try rows(run)
    #expect(run.errors.isEmpty)
    let object = try run.json()
    #expect(object["spaceGroup"] as? String == "Fm-3m")
    #expect(object["spaceGroupNumber"] as? Int == 225 && object["isChiral"] as? Bool == false)
    #expect(object["charges_e"] as? [String: [Double]] == ["Li": [1], "Cl": [-1]])
    #expect(all.compactMap { $0["tasker"] as? String }.sorted() == ["I", "I", "III", "III"])
    #expect(all.map { ($0["equalFaces"] as? [String])?.count } == [6, 12, 8, 8])
    let polar = all.filter { $0["isPolar"] as? Bool == true }
    #expect(Set(polar.compactMap { $0["kind"] as? String }) == ["Li plane", "Cl plane"])
    let dipoles = polar.compactMap { $0["dipole_e_per_A"] as? Double }
    #expect(dipoles.count == 2 && abs(dipoles[0] + dipoles[1]) < 1e-9)
    // Keys without a value are there as null.
    #expect(all.allSatisfy { $0["paperLabel"] is NSNull })
  }

  @Test func writesSlabsThatCanBeReadAgain() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(at: place) }
    let run = try InterphaseProcess(
      "slab", Self.data("Li2S.cif"), "--miller", "1 1 1", "--symmetric", "--json", "-o", place.path)
    let all = try rows(run)
    #expect(all.count == 3)
    for row in all {
      let slab = try #require(row["slab"] as? [String: Any])
      let file = try #require(slab["file"] as? String)
      for path in [file, file.replacingOccurrences(of: "extxyz", with: "POSCAR")] {
        let structure = try StructureFile.read(path)
        #expect(structure.count == slab["atoms"] as? Int)
        let heights = structure.positions.map(\.z)
        let thickness = (heights.max() ?? 0) - (heights.min() ?? 0)
        #expect(thickness >= 10 && abs(structure.lattice.c.z - thickness - 13) < 1e-4)
      }
    }
    let excess = all.compactMap { ($0["slab"] as? [String: Any])?["excessAtoms"] as? [String: Int] }
    #expect(Set(excess) == [[:], ["S": 1], ["Li": 2]])
    // A polar face that no symmetry turns over is told.
    let told = try InterphaseProcess(
      "slab", Self.data("Li6PS5Cl.extxyz"), "--miller", "1 1 1", "--symmetric")
    #expect(told.status == 0 && told.output.contains("terminations"))
  }

  @Test func aTableForAPerson() throws {
    let run = try InterphaseProcess("slab", Self.data("Li6PS5BH4.extxyz"))
    #expect(run.status == 0 && run.errors.isEmpty)
    for text in ["(e/Å)", "per nm²", "formal charges (e)", "BH4 with", "the paper's H2"] {
      #expect(run.output.contains(text), "\(text)")
    }
    let cut = try InterphaseProcess("slab", Self.data("Li6PS5BH4.extxyz"), "--cut-clusters")
    #expect(cut.status == 0 && cut.output.contains("BH3 of a cut cluster"))
    #expect(!run.output.contains("cut cluster"))
  }

  @Test func theConventionalCellGivesItsOwnIndices() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let file = place.appendingPathComponent("primitive.extxyz")
    try Data(
      """
      2
      Lattice="0 2.57 2.57 2.57 0 2.57 2.57 2.57 0" Properties=species:S:1:pos:R:3 pbc="T T T"
      Li 0 0 0
      Cl 2.57 2.57 2.57

      """.utf8
    ).write(to: file)
    let conventional = try rows(
      InterphaseProcess("slab", file.path, "--conventional", "--json"))
    let given = try rows(InterphaseProcess("slab", file.path, "--json"))
    func areas(_ rows: [[String: Any]]) -> [Int] {
      rows.compactMap { ($0["area_A2"] as? Double).map { Int(($0 * 100).rounded()) } }.sorted()
    }
    let a2 = 5.14 * 5.14
    #expect(
      areas(conventional)
        == [a2 * 3.0.squareRoot() / 4, a2 * 3.0.squareRoot() / 4, a2 / 2, a2 / 2.0.squareRoot()]
        .map { Int(($0 * 100).rounded()) }.sorted())
    #expect(areas(given) != areas(conventional))
  }

  @Test func aClusterOfTheUsersOwn() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let file = place.appendingPathComponent("nitrate.extxyz")
    try Data(
      """
      5
      Lattice="5 0 0 0 5 0 0 0 6" Properties=species:S:1:pos:R:3 pbc="T T T"
      Na 2.5 2.5 3
      N 0 0 0
      O 0 0 1.25
      O 0 1.08253 -0.625
      O 0 -1.08253 -0.625

      """.utf8
    ).write(to: file)
    let nitrate = "NO3: N-O3, 1.25 Å, -1"
    let all = try rows(
      InterphaseProcess(
        "slab", file.path, "--cluster", nitrate, "--miller", "0 0 1", "--json"))
    #expect(
      Set(all.compactMap { $0["kind"] as? String }) == ["NO3 with one O", "Na plane"])
    #expect(all.allSatisfy { $0["cutClusterBonds_per_nm2"] as? Double == 0 })
    // Without the description it is atoms without charges that add up.
    let plain = try InterphaseProcess("slab", file.path, "--miller", "0 0 1", "--json")
    #expect(!plain.output.contains("NO3 with"))
  }

  @Test(arguments: [
    (["--cluster", "NO3 N-O3"], Int32(64), "NO3: N-O3, 1.25 Å, -1"),
    (["--cluster", "NO3: N-O3, 1.25 Å, -1"], 64, "does not hold it"),
    (["--cluster", "SCN: S-C-N, 1.2 Å, -1"], 64, "one kind"),
    (["--charges", "Li=1,Cl=-2"], 65, "add up"), (["--charges", "Li"], 65, "Li=1,S=-2"),
    (["--charges", "Na=1"], 65, "has none"), (["--miller", "2 0 0"], 64, "common divisor"),
    (["--miller", "1 1"], 64, "three whole numbers"), (["--max-index", "0"], 64, "from 1 to 6"),
    (["--thickness", "10"], 64, "Å"), (["--vacuum=-3 Å"], 64, "more than 0"),
  ])
  func whatIsTypedWronglyEndsWithOneMessage(more: [String], status: Int32, says: String) throws {
    let run = try InterphaseProcess(["slab", Self.data("LiCl.cif")] + more)
    #expect(run.status == status && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.contains(says), "\(run.errors)")
  }

  @Test func badCrystalsEndWithOneMessage() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for (name, periodic, second, says) in [
      ("slab", "T T F", "S 2 2 2", "not a slab"), ("overlap", "T T T", "S 0 0 0.1", "0.1"),
      ("chain", "T T T", "S 2 0 0", "join into chains"),
    ] {
      let file = place.appendingPathComponent("\(name).extxyz")
      try Data(
        """
        2
        Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3 pbc="\(periodic)"
        P 0 0 0
        \(second)

        """.utf8
      ).write(to: file)
      let run = try InterphaseProcess("slab", file.path)
      #expect(run.status == 65 && run.output.isEmpty, "\(name): \(run.errors)")
      #expect(run.errors.contains(says), "\(name): \(run.errors)")
    }
    #expect(try InterphaseProcess("slab", "/nowhere/crystal.cif").status == 66)
  }
}
