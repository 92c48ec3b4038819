import Foundation
import Synchronization
import Testing
import Workflows

@Suite struct ValidationRestartTests {
  private func prepared(_ folder: ValidationFolder, _ reference: ScaledCalculator) throws -> (
    Validation, [String]
  ) {
    var validation = try plainValidation()
    validation.crystals = [dataCrystal("Li.cif"), dataCrystal("Li2S.cif")]
    validation.reference = .init(calculator: reference, name: "scaled", sha256: "ab")
    let frames = folder.path("labels")
    try Data(try validationLabels([("a", "md", 6, 0, 1.2), ("b", "md", 3, 1, 1)], push: 0.1).utf8)
      .write(to: URL(fileURLWithPath: frames + ".extxyz"))
    return (validation, [frames + ".extxyz"])
  }

  @Test func aKilledRunEndsWithTheSameBytes() throws {
    let (whole, broken, source) = (
      try ValidationFolder(), try ValidationFolder(), try ValidationFolder()
    )
    defer { for folder in [whole, broken, source] { folder.remove() } }
    let undisturbed = try ScaledCalculator(1.3)
    let (first, frames) = try prepared(source, undisturbed)
    _ = try first.run(frames, in: whole.url)
    let total = undisturbed.evaluations
    #expect(total > 150)

    let killed = try ScaledCalculator(1.3, most: 90)
    #expect(throws: ScaledCalculator.Killed.self) {
      try prepared(source, killed).0.run(frames, in: broken.url)
    }
    // Half a line, as a kill in the middle of writing leaves.
    let kept = broken.path("reference.evaluations")
    let text = try String(contentsOfFile: kept, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 91)
    try Data(text.dropLast(40).utf8).write(to: URL(fileURLWithPath: kept))
    let rest = try ScaledCalculator(1.3)
    _ = try prepared(source, rest).0.run(frames, in: broken.url)
    #expect(rest.evaluations == total - 89)
    let (a, b) = (try whole.contents(), try broken.contents())
    #expect(a.count > 15 && Set(a.keys) == Set(b.keys))
    for (name, data) in a { #expect(b[name] == data, "\(name)") }
    // Nothing is asked again.
    let again = try ScaledCalculator(1.3)
    _ = try prepared(source, again).0.run(frames, in: broken.url)
    #expect(again.evaluations == 0)
    for (name, data) in try broken.contents() { #expect(a[name] == data, "\(name)") }
  }

  @Test func aStopIsKeptAndAnotherReferenceRefused() throws {
    let (folder, source) = (try ValidationFolder(), try ValidationFolder())
    defer { for folder in [folder, source] { folder.remove() } }
    let (stopped, frames) = try prepared(source, try ScaledCalculator(1.3))
    let asked = Mutex(0)
    #expect {
      try stopped.run(frames, in: folder.url, progress: { _ in }) {
        asked.withLock { asked in
          asked += 1
          return asked > 120
        }
      }
    } throws: {
      ($0 as? WorkflowsError)?.kind == .stopped && "\($0)".contains("goes on")
    }
    var other = try plainValidation()
    other.crystals = [dataCrystal("Li.cif")]
    other.reference = .init(calculator: try ScaledCalculator(1), name: "another", sha256: "ef")
    _ = try prepared(source, try ScaledCalculator(1.3)).0.run(frames, in: folder.url)
    #expect {
      try other.run([], in: folder.url)
    } throws: {
      ($0 as? WorkflowsError)?.kind == .badData && "\($0)".contains("another calculator")
    }
  }

  /// Tables of another call do not stay beside those of this one.
  @Test func tablesThatNoLongerApplyGo() throws {
    let (folder, source) = (try ValidationFolder(), try ValidationFolder())
    defer { for folder in [folder, source] { folder.remove() } }
    let (both, frames) = try prepared(source, try ScaledCalculator(1.3))
    _ = try both.run(frames, in: folder.url)
    #expect(FileManager.default.fileExists(atPath: folder.path("eos.csv")))
    _ = try plainValidation().run(frames, in: folder.url)
    #expect(!FileManager.default.fileExists(atPath: folder.path("eos.csv")))
    #expect(FileManager.default.fileExists(atPath: folder.path("errors.csv")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("figures/equations-of-state.svg")))
  }
}
