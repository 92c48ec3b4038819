import Atomistics
import FileFormats
import Foundation
import Testing

private func data(_ name: String) -> String {
  InterphaseProcess.root.appendingPathComponent("Data/Structures/\(name)").path
}

private func interface(_ film: String, _ metal: String, _ more: String...) throws
  -> InterphaseProcess
{
  try InterphaseProcess(["interface", film, metal] + more)
}

/// Files written for one test.
private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-match-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String) throws -> String {
    let file = url.appendingPathComponent("\(UUID().uuidString).extxyz")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// Rock salt of lithium and chlorine, by changes of its text.
  func salt(_ old: String = "", _ new: String = "") throws -> String {
    let a = 5.1
    let half = a / 2
    let text = """
      4
      Lattice="\(a) 0 0 0 \(half) \(half) 0 -\(half) \(half)" Properties=species:S:1:pos:R:3 pbc="T T T"
      Li 0 0 0
      Li \(half) 0 \(half)
      Cl \(half) 0 0
      Cl 0 0 \(half)

      """
    return try write(old.isEmpty ? text : text.replacingOccurrences(of: old, with: new))
  }
}

private let carbide = """
  2
  Lattice="0 2.18 2.18 2.18 0 2.18 2.18 2.18 0" Properties=species:S:1:pos:R:3 pbc="T T T"
  Si 0 0 0
  C 1.09 1.09 1.09

  """

@Suite struct MatchCommandTests {
  private let film = data("Li6PS5Cl.extxyz")
  private let lithium = data("Li.cif")

  @Test func nothingWithinTheLimitsTellsTheNearestMisses() throws {
    let strict = try interface(film, lithium, "--length-mismatch", "0.00001")
    #expect(strict.status == 65 && strict.output.isEmpty)
    #expect(strict.errors.contains("the nearest differs by"))
    #expect(strict.errors.components(separatedBy: " Å² (").count == 4, "three: \(strict.errors)")
    // What is advised helps.
    let advice = try #require(
      strict.errors.components(separatedBy: "to let the first in: ").last?
        .components(separatedBy: ";").first)
    // A quoted word is one argument.
    let words = advice.components(separatedBy: "\"").enumerated().flatMap { number, text in
      number % 2 == 1 ? [text] : text.split(separator: " ").map(String.init)
    }
    #expect(words.contains("--length-mismatch") && words.count % 2 == 0, "\(words)")
    let helped = try InterphaseProcess(["interface", film, lithium, "--matches"] + words)
    #expect(helped.status == 0, "\(helped.errors)")
    let small = try interface(film, lithium, "--max-area", "20 Å^2")
    #expect(small.status == 65 && small.errors.contains("--max-area \""))
    let angle = try interface(
      film, lithium, "--absolute-length", "0.001 Å", "--absolute-angle", "0.001 degrees")
    #expect(angle.status == 65 && angle.errors.contains("--absolute-"), "\(angle.errors)")
    let atoms = try interface(film, lithium, "--max-atoms", "60")
    #expect(atoms.status == 65 && atoms.errors.contains("--max-atoms "))
  }

  @Test func aMetalWithoutTheWorkingIonIsRefused() throws {
    let scratch = try Scratch()
    let aluminium = try scratch.write(
      """
      1
      Lattice="0 2.02 2.02 2.02 0 2.02 2.02 2.02 0" Properties=species:S:1:pos:R:3 pbc="T T T"
      Al 0 0 0

      """)
    let refused = try interface(film, aluminium)
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("working ion of Li6PS5Cl is Li"), "\(refused.errors)")
    #expect(refused.errors.contains("--working-ion none"))
    #expect(try interface(film, aluminium, "--working-ion", "none", "--matches").status == 0)
    let named = try interface(film, lithium, "--working-ion", "Na")
    #expect(named.status == 65 && named.errors.contains("Na"))
    #expect(try interface(film, lithium, "--working-ion", "Li", "--matches").status == 0)
    #expect(try interface(film, lithium, "--working-ion", "Xx").status == 64)
    // A crystal with no ion that moves.
    let none = try interface(try scratch.write(carbide), lithium)
    #expect(none.status == 65 && none.errors.contains("is no anode of it"), "\(none.errors)")
    #expect(
      try interface(try scratch.write(carbide), lithium, "--working-ion", "none", "--matches")
        .status
        == 0)
  }

  @Test func badCrystalsAreTold() throws {
    let scratch = try Scratch()
    let good = try scratch.salt()
    #expect(try interface(good, lithium, "--matches").status == 0)
    func refused(_ path: String, _ other: String, _ text: String) throws {
      let run = try interface(path, other)
      #expect(run.status == 65 && run.output.isEmpty, "\(run.errors)")
      #expect(run.errors.contains(text), "\(run.errors)")
    }
    try refused(try scratch.salt("Li 2.55 0 2.55", "Li 0.3 0 0"), lithium, "apart")
    try refused(
      try scratch.salt("Li 2.55 0 2.55", "Li 0.6 0 0"), lithium, "the electrolyte: atoms 1")
    try refused(film, try scratch.salt("Li 2.55 0 2.55", "Li 0.6 0 0"), "the metal: atoms 1")
    try refused(try scratch.salt("Li 2.55 0 2.55", "Li nan 0 0"), lithium, "finite number")
    try refused(
      try scratch.salt("Lattice=\"5.1 0 0", "Lattice=\"25.1 0 0"), lithium, "a slab in a vacuum")
    try refused(try scratch.salt("T T T", "T T F"), lithium, "not a slab")
    try refused(film, try scratch.salt("T T T", "T T F"), "the metal does not repeat")
  }

  @Test func wrongUseHasItsCode() throws {
    #expect(try interface(film, lithium, "--absolute-length", "0.1 Å").status == 64)
    let bare = try interface(
      film, lithium, "--absolute-length", "0.1", "--absolute-angle", "1 degree")
    #expect(bare.status == 64 && bare.errors.contains("Å"))
    #expect(
      try interface(film, lithium, "--absolute-length", "0.1 Å", "--absolute-angle", "1").status
        == 64)
    #expect(try interface(film, lithium, "--strain", "both").status == 64)
    #expect(try interface(film, lithium, "--strain", "1.5").status == 64)
    #expect(try interface(film, lithium, "--strain", "stiffness").status == 64)
    #expect(try interface(film, lithium, "--max-stress", "0.1 GPa").status == 64)
    #expect(try interface(film, lithium, "--like", "vesta").status == 64)
    #expect(try interface(film, lithium, "--electrolyte-face", "1 0 0").status == 64)
    #expect(
      try interface(film, lithium, "--like", "pymatgen", "--anode-face", "2 2 0").status == 64)
    #expect(try interface(film, lithium, "--length-mismatch", "nan").status == 64)
  }

  @Test func bothSidesAreTold() throws {
    let run = try interface(film, lithium, "--strain", "0.25", "--count", "3", "--json")
    let matches = try #require(try run.json()["matches"] as? [[String: Any]])
    #expect(matches.count == 3)
    for match in matches {
      let metal = try #require(match["anodeVonMisesStrain"] as? Double)
      let electrolyte = try #require(match["electrolyteVonMisesStrain"] as? Double)
      #expect(electrolyte > 0 && abs(metal / electrolyte - 3) < 0.3)
      #expect(match["vonMisesStrain"] as? Double == metal)
      #expect(match["stress_GPa"] is NSNull && match["anodeStress_GPa"] is NSNull)
      #expect((match["anodeStrain"] as? [Double])?.count == 3)
      #expect((match["flags"] as? [String])?.isEmpty == true)
    }
    let list = try interface(film, lithium, "--matches", "--json").json()
    let found = try #require(list["matches"] as? [[String: Any]])
    #expect(list["found"] as? Int == found.count && found.count > 50)
    let like = try interface(
      film, lithium, "--like", "pymatgen", "--electrolyte-face", "1 0 0", "--anode-face", "1 1 0",
      "--json"
    ).json()
    #expect((like["matches"] as? [[String: Any]])?.isEmpty == false)
    #expect((like["electrolyteTerminations"] as? [[String: Any]])?.count == 7)
  }

  @Test func contactsLikePymatgensAreWritten() throws {
    let scratch = try Scratch()
    let faces = [
      "--like", "pymatgen", "--electrolyte-face", "1 0 0", "--anode-face", "1 1 0",
    ]
    func run(_ more: String...) throws -> InterphaseProcess {
      try InterphaseProcess(
        ["interface", film, lithium] + faces + more + ["-o", scratch.url.path])
    }
    let built = try run(
      "--terminations", "3 1", "--metal-thickness", "6 layers", "--film-gap", "1.5 Å", "--count",
      "2", "--json")
    let matches = try #require(try built.json()["matches"] as? [[String: Any]])
    #expect(matches.filter { $0["files"] is [String: Any] }.count == 2)
    let contact = try StructureFile.read(
      scratch.url.appendingPathComponent("contact-2.extxyz").path)
    let regions = try #require(contact.regions)
    let heights = { (side: Region) in
      zip(contact.positions, regions).filter { $0.1 == side }.map(\.0.z)
    }
    let (top, bottom) = (
      try #require(heights(.metal).max()), try #require(heights(.electrolyte).min())
    )
    #expect(abs(bottom - top - 1.5) < 1e-9)
    #expect(contact.count == matches[1]["atoms"] as? Int)
    let text = try run("--count", "1").output
    #expect(text.contains("bonds of clusters cut") && text.contains("mirrored"))
    #expect(try run("--terminations", "9 1").status == 64)
    #expect(try run("--terminations", "1").status == 64)
    let unclear = try InterphaseProcess(
      "interface", film, lithium, "--like", "pymatgen", "-o", scratch.url.path)
    #expect(unclear.status == 64 && unclear.errors.contains("--anode-face"))
    #expect(try interface(film, lithium, "--film", "metal").status == 64)
    let other = try interface(
      film, lithium, "--like", "pymatgen", "--electrolyte-face", "-1 0 0", "--anode-face", "-1 1 0")
    #expect(other.status == 0 && other.output.contains("(-1 0 0)"), "\(other.errors)")
  }

  @Test(.enabled(if: SmallStudy.hasPotential)) func stressIsFlaggedAndFilteredOnRequest() throws {
    let scratch = try Scratch()
    let path = { (name: String) in scratch.url.appendingPathComponent(name).path }
    for (file, name) in [(film, "film.extxyz"), (lithium, "metal.extxyz")] {
      let relaxed = try InterphaseProcess(
        "relax", file, "--potential", "nep89", "--cell", "-o", path(name), "--quiet")
      #expect(relaxed.status == 0)
    }
    let arguments = [
      "interface", path("film.extxyz"), path("metal.extxyz"), "--potential", "nep89", "--json",
    ]
    let run = try InterphaseProcess(arguments + ["--min-thickness", "4 Å", "--max-atoms", "120"])
    let matches = try #require(try run.json()["matches"] as? [[String: Any]])
    var flagged = (stress: 0, thin: 0)
    for match in matches {
      let flags = try #require(match["flags"] as? [String]).joined()
      let remarks = try #require(match["remarks"] as? [String]).joined()
      let stress = try #require(match["stress_GPa"] as? Double)
      let thickness = try #require(match["electrolyteThickness_A"] as? Double)
      #expect((stress > 0.1) == flags.contains("more than the paper's 0.1"))
      #expect((thickness < 6) == remarks.contains("The electrolyte is"), "\(remarks)")
      flagged.stress += stress > 0.1 ? 1 : 0
      flagged.thin += thickness < 6 ? 1 : 0
      #expect(match["electrolyteStress_GPa"] as? Double == 0)
    }
    #expect(flagged.stress > 0)
    let kept = try InterphaseProcess(arguments + ["--max-stress", "0.1 GPa", "--count", "100"])
    let few = try #require(try kept.json()["matches"] as? [[String: Any]])
    #expect(!few.isEmpty && few.allSatisfy { ($0["stress_GPa"] as? Double ?? 1) <= 0.1 })
    let none = try InterphaseProcess(arguments + ["--max-stress", "0.001 GPa"])
    #expect(none.status == 65 && none.errors.contains("the least is"))
  }
}
