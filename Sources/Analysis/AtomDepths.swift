import Atomistics

/// How deep chosen atoms lie in the electrolyte, frame by frame; where there is no contact, how high
/// they lie above the plane of a and b.
///
/// The contact planes are those of the first frame (`ContactPlanes`), and move with the centre of
/// mass of all atoms. Heights, too, are those that the atoms would have if the centre of mass had
/// stayed. Atoms are unwrapped.
struct AtomDepths: Sendable {
  private enum Origin: Sendable {
    case contact(ContactPlanes)
    /// Heights from the plane of a and b; folded above `cut` where no vacuum says where a slab ends.
    case plane(cut: Double, folds: Bool)
  }

  private let origin: Origin
  private let atoms: [Int]
  private let shifts: [Double]
  private let firstCenter: Double
  private var unwrapper = Unwrapper()

  /// Depths from the contact planes of the first frame.
  ///
  /// - Throws: as `ContactPlanes`.
  init(of atoms: [Int], in first: Structure) throws {
    let planes = try ContactPlanes(first)
    self.init(atoms, in: first, from: .contact(planes)) { planes.shift($0) }
  }

  /// Depths from the contact planes if the first frame has atoms of both sides, otherwise heights.
  ///
  /// - Throws: as `ContactPlanes`.
  init(orHeightsOf atoms: [Int], in first: Structure) throws {
    guard Set(first.regions ?? []).count < 2 else {
      self = try AtomDepths(of: atoms, in: first)
      return
    }
    let axis = NormalAxis(first)
    guard axis.isPeriodic else {
      self.init(atoms, in: first, from: .plane(cut: 0, folds: false)) { _ in 0 }
      return
    }
    let gap = NormalAxis.widestGap(first.fractionalPositions.map(\.z))
    let folds = gap.width * axis.height < AtomicDistributionWidth.narrowestGap
    // The image of the vacuum's middle that is next to the plane of a and b.
    let cut = folds ? 0 : gap.cut - gap.cut.rounded()
    self.init(atoms, in: first, from: .plane(cut: cut, folds: folds)) {
      (NormalAxis.fold($0, above: cut) - $0).rounded()
    }
  }

  private init(
    _ atoms: [Int], in first: Structure, from origin: Origin, shift: (Double) -> Double
  ) {
    self.origin = origin
    self.atoms = atoms
    shifts = atoms.map { shift(first.lattice.fractional(first.positions[$0]).z) }
    firstCenter = first.lattice.fractional(first.centerOfMass).z
  }

  /// How many contacts depths count from; nil where they are heights.
  var contacts: Int? {
    guard case .contact(let planes) = origin else { return nil }
    return planes.count
  }

  /// Depths between two contacts end half way between them, in cells; nil where they do not end.
  var range: ClosedRange<Double>? {
    guard case .contact(let planes) = origin else { return nil }
    return planes.range
  }

  /// What a reader has to know of the unwrapping, or nothing.
  var warning: String? { unwrapper.warning }

  /// The depth of each atom in Å; frames come in order, from the first one on.
  ///
  /// - Throws: `AnalysisError.changedAtoms`.
  mutating func depths(in frame: Frame) throws -> [Double] {
    let structure = try unwrapper.unwrap(frame).structure
    let height = NormalAxis(structure).height
    let drift = structure.lattice.fractional(structure.centerOfMass).z - firstCenter
    return zip(atoms, shifts).map { atom, shift in
      let s = structure.lattice.fractional(structure.positions[atom]).z + shift - drift
      switch origin {
      case .contact(let planes): return planes.depth(s) * height
      case .plane(let cut, let folds):
        return (folds ? NormalAxis.fold(s, above: cut) : s) * height
      }
    }
  }
}
