import Atomistics
import Foundation

/// How far each atom may go before the list of neighbours is built again: what is light goes further
/// in the same time, so it has a wider margin, and what is heavy a narrower one.
///
///     m_i = (s/2) w_i/⟨w⟩,    w = M^(−1/3)
///
/// A pair is listed within r_c + m_i + m_j, so that s is the mean skin. With one element, or a skin
/// of zero, it is the skin of all. Free flight would ask for M^(−1/2), but a wide margin makes long
/// lists: with hydrogen in argyrodites the cube root was fastest.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | s | `skin` | Å |
/// | M | mass of the element | u |
struct ListMargins {
  private let ofAtoms: [Double]

  init(_ species: [Element], skin: Double) {
    let weights = species.map { pow($0.mass, -1.0 / 3) }
    let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
    ofAtoms = weights.map { 0.5 * skin * $0 / mean }
  }

  /// The margin of an atom (Å).
  subscript(_ atom: Int) -> Double { ofAtoms[atom] }
}
