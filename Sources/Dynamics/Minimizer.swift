import Atomistics

/// How to walk downhill: one step for every evaluation.
///
/// A conforming type
/// 1. is a value of settings; what it remembers on the way is in its `Walker`;
/// 2. is given the coordinates, and energy and forces there, and moves the coordinates to where the
///    next evaluation is wanted, which may lie behind (a shorter step along the same line);
/// 3. gives the same bits for the same sequence of energies and forces;
/// 4. never asks more of the energy than that it be right within rounding: forces decide.
public protocol Minimizer: Sendable {
  associatedtype Walker: Sendable
  /// A walker at its start, with so many coordinates.
  func walker(coordinates count: Int) -> Walker
  /// Moves the coordinates, given the energy (eV) and minus its gradient (eV/Å) there.
  func step(
    _ coordinates: inout [Vector3], energy: Double, forces: [Vector3], walker: inout Walker)
}
