import Atomistics
import FileFormats
import Foundation
import Testing

/// Synthetic runs (Fixtures/vasprun/generate_vasprun.py) and what pymatgen reads from them.
private enum Runs {
  struct Expected: Decodable {
    let energy_eV: Double
    let composition: [String: Double]
    let functional: String
    let bandGap_eV: Double?
    let electronic, ionic: Bool
    let ionicSteps: Int
    let volume_A3: Double
    let positions: [[Double]]
    let version: String
    let titles: [String]
    let hubbard: [String: Double]
  }

  struct File: Decodable { let runs: [String: Expected] }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/vasprun")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name + ".xml").path }
  static func text(_ name: String) throws -> String { try InputFile.text(path(name)) }

  static func expected() throws -> [String: Expected] {
    let data = try Data(contentsOf: folder.appendingPathComponent("pymatgen.json"))
    return try JSONDecoder().decode(File.self, from: data).runs
  }
}

@Suite struct VASPRunTests {
  @Test func agreesWithPymatgen() throws {
    let runs = try Runs.expected()
    #expect(runs.count == 11)
    for (name, expected) in runs {
      let run = try VASPRun(path: Runs.path(name))
      #expect(run.energy == expected.energy_eV, "\(name)")
      #expect(run.functional == expected.functional, "\(name)")
      #expect(run.ionicSteps == expected.ionicSteps, "\(name)")
      #expect(run.isElectronicallyConverged == expected.electronic, "\(name)")
      #expect(run.isIonicallyConverged == expected.ionic, "\(name)")
      #expect(run.version == expected.version && run.potentialTitles == expected.titles)
      #expect(abs(run.structure.volume - expected.volume_A3) < 1e-9, "\(name)")
      let gaps = (run.bandGap, expected.bandGap_eV)
      if let gap = gaps.0, let other = gaps.1 {
        #expect(abs(gap - other) < 1e-12, "\(name)")
      } else {
        #expect(gaps.0 == nil && gaps.1 == nil, "\(name)")
      }
      for (symbol, amount) in expected.composition {
        #expect(run.composition[try #require(Element(symbol))] == amount, "\(name)")
      }
      for (position, other) in zip(run.structure.fractionalPositions, expected.positions) {
        #expect((position - Vector3(other[0], other[1], other[2])).length < 1e-12, "\(name)")
      }
      #expect(run.hubbard.count == expected.hubbard.count, "\(name)")
      for term in run.hubbard { #expect(term.value == expected.hubbard[term.element.symbol]) }
      #expect(!run.isTruncated && run.cutoff == 520)
    }
  }

  @Test func warnsOfWhatIsNotRelaxed() throws {
    func warnings(_ name: String) throws -> String {
      try VASPRun(path: Runs.path(name)).warnings.joined()
    }
    #expect(try warnings("relaxation").isEmpty && warnings("static").isEmpty)
    #expect(try warnings("unrelaxed").contains("step 3 of at most 3"))
    #expect(try warnings("dynamics").contains("molecular dynamics"))
    // All atoms are held, so that no force counts; without that they would be too large.
    #expect(try warnings("selective").isEmpty)
    let text = try Runs.text("selective").replacingOccurrences(of: "F F F", with: "T T F")
    let folder = try TemporaryDirectory()
    let run = try VASPRun(path: folder.write(text, to: "vasprun.xml"))
    #expect(run.warnings.joined().contains("above its criterion of 0.02"))
  }

  /// Wherever the file is cut off: an error, or the values of the last complete step.
  @Test(arguments: ["relaxation", "swapped", "static"])
  func cutAnywhereGivesTheLastCompleteStepOrAnError(name: String) throws {
    let folder = try TemporaryDirectory()
    let bytes = Array(try Runs.text(name).utf8)
    let whole = String(decoding: bytes, as: UTF8.self)
    var ends: [Int] = []
    var start = whole.startIndex
    while let range = whole.range(of: "</calculation>", range: start..<whole.endIndex) {
      ends.append(whole.utf8.distance(from: whole.startIndex, to: range.upperBound))
      start = range.upperBound
    }
    let last = whole.utf8.distance(
      from: whole.startIndex, to: try #require(whole.range(of: "</modeling>")).upperBound)
    // The values of each step, from files that end just behind it.
    let steps = try ends.map {
      try VASPRun(path: folder.write(Data(bytes[..<$0]), to: "whole.xml"))
    }
    #expect(
      Set(steps.map(\.energy)).count == steps.count && steps.map(\.ionicSteps).last == ends.count)
    var refused = 0
    for cut in stride(from: 0, to: bytes.count, by: 7) {
      let path = try folder.write(Data(bytes[..<cut]), to: "cut.xml")
      let complete = ends.count { $0 <= cut }
      guard complete > 0 else {
        #expect(throws: FileFormatsError.self) { try VASPRun(path: path) }
        refused += 1
        continue
      }
      let run = try VASPRun(path: path)
      #expect(run.energy == steps[complete - 1].energy, "cut at \(cut)")
      #expect(run.structure == steps[complete - 1].structure && run.ionicSteps == complete)
      #expect(run.isTruncated == (cut < last), "cut at \(cut)")
      #expect(cut >= last || run.warnings.joined().contains("cut off"))
    }
    #expect(refused > 100)
  }

  @Test func cutOffFilesSayWhetherForcesHadConverged() throws {
    let folder = try TemporaryDirectory()
    let text = try Runs.text("relaxation")
    let path = try folder.write(
      text.replacingOccurrences(of: "</modeling>", with: ""), to: "end.xml")
    let end = try VASPRun(path: path)
    #expect(end.isTruncated && end.isIonicallyConverged)
    #expect(end.warnings.joined().contains("step 3 of at most 99"))
    let first = try #require(text.range(of: "</calculation>"))
    let cut = try VASPRun(path: folder.write(String(text[..<first.upperBound]), to: "one.xml"))
    #expect(cut.ionicSteps == 1 && !cut.isIonicallyConverged)
    #expect(cut.warnings.joined().contains("had not converged") && cut.bandGap == nil)
  }

  @Test func gzippedFilesReadTheSame() throws {
    let folder = try TemporaryDirectory()
    let plain = try VASPRun(path: Runs.path("relaxation"))
    let packed = try gzipped(Runs.text("relaxation"))
    let run = try VASPRun(path: folder.write(packed, to: "vasprun.xml.gz"))
    #expect(run.energy == plain.energy && run.structure == plain.structure && !run.isTruncated)
    var read = 0
    for cut in stride(from: 0, to: packed.count, by: 11) {
      let path = try folder.write(packed.prefix(cut), to: "cut.xml.gz")
      guard let run = try? VASPRun(path: path) else { continue }
      read += 1
      #expect(run.isTruncated || run.energy == plain.energy)
    }
    #expect(read > 0)
  }

  @Test(arguments: [
    ("", "empty"), ("   \n\n", "empty"), ("1.0 2.0\n", "not XML"), ("<html><a>", "another XML"),
    ("<modeling>\n</modeling>\n", "no ionic step"),
    ("<modeling>\n<incar></calc>\n", "</calc> closes"),
    ("\u{0}\u{1}\u{2}<<>>", "not XML"), ("<>", "no name"),
  ])
  func whatIsNoRunIsRefused(text: String, says: String) throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write(text, to: "vasprun.xml")
    let error = #expect(throws: FileFormatsError.self) { try VASPRun(path: path) }
    #expect(error?.description.contains(says) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("<i name=\"e_0_energy\">", "<i name=\"e_0_energy\">x", "is not a finite number"),
    ("<i name=\"e_0_energy\">", "<i name=\"e_0_energy\">***** ", "no total energy"),
    ("name=\"e_0_energy\"", "name=\"e_none\"", "no total energy"),
    ("<c>S </c>", "<c>Qq</c>", "'Qq' is not the symbol"),
    ("<varray name=\"basis\" >", "<varray name=\"basis\" ><v> 1 2 </v>", "vector of three"),
    ("<i type=\"int\" name=\"NSW\"> 99", "<i type=\"int\" name=\"NSW\"> 9x9", "NSW is '9x9'"),
    ("</crystal>", "</cristal>", "closes <crystal>"),
  ])
  func damagedNumbersAreNamedWithTheirLine(old: String, new: String, says: String) throws {
    let folder = try TemporaryDirectory()
    let text = try Runs.text("relaxation")
    #expect(text.contains(old))
    let path = try folder.write(text.replacingOccurrences(of: old, with: new), to: "vasprun.xml")
    let error = #expect(throws: FileFormatsError.self) { try VASPRun(path: path) }
    guard case .badFile(_, let line, let reason) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains(says) && line != nil, "\(reason)")
  }

  /// Bytes changed at random (seeded) end in a value or an error.
  @Test func mutatedFilesNeverCrash() throws {
    let folder = try TemporaryDirectory()
    let bytes = Array(try Runs.text("hubbard").utf8)
    var random = RandomGenerator(seed: 5)
    var read = 0
    for _ in 0..<1500 {
      var copy = bytes
      for _ in 0..<3 {
        let place = Int(random.next() % UInt64(copy.count))
        copy[place] = Array("<>/*\"9- \n\0".utf8)[Int(random.next() % 10)]
      }
      let path = try folder.write(Data(copy), to: "vasprun.xml")
      do {
        let run = try VASPRun(path: path)
        #expect(run.energy.isFinite && run.structure.count == 4)
        read += 1
      } catch is FileFormatsError {
        continue
      }
    }
    #expect(read > 100)
  }

  @Test func longFilesTakeConstantMemory() throws {
    let folder = try TemporaryDirectory()
    let text = try Runs.text("static")
    let row = "     <r>   -1.0000  0.1000  0.2000 </r>\n"
    let projected =
      "  <projected>\n<array><set>\n" + String(repeating: row, count: 400_000)
      + "</set></array>\n  </projected>\n"
    let path = try folder.write(
      text.replacingOccurrences(of: "  <dos>", with: projected + "  <dos>"), to: "long.xml")
    let run = try VASPRun(path: path)
    #expect(run.energy == (try VASPRun(path: Runs.path("static"))).energy && !run.isTruncated)
  }

  @Test func tellsItsContent() throws {
    let lines = try Runs.text("static").split(separator: "\n").prefix(5).map(String.init)
    #expect(VASPRun.claims(head: lines))
    #expect(!VASPRun.claims(head: ["<html>", "formula,energy", "modeling"]))
  }
}
