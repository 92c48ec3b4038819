import Atomistics

/// Extended XYZ, as ASE, QUIP, GPUMD and OVITO use it: read and written, with trajectories.
///
/// Each frame is a line with the number of atoms, a line of `key=value` pairs and a line per atom.
/// `Lattice` lists **a**, then **b**, then **c** (Å). `Properties` names the columns:
///
/// | column | meaning | unit |
/// |---|---|---|
/// | `species`, or `Z` | element | - |
/// | `pos` | position | Å |
/// | `vel`, `velo`, `velocities` | velocity | Å/fs |
/// | `forces`, `force` | force | eV/Å |
/// | `unwrapped_position` | position before wrapping, from which the image is taken | Å |
/// | `region` | `electrolyte` or `metal`; other labels are ignored | - |
/// | `layer` | layer counted from the contact, −1 for none | - |
/// | `formal_charge` | formal charge | e |
///
/// Other columns are skipped, but for one that `TrajectoryOrigin.columns` asks for. Of the pairs `Lattice`, `Properties`, `pbc`, `energy` (eV),
/// `time_fs` or `time` (fs) and `time_ps` (ps) are understood. Without a lattice the structure is a
/// molecule in open space; it then gets a box 20 Å wider than itself, periodic along no axis.
///
/// Format: https://github.com/libAtoms/extxyz.
public struct ExtendedXYZ: TrajectoryFormat, WritableFormat {
  public init() {}

  public let name = "extended XYZ (.xyz, .extxyz)"

  public func claims(fileName: String) -> Bool {
    fileName.hasSuffix(".xyz") || fileName.hasSuffix(".extxyz")
  }

  public func claims(head: [String]) -> Bool {
    guard head.count >= 3, let count = Int(head[0].filter { !$0.isWhitespace }), count > 0,
      !CP2KXYZ().claims(head: head)
    else { return false }
    return head[1].contains("Lattice=") || head[1].contains("Properties=")
      || (fields(head[2]).count >= 4 && fields(head[2]).first.flatMap { Element($0) } != nil)
  }

  public func frames(of lines: LineReader) -> any FrameSource {
    frames(of: lines, from: TrajectoryOrigin())
  }

  public func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource {
    XYZFrames(lines: lines, wanted: origin.columns)
  }
}

private struct XYZFrames: LineFrameSource {
  let lines: LineReader
  let wanted: [String]

  mutating func next() throws -> RecordedFrame? {
    guard let first = try lines.nextFilledLine() else { return nil }
    let head = fields(first)
    guard head.count == 1 else {
      throw lines.failure(
        "expected the number of atoms of the next frame, found '\(first.prefix(60))'; does the "
          + "frame before have more atoms than it says?")
    }
    let count = try lines.atomCount(head[0])
    let comment = XYZComment(try lines.requiredLine())
    let columns = try XYZColumns(comment["Properties"], wanted: wanted, lines)
    let lattice = try comment.lattice(lines)
    let periodic = try comment.periodic(lines, hasLattice: lattice != nil)
    let time = try comment.time(lines)
    let energy = try comment.energy(lines)
    try comment.checkUnits(lines)
    var atoms = XYZAtoms(columns)
    for _ in 0..<count {
      if try lines.take({ atoms.appendPlain($0) }) { continue }
      try atoms.append(try lines.requiredLine(), lines)
    }
    if let lattice { atoms.unwrap(in: lattice, periodic) }
    var frame = RecordedFrame(
      structure: Structure(
        lattice: lattice ?? openBox(around: atoms.positions), species: atoms.species,
        positions: atoms.positions, periodic: periodic,
        velocities: columns.velocity == nil ? nil : atoms.velocities,
        regions: atoms.regionsAreKnown ? atoms.regions : nil,
        layers: columns.layer == nil ? nil : atoms.layers,
        formalCharges: columns.formalCharge == nil ? nil : atoms.formalCharges),
      time: time, energy: energy, forces: columns.force == nil ? nil : atoms.forces,
      notes: comment.values)
    frame.hasCell = lattice != nil
    frame.column = columns.asked.map { AtomColumn(name: $0.name, values: atoms.asked) }
    return frame
  }
}

/// The atoms of a frame, as far as they have been read.
private struct XYZAtoms {
  let columns: XYZColumns
  var species: [Element] = []
  var positions: [Vector3] = []
  private var unwrapped: [Vector3] = []
  var velocities: [Vector3] = []
  var forces: [Vector3] = []
  var regions: [Region] = []
  var layers: [Int] = []
  var formalCharges: [Double] = []
  /// Of the column that was asked for.
  var asked: [Double] = []
  var regionsAreKnown: Bool

  init(_ columns: XYZColumns) {
    self.columns = columns
    regionsAreKnown = columns.region != nil
  }

  /// Takes an atom whose line is in plain form; false leaves it to the general way.
  mutating func appendPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !columns.roles.isEmpty else { return false }
    var line = LineBytes(bytes)
    var (element, position, velocity, force): (Element?, Vector3?, Vector3?, Vector3?)
    var (region, layer, charge, number): (Region?, Int?, Double?, Double?)
    for role in columns.roles {
      var isThere = true
      switch role {
      case .species: (element, isThere) = found(line.element())
      case .position: (position, isThere) = found(line.vector())
      case .velocity: (velocity, isThere) = found(line.vector())
      case .force: (force, isThere) = found(line.vector())
      case .region where regionsAreKnown:
        (region, isThere) = found(line.text().flatMap { Region(rawValue: $0) })
      case .layer: (layer, isThere) = found(line.text().flatMap { Int($0) })
      case .formalCharge: (charge, isThere) = found(line.number())
      case .asked: (number, isThere) = found(line.number())
      case .region, .other: isThere = line.field() != nil
      }
      guard isThere else { return false }
    }
    guard let element, let position, columns.mayHaveMore || line.field() == nil else {
      return false
    }
    species.append(element)
    positions.append(position)
    if let velocity { velocities.append(velocity) }
    if let force { forces.append(force) }
    if let region { regions.append(region) }
    if let layer { layers.append(layer) }
    if let charge { formalCharges.append(charge) }
    if let number { asked.append(number) }
    return true
  }

  private func found<Value>(_ value: Value?) -> (Value?, Bool) { (value, value != nil) }

  mutating func append(_ line: String, _ lines: LineReader) throws {
    let parts = fields(line)
    guard parts.count == columns.total || (columns.total < parts.count && columns.mayHaveMore)
    else {
      throw lines.failure(
        "atom \(species.count + 1) has \(parts.count) columns, expected \(columns.total)")
    }
    species.append(try element(parts, lines))
    positions.append(try lines.vector(parts, from: columns.position, "the coordinate"))
    if let column = columns.unwrapped {
      unwrapped.append(try lines.vector(parts, from: column, "the unwrapped position"))
    }
    if let column = columns.velocity {
      velocities.append(try lines.vector(parts, from: column, "the velocity"))
    }
    if let column = columns.force {
      forces.append(try lines.vector(parts, from: column, "the force"))
    }
    if let column = columns.region, regionsAreKnown {
      if let region = Region(rawValue: String(parts[column])) {
        regions.append(region)
      } else {
        regionsAreKnown = false
      }
    }
    if let column = columns.layer {
      guard let layer = Int(parts[column]) else {
        throw lines.failure("the layer '\(parts[column])' is not a whole number")
      }
      layers.append(layer)
    }
    if let column = columns.formalCharge {
      formalCharges.append(try lines.number(parts[column], "the formal charge"))
    }
    if let (name, column) = columns.asked {
      asked.append(try lines.number(parts[column], "\(name) of atom \(species.count)"))
    }
  }

  /// Moves each atom to the image that its unwrapped position lies next to.
  ///
  /// Only whole cells are taken from it: GPUMD does not scale unwrapped positions with the cell.
  mutating func unwrap(in lattice: Lattice, _ periodic: [Bool]) {
    for (atom, target) in unwrapped.enumerated() {
      var cells = lattice.fractional(target - positions[atom]).rounded(.toNearestOrEven)
      for k in 0..<3 where !periodic[k] { cells[k] = 0 }
      if cells != .zero { positions[atom] += lattice.cartesian(cells) }
    }
  }

  private func element(_ parts: [Substring], _ lines: LineReader) throws -> Element {
    guard columns.speciesIsNumber else { return try lines.element(parts[columns.species]) }
    guard let number = Int(parts[columns.species]), let element = Element(atomicNumber: number)
    else { throw lines.failure("'\(parts[columns.species])' is not an atomic number") }
    return element
  }
}
