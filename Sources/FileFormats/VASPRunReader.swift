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
      let structure = Structure(lattice: lattice, species: elements, fractional: cell.positions)
      try StructureFile.check(structure, path: path)
      return structure
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

/// Reads a vasprun.xml from its first tag to its last, or to where it was cut off.
final class VASPRunReader {
  private let xml: XMLTagReader
  private var header: VASPRunHeader
  private var last: VASPIonicStep?
  private var previous: VASPIonicStep?
  private var count = 0

  init(path: String) throws {
    xml = try XMLTagReader(path: path)
    header = VASPRunHeader(path: path)
  }

  func run() throws -> VASPRun {
    var isTruncated = false
    do {
      try readRoot()
    } catch is EndOfXML {
      isTruncated = true
    }
    guard let last else {
      if isTruncated { throw FileFormatsError.truncated(xml.path, line: xml.line) }
      throw header.failure(xml.line, "the run has no ionic step (<calculation>), so no energy")
    }
    return try VASPRun(
      header, last: last, previous: previous, count: count, isTruncated: isTruncated)
  }

  private func readRoot() throws {
    guard let first = try xml.firstFilledByte() else {
      throw header.failure(nil, "the file is empty; a vasprun.xml is expected")
    }
    guard first == 0x3C || first == 0xEF else {
      throw header.failure(1, "this is not XML; a vasprun.xml is expected")
    }
    guard let event = try xml.next() else { throw EndOfXML() }
    guard case .open(let root) = event, root.name == "modeling" else {
      throw xml.failure("this is another XML; a vasprun.xml begins with <modeling>")
    }
    try xml.children(of: root) { try read($0) }
    if try xml.next() != nil {
      throw xml.failure("more follows after </modeling>; a file holds one run")
    }
  }

  private func read(_ tag: XMLTag) throws {
    switch (tag.name, tag.label) {
    case ("generator", _): try readGenerator(tag)
    case ("incar", _): try header.incar.read(tag, from: xml)
    case ("parameters", _): try header.parameters.read(tag, from: xml)
    case ("atominfo", _): try readAtoms(tag)
    case ("structure", "initialpos"): header.initial = try VASPCell(tag, from: xml)
    case ("calculation", _):
      let step = try VASPIonicStep(tag, from: xml)
      previous = last
      last = step
      count += 1
    default: try xml.skip(tag)
    }
  }

  private func readGenerator(_ tag: XMLTag) throws {
    try xml.children(of: tag) { child in
      let text = try xml.text(of: child)
      if child.label == "version" { header.version = fields(text).joined(separator: " ") }
    }
  }

  private func readAtoms(_ tag: XMLTag) throws {
    try xml.children(of: tag) { child in
      switch (child.name, child.label) {
      case ("array", "atoms"):
        header.elements = try rows(of: child).map { try element($0.first ?? "") }
        guard header.elements.count <= LineReader.mostAtoms else {
          throw xml.failure("\(header.elements.count) is not a sensible number of atoms")
        }
      case ("array", "atomtypes"):
        let types = try rows(of: child)
        guard types.allSatisfy({ $0.count >= 5 }) else {
          throw xml.failure("a species has fewer than the five columns of atomtypes")
        }
        header.species = try types.map { try element($0[1]) }
        header.titles = types.map { fields($0[4]).joined(separator: " ") }
      default: try xml.skip(child)
      }
    }
  }

  /// The cells `<c>` of an array's rows `<rc>`.
  private func rows(of array: XMLTag) throws -> [[String]] {
    var rows: [[String]] = []
    try xml.children(of: array) { child in
      guard child.name == "set" else { return try xml.skip(child) }
      try xml.children(of: child) { row in
        var cells: [String] = []
        try xml.children(of: row) { cells.append(try xml.text(of: $0)) }
        rows.append(cells)
      }
    }
    return rows
  }

  /// VASP prints two letters: xenon and zirconium have come out as `X` and `r`.
  private func element(_ text: String) throws -> Element {
    let symbol = fields(text).first?.split { $0 == "_" || $0 == "/" }.first ?? ""
    let mended = symbol == "X" ? "Xe" : symbol == "r" ? "Zr" : symbol
    guard let element = Element(mended) else {
      throw xml.failure("'\(text.prefix(40))' is not the symbol of an element")
    }
    return element
  }
}
