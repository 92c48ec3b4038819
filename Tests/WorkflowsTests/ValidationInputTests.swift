import Atomistics
import Foundation
import Testing
import Workflows

@Suite struct ValidationInputTests {
  private func expectBad(
    _ change: (inout Validation, ValidationFolder) throws -> [String], _ expected: String,
    kind: FailureKind = .badData
  ) throws {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    var validation = try plainValidation()
    validation.crystals = [dataCrystal("Li.cif"), dataCrystal("Li2S.cif")]
    validation.reference = .init(
      calculator: try ScaledCalculator(1, most: 0), name: "scaled", sha256: "ab")
    let labels = try change(&validation, folder)
    let output = folder.url.appendingPathComponent("out")
    #expect {
      try validation.run(labels, in: output)
    } throws: { error in
      "\(error)".contains(expected) && (error as? any ReportableError)?.kind == kind
    }
    // Before anything is computed or written.
    #expect(!FileManager.default.fileExists(atPath: output.path))
  }

  @Test func badReactionsAreTold() throws {
    try expectBad(
      { v, _ in
        v.reactions = ["Li + S -> Li2S"]; return []
      }, "Li")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Li -> Li -> Li"]; return []
      }, "one '->'")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Li + S -> Li2S"]; return []
      }, "needs a crystal of S")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Xy -> Li2S"]; return []
      }, "Xy")
  }

  @Test func badLabelsAreTold() throws {
    let frame = """
      1
      Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3 pbc="T T T" FIRST
      Li 0 0 0

      """
    try expectBad({ _, f in [try f.write("l.extxyz", "")] }, "no frames")
    try expectBad({ _, f in [try f.write("l.extxyz", frame)] }, "has no energy")
    try expectBad(
      { _, f in
        [try f.write("l.extxyz", frame.replacingOccurrences(of: "FIRST", with: "energy=1"))]
      }, "has no forces")
    let uranium = """
      1
      Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3 pbc="T T T" energy=1
      U 0 0 0 0 0 0

      """
    try expectBad(
      { _, f in [try f.write("l.extxyz", uranium)] }, "does not know U", kind: .unavailable)
    try expectBad({ _, f in [f.path("none.extxyz")] }, "none.extxyz", kind: .missingInput)
  }

  @Test func badCrystalsAreTold() throws {
    try expectBad(
      { v, _ in
        v.crystals = [dataCrystal("LiF.cif")]; return []
      }, "does not know F", kind: .unavailable)
    try expectBad(
      { v, _ in
        v.reference = nil; return []
      }, "with a reference")
    try expectBad(
      { v, f in
        v.crystals = [
          try f.write(
            "slab.extxyz",
            """
            1
            Lattice="3 0 0 0 3 0 0 0 9" Properties=species:S:1:pos:R:3 pbc="T T F"
            Li 0 0 0

            """)
        ]
        return []
      }, "no crystal")
    try expectBad(
      { v, _ in
        v.crystals = [dataCrystal("Li.cif"), dataCrystal("Li.cif")]; return []
      }, "have one name")
  }
}
