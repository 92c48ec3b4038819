import Atomistics

extension VASPRunHeader {
  /// The root's tag; a vasprun.xml begins with it.
  func openRoot(of xml: XMLTagReader) throws -> XMLTag {
    guard let first = try xml.firstFilledByte() else {
      throw failure(nil, "the file is empty; a vasprun.xml is expected")
    }
    guard first == 0x3C || first == 0xEF else {
      throw failure(1, "this is not XML; a vasprun.xml is expected")
    }
    guard let event = try xml.next() else { throw EndOfXML() }
    guard case .open(let root) = event, root.name == "modeling" else {
      throw xml.failure("this is another XML; a vasprun.xml begins with <modeling>")
    }
    return root
  }

  /// After the root's closing tag nothing follows.
  func checkEnd(of xml: XMLTagReader) throws {
    if try xml.next() != nil {
      throw xml.failure("more follows after </modeling>; a file holds one run")
    }
  }

  /// Takes in an element of the root that is no ionic step.
  mutating func read(_ tag: XMLTag, from xml: XMLTagReader) throws {
    switch (tag.name, tag.label) {
    case ("generator", _): try readGenerator(tag, xml)
    case ("incar", _): try incar.read(tag, from: xml)
    case ("parameters", _): try parameters.read(tag, from: xml)
    case ("atominfo", _): try readAtoms(tag, xml)
    case ("structure", "initialpos"): initial = try VASPCell(tag, from: xml)
    default: try xml.skip(tag)
    }
  }

  private mutating func readGenerator(_ tag: XMLTag, _ xml: XMLTagReader) throws {
    try xml.children(of: tag) { child in
      let text = try xml.text(of: child)
      if child.label == "version" { version = fields(text).joined(separator: " ") }
    }
  }

  private mutating func readAtoms(_ tag: XMLTag, _ xml: XMLTagReader) throws {
    try xml.children(of: tag) { child in
      switch (child.name, child.label) {
      case ("array", "atoms"):
        elements = try rows(of: child, xml).map { try element($0.first ?? "", xml) }
        guard elements.count <= LineReader.mostAtoms else {
          throw xml.failure("\(elements.count) is not a sensible number of atoms")
        }
      case ("array", "atomtypes"):
        let types = try rows(of: child, xml)
        guard types.allSatisfy({ $0.count >= 5 }) else {
          throw xml.failure("a species has fewer than the five columns of atomtypes")
        }
        species = try types.map { try element($0[1], xml) }
        titles = types.map { fields($0[4]).joined(separator: " ") }
      default: try xml.skip(child)
      }
    }
  }

  /// The cells `<c>` of an array's rows `<rc>`.
  private func rows(of array: XMLTag, _ xml: XMLTagReader) throws -> [[String]] {
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
  private func element(_ text: String, _ xml: XMLTagReader) throws -> Element {
    let symbol = fields(text).first?.split { $0 == "_" || $0 == "/" }.first ?? ""
    let mended = symbol == "X" ? "Xe" : symbol == "r" ? "Zr" : symbol
    guard let element = Element(mended) else {
      throw xml.failure("'\(text.prefix(40))' is not the symbol of an element")
    }
    return element
  }
}
