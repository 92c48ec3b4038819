import Atomistics

/// The lines that POSCAR and XDATCAR begin with: title, scale, lattice, elements, counts.
///
/// A negative scale is minus the volume in Å³; three positive scales stretch x, y and z.
/// Format: https://www.vasp.at/wiki/index.php/POSCAR.
struct VASPHeader {
  let lattice: Lattice
  let species: [Element]
  /// What Cartesian coordinates are multiplied by, along x, y and z.
  let scale: Vector3

  /// Reads from the scale on; the title has been taken.
  ///
  /// - Parameter origin: says the elements where the file, in the form of VASP 4, names none.
  init(afterTitle lines: LineReader, origin: TrajectoryOrigin? = nil) throws {
    let scales = try Self.scales(lines)
    var rows: [Vector3] = []
    for name in ["a", "b", "c"] {
      rows.append(try lines.vector(fields(try lines.requiredLine()), "the lattice vector \(name)"))
    }
    let matrix = Matrix3(rows[0], rows[1], rows[2])
    if scales.count == 1, scales[0] < 0 {
      _ = try lines.lattice(matrix)
      scale = Vector3(repeating: cubeRoot(-scales[0] / abs(matrix.determinant)))
    } else {
      scale =
        scales.count == 3
        ? Vector3(scales[0], scales[1], scales[2]) : Vector3(repeating: scales[0])
    }
    lattice = try lines.lattice(
      Matrix3(rows[0] * scale, rows[1] * scale, rows[2] * scale))
    species = try Self.species(lines, origin)
  }

  private static func scales(_ lines: LineReader) throws -> [Double] {
    let parts = fields(try lines.requiredLine())
    guard parts.count == 1 || parts.count == 3 else {
      throw lines.failure(
        "expected the scaling factor (one number, or three), found \(parts.count) columns"
          + (parts.count == 5
            ? "; an XDATCAR of VASP 4.6 and before, which holds no lattice, is not read" : ""))
    }
    // A negative scale is a volume, which may be above the farthest coordinate.
    let scales = try parts.map { part in
      guard let value = Double(part), value.isFinite, value != 0, abs(value) < 1e12 else {
        throw lines.failure("the scaling factor '\(part)' is not a finite number other than zero")
      }
      return value
    }
    guard scales.count == 1 || scales.allSatisfy({ $0 > 0 }) else {
      throw lines.failure("three scaling factors must be above zero")
    }
    return scales
  }

  private static func species(
    _ lines: LineReader, _ origin: TrajectoryOrigin?
  ) throws -> [Element] {
    let names = fields(try lines.requiredLine())
    if let first = names.first, Double(first) != nil {
      if let told = try toldSpecies(names, lines, origin) { return told }
      throw lines.failure(
        "the file names no elements (the form of VASP 4); insert a line with their symbols, in "
          + "the order of the counts, above this line"
          + (origin == nil ? "" : ", or give the structure that the run started from (--structure)")
      )
    }
    guard !names.isEmpty else { throw lines.failure("expected a line with element symbols") }
    // POTCAR's names may follow: Li_sv, or Li/ and a hash.
    let elements = try names.map { name in
      try lines.element(name.prefix { $0 != "_" && $0 != "/" })
    }
    let counts = try counts(fields(try lines.requiredLine()), lines)
    return try repeated(elements, counts, lines)
  }

  private static func counts(_ parts: [Substring], _ lines: LineReader) throws -> [Int] {
    let counts = try parts.map(lines.atomCount)
    guard counts.reduce(0, +) <= LineReader.mostAtoms else {
      throw lines.failure("more than \(LineReader.mostAtoms) atoms")
    }
    return counts
  }

  private static func repeated(
    _ elements: [Element], _ counts: [Int], _ lines: LineReader
  ) throws -> [Element] {
    guard counts.count == elements.count else {
      throw lines.failure("\(elements.count) elements but \(counts.count) counts of atoms")
    }
    return zip(elements, counts).flatMap { Array(repeating: $0, count: $1) }
  }

  /// The elements of a file that has only counts: as told by type, or those of the structure, as
  /// it stands or grouped as `POSCAR` groups it; nil where nobody tells them.
  private static func toldSpecies(
    _ parts: [Substring], _ lines: LineReader, _ origin: TrajectoryOrigin?
  ) throws -> [Element]? {
    if let elements = origin?.elementsOfTypes {
      return try repeated(elements, try counts(parts, lines), lines)
    }
    guard let structure = origin?.structure else { return nil }
    let counts = try counts(parts, lines)
    let grouped = POSCAR.ordered(structure).order.map { structure.species[$0] }
    for species in [structure.species, grouped] where species.count == counts.reduce(0, +) {
      var start = 0
      let isUniform = counts.allSatisfy { count in
        defer { start += count }
        return Set(species[start..<start + count]).count == 1
      }
      if isUniform { return species }
    }
    throw lines.failure(
      "the counts of atoms are not those of the structure that the run is said to have started "
        + "from, \(structure.composition.formula)")
  }
}

/// ∛x for x > 0, exact to the last bits by one Newton step.
private func cubeRoot(_ x: Double) -> Double {
  let guess = exponential(naturalLogarithm(x) / 3)
  return guess - (guess * guess * guess - x) / (3 * guess * guess)
}
