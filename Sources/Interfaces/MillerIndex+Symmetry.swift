import Atomistics

/// Planes that a crystal's symmetry makes equal, by the first of them.
public struct PlaneFamily: Sendable, Hashable {
  public let index: MillerIndex
  /// All members within the limit, the first included.
  public let members: [MillerIndex]
}

extension MillerIndex {
  /// The planes of a crystal up to a largest index, those that its point group carries into one
  /// another taken together; (hkl) and its opposite are two faces.
  ///
  /// Indices refer to the cell as given; the operations are those of the smallest cell, so that a
  /// supercell does not hide them: h' = h R⁻¹.
  ///
  /// - Parameter mirrorImages: proper operations always count; improper ones only with `.asOne`.
  /// - Throws: what `CrystalSymmetry` throws.
  public static func distinct(
    of crystal: CleavableCrystal, upTo largest: Int,
    mirrorImages: Termination.MirrorImages = .apart
  ) throws -> [PlaneFamily] {
    let operations = try crystal.symmetry.get().operations.filter {
      mirrorImages == .asOne || $0.isProper
    }
    var families: [(first: MillerIndex, members: [MillerIndex])] = []
    var familyOf: [SIMD3<Int>: Int] = [:]
    for face in all(upTo: largest) {
      let index = face.converted(
        from: crystal.given.lattice, to: crystal.primitive.lattice)
      let plane = SIMD3(index.h, index.k, index.l)
      if let family = familyOf[plane] {
        families[family].members.append(face)
        continue
      }
      for operation in operations { familyOf[operation.plane(plane).index] = families.count }
      families.append((face, [face]))
    }
    return families.map { PlaneFamily(index: $0.first, members: $0.members) }
  }
}
