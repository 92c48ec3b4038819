import Atomistics

/// The stress that a relaxation of the cell goes to.
///
///     σ* = −p 1 + s,    tr s = 0
///
/// | symbol | name | unit |
/// |---|---|---|
/// | σ* | `tensor`, Cauchy's stress, positive when stretched | eV/Å³ |
/// | p | `pressure` | eV/Å³ |
/// | s | `deviator` | eV/Å³ |
public struct StressTarget: Sendable, Hashable, Codable {
  public let tensor: Matrix3

  /// A stress tensor; it is symmetric.
  public init(_ tensor: Matrix3) {
    precondition(tensor == tensor.transpose, "a stress is symmetric")
    self.tensor = tensor
  }

  /// The components xx, yy, zz, yz, xz, xy in eV/Å³.
  public init(voigt: [Double]) { self.init(Matrix3(voigt: voigt)) }

  /// A pressure in eV/Å³: the stress −p 1.
  public init(pressure: Double) { tensor = -pressure * Matrix3.identity }

  public var pressure: Double { isHydrostatic ? -tensor[0, 0] : -tensor.trace / 3 }
  /// Zero, and not a rounding error, for a pressure.
  public var deviator: Matrix3 {
    isHydrostatic ? .zero : tensor + pressure * Matrix3.identity
  }
  public var isHydrostatic: Bool { tensor == tensor[0, 0] * Matrix3.identity }
}
