import Atomistics
import Potentials

/// Elastic constants by straining a relaxed crystal: six strains, each both ways.
///
/// | name | unit |
/// |---|---|
/// | `amplitude` h of the strain (see `ElasticConstants`); the error of the difference is O(h²) | - |
/// | `atoms`, whether they relax at each strain | - |
/// | `relaxation` of the atoms at each strain | - |
/// | `largestStress`, `largestForce` that the crystal may have before it is strained | eV/Å³, eV/Å |
///
/// Constants are those of the Cauchy stress. Under a residual stress they would be ambiguous by as
/// much as this stress, which is why there is a limit to it.
public struct FiniteStrain: Sendable {
  public var amplitude = 0.005
  public var atoms = AtomResponse.relaxed
  public var largestStress = 0.05 / Units.gigapascal
  public var largestForce = 0.01
  public var relaxation: Relaxation

  public init() {
    relaxation = Relaxation(cell: .fixed)
    relaxation.minimizer = LBFGS()
    // A force of this size left on an atom moves a constant by hundredths of a GPa.
    relaxation.largestForce = 2e-5
  }

  /// The elastic constants of a crystal along its Cartesian axes.
  ///
  /// - Parameters:
  ///   - progress: called before each strain with how many are done, of twelve; what it throws ends
  ///     the work.
  ///   - afterEvaluation: called after every evaluation; what it throws ends the work.
  /// - Throws: `DynamicsError.notACrystal` for a structure that does not repeat in all directions;
  ///   `DynamicsError.notRelaxed`; what `Relaxation` and the calculator throw.
  public func constants(
    of crystal: Structure, with calculator: any Calculator,
    progress: (Int) throws -> Void = { _ in }, afterEvaluation: () throws -> Void = {}
  ) throws -> ElasticConstants {
    precondition(amplitude > 0 && amplitude <= 0.1, "an amplitude above 0, at most 0.1")
    let residual = try check(crystal, calculator)
    try afterEvaluation()
    var derivatives = Array(repeating: Array(repeating: 0.0, count: 6), count: 6)
    var converged = true
    for component in 0..<6 {
      var difference = Array(repeating: 0.0, count: 6)
      for sign in [1.0, -1.0] {
        try progress(2 * component + (sign > 0 ? 0 : 1))
        let strained = crystal.strained(by: strain(component, sign * amplitude))
        let (stress, atRest) = try response(strained, calculator, afterEvaluation)
        converged = converged && atRest
        for i in 0..<6 { difference[i] += sign * stress[i] }
      }
      for i in 0..<6 { derivatives[i][component] = difference[i] / (2 * amplitude) }
    }
    return ElasticConstants(
      derivatives: derivatives, amplitude: amplitude, atoms: atoms, converged: converged,
      residualStress: residual)
  }

  /// ε of one engineering strain.
  private func strain(_ component: Int, _ e: Double) -> Matrix3 {
    var voigt = Array(repeating: 0.0, count: 6)
    voigt[component] = component < 3 ? e : e / 2
    return Matrix3(voigt: voigt)
  }

  private func response(
    _ strained: Structure, _ calculator: any Calculator, _ afterEvaluation: () throws -> Void
  ) throws -> (stress: [Double], atRest: Bool) {
    switch atoms {
    case .clamped:
      let stress = try calculator.evaluate(strained).voigtStress
      try afterEvaluation()
      return (stress, true)
    case .relaxed:
      let result = try relaxation.relax(strained, with: calculator) { _ in try afterEvaluation() }
      return (result.evaluation.voigtStress, result.converged)
    }
  }

  /// The stress of the crystal, if it is one and at rest.
  private func check(_ crystal: Structure, _ calculator: any Calculator) throws -> Matrix3 {
    guard crystal.periodic == [true, true, true] else {
      throw DynamicsError.notACrystal(
        "elastic constants are of a crystal that repeats along a, b and c; this structure does not")
    }
    let rest = try calculator.evaluate(crystal)
    let stress = rest.stress.largestComponent
    let force = rest.forces.reduce(0) { $1.isFinite ? max($0, $1.length) : .nan }
    guard stress <= largestStress, force <= largestForce else {
      throw DynamicsError.notRelaxed(
        stress: stress, mostStress: largestStress, force: force, mostForce: largestForce)
    }
    return rest.stress
  }
}
