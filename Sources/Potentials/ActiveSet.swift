import Atomistics

/// The environments that atoms are graded against, those of each species for itself.
///
/// The energy of a neuroevolution potential is linear in the output layer, U = w1 · h − b1 with
/// h_μ = tanh z_μ, so that h is its basis in the sense of D-optimality. With the rows of A the
/// h of the active environments, an environment is h = c A and its extrapolation grade
///
///     γ = max_k |c_k| = max_k |h A⁻¹|_k
///
/// Up to 1 it lies within what the set spans; above it the energy is extrapolated.
///
/// A starts as τ times the unit matrix (`floor`), and environments take the place of its rows as
/// long as |det A| grows (`ActiveSetBuilder`). What is left of the start stands for directions along
/// which no environment reaches further than about τ: to step along them counts as extrapolation,
/// in units of τ. So the grade is defined for fewer environments than neurons, and for none.
///
/// Sources: Podryabinkin and Shapeev, Comput. Mater. Sci. 140, 171 (2017), doi
/// 10.1016/j.commatsci.2017.08.031; Lysogorskiy et al., Phys. Rev. Materials 7, 043801 (2023), doi
/// 10.1103/PhysRevMaterials.7.043801.
public struct ActiveSet: Sendable, Equatable {
  /// The length τ of the rows that A starts with.
  public static let floor = 1e-3

  /// Where an active environment comes from.
  public struct Source: Sendable, Equatable, Codable {
    /// Frame and atom in the file, from 0.
    public let frame: Int
    public let atom: Int

    public init(frame: Int, atom: Int) {
      self.frame = frame
      self.atom = atom
    }
  }

  /// The active environments of one species.
  public struct Part: Sendable, Equatable {
    /// A, one row per active environment.
    public let rows: SquareMatrix
    /// Where each row comes from; nil for a row of the start.
    public let sources: [Source?]
    /// How many environments were offered.
    public let environments: Int
    let inverse: SquareMatrix

    /// - Returns: nil if the rows are dependent or not finite.
    public init?(rows: SquareMatrix, sources: [Source?], environments: Int) {
      guard rows.count == sources.count, let inverse = rows.inverse() else { return nil }
      self.rows = rows
      self.sources = sources
      self.environments = environments
      self.inverse = inverse
    }

    /// How many rows are environments.
    public var rank: Int { sources.count { $0 != nil } }
  }

  public let neurons: Int
  public let parts: [Element: Part]
  private let unseen: SquareMatrix

  public init(neurons: Int, parts: [Element: Part]) {
    precondition(parts.values.allSatisfy { $0.rows.count == neurons }, "one number per neuron")
    self.neurons = neurons
    self.parts = parts
    unseen = SquareMatrix(neurons, diagonal: 1 / Self.floor)
  }

  func inverse(of element: Element) -> SquareMatrix { parts[element]?.inverse ?? unseen }

  /// The grade of each atom from rows of the hidden layer's outputs.
  public func grades(of activations: [Double], species: [Element]) -> [Double] {
    precondition(activations.count == neurons * species.count, "a row per atom")
    return species.indices.map { atom in
      inverse(of: species[atom]).shares(of: activations[(atom * neurons)..<((atom + 1) * neurons)])
        .reduce(0) { max($0, abs($1)) }
    }
  }
}

extension NEPPotential {
  /// The same potential, with its atoms graded against a set made for it.
  public func graded(against set: ActiveSet?) -> NEPPotential {
    precondition(set.map { $0.neurons == header.neurons } ?? true, "a set of this potential")
    var result = self
    result.activeSet = set
    return result
  }
}
