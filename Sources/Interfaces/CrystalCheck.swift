import Atomistics

extension CoherentInterface {
  /// The nearest that two atoms of a crystal may come (Å): H-H is 0.74 Å.
  private static let nearest = 0.7
  /// The widest empty layer of a crystal (Å): more is a vacuum.
  private static let widest = 8.0

  /// Checks settings and crystals before any slab is made.
  ///
  /// - Throws: `InterfacesError`.
  public static func check(
    electrolyte: Structure, metal: Structure, settings: ContactSettings
  ) throws {
    try settings.validate()
    for (name, crystal) in [("electrolyte", electrolyte), ("metal", metal)] {
      guard crystal.count > 0 else {
        throw InterfacesError.badCrystal("the \(name) holds no atoms; give its crystal")
      }
      do {
        try crystal.validate(minimumDistance: nearest)
      } catch let error as AtomisticsError {
        throw InterfacesError.badCrystal("the \(name): \(error.description)")
      }
      guard crystal.periodic == [true, true, true] else {
        throw InterfacesError.badCrystal(
          "the \(name) does not repeat in all three directions; give the crystal, not a slab")
      }
      if let (axis, width) = crystal.emptyLayer, width > widest {
        throw InterfacesError.badCrystal(
          "the \(name) has an empty layer of \((width * 10).rounded() / 10) Å across \(axis): a "
            + "slab in a vacuum; expected a crystal, whose gaps are narrower than \(widest) Å")
      }
      for element in Set(crystal.species).sorted()
      where settings.radii.radius(of: element) == nil {
        throw InterfacesError.badCrystal(
          "\(settings.radii.rawValue.capitalized) gives no van der Waals radius of \(element), so "
            + "that the gap of the \(name) cannot be set; expected one for every element, choose "
            + "other radii")
      }
    }
  }
}

extension Structure {
  /// The widest layer between atoms along the normals of the cell's faces, Å, and the lattice vector
  /// that crosses it.
  fileprivate var emptyLayer: (axis: String, width: Double)? {
    let fractional = fractionalPositions
    let heights = lattice.heights
    return zip(["a", "b", "c"], 0..<3).map { name, k in
      let s = fractional.map { $0[k] - $0[k].rounded(.down) }.sorted()
      let gaps = zip(s, s.dropFirst() + [s[0] + 1]).map { $1 - $0 }
      return (name, (gaps.max() ?? 0) * heights[k])
    }.max { $0.1 < $1.1 }
  }
}
