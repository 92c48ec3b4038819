import Atomistics

/// Cube files as Gaussian defined them, and as ASE, GPAW, CP2K, Quantum ESPRESSO and others write
/// them: two lines of comment, the number of atoms and the origin, counts and steps of the grid along
/// three axes, the atoms, the values with the last axis fastest.
///
/// Lengths are in Bohr; with a negative count of points they are in Å. The values are taken to be
/// e/Bohr³ either way. Values may be spread over lines in any way. A negative number of atoms
/// announces a line with the numbers of orbitals; one data set is read, several are refused.
/// Structures are periodic along the grid, as densities from programs with plane waves are; a
/// molecule should stand in a box.
///
/// The second column of an atom's line is its nuclear charge, which programs fill differently:
///
/// | program | column |
/// |---|---|
/// | Gaussian, PySCF and other all-electron programs | Z |
/// | Quantum ESPRESSO (`pp.x`) | Z, although the density is the valence electrons' |
/// | CP2K | charge of the pseudopotential's ion; 0 in older versions |
/// | ASE, GPAW | 0 |
///
/// Format: https://gaussian.com/cubegen; the sign of the counts: http://paulbourke.net/dataformats/cube.
enum GaussianCube {
  static func read(_ lines: LineReader) throws -> DensityFile {
    for _ in 0..<2 { _ = try lines.requiredLine() }
    let header = fields(try lines.requiredLine())
    let (atoms, hasOrbitals) = try atomCount(header, lines)
    let origin = try lines.vector(header, from: 1, "the number of atoms and the origin")
    if header.count > 4, header[4] != "1" {
      throw lines.failure("\(header[4]) values a point; expected one, the density")
    }
    var counts = SIMD3<Int>.zero
    var steps: [Vector3] = []
    for axis in 0..<3 { try steps.append(step(axis, &counts, lines)) }
    let unit = counts.min() < 0 ? 1 : Units.bohr
    counts.replace(with: 0 &- counts, where: counts .< 0)
    let points = counts.x * counts.y * counts.z
    guard points <= DensityFile.mostPoints else {
      throw lines.failure("\(points) grid points are more than the \(DensityFile.mostPoints) read")
    }
    let lattice = try lines.lattice(
      Matrix3(
        unit * Double(counts.x) * steps[0], unit * Double(counts.y) * steps[1],
        unit * Double(counts.z) * steps[2]))
    let (structure, charges) = try atomLines(atoms, lattice, origin: origin, unit: unit, lines)
    try StructureFile.check(structure, path: lines.path)
    if hasOrbitals { try orbitalLine(lines) }
    let perVolume = 1 / (Units.bohr * Units.bohr * Units.bohr)
    let values = try lines.numbers(points, times: perVolume, "values of the density")
    if let line = try lines.nextFilledLine() {
      throw lines.failure(
        "'\(line.prefix(40))' stands behind the \(points) values of the density; the counts of "
          + "grid points are wrong, or there are several data sets")
    }
    return DensityFile(
      grid: VolumetricGrid(structure: structure, counts: counts, fastestAxis: .c, values: values),
      nuclearCharges: charges.contains { $0 != 0 } ? charges : nil)
  }

  private static func atomCount(
    _ header: [Substring], _ lines: LineReader
  ) throws -> (count: Int, hasOrbitals: Bool) {
    guard let first = header.first, let count = Int(first) else {
      throw lines.failure(
        "expected the number of atoms and the origin, found '\(header.joined(separator: " ").prefix(60))'"
      )
    }
    return (try lines.atomCount(Substring("\(count.magnitude)")), count < 0)
  }

  private static func step(
    _ axis: Int, _ counts: inout SIMD3<Int>, _ lines: LineReader
  ) throws -> Vector3 {
    let parts = fields(try lines.requiredLine())
    guard let first = parts.first, let count = Int(first), count != 0,
      (1...100_000).contains(count.magnitude)
    else {
      throw lines.failure(
        "expected the number of grid points along axis \(axis + 1) and its step, found "
          + "'\(parts.joined(separator: " ").prefix(60))'")
    }
    guard axis == 0 || (count < 0) == (counts.x < 0) else {
      throw lines.failure("the counts of grid points must have the same sign along all axes")
    }
    counts[axis] = count
    return try lines.vector(parts, from: 1, "the number of grid points and the step")
  }

  private static func atomLines(
    _ count: Int, _ lattice: Lattice, origin: Vector3, unit: Double, _ lines: LineReader
  ) throws -> (Structure, [Double]) {
    var species: [Element] = []
    var positions: [Vector3] = []
    var charges: [Double] = []
    for index in 1...count {
      let parts = fields(try lines.requiredLine())
      guard let first = parts.first, let number = Int(first),
        let element = Element(atomicNumber: number)
      else {
        throw lines.failure(
          "expected the atomic number, the charge and the position of atom \(index) of \(count), "
            + "found '\(parts.joined(separator: " ").prefix(60))'")
      }
      let r = try lines.vector(parts, from: 2, "the atomic number, charge and position")
      charges.append(try lines.number(parts[1], "the charge"))
      species.append(element)
      positions.append(unit * (r - origin))
    }
    return (Structure(lattice: lattice, species: species, positions: positions), charges)
  }

  private static func orbitalLine(_ lines: LineReader) throws {
    let parts = fields(try lines.requiredLine())
    guard parts.first == "1", parts.count == 2 else {
      throw lines.failure(
        "expected one data set ('1' and its number), found '\(parts.joined(separator: " ").prefix(60))'"
      )
    }
  }
}
