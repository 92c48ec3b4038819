import Atomistics
import FileFormats
import Foundation

/// A LAMMPS data file and the script that runs it: `NAME.data` and `in.NAME`.
///
/// The script includes `NAME.pair`, which is the user's: `pair_style` and `pair_coeff` for the
/// types that its comment lists. LAMMPS stops with a clear message while there is none. Units:
/// metal (Å, ps, eV, K).
///
/// Source: LAMMPS manual (https://docs.lammps.org/Commands_all.html).
public struct LAMMPSExport: Sendable {
  public let data: LAMMPSData
  public let run: ExternalRun
  private let steps: ExternalRun.Steps
  /// LAMMPS has 32 groups, of which `all` is one.
  private static let mostGroups = 31

  /// - Throws: `AtomisticsError`.
  public init(_ structure: Structure, run: ExternalRun) throws {
    steps = try run.steps()
    data = try LAMMPSData(structure)
    self.run = run
  }

  /// Writes the files; each appears whole or not at all.
  ///
  /// - Parameter name: their name, with directories.
  /// - Returns: the paths of the data file and the script.
  /// - Throws: `FileFormatsError.cannotWrite`, `AtomisticsError.badQuantity` for a name that a
  ///   script cannot hold.
  public func write(to name: String) throws -> [String] {
    let cut = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
    let (directory, base) = (String(name[..<cut]), String(name[cut...]))
    let allowed = base.utf8.allSatisfy { byte in
      Character(UnicodeScalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
        || "._-+".utf8.contains(byte)
    }
    guard !base.isEmpty, allowed else {
      throw AtomisticsError.badQuantity(
        base, expected: "a name of letters, digits and ._-+, as LAMMPS reads them in a script")
    }
    if !directory.isEmpty {
      do {
        try FileManager.default.createDirectory(
          atPath: directory, withIntermediateDirectories: true)
      } catch {
        throw FileFormatsError.cannotWrite(
          directory, reason: "the directory cannot be made (\(error.localizedDescription))")
      }
    }
    let paths = ["\(directory)\(base).data", "\(directory)in.\(base)"]
    try AtomicFile.write(data.text, to: paths[0])
    try AtomicFile.write(script(base), to: paths[1])
    return paths
  }

  /// The text of the script for files of that name.
  public func script(_ name: String) -> String {
    let types = data.elements.enumerated().map { "\($0 + 1) \($1.symbol)" }
    let temperature = ExternalRun.text(run.temperature)
    var lines = [
      "# \(data.structure.composition.formula) by Interphase; run with: lmp -in in.\(name)", "",
      "units metal", "atom_style atomic",
      "boundary \(data.structure.periodic.map { $0 ? "p" : "m" }.joined(separator: " "))",
    ]
    if data.isTiltedFar { lines.append("box tilt large") }
    lines += [
      "read_data \(name).data", "", "# pair_style and pair_coeff, which you write, for the types",
      "# \(types.joined(separator: ", "))", "include \(name).pair", "",
    ]
    lines += groups
    if data.structure.velocities == nil {
      lines.append(
        "velocity all create \(temperature) \(run.seed) mom yes rot no dist gaussian loop geom")
    }
    lines += ["timestep \(run.timestep / 1000)", "thermo \(steps.sample)"]
    lines += ["thermo_style custom step time temp pe ke etotal press"] + fixes
    if steps.equilibration > 0 { lines += ["", "# equilibration", "run \(steps.equilibration)"] }
    lines += [
      "", "# production",
      "dump frames all custom \(steps.sample) \(name).lammpstrj id type element xu yu zu vx vy vz",
      "dump_modify frames element \(data.elements.map(\.symbol).joined(separator: " ")) sort id "
        + "units yes time yes format float %.10g",
      "run \(steps.production)", "write_data \(name).end.data nocoeff",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var fixes: [String] {
    let temperature = ExternalRun.text(run.temperature)
    let constant = "\(run.timeConstant / 1000)"
    switch run.ensemble {
    case .noseHoover:
      return ["fix ensemble all nvt temp \(temperature) \(temperature) \(constant)"]
    case .langevin:
      return [
        "fix ensemble all nve",
        "fix bath all langevin \(temperature) \(temperature) \(constant) \(run.seed)",
      ]
    case .bussi:
      return [
        "fix ensemble all nve", "# temp/csvr is of LAMMPS's package EXTRA-FIX",
        "fix bath all temp/csvr \(temperature) \(temperature) \(constant) \(run.seed)",
      ]
    case .nve: return ["fix ensemble all nve"]
    }
  }

  /// Groups of the regions and layers; layers that go beyond what LAMMPS holds are left out.
  private var groups: [String] {
    var groups: [(name: String, ids: [Int])] = []
    if let regions = data.structure.regions {
      for region in Region.allCases {
        groups.append((region.rawValue, regions.indices.filter { regions[$0] == region }))
      }
    }
    if let layers = data.structure.layers {
      for layer in Set(layers).sorted() where layer >= 0 {
        groups.append(("layer\(layer)", layers.indices.filter { layers[$0] == layer }))
      }
    }
    groups.removeAll { $0.ids.isEmpty }
    var lines = groups.prefix(Self.mostGroups).flatMap { Self.group($0.name, $0.ids) }
    if groups.count > Self.mostGroups {
      lines.append("# \(groups.count - Self.mostGroups) more layers: LAMMPS holds 32 groups")
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  /// `group NAME id 1:4 9 &` and so on, ten ranges on a line.
  private static func group(_ name: String, _ members: [Int]) -> [String] {
    var ranges: [ClosedRange<Int>] = []
    for id in members.map({ $0 + 1 }) {
      if let last = ranges.last, last.upperBound == id - 1 {
        ranges[ranges.count - 1] = last.lowerBound...id
      } else {
        ranges.append(id...id)
      }
    }
    let words = ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound):\($0.upperBound)"
    }
    let rows = stride(from: 0, to: words.count, by: 10).map {
      words[$0..<min($0 + 10, words.count)].joined(separator: " ")
    }
    return rows.indices.map { k in
      (k == 0 ? "group \(name) id " : "  ") + rows[k] + (k == rows.count - 1 ? "" : " &")
    }
  }
}
