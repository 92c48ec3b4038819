import Atomistics

/// What a vasprun.xml says before its first ionic step.
struct VASPRunHeader {
  let path: String
  var version: String?
  var incar: VASPParameters
  var parameters: VASPParameters
  var elements: [Element] = []
  /// One per species: its element and the title of its pseudopotential.
  var species: [Element] = []
  var titles: [String] = []
  var initial: VASPCell?

  init(path: String) {
    self.path = path
    incar = VASPParameters(path: path)
    parameters = VASPParameters(path: path)
  }

  func failure(_ line: Int?, _ reason: String) -> FileFormatsError {
    .badFile(path: path, line: line, reason: reason)
  }

  /// The structure of a step, or the initial one where the step has none; it has passed what every
  /// structure from a file must.
  func checkedStructure(of step: VASPIonicStep) throws -> Structure {
    let structure = try structure(of: step)
    try StructureFile.check(structure, path: path)
    return structure
  }

  /// The structure of a step, or the initial one where the step has none.
  func structure(of step: VASPIonicStep) throws -> Structure {
    guard let cell = step.cell ?? initial else {
      throw failure(step.line, "neither the last ionic step nor the file's head has a structure")
    }
    guard !elements.isEmpty else { throw failure(nil, "there is no list of atoms (atominfo)") }
    guard cell.positions.count == elements.count else {
      throw failure(
        cell.line, "\(cell.positions.count) positions, but atominfo names \(elements.count) atoms")
    }
    let values = cell.rows + cell.positions
    guard values.allSatisfy({ $0.isFinite && $0.length < LineReader.farthest }) else {
      throw failure(cell.line, "a lattice vector or position is out of scale")
    }
    do {
      let lattice = try Lattice(validating: Matrix3(cell.rows[0], cell.rows[1], cell.rows[2]))
      return Structure(lattice: lattice, species: elements, fractional: cell.positions)
    } catch let error as AtomisticsError {
      throw failure(cell.line, error.description)
    }
  }

  /// U - J by species where DFT+U is on.
  func hubbard() throws -> [(element: Element, value: Double)] {
    guard try incar.logical("LDAU") ?? parameters.logical("LDAU") ?? false,
      let u = try incar.reals("LDAUU") ?? parameters.reals("LDAUU")
    else { return [] }
    let j = try incar.reals("LDAUJ") ?? parameters.reals("LDAUJ") ?? []
    guard u.count == species.count else {
      if u.allSatisfy({ $0 == 0 }) { return [] }
      throw failure(
        nil, "LDAUU has \(u.count) values, but the run has \(species.count) species")
    }
    return species.indices.map {
      (element: species[$0], value: u[$0] - (j.count == u.count ? j[$0] : 0))
    }
  }
}
