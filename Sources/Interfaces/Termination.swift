import Atomistics

/// One way to end a crystal: a plane, and the height at which it is cut.
public struct Termination: Sendable {
  public let cell: OrientedCell
  /// The face that is laid open: its outward normal is +z of the cell or −z (see `isUpper`).
  public let face: MillerIndex
  /// The height (Å) of the cut in the oriented cell; the crystal goes on on one side of it.
  public let cut: Double
  /// The maps of the plane that leave the cut crystal as it is.
  package let symmetries: [PlaneMap]

  /// One cut of a plane; `distinct` finds those worth looking at.
  ///
  /// - Parameter face: the cell's plane for the crystal below the cut, its opposite for that above.
  public init(cell: OrientedCell, face: MillerIndex, cut: Double) {
    precondition(
      face == cell.miller || face == cell.miller.opposite, "the face is one of the cell's plane")
    var symmetries: [PlaneMap] = []
    if case .success(let symmetry) = cell.crystal.symmetry {
      symmetries = CutPlace(cell, face: face, cut: cut).maps(by: symmetry.operations, of: cell)
    }
    self.init(cell: cell, face: face, cut: cut, symmetries: symmetries)
  }

  fileprivate init(cell: OrientedCell, face: MillerIndex, cut: Double, symmetries: [PlaneMap]) {
    self.cell = cell
    self.face = face
    self.cut = cut
    self.symmetries = symmetries
  }

  /// Whether the crystal lies below the cut and its face looks up; a film's face that is to lie on a
  /// metal looks down.
  public var isUpper: Bool { face == cell.miller }

  /// What becomes of a termination that is the mirror image of another, and no turn of it.
  public enum MirrorImages: Sendable {
    /// Both are kept: right for every partner.
    case apart
    /// One is kept where the crystal has an improper operation that carries one into the other. Its
    /// contacts with an achiral partner are then all found, as themselves or as mirror images, if of
    /// the partner both are kept. A chiral crystal has no such operation, so that nothing is lost.
    case asOne
  }

  /// All terminations of a crystal, grouped by plane; those that its space group carries into an
  /// earlier one are left out.
  ///
  /// An operation x' = R x + t carries the plane h · x = s, with its outward side, into
  /// h' · x' = s + h' · t with h' = h R⁻¹; two cuts are one if their heights agree within 0.1 Å
  /// (cuts of one plane are more than twice as far apart).
  public static func distinct(
    _ planes: [(face: MillerIndex, cell: OrientedCell)], mirrorImages: MirrorImages = .apart
  ) -> [[Termination]] {
    guard let crystal = planes.first?.cell.crystal,
      case .success(let symmetry) = crystal.symmetry,
      planes.allSatisfy({ $0.cell.crystal.hasCell(of: crystal) })
    else { return distinctByAtoms(planes) }
    var kept = KnownCuts()
    return planes.map { plane in
      plane.cell.cuts().compactMap { cut in
        let place = CutPlace(plane.cell, face: plane.face, cut: cut)
        guard !kept.contains(place) else { return nil }
        for operation in symmetry.operations where mirrorImages == .asOne || operation.isProper {
          kept.insert(place.moved(by: operation))
        }
        return Termination(
          cell: plane.cell, face: plane.face, cut: cut,
          symmetries: place.maps(by: symmetry.operations, of: plane.cell))
      }
    }.filter { !$0.isEmpty }
  }

  /// The same without a space group: each cut is compared with all before it, atom by atom.
  package static func distinctByAtoms(
    _ planes: [(face: MillerIndex, cell: OrientedCell)]
  ) -> [[Termination]] {
    var kept: [Termination] = []
    return planes.map { plane in
      plane.cell.cuts().compactMap { cut in
        let isKnown = kept.contains { known in
          plane.cell.maps(onto: known.cell, from: cut, to: known.cut).contains {
            $0.determinant > 0
          }
        }
        guard !isKnown else { return nil }
        let new = Termination(
          cell: plane.cell, face: plane.face, cut: cut,
          symmetries: plane.cell.maps(onto: plane.cell, from: cut, to: cut))
        kept.append(new)
        return new
      }
    }.filter { !$0.isEmpty }
  }

  /// All terminations of a crystal with Miller indices up to a largest one, each face up.
  ///
  /// - Throws: what `CrystalSymmetry` throws.
  public static func all(
    of crystal: CleavableCrystal, upTo largestIndex: Int, mirrorImages: MirrorImages = .apart
  ) throws -> [[Termination]] {
    _ = try crystal.symmetry.get()
    // One plane of each set that the symmetry makes equal has all their cuts.
    let faces = try MillerIndex.distinct(
      of: crystal, upTo: largestIndex, mirrorImages: mirrorImages)
    return distinct(
      faces.map { ($0.index, OrientedCell(crystal, up: $0.index)) }, mirrorImages: mirrorImages)
  }

  /// The cut (Å) at which the crystal ends on its other side as it ends here, if an operation of its
  /// space group turns or mirrors one face into the other; for slabs with two like faces.
  public var symmetricCut: Double? {
    guard case .success(let symmetry) = cell.crystal.symmetry else { return nil }
    let place = CutPlace(cell, face: face, cut: cut)
    for operation in symmetry.operations {
      let other = place.moved(by: operation)
      guard other.plane == SIMD3<Int>.zero &- place.plane else { continue }
      // The same plane by its other normal.
      let height = (isUpper ? -1 : 1) * other.height
      return height - (height / cell.spacing).rounded(.down) * cell.spacing
    }
    return nil
  }
}

/// A cut as the space group sees it: which plane, outward, and how far out, in the crystal's cell.
private struct CutPlace {
  /// The outward normal in the indices of the smallest cell.
  let plane: SIMD3<Int>
  /// h · x times the spacing, Å.
  let height: Double
  let spacing: Double

  init(_ cell: OrientedCell, face: MillerIndex, cut: Double) {
    let up = SIMD3(cell.primitiveMiller.h, cell.primitiveMiller.k, cell.primitiveMiller.l)
    let sign = face == cell.miller ? 1 : -1
    plane = up &* sign
    height = cut * Double(sign)
    spacing = cell.spacing
  }

  private init(plane: SIMD3<Int>, height: Double, spacing: Double) {
    self.plane = plane
    self.height = height
    self.spacing = spacing
  }

  func moved(by operation: SymmetryOperation) -> CutPlace {
    let (image, shift) = operation.plane(plane)
    return CutPlace(plane: image, height: height + shift * spacing, spacing: spacing)
  }

  /// Whether two heights of one plane are the same cut.
  func isAt(_ other: Double) -> Bool {
    let steps = (height - other) / spacing
    return abs(steps - steps.rounded()) * spacing < 0.1
  }

  /// The maps of the plane by the operations that leave this cut where it is.
  func maps(by operations: [SymmetryOperation], of cell: OrientedCell) -> [PlaneMap] {
    var found: [[SIMD3<Int>]] = []
    var maps: [PlaneMap] = []
    for operation in operations where !found.contains(operation.rotation) {
      let image = moved(by: operation)
      guard image.plane == plane, image.isAt(height) else { continue }
      found.append(operation.rotation)
      let turned =
        cell.turn.transpose * operation.cartesian(in: cell.crystal.primitive.lattice) * cell.turn
      maps.append(
        PlaneMap(x: SIMD2(turned[0].x, turned[0].y), y: SIMD2(turned[1].x, turned[1].y)))
    }
    return maps
  }
}

/// The cuts already kept, with all their images.
private struct KnownCuts {
  private var places: [SIMD3<Int>: [CutPlace]] = [:]

  func contains(_ place: CutPlace) -> Bool {
    places[place.plane]?.contains { $0.isAt(place.height) } ?? false
  }

  mutating func insert(_ place: CutPlace) {
    if !contains(place) { places[place.plane, default: []].append(place) }
  }
}
