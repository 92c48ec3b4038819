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
  init(afterTitle lines: LineReader) throws {
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
    species = try Self.species(lines)
  }

  private static func scales(_ lines: LineReader) throws -> [Double] {
    let parts = fields(try lines.requiredLine())
    guard parts.count == 1 || parts.count == 3 else {
      throw lines.failure(
        "expected the scaling factor (one number, or three), found \(parts.count) columns")
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

  private static func species(_ lines: LineReader) throws -> [Element] {
    let names = fields(try lines.requiredLine())
    if let first = names.first, Double(first) != nil {
      throw lines.failure(
        "the file names no elements (the form of VASP 4); insert a line with their symbols, in "
          + "the order of the counts, above this line")
    }
    guard !names.isEmpty else { throw lines.failure("expected a line with element symbols") }
    // POTCAR's names may follow: Li_sv, or Li/ and a hash.
    let elements = try names.map { name in
      try lines.element(name.prefix { $0 != "_" && $0 != "/" })
    }
    let counts = try fields(try lines.requiredLine()).map(lines.atomCount)
    guard counts.count == elements.count else {
      throw lines.failure("\(elements.count) elements but \(counts.count) counts of atoms")
    }
    guard counts.reduce(0, +) <= LineReader.mostAtoms else {
      throw lines.failure("more than \(LineReader.mostAtoms) atoms")
    }
    return zip(elements, counts).flatMap { Array(repeating: $0, count: $1) }
  }
}

/// ∛x for x > 0, exact to the last bits by one Newton step.
private func cubeRoot(_ x: Double) -> Double {
  let guess = exponential(naturalLogarithm(x) / 3)
  return guess - (guess * guess * guess - x) / (3 * guess * guess)
}
