import Foundation

/// A study small enough for tests: Li6PS5Cl against lithium in 126 atoms, 0.15 ps, one reference.
final class SmallStudy: Sendable {
  /// Whether NEP89 is in the user's cache; the studies that move atoms need it.
  static let hasPotential: Bool = {
    let list = try? InterphaseProcess(["potential", "list", "--json"]).json()["potentials"]
    let rows = list as? [[String: Any]] ?? []
    return rows.contains { $0["name"] as? String == "nep89" && $0["installed"] as? Bool == true }
  }()

  let url: URL

  /// - Parameter change: what the study's file says otherwise.
  init(_ change: [(String, String)] = []) throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try rewrite(change)
  }

  /// The same study elsewhere, with all that it has done.
  init(copyOf other: SmallStudy) throws {
    url = other.url.deletingLastPathComponent()
      .appendingPathComponent("interphase-study-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: other.url, to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ path: String) -> URL { url.appendingPathComponent(path) }

  /// The folder of the contact's dynamics.
  static let run = "results/short/dynamics/Li6PS5Cl/seed-1"
  static let grown = ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv"].map {
    "\(run)/\($0)"
  }

  func rewrite(_ change: [(String, String)]) throws {
    let text = change.reduce(Self.text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    try Data(text.utf8).write(to: self["study.yaml"])
  }

  func arguments(_ more: [String] = []) -> [String] {
    ["study", "run", url.path, "--threads", "2"] + more
  }

  func runAll(_ more: String..., shell: String? = nil) throws -> InterphaseProcess {
    try InterphaseProcess(arguments(more), shell: shell)
  }

  /// The stages that a run said it did.
  static func stages(_ run: InterphaseProcess) -> [String] {
    run.errors.split(separator: "\n").filter { $0.hasPrefix("[") }
      .map { String($0.drop(while: { $0 != "]" }).dropFirst(2)) }
  }

  func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: self[path].path)
    return attributes?[.size] as? Int ?? 0
  }

  func contents(_ paths: [String] = grown) throws -> [Data] {
    try paths.map { try Data(contentsOf: self[$0]) }
  }

  /// Every file with its bytes and the time that it was last written.
  func snapshot() throws -> [String: [String]] {
    var result: [String: [String]] = [:]
    let files = FileManager.default.enumerator(atPath: url.path)
    for case let path as String in files ?? .init() {
      let attributes = try FileManager.default.attributesOfItem(atPath: self[path].path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      let date = attributes[.modificationDate] as? Date
      result[path] = [
        "\(date?.timeIntervalSince1970 ?? 0)",
        try Data(contentsOf: self[path]).base64EncodedString(),
      ]
    }
    return result
  }

  /// The first half of a file.
  func halve(_ path: String) throws {
    let data = try Data(contentsOf: self[path])
    try data.prefix(data.count / 2).write(to: self[path])
  }

  /// One byte changed, the length kept.
  func alter(_ path: String) throws {
    var data = try Data(contentsOf: self[path])
    data[data.count / 2] ^= 1
    try data.write(to: self[path])
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(at: self[path]) }

  func json(_ path: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(contentsOf: self[path])) as? [String: Any] ?? [:]
  }

  static let text = """
    title: A small study
    working_ion: Li
    potential: nep89
    thermodynamics:
      entries: phases.csv
      schemes: [mp2020]
    metal:
      name: Li
      structure: Structures/Li.cif
    electrolytes:
      - name: Li6PS5Cl
        formula: Li6PS5Cl
        structure: Structures/Li6PS5Cl.extxyz
        excess: 26 meV/atom
        over: Li3PS4 + Li2S + LiCl
        salt: LiCl
        anion: Cl
        reaction: Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl
        rdf: [{pair: Li-Cl, references: [LiCl], windows: [3.6-4.5]}]
        mixtures: [{center: Cl, partners: [Li, S], references: [LiCl]}]
    references:
      max_atoms: 64
      phases:
        - {name: LiCl, structure: Structures/LiCl.cif}
    contact:
      max_area: 80 Å^2
      length_mismatch: 0.2
      angle_mismatch: 0.1
      max_index: 1
      gap_fraction: 0.6
      vacuum: 13 Å
      metal_per_formula_unit: 8
      min_thickness: 5 Å
      max_atoms: 150
    dynamics:
      temperature: 300 K
      timestep: 1 fs
      thermostat_time: 100 fs
      every: 0.01 ps
      checkpoint: 0.02 ps
    plans:
      short:
        equilibration: 0.05 ps
        production: 0.1 ps
        seeds: [1]
        reference_equilibration: 0.05 ps
        reference_production: 0.1 ps

    """
}
