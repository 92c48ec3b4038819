import Foundation
import Testing

/// `interphase interface`, run as a person would.
@Suite struct InterfaceCommandTests {
  private static let data = InterphaseProcess.root.appendingPathComponent("Data/Structures")
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

  private final class Scratch {
    let url: URL
    init() throws {
      url = FileManager.default.temporaryDirectory
        .appendingPathComponent("interphase-interface-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }
    subscript(_ name: String) -> String { url.appendingPathComponent(name).path }
  }

  /// Of lithium fluoride with lithium.
  private func contacts(_ more: [String]) throws -> InterphaseProcess {
    try InterphaseProcess(
      ["interface", Self.data.appendingPathComponent("LiF.cif").path]
        + [Self.data.appendingPathComponent("Li.cif").path]
        + ["--max-area", "80 Å^2", "--max-atoms", "200", "--count", "2"] + more)
  }

  @Test func writesAllFilesAndThePage() throws {
    let scratch = try Scratch()
    let run = try contacts(["--json", "-o", scratch["out"]])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let matches = try #require(try run.json()["matches"] as? [[String: Any]])
    #expect(matches.count == 2)
    for (number, match) in matches.enumerated() {
      #expect(match["adhesion_J_per_m2"] is NSNull && match["registry"] is NSNull)
      #expect(match["registryShift_A"] as? [Double] == [0, 0])
      #expect(match["file"] as? String == scratch["out/contact-\(number + 1).extxyz"])
      let files = try #require(match["files"] as? [String: String])
      #expect(Set(files.keys) == ["extxyz", "poscar", "poscarOrder", "cif", "lammps"])
      for path in files.values { #expect(FileManager.default.fileExists(atPath: path)) }
      #expect(
        FileManager.default.fileExists(atPath: scratch["out/contact-\(number + 1).svg"]))
    }
    let html = try String(contentsOfFile: scratch["out/contacts.html"], encoding: .utf8)
    #expect(html.contains("How to read it") && html.contains("contact-2.POSCAR.order"))
    // The same bytes again.
    _ = try contacts(["--json", "-o", scratch["again"]])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch["out"])
    #expect(names.count > 12)
    for name in names {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: scratch["out/\(name)"]))
          == Data(contentsOf: URL(fileURLWithPath: scratch["again/\(name)"])), "\(name)")
    }
  }

  @Test func registryAndAdhesionDoNotDependOnThreads() throws {
    let scratch = try Scratch()
    var outputs: [[String: Any]] = []
    for threads in ["1", "2"] {
      let run = try contacts([
        "--potential", Self.potential, "--registry", "2", "--adhesion", "--threads", threads,
        "--json", "-o", scratch["threads-\(threads)"],
      ])
      #expect(run.status == 0, "\(run.errors)")
      outputs.append(try run.json())
    }
    let matches = try outputs.map { try #require($0["matches"] as? [[String: Any]]) }
    for (one, two) in zip(matches[0], matches[1]) {
      let registry = try #require(one["registry"] as? [String: Any])
      let points = try #require(registry["points"] as? [[String: Any]])
      #expect(points.count == 4)
      let energies = points.compactMap { $0["energy_eV"] as? Double }
      // Of shifts that symmetry makes equal any may be taken.
      let least = try #require(energies.min())
      let lowest = zip(points, energies).filter { $0.1 < least + 1e-6 }
      #expect(
        lowest.contains { $0.0["shift_A"] as? [Double] == one["registryShift_A"] as? [Double] })
      #expect(one["adhesion_J_per_m2"] as? Double == two["adhesion_J_per_m2"] as? Double)
      #expect((one["adhesion_J_per_m2"] as? Double)?.isFinite == true)
      #expect(one["adhesion_J_per_m2"] as? Double == one["adhesionRigid_J_per_m2"] as? Double)
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: scratch["threads-1"]) {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: scratch["threads-1/\(name)"]))
          == Data(contentsOf: URL(fileURLWithPath: scratch["threads-2/\(name)"])), "\(name)")
    }
    #expect(
      FileManager.default.fileExists(atPath: scratch["threads-1/contact-1-registry.csv"]))
  }

  @Test func thicknessAndDoubleContact() throws {
    let run = try contacts([
      "--double-contact", "--electrolyte-thickness", "2 layers", "--metal-thickness", "15 Å",
      "--radii", "bondi", "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let matches = try #require(try run.json()["matches"] as? [[String: Any]])
    for match in matches {
      #expect((match["contactPlanes_A"] as? [Double])?.count == 2)
      let metal = try #require(match["metalAtoms"] as? Int)
      let atoms = try #require(match["atoms"] as? Int)
      #expect(Double(metal) >= 8 * Double(atoms - metal) / 2)
    }
  }

  @Test func aSlabThinnerThanTheRangeOfThePotentialIsTold() throws {
    let run = try contacts([
      "--electrolyte-thickness", "1 layers", "--potential", Self.potential,
      "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains("The electrolyte is") && run.errors.contains("thinner than the range"))
    let matches = try #require(try run.json()["matches"] as? [[String: Any]])
    #expect((matches[0]["remarks"] as? [String])?.first?.hasPrefix("The electrolyte is") == true)
    #expect(matches[0]["adhesion_J_per_m2"] is NSNull)
    for energies in [["--adhesion"], ["--registry", "2"]] {
      let refused = try contacts(
        ["--electrolyte-thickness", "1 layers", "--potential", Self.potential] + energies)
      #expect(refused.status == 64 && refused.output.isEmpty, "\(refused.errors)")
      #expect(refused.errors.contains("ask for --electrolyte-thickness"), "\(refused.errors)")
    }
  }

  @Test func wrongUseAndWrongInputHaveTheirCodes() throws {
    let scratch = try Scratch()
    for (options, status, says) in [
      (["--registry", "4"], 64, "--potential"), (["--adhesion"], 64, "--potential"),
      (["--adhesion", "soft", "--potential", Self.potential], 64, "soft"),
      (["--registry-relax", "2", "--potential", Self.potential], 64, "--registry"),
      (["--registry", "0", "--potential", Self.potential], 64, "grid"),
      (["--vacuum", "3 Å"], 64, "vacuum"), (["--vacuum", "13"], 64, "length"),
      (["--electrolyte-thickness", "0 layers"], 64, "one layer"),
      (["--metal-thickness", "0 Å"], 64, "above zero"), (["--radii", "pauling"], 64, "radii"),
      (["--threads", "0"], 64, "--threads"),
      (["-o", "/proc/nothing/here"], 74, "cannot be made"),
    ] as [([String], Int32, String)] {
      let run = try contacts(options)
      #expect(run.status == status && run.output.isEmpty, "\(options): \(run.errors)")
      #expect(run.errors.contains(says), "\(options): \(run.errors)")
    }
    // Bondi has no radius of titanium.
    let titanium = """
      1
      Lattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3 pbc="T T T"
      Ti 0 0 0

      """
    try Data(titanium.utf8).write(to: URL(fileURLWithPath: scratch["Ti.extxyz"]))
    let run = try InterphaseProcess([
      "interface", Self.data.appendingPathComponent("LiF.cif").path, scratch["Ti.extxyz"],
      "--radii", "bondi", "--working-ion", "none",
    ])
    #expect(run.status == 65 && run.errors.contains("Ti") && run.errors.contains("Bondi"))
  }

  /// Formal charges of the electrolyte's file go through the contact, `relax`, and `md` with a stop.
  @Test func formalChargesAreKept() throws {
    let scratch = try Scratch()
    let salt = """
      2
      Lattice="0 2.0 2.0 2.0 0 2.0 2.0 2.0 0" \
      Properties=species:S:1:pos:R:3:formal_charge:R:1 pbc="T T T"
      Li 0 0 0 1
      F 2.0 2.0 2.0 -1

      """
    try Data(salt.utf8).write(to: URL(fileURLWithPath: scratch["LiF.extxyz"]))
    let run = try InterphaseProcess([
      "interface", scratch["LiF.extxyz"], Self.data.appendingPathComponent("Li.cif").path,
      "--max-area", "80 Å^2", "--electrolyte-thickness", "2 layers", "--count", "1", "-o",
      scratch["out"],
    ])
    #expect(run.status == 0, "\(run.errors)")
    let contact = scratch["out/contact-1.extxyz"]
    /// Of each atom: region, layer and charge, the last three columns.
    func labels(_ path: String) throws -> [[Substring]] {
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines[1].contains("formal_charge:R:1"))
      let count = try #require(Int(lines[0]))
      return lines.suffix(count).map { $0.split(separator: " ").suffix(3) }
    }
    let built = try labels(contact)
    #expect(
      Set(built.map { "\($0[0]) \($0[2])" }) == [
        "metal 0.0", "electrolyte 1.0", "electrolyte -1.0",
      ])
    let relaxed = try InterphaseProcess(
      "relax", contact, "--potential", Self.potential, "--steps", "2", "-o", scratch["r.extxyz"])
    #expect(relaxed.status == 0, "\(relaxed.errors)")
    #expect(try labels(scratch["r.extxyz"]) == built)
    let md = [
      "md", contact, "--potential", Self.potential, "--temperature", "10 K", "--time", "10 fs",
      "--every", "5 fs", "--checkpoint", "5 fs", "-o", scratch["md"],
    ]
    let ran = try InterphaseProcess(md)
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(try labels(scratch["md/trajectory.extxyz"]) == built)
  }

  @Test func stopsWithinAStep() throws {
    let scratch = try Scratch()
    let start = Date()
    let ended = try InterphaseProcess.interrupt(
      [
        "interface", Self.data.appendingPathComponent("LiF.cif").path,
        Self.data.appendingPathComponent("Li.cif").path, "--max-area", "150 Å^2", "--potential",
        Self.potential, "--registry", "64", "-o", scratch["out"],
      ], with: SIGTERM
    ) { Date().timeIntervalSince(start) > 3 }
    #expect(ended.status == 75 && ended.reason == .exit, "\(ended.errors)")
    #expect(ended.errors.contains("begins anew"))
    #expect(Date().timeIntervalSince(start) < 30)
  }
}
