import FileFormats
import Foundation
import Testing

/// `interphase analyze charges` as a person runs it: columns, files and bonds, output and exit codes.
@Suite final class ChargesCommandTests {
  private let directory = NSTemporaryDirectory() + "interphase-charges-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private func file(_ name: String) -> String { directory + "/" + name }

  private func write(_ text: String, _ name: String) throws -> String {
    try AtomicFile.write(text, to: file(name))
    return file(name)
  }

  private func charges(_ arguments: String...) throws -> InterphaseProcess {
    try InterphaseProcess(["analyze", "charges"] + arguments)
  }

  /// Metal at 8 Å; two P at 12.6 and 17 Å, each with S, the lower one's at these distances; the contact
  /// plane lies at 10.3 Å. With a column of charges if it has a name.
  private func trajectory(
    _ distances: [Double] = [2.05, 2.05, 3.5], column: String? = nil, regions: Bool = true
  ) throws -> String {
    let text = distances.enumerated().map { index, d in
      func row(_ element: String, _ place: String, _ side: String, _ charge: Double) -> String {
        "\(element) \(place)" + (regions ? " \(side)" : "") + (column == nil ? "" : " \(charge)")
      }
      return """
        5
        Lattice="12 0 0 0 12 0 0 0 40" pbc="T T T" time_fs=\(index * 1000) Properties=species:S:1:pos:R:3\(regions ? ":region:S:1" : "")\(column.map { ":\($0):R:1" } ?? "")
        \(row("P", "1 1 12.6", "electrolyte", 1 - 0.5 * Double(index)))
        \(row("S", "\(1 + d) 1 12.6", "electrolyte", -1))
        \(row("P", "1 1 17", "electrolyte", 1.25))
        \(row("S", "3 1 17", "electrolyte", -1))
        \(row("Li", "1 1 8", "metal", 0.25))

        """
    }.joined()
    return try write(text, "run.extxyz")
  }

  private func acf(_ electrons: [Double], _ name: String, shifted: Double = 0) throws -> String {
    let places = ["1 1 12.6", "3.05 1 12.6", "1 1 17", "3 1 17", "\(1 + shifted) 1 8"]
    let rule = " " + String(repeating: "-", count: 78)
    let rows = zip(electrons, places).enumerated().map { "\($0 + 1) \($1.1) \($1.0) 1.0 10.0" }
    return try write(
      (["    #  X  Y  Z  CHARGE  MIN DIST  ATOMIC VOL", rule] + rows + [
        rule, " VACUUM CHARGE: 0.0", " VACUUM VOLUME: 0.0",
        " NUMBER OF ELECTRONS: \(electrons.reduce(0, +))",
      ]).joined(separator: "\n") + "\n", name)
  }

  private func matrix(_ json: [String: Any], _ key: String) throws -> [[Double?]] {
    try #require(json[key] as? [[Any]]).map { row in
      row.map { $0 is NSNull ? nil : $0 as? Double }
    }
  }

  @Test func aColumnThatSaysItsKind() throws {
    let path = try trajectory(column: "bader_charge")
    let table = file("charges.csv")
    let outcome = try charges(path, "--species", "P", "--json", "-o", table)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    #expect(json["title"] as? String == "Bader charge of P" && json["unit"] as? String == "e")
    #expect(json["species"] as? String == "P" && json["column"] as? String == "bader_charge")
    #expect(json["depth_A"] as? [Double] == [2, 4, 6, 8] && json["contacts"] as? Int == 1)
    #expect(json["times_ps"] as? [Double] == [0, 1, 2])
    #expect(
      try matrix(json, "mean") == [[1, 0.5, 0], [nil, nil, nil], [1.25, 1.25, 1.25]])
    #expect(try matrix(json, "change")[0] == [0, -0.5, -1])
    #expect(try matrix(json, "standardError")[0] == [nil, nil, nil])
    let csv = try CSVTable(path: table)
    #expect(
      Array(csv.header.prefix(6))
        == ["time_ps", "depth_low_A", "depth_high_A", "mean", "error", "atoms"])
    #expect(csv.rows.count == 9 && csv.rows[1][3].isEmpty && csv.rows[1][5] == "0")
    #expect(csv.comments[0] == "Bader charge of P, in e")
    let words = try charges(path, "--species", "P", "--layer", "4 Å", "--kind", "Bader (PBE)")
    #expect(words.output.hasPrefix("Bader (PBE) charge of P, in e\n"))
    #expect(words.output.contains("above 0 in the electrolyte"))
  }

  @Test func aKindIsNeverGuessed() throws {
    let path = try trajectory(column: "charges")
    let unknown = try charges(path, "--species", "P")
    #expect(unknown.status == 64 && unknown.errors.contains("--kind"), "\(unknown.errors)")
    let told = try charges(path, "--species", "P", "--kind", "GFN2-xTB Mulliken", "--json")
    #expect(try told.json()["title"] as? String == "GFN2-xTB Mulliken charge of P")
    let mulliken = try trajectory(column: "mulliken_charge")
    let wrong = try charges(mulliken, "--species", "P", "--kind", "Bader")
    #expect(wrong.status == 64 && wrong.errors.contains("Mulliken charge"), "\(wrong.errors)")
    let own = try trajectory(column: "my_q")
    let unseen = try charges(own, "--species", "P")
    #expect(unseen.status == 64 && unseen.errors.contains("--from-bonds"), "\(unseen.errors)")
    let named = try charges(
      own, "--species", "P", "--column", "my_q", "--kind", "charge of my model", "--json")
    #expect(try named.json()["title"] as? String == "charge of my model of P")
    let missing = try charges(own, "--species", "P", "--column", "other", "--kind", "x")
    #expect(missing.status == 65 && missing.errors.contains("no column 'other'"))
  }

  @Test func bondsAndThePicture() throws {
    let path = try trajectory()
    let outcome = try charges(
      path, "--species", "P", "--from-bonds", "--json", "--map", file("map.svg"), "-o",
      file("map.csv"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    let title = "formal oxidation state of P counted from P-S and P-P bonds (octet rule), no charge"
    #expect(json["title"] as? String == title && json["unit"] as? String == "")
    #expect(json["column"] == nil)
    #expect(try matrix(json, "mean") == [[-1, -1, -3], [nil, nil, nil], [-1, -1, -1]])
    let cutoffs = try #require(json["bondCutoffs_A"] as? [String: Double])
    #expect(cutoffs["P-S"] == 2.9)
    let svg = try InputFile.text(file("map.svg"))
    #expect(svg.contains("Change of the formal oxidation state of P") && svg.contains("no charge"))
    // The table has the name, so that the figure's data take another.
    #expect(try CSVTable(path: file("map.csv")).header.contains("mean"))
    #expect(try CSVTable(path: file("map-figure.csv")).rows.count == 9)
    #expect(FileManager.default.fileExists(atPath: file("map.gp")))
    let value = try charges(
      path, "--species", "P", "--from-bonds", "--map", file("value.svg"), "--value")
    #expect(value.status == 0 && value.output.contains("bonds within"))
    let data = try CSVTable(path: file("value.csv"))
    #expect(data.header[4] == "Oxidation state" && data.rows.filter { $0[4] == "nan" }.count == 3)
    let short = try charges(
      path, "--species", "P", "--from-bonds", "--bond", "P-S=2 Å", "--ligands", "S", "--json")
    #expect(try matrix(short.json(), "mean")[0] == [-3, -3, -3])
  }

  @Test func oneFileAFrame() throws {
    let path = try trajectory([2.05, 2.05])
    let first = try acf([3.5, 7, 3.75, 7, 2.75], "ACF-1.dat")
    let second = try acf([4.5, 7, 3.75, 7, 1.75], "ACF-2.dat")
    let told = ["--valence-electrons", "Li=3,P=5,S=6"]
    let outcome = try InterphaseProcess(
      ["analyze", "charges", path, "--species", "P", "--charges", first, second, "--json"] + told)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try outcome.json()["title"] as? String == "Bader charge of P")
    #expect(
      try matrix(outcome.json(), "mean") == [[1.5, 0.5], [nil, nil], [1.25, 1.25]])
    func refused(_ arguments: [String], _ status: Int32, _ word: String) throws {
      let outcome = try InterphaseProcess(
        ["analyze", "charges", path, "--species", "P"] + arguments)
      #expect(outcome.status == status && outcome.errors.contains(word), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    try refused(["--charges", first, second], 64, "--valence-electrons")
    try refused(
      ["--charges", first] + told, 65, "there are 2 frames (in the chosen span), but 1 files")
    try refused(["--charges", first, second, second] + told, 65, "but 3 files")
    try refused(["--charges", first, file("none.dat")] + told, 66, "none.dat")
    try refused(
      ["--charges", first, try acf([4, 7, 4, 7], "ACF-short.dat")] + told, 65,
      "it has 4 atoms, frame 2 of")
    try refused(
      ["--charges", first, try acf([4, 7, 4, 7, 2], "ACF-other.dat", shifted: 0.5)] + told, 65,
      "atom 5 lies 0.50 Å from where frame 2")
    try refused(["--charges", first, second, "--kind", "Mulliken"] + told, 64, "Bader charge")
    try refused(
      ["--charges", first, second, "--valence-electrons", "P=5"], 64, "of S is not given")
  }

  @Test func ownResultsOfBader() throws {
    let path = try trajectory([2.05])
    func json(_ elements: [String], _ charges: [String], _ name: String) throws -> String {
      let atoms = zip(elements, charges).map {
        "{\"element\": \"\($0)\", \"electrons\": 4.5, \"charge\": \($1)}"
      }
      return try write(
        "{\"atoms\": [\(atoms.joined(separator: ", "))], \"vacuumElectrons\": 0}", name)
    }
    let order = ["P", "S", "P", "S", "Li"]
    let good = try json(order, ["1.5", "-1", "2", "-1", "0.9"], "good.json")
    let outcome = try charges(path, "--species", "P", "--bader", good, "--json")
    #expect(try matrix(outcome.json(), "mean") == [[1.5], [nil], [2]])
    let unknown = try json(order, ["null", "-1", "2", "-1", "0.9"], "null.json")
    let refused = try charges(path, "--species", "P", "--charges", unknown)
    #expect(refused.status == 65 && refused.errors.contains("--valence-electrons"))
    let helped = try charges(
      path, "--species", "P", "--charges", unknown, "--valence-electrons", "P=5", "--json")
    #expect(try matrix(helped.json(), "mean")[0] == [0.5])
    let swapped = try json(["S", "P", "P", "S", "Li"], ["1", "1", "1", "1", "1"], "swapped.json")
    let other = try charges(path, "--species", "P", "--charges", swapped)
    #expect(other.status == 65 && other.errors.contains("atom 1 is S here and P in frame 1 of"))
  }

  @Test func mistakesAreTold() throws {
    let path = try trajectory(regions: false)
    for (arguments, status, word) in [
      (["--species", "Xx", "--from-bonds"], 65, "Xx"),
      (["--species", "Cl", "--from-bonds"], 65, "no Cl atom"),
      (["--species", "Li", "--from-bonds"], 64, "octet rule"),
      (["--species", "P", "--from-bonds", "--column", "q"], 64, "one of"),
      (["--species", "P", "--from-bonds", "--kind", "Bader"], 64, "which are none"),
      (["--species", "P", "--from-bonds", "--layer", "0 Å"], 64, "the layer"),
      (["--species", "P", "--from-bonds", "--layer", "2"], 64, "a length"),
      (["--species", "P", "--from-bonds", "--time-bins", "1"], 64, "time bins"),
      (["--species", "P", "--from-bonds", "--value"], 64, "--map"),
      (["--species", "P", "--from-bonds", "--bond", "S-O=2 Å"], 64, "--bond"),
      (["--species", "P", "--from-bonds", "--bond", "P-Cl=2 Å"], 64, "P-S"),
      (["--species", "P", "--from-bonds", "--map", "map.png"], 64, ".svg"),
      (["--species", "P", "--ligands", "S"], 64, "--from-bonds"),
      (["--species", "P", "--all-electron"], 64, "--charges"),
      (["--species", "P"], 64, "has no column of charges"),
    ] {
      let outcome = try InterphaseProcess(["analyze", "charges", path] + arguments)
      #expect(outcome.status == Int32(status), "\(arguments) \(outcome.errors)")
      #expect(outcome.errors.contains(word), "\(arguments) \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    let heights = try charges(path, "--species", "P", "--from-bonds", "--json")
    #expect(try heights.json()["depth_A"] as? [Double] == [12, 14, 16, 18])
    #expect(try heights.json()["contacts"] == nil)
  }
}
