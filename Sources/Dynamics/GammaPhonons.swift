import Atomistics
import Potentials

/// The vibrations of a crystal in which all cells move alike, from forces at small displacements.
///
///     Φ_iα,jβ = −(F_jβ(+h e_iα) − F_jβ(−h e_iα)) / 2h,   made symmetric
///     D_iα,jβ = Φ_iα,jβ / √(m_i m_j),   D e = ω² e,   f = ω / 2π
///
/// The three translations are taken out of D, so that the others do not hold their noise; what they
/// would have for frequencies is `acoustic`, an estimate of the error.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | h | `displacement` | Å |
/// | f | `frequencies` of the 3N − 3 modes, ascending; those of ω² < 0 negative | THz |
/// | - | `acoustic`, the largest magnitude of the three translations | THz |
/// | max_iα,β abs(Σ_j Φ_iα,jβ) | `sumRule`, zero for exact forces | eV/Å² |
public struct GammaPhonons: Sendable, Hashable, Codable {
  public let frequencies: [Double]
  public let acoustic: Double
  public let sumRule: Double

  /// A mode below this (THz) is counted as imaginary: softer ones are within the noise of forces.
  public static let imaginaryLimit = -0.1

  public var imaginaryCount: Int { frequencies.count { $0 < Self.imaginaryLimit } }

  /// - Parameters:
  ///   - crystal: at rest; else frequencies are those of another place.
  ///   - displacement: h; the error of the difference is O(h²).
  ///   - afterEvaluation: called after every evaluation, 6 N in all; what it throws ends the work.
  /// - Throws: `DynamicsError.notACrystal`; what the calculator throws.
  public init(
    of crystal: Structure, with calculator: any Calculator, displacement: Double = 0.01,
    afterEvaluation: () throws -> Void = {}
  ) throws {
    precondition(displacement > 0 && displacement <= 0.1, "a displacement up to 0.1 Å")
    guard crystal.periodic == [true, true, true] else {
      throw DynamicsError.notACrystal(
        "phonons are of a crystal that repeats along a, b and c; this structure does not")
    }
    let n = 3 * crystal.count
    var constants = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for sign in [1.0, -1.0] {
        var moved = crystal
        moved.positions[i / 3][i % 3] += sign * displacement
        let forces = try calculator.evaluate(moved).forces
        try afterEvaluation()
        for j in 0..<n { constants[i][j] -= sign * forces[j / 3][j % 3] / (2 * displacement) }
      }
    }
    self.init(constants: constants, masses: crystal.masses)
  }

  /// From force constants (eV/Å²), three rows an atom, and masses (u).
  init(constants: [[Double]], masses: [Double]) {
    let n = constants.count
    precondition(n == 3 * masses.count, "three rows an atom")
    var worst = 0.0
    for row in constants {
      for k in 0..<3 {
        worst = max(worst, abs(stride(from: k, to: n, by: 3).reduce(0) { $0 + row[$1] }))
      }
    }
    sumRule = worst
    var d = constants
    for i in 0..<n {
      for j in 0..<n {
        d[i][j] =
          (constants[i][j] + constants[j][i])
          / (2 * (masses[i / 3] * masses[j / 3]).squareRoot())
      }
    }
    // Unit vectors of the translations, one a direction: √(m_i/M).
    let total = masses.reduce(0, +)
    let shares = masses.map { ($0 / total).squareRoot() }
    let images = (0..<3).map { k in
      d.map { row in shares.indices.reduce(0) { $0 + row[3 * $1 + k] * shares[$1] } }
    }
    let block = (0..<3).map { a in
      (0..<3).map { b in shares.indices.reduce(0) { $0 + shares[$1] * images[b][3 * $1 + a] } }
    }
    acoustic = SymmetricEigenvalues(block).values.reduce(0) { max($0, abs(Self.terahertz($1))) }
    // (1 − P) D (1 − P) + λ P with λ beyond all others: the translations are the last three.
    let beyond = 1 + d.reduce(0) { most, row in max(most, row.reduce(0) { $0 + abs($1) }) }
    for i in 0..<n {
      for j in 0..<n {
        let (a, b, s, t) = (i % 3, j % 3, shares[i / 3], shares[j / 3])
        d[i][j] += -s * images[a][j] - images[b][i] * t + s * block[a][b] * t
        if a == b { d[i][j] += 4 * beyond * s * t }
      }
    }
    frequencies = SymmetricEigenvalues(d).values.dropLast(3).map(Self.terahertz)
  }

  /// f of ω² in eV/(Å² u).
  private static func terahertz(_ squared: Double) -> Double {
    let omega = (abs(squared) / Units.massVelocitySquared).squareRoot()
    return (squared < 0 ? -1 : 1) * 1000 * omega / (2 * Double.pi)
  }
}
