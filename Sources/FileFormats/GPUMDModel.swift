import Atomistics

/// A structure as GPUMD's `model.xyz`: extended XYZ with masses, velocities and groups.
///
/// | column | meaning | unit |
/// |---|---|---|
/// | `species`, `pos` | as in `ExtendedXYZ` | Å |
/// | `mass` | standard atomic weight | u |
/// | `vel` | velocity, if the structure has them | Å/fs |
/// | `group` | one column for each grouping method | - |
/// | `region`, `layer` | as in `ExtendedXYZ`; GPUMD passes them over | - |
///
/// Atoms keep their order. Groups are numbered from 0 without a gap, as GPUMD wants them. With
/// regions the first grouping method is theirs; with layers the next is theirs.
///
/// Format: https://gpumd.org/gpumd/input_files/model_xyz.html.
public struct GPUMDModel: Sendable {
  /// One way of dividing the atoms.
  public struct Grouping: Sendable {
    /// What the groups are: regions or layers.
    public let name: String
    /// What each group holds, group 0 first.
    public let groups: [String]
    /// The group of each atom.
    public let labels: [Int]
  }

  public let structure: Structure
  public let groupings: [Grouping]

  /// - Throws: `AtomisticsError.badStructure` for a single atom, which GPUMD does not take.
  public init(_ structure: Structure) throws {
    guard structure.count >= 2 else {
      throw AtomisticsError.badStructure(
        "the structure has one atom, GPUMD takes two or more; make a supercell first")
    }
    self.structure = structure
    var groupings: [Grouping] = []
    if let regions = structure.regions {
      let present = Region.allCases.filter(regions.contains)
      groupings.append(
        Grouping(
          name: "regions", groups: present.map(\.rawValue),
          labels: regions.map { present.firstIndex(of: $0) ?? 0 }))
    }
    if let layers = structure.layers {
      let present = Set(layers).sorted()
      groupings.append(
        Grouping(
          name: "layers", groups: present.map { $0 < 0 ? "no layer" : "layer \($0)" },
          labels: layers.map { present.firstIndex(of: $0) ?? 0 }))
    }
    self.groupings = groupings
  }

  /// The whole text of the file.
  public var text: String {
    var lines = ["\(structure.count)", comment]
    for atom in 0..<structure.count {
      var row = structure.species[atom].symbol + Self.text(structure.positions[atom])
      row += " \(structure.species[atom].mass)"
      if let velocities = structure.velocities { row += Self.text(velocities[atom]) }
      for grouping in groupings { row += " \(grouping.labels[atom])" }
      if let regions = structure.regions { row += " \(regions[atom].rawValue)" }
      if let layers = structure.layers { row += " \(layers[atom])" }
      lines.append(row)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var comment: String {
    let m = structure.lattice.matrix
    let lattice = (0..<3).map { Self.text(m[$0]) }.joined().dropFirst()
    let flags = structure.periodic.map { $0 ? "T" : "F" }.joined(separator: " ")
    var properties = "species:S:1:pos:R:3:mass:R:1"
    if structure.velocities != nil { properties += ":vel:R:3" }
    if !groupings.isEmpty { properties += ":group:I:\(groupings.count)" }
    if structure.regions != nil { properties += ":region:S:1" }
    if structure.layers != nil { properties += ":layer:I:1" }
    return "Lattice=\"\(lattice)\" pbc=\"\(flags)\" Properties=\(properties)"
  }

  private static func text(_ v: Vector3) -> String { " \(v.x) \(v.y) \(v.z)" }
}
