import Atomistics
import Dynamics

/// The columns of `thermo.csv`: ten that every run has, and those that its settings call for.
struct ThermoColumns {
  private let hasRamp: Bool
  private let hasCell: Bool
  private let regions: [String]
  private let hasGrades: Bool

  init(_ settings: DynamicsSettings) {
    hasRamp = settings.ramp != nil
    hasCell = settings.cell != nil
    hasGrades = settings.grades != nil
    regions = (settings.regions ?? []).map { "\($0.atoms)" }
  }

  var header: String {
    var names = [
      "step", "time_ps", "phase", "T_K", "T_metal_K", "T_electrolyte_K", "E_potential_eV",
      "E_kinetic_eV", "E_conserved_eV", "pressure_GPa",
    ]
    if hasRamp { names.append("T_target_K") }
    // A comma would part the column in two.
    names += regions.map { "T(" + $0.split(separator: ",").joined(separator: "+") + ")_K" }
    if hasCell {
      names += ["volume_A3", "a_A", "b_A", "c_A", "alpha_deg", "beta_deg", "gamma_deg"]
      names += ["xx", "yy", "zz", "yz", "xz", "xy"].map { "stress_\($0)_GPa" }
    }
    if hasGrades { names += ["grade_max", "grade_atom"] }
    return names.joined(separator: ",") + "\n"
  }

  func row(_ run: MolecularDynamics, equilibration: Bool) -> String {
    let seen = run.observables
    var values: [Double?] = [
      seen.temperature, seen.metalTemperature, seen.electrolyteTemperature, seen.potentialEnergy,
      seen.kineticEnergy, seen.conservedEnergy, seen.pressure * Units.gigapascal,
    ]
    if hasRamp { values.append(seen.targetTemperature) }
    values += seen.groupTemperatures.map(Optional.some)
    if hasCell {
      let lattice = run.structure.lattice
      let (lengths, angles) = (lattice.lengths, lattice.angles)
      let stress = Units.gigapascal * seen.stress
      values += [
        seen.volume, lengths.x, lengths.y, lengths.z, angles.x, angles.y, angles.z,
        stress[0].x, stress[1].y, stress[2].z, stress[1].z, stress[0].z, stress[0].y,
      ]
    }
    return "\(seen.step),\(seen.time / 1000),\(equilibration ? "equilibration" : "production"),"
      + values.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + grades(run) + "\n"
  }

  private func grades(_ run: MolecularDynamics) -> String {
    guard hasGrades else { return "" }
    return LargestGrade(run.evaluation.grades).map { ",\($0.grade),\($0.atom)" } ?? ",,"
  }
}
