import Atomistics

/// What a radial distribution function is held against: partners spread evenly over a volume.
public enum RadialNormalization: String, Sendable, Codable, CaseIterable {
  /// Over the whole cell: for a bulk. All three directions must be periodic.
  case cell
  /// Over the slab that the atoms occupy, with what of each sphere lies outside of it left out: for
  /// a contact, with or without a vacuum. The directions a and b must be periodic.
  case slab

  /// What a result calls it.
  public var name: String {
    switch self {
    case .cell: "even density over the whole cell, N-1 partners of the same species"
    case .slab:
      "even density over slabs of thickness sqrt(12) sigma_z of the chosen atoms, with the part "
        + "of each sphere outside the slab left out, N-1 partners of the same species"
    }
  }

  /// Slab where the structure is a contact, is open along c or has more than 5 Å of vacuum there;
  /// cell otherwise.
  public static func suited(to structure: Structure) -> RadialNormalization {
    guard structure.periodic == [true, true, true], structure.regions == nil else { return .slab }
    let heights = structure.fractionalPositions.map(\.z)
    let gap = NormalAxis.widestGap(heights).width * NormalAxis(structure).height
    return gap > AtomicDistributionWidth.narrowestGap && structure.count > 1 ? .slab : .cell
  }
}

/// The number of partners expected in a shell around a centre, per partner, were they spread evenly.
///
/// In a cell it is the shell's volume over the cell's. For centres spread evenly over heights
/// [a₁, a₂] and partners over [b₁, b₂] (length L_b) above an area A it is, with the area of a
/// sphere between two heights being 2πr times their distance,
///
///     e(r) dr = 2πr ⟨overlap of [z − r, z + r] with [b₁, b₂]⟩_z dr / (A L_b)
///
/// where the mean over z, the images of the slab included, follows from
/// G(x) = x²/2 for |x| < r, r|x| − r²/2 beyond, whose second derivative is 1 within r and 0 beyond.
struct EvenDensity: Sendable {
  enum Shape: Sendable {
    case cell(volume: Double)
    case slab(Slab)
  }

  /// Slabs of centres and partners: thicknesses, distance of their middles, and the cell.
  struct Slab: Sendable {
    let centerThickness: Double
    let partnerThickness: Double
    let offset: Double
    let area: Double
    /// The height of the cell, nil where it does not repeat.
    let period: Double?
  }

  let shape: Shape

  /// Per partner, between radii r₁ and r₂ (Å).
  func expected(_ r1: Double, _ r2: Double) -> Double {
    switch shape {
    case .cell(let cell): volume(r1, r2) / cell
    case .slab(let slab): volume(r1, r2) / (slab.area * slab.partnerThickness)
    }
  }

  /// What of a shell between radii r₁ and r₂ (Å) around a centre lies where partners are, in Å³.
  func volume(_ r1: Double, _ r2: Double) -> Double {
    guard r2 > r1 else { return 0 }
    let shell = 4 * Double.pi / 3 * (r2 * r2 * r2 - r1 * r1 * r1)
    guard case .slab(let slab) = shape else { return shell }
    let r = (r1 + r2) / 2
    return shell * slab.meanOverlap(r) / (2 * r)
  }
}

extension EvenDensity.Slab {
  /// ⟨length of [z − r, z + r] within the partners' slab and its images⟩ over the centres' slab.
  func meanOverlap(_ r: Double) -> Double {
    guard let period else { return overlap(r, shift: offset) }
    let reach = Int(
      ((r + abs(offset) + centerThickness + partnerThickness) / period).rounded(.up))
    return (-reach...reach).reduce(0) { $0 + overlap(r, shift: offset + Double($1) * period) }
  }

  private func overlap(_ r: Double, shift: Double) -> Double {
    let (a, b) = (centerThickness / 2, partnerThickness / 2)
    // Centres in one plane: the mean is the value there, and the difference below would be 0/0.
    guard a > 1e-4 * b else {
      return max(0, min(r, shift + b) - max(-r, shift - b))
    }
    func g(_ x: Double) -> Double { abs(x) < r ? x * x / 2 : r * abs(x) - r * r / 2 }
    let integral = g(shift + b + a) + g(shift - b - a) - g(shift + b - a) - g(shift - b + a)
    return integral / (2 * a)
  }
}
