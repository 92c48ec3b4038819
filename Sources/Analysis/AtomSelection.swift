import Atomistics

/// Which atoms an analysis takes, decided on the first frame and kept from then on.
public enum AtomSelection: Sendable, Hashable {
  case all
  /// The atoms that came from one side of the contact.
  case region(Region)
  /// The atoms of these layers, counted from the contact.
  case layers(ClosedRange<Int>)
  /// The atoms of either side that begin within this distance (Å) of an atom of the other side.
  case nearContact(within: Double)

  /// What a result calls it.
  public var name: String {
    switch self {
    case .all: "all atoms"
    case .region(let region): "atoms of the \(region.rawValue)"
    case .layers(let range): "atoms of the layers \(range.lowerBound) to \(range.upperBound)"
    case .nearContact(let distance): "atoms that begin within \(distance) Å of the other side"
    }
  }

  /// The chosen atoms of an element (nil: of any), ascending.
  ///
  /// - Throws: `AnalysisError.nothingSelected`, `.noLabels` where the structure lacks the regions
  ///   or layers that the choice is made by, `.badParameter`.
  public func atoms(of element: Element?, in structure: Structure) throws -> [Int] {
    let chosen = try mask(structure)
    let atoms = (0..<structure.count).filter {
      chosen[$0] && (element == nil || structure.species[$0] == element)
    }
    guard !atoms.isEmpty else {
      let kind = element.map { "\($0) atom" } ?? "atom"
      throw AnalysisError.nothingSelected(
        what: "\(kind) among \(name)",
        held: "the first frame holds \(structure.composition.formula)")
    }
    return atoms
  }

  private func mask(_ structure: Structure) throws -> [Bool] {
    switch self {
    case .all:
      return Array(repeating: true, count: structure.count)
    case .region(let region):
      guard let regions = structure.regions else {
        throw AnalysisError.noLabels("which side of the contact each atom came from")
      }
      return regions.map { $0 == region }
    case .layers(let range):
      guard let layers = structure.layers else {
        throw AnalysisError.noLabels("which layer each atom belongs to")
      }
      return layers.map { range.contains($0) }
    case .nearContact(let distance):
      return try nearOtherSide(structure, distance)
    }
  }

  private func nearOtherSide(_ structure: Structure, _ distance: Double) throws -> [Bool] {
    guard distance > 0, distance <= 100 else {
      throw AnalysisError.badParameter(
        name: "the distance from the contact", value: "\(distance) Å",
        expected: "a length above 0 and up to 100 Å")
    }
    guard let regions = structure.regions else {
      throw AnalysisError.noLabels("which side of the contact each atom came from")
    }
    let list = NeighborList(structure, cutoff: distance)
    return (0..<structure.count).map { i in
      list.pairs(of: i).contains { regions[Int(list.neighbors[$0])] != regions[i] }
    }
  }
}
