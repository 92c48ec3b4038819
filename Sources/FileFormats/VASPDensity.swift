import Atomistics

/// CHGCAR, AECCAR0, AECCAR1, AECCAR2 and CHG of VASP: a POSCAR, then the density.
///
/// The file holds ρ V, density times the cell's volume, the index along **a** fastest. The first
/// block is the density of both spins; what follows it (augmentation occupancies, magnetisation) is
/// not read. The valence charge of the elements is in none of these files.
///
/// Format: https://www.vasp.at/wiki/index.php/CHGCAR.
enum VASPDensity {
  static func read(_ lines: LineReader) throws -> DensityFile {
    let structure = try POSCAR.structure(from: lines)
    try StructureFile.check(structure, path: lines.path)
    guard let line = try lines.nextFilledLine() else {
      throw FileFormatsError.truncated(lines.path, line: lines.lineNumber)
    }
    guard let counts = counts(line) else {
      throw lines.failure(
        "expected the number of grid points along each axis (three whole numbers), found "
          + "'\(line.prefix(60))'")
    }
    let points = counts.x * counts.y * counts.z
    guard points <= DensityFile.mostPoints else {
      throw lines.failure("\(points) grid points are more than the \(DensityFile.mostPoints) read")
    }
    let values = try lines.numbers(points, times: 1 / structure.volume, "values of the density")
    try checkRest(lines, atoms: structure.count, points: points)
    return DensityFile(
      grid: VolumetricGrid(
        structure: structure, counts: counts, fastestAxis: .a, values: values))
  }

  private static func counts(_ line: String) -> SIMD3<Int>? {
    let parts = fields(line).map { Int($0) }
    guard parts.count == 3, let a = parts[0], let b = parts[1], let c = parts[2],
      [a, b, c].allSatisfy({ (1...100_000).contains($0) })
    else { return nil }
    return SIMD3(a, b, c)
  }

  /// Behind the first block come occupancies (with a heading), the magnetisation with counts of its
  /// own, or one number an atom: more numbers than atoms mean that the counts were wrong.
  private static func checkRest(_ lines: LineReader, atoms: Int, points: Int) throws {
    var found = 0
    while found <= atoms, let line = try lines.nextFilledLine() {
      let parts = fields(line)
      if parts.contains(where: { Double($0) == nil }) || counts(line) != nil { return }
      found += parts.count
    }
    guard found <= atoms else {
      throw lines.failure(
        "numbers go on behind the \(points) values of the density; the counts of grid points are "
          + "wrong")
    }
  }
}
