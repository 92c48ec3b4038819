import Atomistics

/// The shifts of electrolyte against metal along the plane that make different contacts.
///
/// A shift by a vector of the electrolyte's surface lattice L_f carries the electrolyte into itself;
/// one by a vector of the strained metal's, L_m, is the same as the metal shifted back by it, which
/// carries the metal into itself. So two shifts give the same contact, but for a translation of the
/// whole, where they differ by a vector of the lattice that both generate,
///
///     L = L_f + L_m = { f + m },
///
/// and all distinct ones lie in one cell of L. The contact's superlattice C lies in both, so that by
/// its basis L_f and L_m have rational coordinates with denominators n_f and n_m, the indices of C;
/// Euclid's algorithm on whole numbers gives a basis of L. Its area is at most that of either
/// surface cell, and often far less.
///
/// Symmetries of the faces would make it smaller still; they are not used.
public struct RegistryCell: Sendable {
  /// A reduced basis of L in the contact's frame, Å.
  public let lattice: PlaneLattice

  public init(_ candidate: ContactCandidate) {
    let match = candidate.match
    let (nf, nm) = (match.electrolyte.index, match.metal.index)
    let common = nf / greatestCommonDivisor(nf, nm) * nm
    // Rows of C⁻¹ times the common denominator: the surface cells' vectors by the basis of C.
    func rows(_ cell: PlaneSupercell) -> [[Int]] {
      let (p, q) = (cell.rows[0], cell.rows[1])
      let factor = common / cell.index
      return [[q.y * factor, -p.y * factor], [-q.x * factor, p.x * factor]]
    }
    let basis = Self.triangular(rows(match.electrolyte) + rows(match.metal))
    let plane = candidate.planeVectors
    let vectors = basis.map {
      (Double($0[0]) * plane.0 + Double($0[1]) * plane.1) / Double(common)
    }
    let rightHanded = vectors[0].cross(vectors[1]).z > 0
    let (a, b) = PlaneLattice.reduced(vectors[0], rightHanded ? vectors[1] : -vectors[1])
    lattice = PlaneLattice(a: SIMD2(a.x, a.y), b: SIMD2(b.x, b.y))
  }

  /// A basis of what the whole-number vectors span (Euclid).
  private static func triangular(_ vectors: [[Int]]) -> [[Int]] {
    var rows = vectors
    for column in 0..<2 {
      while let pivot = (column..<rows.count).filter({ rows[$0][column] != 0 })
        .min(by: { abs(rows[$0][column]) < abs(rows[$1][column]) })
      {
        rows.swapAt(column, pivot)
        for other in (column + 1)..<rows.count {
          let q = rows[other][column] / rows[column][column]
          for k in 0..<2 { rows[other][k] -= q * rows[column][k] }
        }
        if rows[(column + 1)...].allSatisfy({ $0[column] == 0 }) { break }
      }
    }
    return Array(rows.prefix(2))
  }

  /// How finely to sample.
  public enum Grid: Sendable, Hashable, Codable, CustomStringConvertible {
    /// So many points along each of a and b.
    case points(Int)
    /// Points at most so far apart along a and b, Å.
    case spacing(Double)

    /// Reads what a person typed: `4` or `0.5 Å`.
    ///
    /// - Throws: `AtomisticsError.badQuantity`.
    public init(_ text: String) throws {
      if let count = Int(text) {
        self = .points(count)
      } else {
        self = .spacing(try Quantity.length(text))
      }
      let isSensible =
        switch self {
        case .points(let count): (1...64).contains(count)
        case .spacing(let step): step >= 0.02
        }
      guard isSensible else {
        throw AtomisticsError.badQuantity(
          text,
          expected: "a grid of 1 to 64 points along each side, e.g. 4, or a spacing of at least "
            + "0.02 Å, e.g. \"0.5 Å\"")
      }
    }

    public var description: String {
      switch self {
      case .points(let count): "\(count) × \(count)"
      case .spacing(let step): "\(step) Å"
      }
    }

    /// How many points along vectors of that length.
    func divisions(_ length: Double) -> Int {
      switch self {
      case .points(let count): count
      case .spacing(let step): max(1, Int((length / step - 1e-9).rounded(.up)))
      }
    }
  }
}
