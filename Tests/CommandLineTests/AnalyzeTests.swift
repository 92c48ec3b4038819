import FileFormats
import Foundation
import Testing

/// `interphase analyze` as a person runs it: the built program, files, output and exit codes.
@Suite struct AnalyzeTests {
  private func analyze(_ arguments: [String]) throws -> InterphaseProcess {
    try InterphaseProcess(["analyze"] + arguments)
  }

  /// One P-S pair, 0.1 ps a frame, at these distances along z; a temporary file with that text.
  private func trajectory(
    _ distances: [Double], cutOff: Int = 0, body: (String) throws -> Void
  ) throws {
    let text = distances.enumerated().map { index, d in
      """
      3
      Lattice="20 0 0 0 10 0 0 0 30" pbc="T T T" time_fs=\(index * 100) Properties=species:S:1:pos:R:3:region:S:1
      P 0.0 0.0 10.0 electrolyte
      S 0.0 0.0 \(10 + d) electrolyte
      Li 0.0 0.0 4.0 metal

      """
    }.joined()
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("analyze-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("run.extxyz").path
    try AtomicFile.write(String(text.dropLast(cutOff)), to: path)
    try body(path)
  }

  @Test func bondsAsJSONAndCSV() throws {
    try trajectory([2.05, 2.1, 3.5, 3.5, 3.5, 2.2]) { path in
      let table = path + ".csv"
      let outcome = try analyze(
        ["bonds", path, "--pair", "P-S", "--contacts", "1", "--json", "-o", table])
      #expect(outcome.status == 0)
      let json = try outcome.json()
      #expect(json["pair"] as? [String] == ["P", "S"])
      #expect(json["referenceBonds"] as? Int == 1)
      #expect(json["intactFraction"] as? [Double] == [1, 1, 0, 0, 0, 1])
      #expect(json["times_ps"] as? [Double] == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
      #expect(json["brokenBonds_per_nm2"] as? [Double] == [0, 0, 0.5, 0.5, 0.5, 0])
      let csv = try CSVTable(path: table)
      #expect(csv.rows.count == 6)
      #expect(csv.header.contains("brokenBonds_per_nm2"))
      let words = try analyze(["bonds", path, "--cluster", "PS4"])
      #expect(words.output.contains("1 P-S bonds of 1 clusters"))
      #expect(words.errors.contains("do not have 4 S"))
      let late = try analyze(["bonds", path, "--pair", "P-S", "--from", "0.5 ps", "--json"])
      #expect(try late.json()["intactFraction"] as? [Double] == [1])
    }
  }

  @Test func distributionAndSpread() throws {
    try trajectory([2.05, 2.15, 2.05]) { path in
      let rdf = try analyze(
        ["rdf", path, "--pair", "P-S", "--normalisation", "cell", "--json", "--r-max", "5 Å"])
      let r = try #require(try rdf.json()["r_A"] as? [Double])
      let g = try #require(try rdf.json()["g"] as? [Double])
      #expect(r.count == 100 && g.count == 100)
      #expect(g.filter { $0 > 0 }.count == 2)
      #expect(try #require(try rdf.json()["normalisation"] as? String).contains("cell"))
      let spread = try analyze(["spread", path, "--species", "P", "--json"])
      #expect(try spread.json()["sigma_A"] as? [Double] == [0, 0, 0])
      #expect(try spread.json()["species"] as? String == "P")
      let regions = try #require(try spread.json()["regions"] as? [String: Any])
      #expect(Array(regions.keys) == ["electrolyte"])
    }
  }

  @Test func displacementsAndProfile() throws {
    let distances = (0..<40).map { 2 + 0.1 * Double($0 % 5) }
    try trajectory(distances) { path in
      let table = path + ".csv"
      let msd = try analyze(["msd", path, "--species", "S", "--json", "-o", table])
      #expect(msd.status == 0, "\(msd.errors)")
      let json = try msd.json()
      #expect((json["lags_ps"] as? [Double])?.count == 39)
      let fit = try #require(json["fit"] as? [String: Any])
      #expect(fit["segments"] as? Int == 6)
      #expect((fit["total"] as? [String: Any])?["value_cm2_per_s"] is Double)
      #expect(Array(try #require(json["regions"] as? [String: Any]).keys) == ["electrolyte"])
      #expect(try CSVTable(path: table).rows.count == 39)
      let words = try analyze(
        ["diffusion", path, "--species", "S", "--fit-from", "0.1 ps", "--fit-to", "0.4 ps"])
      #expect(words.output.contains("from 0.100 to 0.400 ps, 4 segments"))
      let profile = try analyze(["profile", path, "--species", "S", "--bin", "2 Å", "--json"])
      // The metal's one atom is 6 Å away from the nearest of the electrolyte: no contact.
      #expect(profile.status == 65)
      #expect(
        profile.errors.contains("run.extxyz, line 5: electrolyte and metal are nowhere within"))
      let near = try InputFile.text(path).replacingOccurrences(
        of: "0.0 4.0 metal", with: "0.0 7.0 metal")
      try AtomicFile.write(near, to: path)
      let found = try analyze(["profile", path, "--species", "any", "--window", "1 ps", "--json"])
      #expect((try found.json()["windows"] as? [Any])?.count == 4)
      #expect(try found.json()["contacts"] as? Int == 1)
      let shown = try analyze(["profile", path, "--species", "any", "-o", table])
      #expect(shown.output.contains("any of the metal in the electrolyte at the end: 0 atoms"))
      #expect(try CSVTable(path: table).header == ["depth_A", "density_per_nm3_window1"])
    }
  }

  @Test func anAtomThatCrossesTheVacuumIsTold() throws {
    try trajectory([2, 8, 14, 19, 21, 18]) { path in
      let outcome = try analyze(["spread", path, "--species", "P", "--json"])
      #expect(outcome.errors.contains("1 atom crossed the vacuum of"))
      #expect(outcome.errors.contains("S atom 2 upwards at"))
    }
  }

  @Test func aFileThatWasCutOffIsReadToItsLastWholeFrame() throws {
    try trajectory([2.05, 2.1, 2.1], cutOff: 12) { path in
      let outcome = try analyze(["bonds", path, "--pair", "P-S", "--json"])
      #expect(outcome.status == 0)
      #expect((try outcome.json()["times_ps"] as? [Double])?.count == 2)
      #expect(outcome.errors.contains("ends in the middle of frame 3"))
    }
  }

  @Test func mistakesAreTold() throws {
    try trajectory([2.05, 2.1]) { path in
      for (arguments, status, word) in [
        (["bonds", "nowhere.extxyz", "--pair", "P-S"], 66, "nowhere.extxyz"),
        (["bonds", path, "--pair", "P-Xx"], 65, "Xx"),
        (["bonds", path, "--pair", "B-F"], 65, "no B atom"),
        (["bonds", path, "--pair", "P-Li"], 64, "--inner"),
        (["bonds", path], 64, "--pair"),
        (["bonds", path, "--pair", "P-S", "--from", "9 ps"], 65, "no whole frame"),
        (["bonds", path, "--pair", "P-S", "--lifetime", "2"], 64, "a time"),
        (["rdf", path, "--pair", "P"], 64, "two elements"),
        (["rdf", path, "--pair", "P-S", "--bin", "0 Å"], 64, "the bin"),
        (["spread", path, "--species", "Cl"], 65, "run.extxyz, line 5: there is no Cl atom"),
        (["msd", path, "--species", "Cl"], 65, "run.extxyz, line 5: there is no Cl atom"),
        (["msd", path, "--species", "P", "--fit-from", "1 ps"], 64, "--fit-to"),
        (
          ["msd", path, "--species", "P", "--fit-from", "1 ps", "--fit-to", "9 ps"], 65,
          "earlier end"
        ),
        (["profile", path, "--species", "P", "--window", "0 ps"], 64, "the window"),
        (["spread", path, "--species", "P", "--cell", "20 20"], 64, "--cell"),
        (["spread", path, "--species", "P", "--cell", "20 20 20"], 65, "leave out --cell"),
        (["spread", path, "--species", "P", "--every", "0"], 64, "--every"),
      ] {
        let outcome = try analyze(arguments)
        #expect(outcome.status == Int32(status), "\(arguments) \(outcome.errors)")
        #expect(outcome.errors.contains(word), "\(arguments) \(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
    }
  }
}
