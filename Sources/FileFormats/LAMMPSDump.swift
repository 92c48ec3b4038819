import Atomistics

/// Text dumps of LAMMPS (`dump atom`, `dump custom`): trajectories, read only.
///
/// Columns may stand in any order, atoms too; they are put in the order of their ids. Understood:
///
/// | column | meaning | unit of the file with `units metal` (`real`) |
/// |---|---|---|
/// | `id` | required | - |
/// | `element`, `typelabel` | element | - |
/// | `type` | its number, for `TrajectoryOrigin.elementsOfTypes` | - |
/// | `xu yu zu`, `xsu ysu zsu` | position, not wrapped; scaled | Å; cells |
/// | `x y z`, `xs ys zs` | position, wrapped; scaled | Å; cells |
/// | `ix iy iz` | images, which unwrap a wrapped position | cells |
/// | `vx vy vz` | velocity | Å/ps (Å/fs) |
/// | `fx fy fz` | force | eV/Å (kcal/mol/Å) |
///
/// One more column of numbers, such as `q`, is read where `TrajectoryOrigin.columns` asks for it.
///
/// Of several sets of positions the first in this table is taken. Positions count from the corner
/// of the box along periodic axes. Time comes from `ITEM: TIME` (`dump_modify time yes`). Units are
/// those that `ITEM: UNITS` says, and metal without it. With the structure that the run started
/// from, the rotation of `LAMMPSCell` is undone, and the elements, regions and layers are taken
/// from it by id; a dump of a group needs no more.
///
/// Format: LAMMPS manual, `dump` command (https://docs.lammps.org/dump.html).
public struct LAMMPSDump: TrajectoryFormat {
  public init() {}

  public let name = "LAMMPS dump (.lammpstrj, .dump)"

  public func claims(fileName: String) -> Bool {
    fileName.hasSuffix(".lammpstrj") || fileName.hasSuffix(".dump")
      || fileName.hasPrefix("dump.") && !fileName.hasSuffix(".xyz")
  }

  public func claims(head: [String]) -> Bool {
    guard let first = head.first else { return false }
    return ["ITEM: TIMESTEP", "ITEM: UNITS", "ITEM: TIME"].contains {
      first.split(separator: " ").joined(separator: " ") == $0
    }
  }

  public func frames(of lines: LineReader) -> any FrameSource {
    frames(of: lines, from: TrajectoryOrigin())
  }

  public func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource {
    LAMMPSDumpFrames(lines: lines, origin: origin)
  }
}

private struct LAMMPSDumpFrames: LineFrameSource {
  let lines: LineReader
  let origin: TrajectoryOrigin
  private var units = LAMMPSUnits.metal
  private var frames = 0
  private var known: LAMMPSDumpIdentity?

  init(lines: LineReader, origin: TrajectoryOrigin) {
    self.lines = lines
    self.origin = origin
  }

  mutating func next() throws -> RecordedFrame? {
    guard let first = try lines.nextFilledLine() else { return nil }
    let header = try LAMMPSDumpHeader(first, &units, lines)
    frames += 1
    if let known, known.ids.count != header.count {
      throw lines.failure(
        "frame \(frames) (step \(header.step)) holds \(header.count) atoms, the first "
          + "\(known.ids.count): atoms were lost or added; end the trajectory before this step, "
          + "and look for what drove them out")
    }
    let columns = try LAMMPSDumpColumns(header.columns, wanted: origin.columns, lines)
    var atoms = LAMMPSDumpAtoms(columns, header.box)
    for _ in 0..<header.count { try atoms.append(try lines.requiredLine(), lines) }
    let order = try atoms.order(lines)
    let identity: LAMMPSDumpIdentity
    if let known {
      identity = known
      try identity.check(atoms, order, frame: frames, step: header.step, lines)
    } else {
      identity = try LAMMPSDumpIdentity(atoms, order, origin, lines)
      known = identity
    }
    return try frame(header, atoms, order, identity)
  }

  private func frame(
    _ header: LAMMPSDumpHeader, _ atoms: LAMMPSDumpAtoms, _ order: [Int],
    _ identity: LAMMPSDumpIdentity
  ) throws -> RecordedFrame {
    let back = try LAMMPSReturn(header.box, origin.structure, isFirst: frames == 1, lines)
    func vectors(_ values: [Vector3], _ factor: Double) -> [Vector3]? {
      values.isEmpty ? nil : order.map { back.vector(values[$0] * factor) }
    }
    var frame = RecordedFrame(
      structure: Structure(
        lattice: back.lattice, species: identity.species,
        positions: order.map { back.position(atoms.positions[$0]) }, periodic: back.periodic,
        velocities: vectors(atoms.velocities, units.velocity), regions: identity.regions,
        layers: identity.layers, formalCharges: identity.formalCharges),
      time: header.time.map { $0 * units.time }, forces: vectors(atoms.forces, units.force))
    frame.isMatched = origin.structure != nil
    frame.column = atoms.columns.asked.map { asked in
      AtomColumn(name: asked.name, values: order.map { atoms.asked[$0] })
    }
    return frame
  }
}

/// LAMMPS's sets of units with Å, as factors to ours.
struct LAMMPSUnits {
  /// To fs.
  let time: Double
  /// To Å/fs.
  let velocity: Double
  /// To eV/Å.
  let force: Double

  static let metal = LAMMPSUnits(time: 1000, velocity: 1e-3, force: 1)
  /// 1 kcal/mol is 4184 J/mol; 1 eV is 96485.33212 J/mol (CODATA 2018).
  static let real = LAMMPSUnits(time: 1, velocity: 1, force: 4184 / 96485.33212)

  init(time: Double, velocity: Double, force: Double) {
    self.time = time
    self.velocity = velocity
    self.force = force
  }

  init(named name: String, _ lines: LineReader) throws {
    switch name {
    case "metal": self = .metal
    case "real": self = .real
    default:
      throw lines.failure(
        "the units are '\(name.prefix(20))', expected metal or real; convert the dump first")
    }
  }
}
