import Atomistics
import Dynamics
import Engines
import Potentials

/// What one calculator finds of one crystal.
struct CrystalProperties: Sendable {
  /// At rest, cell and all; nil where it did not come to rest.
  private(set) var relaxed: Structure?
  /// eV/atom.
  private(set) var energy: Double?
  /// Volumes (Å³/atom) and energies (eV/atom), all atoms at their fractional coordinates.
  private(set) var volumes: [(volume: Double, energy: Double)] = []
  /// Per atom.
  private(set) var equation: BirchMurnaghan?
  private(set) var elastic: ElasticConstants?
  private(set) var phonons: GammaPhonons?
  /// What could not be found, and why.
  private(set) var troubles: [String] = []

  /// Volumes over that at rest.
  static let volumeRatios = (-3...3).map { 1 + 0.02 * Double($0) }

  /// To 0.002 eV/Å and 0.01 GPa, which programs in single precision reach.
  static var relaxation: Relaxation {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.minimizer = minimizer
    return relaxation
  }

  /// To a tenth of that: what starts at another's minimum must not count as at rest for being near it.
  static var tightRelaxation: Relaxation {
    var relaxation = relaxation
    relaxation.largestForce /= 10
    relaxation.largestStress /= 10
    return relaxation
  }

  /// - Parameters:
  ///   - mostAtoms: elastic constants and phonons of no larger cells.
  ///   - progress: called with what is under way; what it throws ends the work.
  init(
    of crystal: Structure, by calculator: any Calculator, relaxation: Relaxation, mostAtoms: Int,
    progress: (String) throws -> Void
  ) throws {
    let found = try attempt("relaxation") {
      try relaxation.relaxPastSaddles(crystal, with: calculator) {
        try progress("relaxation, step \($0.step)")
      }
    }
    guard let rest = found else { return }
    guard rest.converged else {
      troubles.append("relaxation: not converged after \(rest.steps) steps")
      return
    }
    let structure = rest.structure
    let atoms = Double(structure.count)
    (relaxed, energy) = (structure, rest.energy / atoms)
    try findEquation(of: structure, calculator, progress)
    guard structure.count <= mostAtoms else { return }
    elastic = try attempt("elastic constants") {
      var strain = FiniteStrain()
      strain.relaxation.minimizer = Self.minimizer
      // Enough for tenths of a GPa, and within the noise of programs in single precision.
      strain.relaxation.largestForce = 5e-4
      strain.relaxation.mostSteps = 300
      return try strain.constants(of: structure, with: calculator) {
        try progress("strain \($0 + 1) of 12")
      }
    }
    if elastic?.converged == false {
      troubles.append("elastic constants: atoms not at rest at some strain")
    }
    var done = 0
    phonons = try attempt("phonons") {
      try GammaPhonons(of: structure, with: calculator) {
        done += 1
        try progress("displacement \(done) of \(6 * structure.count)")
      }
    }
  }

  private mutating func findEquation(
    of structure: Structure, _ calculator: any Calculator, _ progress: (String) throws -> Void
  ) throws {
    let atoms = Double(structure.count)
    let points = try attempt("equation of state") {
      try Self.volumeRatios.enumerated().map { k, ratio in
        try progress("volume \(k + 1) of \(Self.volumeRatios.count)")
        let stretch = power(ratio, 1.0 / 3) - 1
        let strained = structure.strained(by: stretch * Matrix3.identity)
        let energy = try calculator.evaluate(strained).energy
        return (volume: strained.volume / atoms, energy: energy / atoms)
      }
    }
    volumes = points ?? []
    equation = BirchMurnaghan(volumes)
    if points != nil, equation == nil {
      troubles.append("equation of state: no minimum among its volumes")
    }
  }

  /// Programs in single precision know energies and forces no better.
  private static var minimizer: LBFGS {
    var minimizer = LBFGS()
    (minimizer.energyNoise, minimizer.forceNoise) = (1e-5, 1e-5)
    return minimizer
  }

  /// What fails with one crystal is a result; a program that is not there, or a stop, is not.
  private mutating func attempt<Found>(_ what: String, _ body: () throws -> Found) throws -> Found?
  {
    do {
      return try body()
    } catch let error as DynamicsError {
      troubles.append("\(what): \(error.description)")
    } catch let error as AtomisticsError {
      troubles.append("\(what): \(error.description)")
    } catch EnginesError.calculationFailed(_, let reason) {
      troubles.append("\(what): \(reason)")
    }
    return nil
  }
}
