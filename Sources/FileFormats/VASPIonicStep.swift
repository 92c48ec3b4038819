import Atomistics

/// One `<calculation>` of a vasprun.xml that was read to its end.
struct VASPIonicStep {
  /// Energies by VASP's names; not a number where VASP printed stars.
  typealias Energies = [String: Double]

  var energies: Energies = [:]
  var lastElectronic: Energies = [:]
  var electronicSteps = 0
  /// How many of these make the ground state; with LEPSILON, responses follow in the same list.
  var groundStateSteps: Int?
  var cell: VASPCell?
  var forces: [Vector3] = []
  var bands: VASPBands?
  /// The line on which the step ends.
  var line = 0

  init(_ tag: XMLTag, from xml: XMLTagReader) throws {
    try xml.children(of: tag) { child in
      switch (child.name, child.label) {
      case ("scstep", _): try readElectronicStep(child, xml)
      case ("energy", _): energies = try Self.energies(child, xml)
      case ("structure", _): cell = try VASPCell(child, from: xml)
      case ("varray", "forces"): forces = try xml.vectors(of: child, allowingStars: true)
      case ("eigenvalues", _): bands = try VASPBands(child, from: xml)
      default: try xml.skip(child)
      }
    }
    line = xml.line
  }

  private mutating func readElectronicStep(_ tag: XMLTag, _ xml: XMLTagReader) throws {
    var found: Energies?
    try xml.children(of: tag) { child in
      if child.name == "energy" {
        found = try Self.energies(child, xml)
      } else {
        try xml.skip(child)
      }
    }
    guard let found else { return }
    lastElectronic = found
    electronicSteps += 1
    let plain: Set = ["e_fr_energy", "e_wo_entrp", "e_0_energy"]
    if electronicSteps > 1, groundStateSteps == nil, Set(found.keys) != plain {
      groundStateSteps = electronicSteps
    }
  }

  private static func energies(_ tag: XMLTag, _ xml: XMLTagReader) throws -> Energies {
    var values: Energies = [:]
    try xml.children(of: tag) { child in
      guard child.name == "i" else { return try xml.skip(child) }
      let text = try xml.text(of: child)
      values[String(child.label)] = try xml.number(text[...], allowingStars: true)
    }
    return values
  }

  /// The energy for kT -> 0 in eV; nil where the run has no total energy or VASP printed stars.
  ///
  /// Taken is `e_0_energy` of the step. Some versions of VASP write the energy without entropy
  /// into that place; then E0 is rebuilt from the last electronic step, whose block is right:
  /// F of the ionic step + (E0 - F) of the electronic one, rounded to the eight digits of the file.
  var energy: Double? {
    guard let total = energies["e_0_energy"], let free = energies["e_fr_energy"],
      let electronic = lastElectronic["e_0_energy"], let last = lastElectronic["e_fr_energy"]
    else { return nil }
    let rebuilt = ((electronic - last + free) * 1e8).rounded(.toNearestOrEven) / 1e8
    let value = abs(total - rebuilt) > 1e-7 ? rebuilt : total
    return value.isFinite && rebuilt.isFinite ? value : nil
  }

  /// The largest force (eV/Å) along directions in which the atoms may move; nil if not known.
  func largestForce(free: [SIMD3<Double>]) -> Double? {
    guard !forces.isEmpty, free.isEmpty || free.count == forces.count else { return nil }
    let lengths = forces.enumerated().map { index, force in
      let mask = free.isEmpty ? SIMD3(1, 1, 1) : free[index]
      return Vector3(force.x * mask.x, force.y * mask.y, force.z * mask.z).length
    }
    let largest = lengths.reduce(0) { $1.isNaN ? .nan : max($0, $1) }
    return largest.isFinite ? largest : nil
  }
}

/// A cell with fractional positions, and which of their components may move.
struct VASPCell {
  var rows: [Vector3] = []
  var positions: [Vector3] = []
  /// 1 where a component may move, 0 where not; empty if all may.
  var free: [SIMD3<Double>] = []
  var line = 0

  init(_ tag: XMLTag, from xml: XMLTagReader) throws {
    try xml.children(of: tag) { child in
      switch (child.name, child.label) {
      case ("crystal", _):
        try xml.children(of: child) { inner in
          guard inner.name == "varray", inner.label == "basis" else { return try xml.skip(inner) }
          rows = try xml.vectors(of: inner)
        }
      case ("varray", "positions"): positions = try xml.vectors(of: child)
      case ("varray", "selective"):
        try xml.children(of: child) { row in
          let flags = fields(try xml.text(of: row)).map { $0 == "F" ? 0.0 : 1.0 }
          guard flags.count == 3 else { throw xml.failure("three of T and F are expected") }
          free.append(SIMD3(flags[0], flags[1], flags[2]))
        }
      default: try xml.skip(child)
      }
    }
    guard rows.count == 3 else {
      throw xml.failure("the lattice has \(rows.count) vectors; three are expected")
    }
    line = xml.line
  }
}

/// Eigenvalues and occupations: the edges of the bands.
struct VASPBands {
  /// Occupations above this count as occupied.
  static let occupied = 1e-8

  var top = -Double.infinity
  var bottom = Double.infinity
  private var hasStars = false

  /// The largest energy of an occupied state and the least of an empty one, over all k-points and
  /// spins.
  init?(_ tag: XMLTag, from xml: XMLTagReader) throws {
    try read(tag, xml)
    guard top.isFinite, bottom.isFinite, !hasStars else { return nil }
  }

  private mutating func read(_ parent: XMLTag, _ xml: XMLTagReader) throws {
    try xml.children(of: parent) { child in
      switch child.name {
      case "array", "set": try read(child, xml)
      case "r":
        let row = fields(try xml.text(of: child))
        guard row.count == 2 else {
          throw xml.failure("\(row.count) numbers; an eigenvalue and an occupation are expected")
        }
        let energy = try xml.number(row[0], allowingStars: true)
        let occupation = try xml.number(row[1], allowingStars: true)
        if energy.isNaN || occupation.isNaN {
          hasStars = true
        } else if occupation > Self.occupied {
          top = max(top, energy)
        } else {
          bottom = min(bottom, energy)
        }
      default: try xml.skip(child)
      }
    }
  }

  /// The band gap in eV, 0 where occupied and empty states overlap.
  var gap: Double { max(0, bottom - top) }
}

extension XMLTagReader {
  /// A finite number; stars, which VASP prints for what does not fit, may stand for none.
  func number(_ text: Substring, allowingStars: Bool = false) throws -> Double {
    let field = fields(text).first ?? ""
    if allowingStars, field.contains("*") { return .nan }
    guard let value = Double(field), value.isFinite, fields(text).count == 1 else {
      throw failure("'\(text.prefix(40))' is not a finite number")
    }
    return value
  }

  /// The vectors `<v>` of an array.
  func vectors(of tag: XMLTag, allowingStars: Bool = false) throws -> [Vector3] {
    var vectors: [Vector3] = []
    try children(of: tag) { child in
      guard child.name == "v" else { return try skip(child) }
      let row = fields(try text(of: child))
      guard row.count == 3 else {
        throw failure("\(row.count) numbers; a vector of three is expected")
      }
      let v = try row.map { try number($0, allowingStars: allowingStars) }
      guard vectors.count < LineReader.mostAtoms else { throw failure("too many vectors") }
      vectors.append(Vector3(v[0], v[1], v[2]))
    }
    return vectors
  }
}
