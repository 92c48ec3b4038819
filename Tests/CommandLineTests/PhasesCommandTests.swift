import FileFormats
import Foundation
import Testing

/// `interphase analyze phases` and `interphase substitute` as a person runs them.
@Suite struct PhasesCommandTests {
  private static let crystal =
    InterphaseProcess.root.appendingPathComponent("Data/Structures/Li2S.cif").path

  /// Rock salt of Li and Cl, or of Li and S, 4 × 4 × 4 ions, a few frames with small displacements.
  private static func rockSalt(_ anion: String, edge: Double, vacuum: Double = 0, shake: Double)
    -> String
  {
    var noise = 12345.0
    func jolt() -> Double {
      noise = (noise * 16807).truncatingRemainder(dividingBy: 2_147_483_647)
      return (noise / 2_147_483_647 - 0.5) * 2 * shake
    }
    let half = edge / 2
    return (0..<6).map { frame in
      let atoms = (0..<64).map { k in
        let (x, y, z) = (k % 4, k / 4 % 4, k / 16)
        let element = (x + y + z) % 2 == 0 ? anion : "Li"
        return "\(element) \(Double(x) * half + jolt()) \(Double(y) * half + jolt()) "
          + "\(Double(z) * half + jolt())"
      }
      return """
        64
        Lattice="\(2 * edge) 0 0 0 \(2 * edge) 0 0 0 \(2 * edge + vacuum)" pbc="T T T" time_fs=\(frame * 100) Properties=species:S:1:pos:R:3

        """ + atoms.joined(separator: "\n") + "\n"
    }.joined()
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("phases-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, anion, edge, vacuum) in [
      ("licl", "Cl", 5.1, 0.0), ("wide", "Cl", 5.9, 0.0), ("film", "Cl", 5.1, 15.0),
      ("lis", "S", 5.4, 0.0),
    ] {
      try AtomicFile.write(
        Self.rockSalt(anion, edge: edge, vacuum: vacuum, shake: 0.15),
        to: folder.appendingPathComponent("\(name).extxyz").path)
    }
    try body(folder)
  }

  private func phases(_ folder: URL, _ arguments: [String]) throws -> InterphaseProcess {
    try InterphaseProcess(
      ["analyze", "phases"]
        + arguments.map { $0.replacingOccurrences(of: "@", with: folder.path + "/") })
  }

  @Test func aFilmIsItsOwnCrystal() throws {
    try inFolder { folder in
      let given = [
        "@film.extxyz", "--pair", "Cl-Li", "--reference", "LiCl=@licl.extxyz", "--reference",
        "wide=@wide.extxyz", "--unreacted", "wide", "--window", "Cl-Li: 2-3 Å",
      ]
      let outcome = try phases(folder, given + ["--json", "-o", "@fit.csv"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try outcome.json()
      let shares = try #require(json["phases"] as? [[String: Any]])
      #expect(shares.map { $0["name"] as? String } == ["LiCl", "wide"])
      #expect((shares[0]["share"] as? Double ?? 0) > 0.85)
      #expect((shares[1]["share"] as? Double ?? 1) < 0.1)
      for key in ["unassigned", "misfit", "curves", "together", "windows", "ranges_A", "warnings"] {
        #expect(json[key] != nil, "\(key)")
      }
      let windows = try #require(json["windows"] as? [[String: Any]])
      let contact = try #require(windows[0]["contact"] as? [String: Any])
      // Six neighbours, also where the film ends.
      #expect(abs((contact["partners"] as? Double ?? 0) - 6) < 0.7)
      let csv = try CSVTable(path: folder.appendingPathComponent("fit.csv").path)
      #expect(csv.header.contains("LiCl_per_A3") && csv.rows.count > 50)
      let words = try phases(folder, given)
      #expect(words.output.contains("LiCl") && words.output.contains("unassigned"))
      #expect(words.output.contains("Cl-Li in 2.0-3.0 Å"))
      #expect(words.errors.contains("three seeds or more are better"))
    }
  }

  @Test(
    arguments: [
      (["@film.extxyz", "--pair", "Cl-Li"], 64, "--reference"),
      (["@film.extxyz", "--reference", "a=@licl.extxyz"], 64, "--pair"),
      (
        ["@film.extxyz", "--pair", "Cl-Li", "--pair", "Li-Cl", "--reference", "a=@licl.extxyz"], 64,
        "more than one centre"
      ),
      (
        ["@film.extxyz", "--pair", "Cl-Li", "--reference", "a=@licl.extxyz", "--unreacted", "b"],
        64,
        "none of the references"
      ),
      (["@film.extxyz", "--pair", "Cl-Li", "--reference", "a=@lis.extxyz"], 65, "no Cl atom"),
      (["@film.extxyz", "--pair", "P-Li", "--reference", "a=@licl.extxyz"], 65, "no P atom"),
      (["@film.extxyz", "--pair", "Cl-Li", "--reference", "a=@none.extxyz"], 66, "none.extxyz"),
      (
        [
          "@film.extxyz", "--pair", "Cl-Li", "--reference", "a=@licl.extxyz", "--window",
          "Cl-Li: x",
        ],
        64, "--window"
      ),
      (
        ["@film.extxyz", "--pair", "Cl-Li", "--reference", "a=@licl.extxyz", "--r-max", "0.3 Å"],
        64,
        "ten bins"
      ),
    ] as [([String], Int32, String)])
  func whatCannotBeFittedIsTold(arguments: [String], status: Int32, says: String) throws {
    try inFolder { folder in
      let outcome = try phases(folder, arguments)
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func solidSolutionsKeepTheirCharge() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("out.extxyz").path
      func substitute(_ replace: String, _ more: [String] = []) throws -> InterphaseProcess {
        try InterphaseProcess(
          ["substitute", Self.crystal, "--replace", replace, "-o", file, "--json"]
            + more)
      }
      let expected = [
        ("S: 0.125 P, 0.125 Cl", 0), ("S: 0.125 P", 4), ("S: 0.125 Cl", -4),
      ]
      for (replace, added) in expected {
        let json = try substitute(replace).json()
        #expect(json["ionsAdded"] as? Int == added, "\(replace)")
        #expect(json["atoms"] as? Int == 96 + added)
        let structure = try StructureFile.read(file)
        #expect(structure.count == 96 + added)
        let counts = Dictionary(structure.species.map { ($0.symbol, 1) }) { $0 + $1 }
        // Li +1, S -2, P -3, Cl -1.
        let charge =
          (counts["Li"] ?? 0) - 2 * (counts["S"] ?? 0) - 3 * (counts["P"] ?? 0)
          - (counts["Cl"] ?? 0)
        #expect(charge == 0, "\(counts)")
      }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      _ = try substitute("S: 0.125 Cl")
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
      _ = try substitute("S: 0.125 Cl", ["--seed", "2"])
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)) != bytes)
      for (replace, says) in [
        ("S: 0.1 Xx", "share and an element"), ("S 0.1 P", "begins with"),
        ("S: 0.7 P, 0.7 Cl", "add up"),
        ("Cl: 0.1 P", "holds no Cl"), ("S: 0.001 P", "too few"), ("S: 0.1 S", "stands twice"),
      ] {
        let outcome = try substitute(replace)
        #expect(outcome.status == 64 && outcome.errors.contains(says), "\(outcome.errors)")
      }
    }
  }

  /// What was added sits in the middle of the voids, octahedra of the antifluorite.
  @Test func addedIonsSitInVoids() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("out.extxyz").path
      let outcome = try InterphaseProcess(
        "substitute", Self.crystal, "--replace", "S: 0.125 P", "-o", file)
      #expect(outcome.output.contains("4 Li added"), "\(outcome.output)")
      let structure = try StructureFile.read(file)
      for atom in structure.count - 4..<structure.count {
        #expect(structure.species[atom].symbol == "Li")
        let nearest =
          (0..<structure.count).filter { $0 != atom }.map { other -> Double in
            var d = structure.lattice.fractional(
              structure.positions[other] - structure.positions[atom])
            d -= d.rounded(.toNearestOrEven)
            return structure.lattice.cartesian(d).length
          }.min() ?? 0
        // a √3/4 = 2.47 Å from the middle of an octahedron to the next Li.
        #expect(nearest > 2.3, "\(nearest)")
      }
    }
  }
}
