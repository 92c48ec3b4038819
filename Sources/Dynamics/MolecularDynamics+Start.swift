import Atomistics

extension MolecularDynamics {
  /// Who is frozen and who stands under which thermostat.
  struct Parts {
    let frozen: [Bool]
    let groups: [ThermalGroup]
    let removesMomentum: Bool
    let degreesOfFreedom: Int

    init(
      _ ensemble: Ensemble, _ structure: Structure, masses: [Double], netMomentum: NetMomentum
    ) throws {
      try ensemble.check()
      try ensemble.barostat?.validate(structure)
      frozen = try ensemble.frozenAtoms(of: structure)
      let thermostats = [ensemble.thermostat] + ensemble.regions.map(\.thermostat)
      removesMomentum =
        netMomentum == .removed && !frozen.contains(true)
        && thermostats.allSatisfy(\.conservesMomentum)
      let mobile = frozen.count { !$0 }
      guard mobile > 1 || !removesMomentum else {
        throw DynamicsError.badStart(
          "one atom alone has no temperature once total momentum is taken off; give at least two")
      }
      groups = try ThermalGroup.groups(
        of: ensemble, structure, masses: masses, frozen: frozen, momentumIsZero: removesMomentum)
      degreesOfFreedom = 3 * mobile - (removesMomentum ? 3 : 0)
    }

    /// Velocities that the structure has, or that are drawn; zero where frozen.
    func startingVelocities(
      _ structure: Structure, _ temperature: Double?, masses: [Double],
      random: inout RandomGenerator
    ) throws -> [Vector3] {
      var velocities: [Vector3]
      if let given = structure.velocities {
        guard given.count == structure.count, given.allSatisfy(\.isFinite) else {
          throw DynamicsError.badStart(
            "the structure's velocities are not one finite vector per atom; remove them to have "
              + "them drawn")
        }
        velocities = given
      } else {
        velocities = MaxwellBoltzmann.velocities(
          masses: masses, temperatures: startingTemperatures(structure.count, temperature),
          random: &random)
      }
      for atom in frozen.indices where frozen[atom] { velocities[atom] = .zero }
      return velocities
    }

    private func startingTemperatures(_ count: Int, _ temperature: Double?) -> [Double] {
      var result = Array(repeating: temperature ?? 0, count: count)
      for group in groups {
        let target = group.thermostat(at: 0).temperature
        let isMain = group.name.isEmpty
        guard let start = isMain ? temperature ?? target : target else { continue }
        for atom in group.atoms ?? Array(0..<count) { result[atom] = start }
      }
      return result
    }
  }
}

extension Ensemble {
  /// The variables of all groups' thermostats, one after the other.
  func initialVariables(_ groups: [ThermalGroup]) -> [Double] {
    groups.flatMap { $0.thermostat(at: 0).initialVariables() }
  }
}
