import Atomistics
import Foundation
import Potentials
import Testing

/// nep.txt files that are not as they should be end with one message that names file and line.
struct NEPFileTests {
  private func read(_ bytes: some Sequence<UInt8>) throws -> NEPFile {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("nep-\(UUID().uuidString).txt").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try NEPFile(path: path)
  }

  private func fixture(_ name: String = "nep4_zbl") throws -> String {
    try String(contentsOf: Fixture.url("\(name).nep.txt"), encoding: .utf8)
  }

  /// The message that reading the text ends with.
  private func message(_ text: String) throws -> String {
    let error = #expect(throws: PotentialsError.self) { try read(text.utf8) }
    return error?.description ?? ""
  }

  @Test func readsTheHead() throws {
    let header = try NEPFile(path: Fixture.url("nep4_cutoffs.nep.txt").path).header
    #expect(header.version == 4 && header.format == "nep4")
    #expect(header.species.map(\.symbol) == ["Li", "K"])
    #expect(header.radialCutoffs == [4.4, 6.5] && header.angularCutoffs == [3.6, 5.1])
    #expect(header.descriptorCount == 4 + 4 * 6)
    let zbl = try NEPFile(path: Fixture.url("nep4_zbl.nep.txt").path).header
    #expect(zbl.repulsion == .universal(inner: 1, outer: 2) && zbl.format == "nep4_zbl")
    #expect(
      try NEPFile(path: Fixture.url("nep4_zbl_flexible.nep.txt").path).header.repulsion
        == .flexible)
    #expect(
      try NEPFile(path: Fixture.url("nep4_zbl_covalent.nep.txt").path).header.repulsion
        == .covalent(factor: 0.8, outer: 2.4))
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = Array(try fixture().utf8)
    let lastNumber = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")) ?? 0
    var lengths = Array(0..<200)
    lengths += stride(from: 200, through: lastNumber, by: 97)
    lengths.append(lastNumber)
    for length in lengths {
      #expect(throws: PotentialsError.self, "cut to \(length) bytes") {
        try read(bytes.prefix(length))
      }
    }
  }

  @Test func saysThatAFileWasCutOff() throws {
    let text = try fixture()
    let half = text.prefix(text.count / 2)
    let cut = String(half[...(half.lastIndex(of: "\n") ?? half.startIndex)])
    let said = try message(cut)
    let numbers = cut.split(separator: "\n").count - 7
    #expect(said.contains("ends after \(numbers) of the"))
    #expect(said.contains(", line \(numbers + 7 + 1):"))
  }

  @Test(arguments: [
    ("nep4_zbl", "nep4_charge1", "line 1", "nep4_charge1"),
    ("nep4_zbl", "nep4_dipole", "line 1", "nep4_dipole"),
    ("nep4_zbl", "nep5", "line 1", "nep5"),
    ("nep4_zbl", "nep4_temperature", "line 1", "nep4_temperature"),
    ("nep4_zbl", "PK\u{3}\u{4}", "line 1", "does not begin a NEP"),
    ("3 Li F B", "4 Li F B", "line 1", "number of species"),
    ("3 Li F B", "3 Li F Qq", "line 1", "'Qq'"),
    ("3 Li F B", "3 Li F Li", "line 1", "twice"),
    ("zbl 1 2", "zbl 2 1", "line 2", "inner < outer"),
    ("zbl 1 2", "zbl 1 2 0", "line 2", "factor of covalent radii"),
    ("zbl 1 2", "zbl nan 2", "line 2", "nan"),
    ("cutoff 5 4 100 60", "cutoff 5 4 6", "line 3", "cut-off"),
    ("cutoff 5 4 100 60", "cutoff -5 4 100 60", "line 3", "above 0"),
    ("n_max 3 3", "n_min 3 3", "line 4", "n_max"),
    ("n_max 3 3", "n_max 3 -1", "line 4", "-1"),
    ("basis_size 4 5", "basis_size 4 99999999999999999999", "line 5", "whole numbers"),
    ("l_max 4 2 0", "l_max 4 2 0 1", "line 6", "q_222"),
    ("l_max 4 2 0", "l_max 1 2 0", "line 6", "l_max"),
    ("l_max 4 2 0", "", "line 6", "l_max"),
    ("ANN 6 0", "ANN 6 6", "line 7", "second hidden layer"),
    ("ANN 6 0", "ANN 0 0", "line 7", "neuron"),
    ("ANN 6 0", "ANN 7 0", "line", "cut off"),
    ("ANN 6 0", "ANN 5 0", "line", "more numbers"),
  ])
  func namesTheLine(old: String, new: String, line: String, reason: String) throws {
    let text = try fixture()
    let range = try #require(text.range(of: old))
    let said = try message(text.replacingCharacters(in: range, with: new))
    #expect(said.contains(line) && said.contains(reason), "\(said)")
  }

  @Test(arguments: ["nan", "inf", "1e999", "0x1p3", "1.2.3", "--1", "1e", "e5", "abc", "1,5"])
  func refusesWhatIsNotAFiniteNumber(word: String) throws {
    var lines = try fixture().split(separator: "\n", omittingEmptySubsequences: false)
    lines[20] = Substring(word)
    let said = try message(lines.joined(separator: "\n"))
    #expect(said.contains(", line 21:") && said.contains("'\(word)'"), "\(said)")
  }

  @Test func readsNumbersAsTheStandardLibraryDoes() throws {
    // Written in as the first weight, a number shows in the energy of an isolated atom.
    var random = RandomGenerator(seed: 3)
    let lines = try fixture("nep4_three_body").split(separator: "\n")
    for _ in 0..<50 {
      let value = random.gaussian() * power(10, (random.uniform() * 6).rounded())
      let spellings = ["\(value)", "\(Float(value))", "+\(abs(value))", "  \(value)E+00"]
      let words = spellings.map { $0.contains("e") && $0.contains("E") ? "\(value)" : $0 }
      for word in words {
        var changed = lines
        // The bias b1 follows the network's (26 + 2) × 10 numbers.
        changed[6 + 26 * 10 + 20] = Substring(word)
        let text = changed.joined(separator: "\n")
        let number = try #require(Double(word.trimmingCharacters(in: .whitespaces)))
        let before = try isolatedAtom(lines.joined(separator: "\n"))
        let old = try #require(Double(lines[6 + 26 * 10 + 20].drop { $0 == " " }))
        let off = try isolatedAtom(text) - before + (number - old)
        #expect(abs(off) < 1e-12 * (1 + abs(number)), "\(word)")
      }
    }
  }

  private func isolatedAtom(_ text: String) throws -> Double {
    let structure = Structure(
      lattice: Lattice(a: 20, b: 20, c: 20, alpha: 90, beta: 90, gamma: 90),
      species: [try #require(Element("C"))], positions: [.zero])
    return try NEPPotential(try read(text.utf8)).evaluate(structure).energy
  }

  @Test func saysThatAFileIsMissing() {
    #expect {
      try NEPFile(path: "/nowhere/nep.txt")
    } throws: { ($0 as? any ReportableError)?.kind == .missingInput }
    #expect(throws: PotentialsError.self) {
      try NEPFile(path: FileManager.default.temporaryDirectory.path)
    }
  }
}
