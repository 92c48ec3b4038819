import Atomistics
import Potentials
import Testing

/// What every calculator must pass, whatever it computes.
///
/// `passAll` runs them; the structure should have no symmetry, and no pair just at the cut-off
/// where a potential with a kink in its second derivative spoils finite differences.
enum CalculatorChecks {
  /// All checks on one structure; `seed` draws the atoms, directions and orders.
  static func passAll(
    _ calculator: some Calculator, _ structure: Structure, seed: UInt64 = 1,
    tolerance: Double = 1e-6
  ) throws {
    var random = RandomGenerator(seed: seed, stage: "calculator checks")
    try validates(calculator, structure)
    try forcesAreSlopes(calculator, structure, &random, tolerance)
    try stressIsSlope(calculator, structure, tolerance)
    try staysUnderTranslation(calculator, structure, &random)
    try turnsWithRotation(calculator, structure, &random)
    try followsPermutation(calculator, structure, &random)
    try repeatsInSupercell(calculator, structure)
    if let calculator = calculator as? any ShortRangeCalculator {
      try ignoresSkin(calculator, structure)
    }
  }

  /// Finite, as many values as atoms, forces that sum to zero.
  static func validates(_ calculator: some Calculator, _ structure: Structure) throws {
    try calculator.validate(structure.species)
    let found = try calculator.evaluate(structure)
    #expect(found.energies?.count ?? structure.count == structure.count)
    #expect(found.forces.count == structure.count)
    let isFinite =
      found.energy.isFinite && found.forces.allSatisfy { $0.isFinite }
      && found.voigtStress.allSatisfy { $0.isFinite }
    #expect(isFinite)
    let sum = found.forces.reduce(.zero, +)
    #expect(sum.length < 1e-10 * scale(found), "net force \(sum)")
  }

  /// **F** = −dE/d**r** for up to six atoms in a random direction each.
  static func forcesAreSlopes(
    _ calculator: some Calculator, _ structure: Structure, _ random: inout RandomGenerator,
    _ tolerance: Double
  ) throws {
    let found = try calculator.evaluate(structure)
    for atom in (0..<structure.count).shuffled(using: &random).prefix(6) {
      let direction = randomVector(&random).normalized
      let slope = try slope(step: 5e-4) { step in
        var moved = structure
        moved.positions[atom] += step * direction
        return try calculator.evaluate(moved).energy
      }
      let force = found.forces[atom].dot(direction)
      #expect(
        abs(force + slope) < tolerance * scale(found),
        "atom \(atom): force \(force), -dE/dr \(-slope)")
    }
  }

  /// σ = (1/V) dE/dε for the six components of a symmetric strain.
  static func stressIsSlope(
    _ calculator: some Calculator, _ structure: Structure, _ tolerance: Double
  ) throws {
    let found = try calculator.evaluate(structure)
    let components = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    for (voigt, (a, b)) in components.enumerated() {
      let slope = try slope(step: 1e-4) { step in
        var strain = Matrix3.zero
        strain[a, b] += step / 2
        strain[b, a] += step / 2
        return try calculator.evaluate(structure.strained(by: strain)).energy
      }
      let stress = found.voigtStress[voigt] * structure.volume
      #expect(
        abs(stress - slope) < 10 * tolerance * scale(found),
        "strain \(a)\(b): V σ \(stress) eV, dE/dε \(slope) eV")
    }
  }

  static func staysUnderTranslation(
    _ calculator: some Calculator, _ structure: Structure, _ random: inout RandomGenerator
  ) throws {
    var moved = structure
    let shift = 7 * randomVector(&random)
    moved.positions = structure.positions.map { $0 + shift }
    expectEqual(
      try calculator.evaluate(moved), try calculator.evaluate(structure), "translated")
  }

  /// Energies stay, forces and stress turn with the structure.
  static func turnsWithRotation(
    _ calculator: some Calculator, _ structure: Structure, _ random: inout RandomGenerator
  ) throws {
    let turn = randomRotation(&random)
    var turned = structure
    turned.lattice = Lattice(structure.lattice.matrix * turn)
    turned.positions = structure.positions.map { $0 * turn }
    let found = try calculator.evaluate(structure)
    let expected = Evaluation(
      energy: found.energy, energies: found.energies, forces: found.forces.map { $0 * turn },
      stress: turn.transpose * found.stress * turn)
    expectEqual(try calculator.evaluate(turned), expected, "rotated")
  }

  static func followsPermutation(
    _ calculator: some Calculator, _ structure: Structure, _ random: inout RandomGenerator
  ) throws {
    let order = (0..<structure.count).shuffled(using: &random)
    let found = try calculator.evaluate(structure)
    let expected = Evaluation(
      energy: found.energy, energies: found.energies.map { energies in order.map { energies[$0] } },
      forces: order.map { found.forces[$0] },
      stress: found.stress)
    expectEqual(
      try calculator.evaluate(structure.selecting(order)), expected, "in another order")
  }

  /// The images of an atom in a supercell have its energy and its force; energies add up.
  static func repeatsInSupercell(_ calculator: some Calculator, _ structure: Structure) throws {
    guard structure.periodic[0] else { return }
    let found = try calculator.evaluate(structure)
    let expected = Evaluation(
      energy: 2 * found.energy, energies: found.energies.map { $0.flatMap { [$0, $0] } },
      forces: found.forces.flatMap { [$0, $0] },
      stress: found.stress)
    expectEqual(
      try calculator.evaluate(structure.supercell(2, 1, 1)), expected, "in a supercell")
  }

  /// A neighbour list that reaches further than the potential changes nothing.
  static func ignoresSkin(_ calculator: any ShortRangeCalculator, _ structure: Structure) throws {
    let list = NeighborList(structure, cutoff: calculator.cutoff + 1.3)
    expectEqual(
      calculator.evaluate(structure, neighbors: list), try calculator.evaluate(structure),
      "with a skin")
  }

  /// Calculators that differ only in how they work (threads) give the same bits.
  static func giveSameBits(_ calculators: [any Calculator], _ structure: Structure) throws {
    let found = try calculators.map { try $0.evaluate(structure) }
    for other in found.dropFirst() {
      #expect(other.energies == found[0].energies && other.forces == found[0].forces)
      #expect(other.stress == found[0].stress)
    }
  }

  // MARK: Pieces

  /// How large forces and energies are: differences are judged against it.
  private static func scale(_ found: Evaluation) -> Double {
    1 + (found.forces.map(\.length).max() ?? 0)
      + ((found.energies ?? [found.energy]).map(abs).max() ?? 0)
  }

  /// The slope at 0 by the central difference of fourth order.
  private static func slope(step h: Double, _ f: (Double) throws -> Double) rethrows -> Double {
    (8 * (try f(h) - f(-h)) - (try f(2 * h) - f(-2 * h))) / (12 * h)
  }

  private static func expectEqual(_ found: Evaluation, _ expected: Evaluation, _ how: String) {
    let limit = 1e-9 * scale(expected)
    let energy =
      zip(found.energies ?? [found.energy], expected.energies ?? [expected.energy])
      .map { abs($0 - $1) }.max() ?? 0
    let force = zip(found.forces, expected.forces).map { ($0 - $1).length }.max() ?? 0
    let stress = zip(found.voigtStress, expected.voigtStress).map { abs($0 - $1) }.max() ?? 0
    #expect(energy < limit, "energies \(how)")
    #expect(force < limit, "forces \(how)")
    #expect(stress < limit, "stress \(how)")
  }

  private static func randomVector(_ random: inout RandomGenerator) -> Vector3 {
    Vector3(random.gaussian(), random.gaussian(), random.gaussian())
  }

  /// A proper rotation: three random directions made orthonormal.
  private static func randomRotation(_ random: inout RandomGenerator) -> Matrix3 {
    let a = randomVector(&random).normalized
    let free = randomVector(&random)
    let b = (free - free.dot(a) * a).normalized
    return Matrix3(a, b, a.cross(b))
  }
}
