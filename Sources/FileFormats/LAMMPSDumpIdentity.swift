import Atomistics

/// Who the atoms of a LAMMPS dump are, settled on its first frame.
struct LAMMPSDumpIdentity {
  /// Ascending.
  let ids: [Int]
  let species: [Element]
  let regions: [Region]?
  let layers: [Int]?
  let formalCharges: [Double]?

  init(
    _ atoms: LAMMPSDumpAtoms, _ order: [Int], _ origin: TrajectoryOrigin, _ lines: LineReader
  ) throws {
    ids = order.map { atoms.ids[$0] }
    let told = try Self.told(atoms, order, origin.elementsOfTypes, lines)
    guard let structure = origin.structure else {
      guard let told else {
        throw lines.failure(
          "the dump has no column element; say which element each type is (--types Li,P,S), give "
            + "the structure that was exported (--structure), or write the dump with element")
      }
      (species, regions, layers, formalCharges) = (told, nil, nil, nil)
      return
    }
    guard let last = ids.last, last <= structure.count else {
      throw lines.failure(
        "the dump has an atom with the id \(ids.last ?? 0), the structure that the run is said to "
          + "have started from has \(structure.count) atoms; give the structure that was exported")
    }
    let part = structure.selecting(ids.map { $0 - 1 })
    if let told, let k = told.indices.first(where: { told[$0] != part.species[$0] }) {
      throw lines.failure(
        "atom \(ids[k]) is \(told[k]) in the dump and \(part.species[k]) in the structure that "
          + "the run is said to have started from; give the structure that was exported")
    }
    (species, regions, layers) = (part.species, part.regions, part.layers)
    formalCharges = part.formalCharges
  }

  /// The elements that the file and the user tell; nil if neither does.
  private static func told(
    _ atoms: LAMMPSDumpAtoms, _ order: [Int], _ elementsOfTypes: [Element]?, _ lines: LineReader
  ) throws -> [Element]? {
    if let elements = elementsOfTypes {
      guard !atoms.types.isEmpty else {
        throw lines.failure("the elements of types are given, but the dump has no column type")
      }
      return try order.map { atom in
        guard atoms.types[atom] <= elements.count else {
          throw lines.failure(
            "atom \(atoms.ids[atom]) is of type \(atoms.types[atom]), but elements are given for "
              + "\(elements.count) types; give one for each")
        }
        return elements[atoms.types[atom] - 1]
      }
    }
    guard !atoms.elements.isEmpty else { return nil }
    guard Set(atoms.types).count < 2 || atoms.elements.contains(where: { $0 != "C" }) else {
      throw lines.failure(
        "every atom is C although there are several types: LAMMPS writes that where dump_modify "
          + "element was not given; say which element each type is (--types Li,P,S)")
    }
    return try order.map { try lines.element(atoms.elements[$0]) }
  }

  /// Holds a later frame against the first.
  func check(
    _ atoms: LAMMPSDumpAtoms, _ order: [Int], frame: Int, step: Int, _ lines: LineReader
  ) throws {
    for (known, place) in zip(ids, order) where atoms.ids[place] != known {
      throw lines.failure(
        "frame \(frame) (step \(step)) holds other atoms than the first: where the first has the "
          + "id \(known) it has \(atoms.ids[place]); atoms were lost or the dump's group changed")
    }
  }
}
