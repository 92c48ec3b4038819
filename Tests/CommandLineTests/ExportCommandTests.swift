import FileFormats
import Foundation
import Testing

/// `interphase export` and `analyze --structure`, as a person runs them; LAMMPS's dumps are those of
/// Tests/FileFormatsTests/Fixtures/exchange, written by LAMMPS from the exported files.
@Suite struct ExportCommandTests {
  private func fixture(_ name: String) -> String {
    InterphaseProcess.root.appendingPathComponent("Tests/FileFormatsTests/Fixtures/exchange")
      .appendingPathComponent(name).path
  }

  private let nep = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4.nep.txt").path

  private func withDirectory(_ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  @Test func lammps() throws {
    try withDirectory { directory in
      let outcome = try InterphaseProcess(
        "export", "lammps", fixture("cell.extxyz"), "-o", directory + "/cell", "--json")
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("left-handed"))
      #expect(try outcome.json()["atoms"] as? Int == 12)
      #expect(
        try outcome.json()["files"] as? [String]
          == ["\(directory)/cell.data", "\(directory)/in.cell"])
      #expect(
        try InputFile.text(directory + "/cell.data") == InputFile.text(fixture("cell.data")))
    }
  }

  @Test func gpumd() throws {
    try withDirectory { directory in
      let arguments = [
        "export", "gpumd", fixture("cell.extxyz"), "-o", directory + "/run", "--potential", nep,
        "--time", "1 ps", "--temperature", "400 K",
      ]
      let outcome = try InterphaseProcess(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.output.hasPrefix("12 atoms: "))
      let text = try InputFile.text(directory + "/run/run.in")
      #expect(text.contains("velocity 400 seed 1") && text.hasSuffix("run 1000\n"))
      let spread = try InterphaseProcess(
        "analyze", "spread", fixture("gpumd_dump.xyz"), "--structure",
        directory + "/run/model.xyz", "--species", "Li", "--json")
      #expect(spread.status == 0, "\(spread.errors)")
      #expect((try spread.json()["regions"] as? [String: Any])?.count == 2)
    }
  }

  /// The same frames, from GPUMD's file (never turned), from LAMMPS's turned back, and from
  /// LAMMPS's as they are: all that is measured agrees.
  @Test func theWayThroughLAMMPSChangesNoAnalysis() throws {
    let structure = ["--structure", fixture("cell.extxyz")]
    let plain = [fixture("gpumd_dump.xyz")] + structure
    let back = [fixture("cell.lammpstrj")] + structure
    let turned = [fixture("cell.lammpstrj")]
    func numbers(_ arguments: [String], _ key: String) throws -> [Double] {
      let outcome = try InterphaseProcess(["analyze"] + arguments + ["--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require(try outcome.json()[key] as? [Double])
    }
    func expectSame(_ a: [Double], _ b: [Double], within tolerance: Double = 1e-5) {
      #expect(!a.isEmpty && a.count == b.count)
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < tolerance }, "\(a) \(b)")
    }
    let spread = ["spread", "--species", "Li"]
    let sigma = try numbers(spread + plain, "sigma_A")
    #expect(sigma.count == 3 && sigma[0] > 1 && abs(sigma[2] - sigma[0]) > 1e-4)
    expectSame(sigma, try numbers(spread + back, "sigma_A"))
    expectSame(sigma, try numbers(spread + turned, "sigma_A"))
    expectSame(
      try numbers(spread + plain, "mean_A"), try numbers(spread + back, "mean_A"))
    let rdf = ["rdf", "--pair", "Li-any", "--r-max", "5 Å", "--normalisation", "cell"]
    let g = try numbers(rdf + plain, "g")
    expectSame(g, try numbers(rdf + back, "g"), within: 1e-3)
    expectSame(g, try numbers(rdf + turned, "g"), within: 1e-3)
    let bonds = ["bonds", "--pair", "P-S", "--inner", "3 Å", "--outer", "3.4 Å"]
    let intact = try numbers(bonds + plain, "intactFraction")
    expectSame(intact, try numbers(bonds + back, "intactFraction"))
    expectSame(intact, try numbers(bonds + turned, "intactFraction"))
  }

  @Test func typesNameTheElements() throws {
    let rdf = ["analyze", "rdf", fixture("scaled.dump"), "--pair", "Li-S", "--json"]
    let silent = try InterphaseProcess(rdf)
    #expect(silent.status == 65 && silent.errors.contains("--types Li,P,S"))
    let told = try InterphaseProcess(rdf + ["--types", "S,Li,P"])
    #expect(told.status == 0, "\(told.errors)")
    let wrong = try InterphaseProcess(rdf + ["--types", "S,Li"])
    #expect(wrong.status == 65 && wrong.errors.contains("elements are given for 2 types"))
    let nonsense = try InterphaseProcess(rdf + ["--types", "S,,P"])
    #expect(nonsense.status == 65 && nonsense.errors.contains("--types"))
  }

  @Test func mistakesAreTold() throws {
    for (arguments, status, word) in [
      (["export", "lammps", fixture("cell.extxyz")], 64, "-o NAME"),
      (["export", "gpumd", fixture("cell.extxyz"), "--potential", nep], 64, "-o DIR"),
      (["export", "lammps", "nowhere.xyz", "-o", "a"], 66, "nowhere.xyz"),
      (["export", "lammps", fixture("cell.extxyz"), "-o", "a", "--time", "5"], 64, "a time"),
      (["export", "lammps", fixture("cell.extxyz"), "-o", "a", "--ensemble", "npt"], 64, "npt"),
      (["export", "lammps", fixture("cell.extxyz"), "-o", "/dev/null/a"], 74, "/dev/null"),
      (
        [
          "analyze", "spread", fixture("cell.lammpstrj"), "--species", "Li", "--structure",
          "no.xyz",
        ],
        66, "no.xyz"
      ),
    ] {
      let outcome = try InterphaseProcess(arguments)
      #expect(outcome.status == Int32(status), "\(arguments) \(outcome.errors)")
      #expect(outcome.errors.contains(word), "\(arguments) \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }
}
