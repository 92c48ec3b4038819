import Atomistics
import Dynamics

extension StudyConfiguration.Dynamics {
  init(_ file: StudyFile) throws {
    try file.expect(only: [
      "temperature", "timestep", "thermostat", "thermostat_time", "every", "checkpoint",
      "final_temperature", "ramp_start", "ramp_time", "barostat", "pressure", "stress",
      "barostat_time", "compressibility", "frozen", "regions", "hydrogen_mass", "grades",
    ])
    func optional(_ key: String, _ read: (String) throws -> Double) throws -> Double? {
      file.contains(key) ? try file.quantity(key, read) : nil
    }
    temperature = try file.quantity("temperature", Quantity.temperature)
    timestep = try file.quantity("timestep", Quantity.time)
    thermostatTime = try file.quantity("thermostat_time", Quantity.time)
    every = try file.quantity("every", Quantity.time)
    checkpoint = try file.quantity("checkpoint", Quantity.time)
    for (key, value) in [
      ("temperature", temperature), ("timestep", timestep), ("thermostat_time", thermostatTime),
      ("every", every), ("checkpoint", checkpoint),
    ] where value <= 0 {
      throw file.failure("'\(key)' must be above zero", key: key)
    }
    thermostat =
      try file.contains("thermostat")
      ? Self.choice("thermostat", file, DynamicsSettings.ThermostatChoice.init(rawValue:)) : nil
    hydrogenMass = try optional("hydrogen_mass", Quantity.mass)
    cell = try Self.cell(file)
    ramp = try Self.ramp(file)
    frozen = try Self.list("frozen", file) { try AtomSelection($0) }
    regions = try Self.list("regions", file) { try RegionSettings($0) }
    grades =
      try file.contains("grades")
      ? StudyConfiguration.Grades(file.mapping("grades"), timestep: timestep) : nil
    // What contradicts itself is told at its own line, not at that of a plan.
    try file.checking(cell != nil ? "barostat" : "thermostat") {
      try settings(equilibration: 0, production: 1e12, seed: 0).makeEnsemble().check()
    }
  }

  private static func cell(_ file: StudyFile) throws -> CellSettings? {
    let others = ["pressure", "stress", "barostat_time", "compressibility"]
    guard file.contains("barostat") else {
      if let key = others.first(where: file.contains) {
        throw file.failure(
          "'\(key)' needs a 'barostat'; without one the cell stays as it is", key: key)
      }
      return nil
    }
    guard !(file.contains("pressure") && file.contains("stress")) else {
      throw file.failure("give 'pressure' or 'stress', not both", key: "stress")
    }
    var cell = CellSettings(
      try choice("barostat", file, StochasticCellRescaling.Mode.init(rawValue:)),
      pressure: file.contains("pressure") ? try file.quantity("pressure", Quantity.pressure) : 0)
    if file.contains("stress") {
      let text = try file.string("stress")
      cell.stress = try file.checking("stress") { try CellSettings.stress(text) }
    }
    if file.contains("barostat_time") {
      cell.timeConstant = try file.quantity("barostat_time", Quantity.time)
    }
    if file.contains("compressibility") {
      cell.compressibility = try file.quantity("compressibility", Quantity.compressibility)
    }
    try file.checking("barostat") { try cell.validate() }
    return cell
  }

  private static func ramp(_ file: StudyFile) throws -> StudyConfiguration.Ramp? {
    guard file.contains("final_temperature") else {
      if let key = ["ramp_start", "ramp_time"].first(where: file.contains) {
        throw file.failure("'\(key)' needs a 'final_temperature'", key: key)
      }
      return nil
    }
    return StudyConfiguration.Ramp(
      temperature: try file.quantity("final_temperature", Quantity.temperature),
      start: file.contains("ramp_start") ? try file.quantity("ramp_start", Quantity.time) : nil,
      duration: file.contains("ramp_time") ? try file.quantity("ramp_time", Quantity.time) : nil)
  }

  private static func choice<T: CaseIterable & RawRepresentable>(
    _ key: String, _ file: StudyFile, _ make: (String) -> T?
  ) throws -> T where T.RawValue == String {
    let text = try file.string(key)
    guard let value = make(text) else {
      throw file.failure(
        "there is no \(key) '\(text)'; known are "
          + T.allCases.map(\.rawValue).joined(separator: ", "), key: key)
    }
    return value
  }

  private static func list<T>(
    _ key: String, _ file: StudyFile, _ make: (String) throws -> T
  ) throws -> [T]? {
    guard file.contains(key) else { return nil }
    let texts = try file.strings(key)
    return try file.checking(key) { try texts.map(make) }
  }
}

extension StudyConfiguration.Dynamics {
  /// The settings of a run of these lengths (fs).
  ///
  /// - Parameter isReference: a bulk crystal, without the contact's sides, at one temperature in the
  ///   cell that the potential relaxes it to.
  func settings(
    equilibration: Double, production: Double, seed: Int, isReference: Bool = false
  ) -> DynamicsSettings {
    var settings = DynamicsSettings(
      temperature: temperature, equilibration: equilibration, production: production,
      seed: UInt64(seed))
    settings.timestep = timestep
    settings.thermostat = thermostat ?? .noseHoover
    settings.timeConstant = thermostatTime
    settings.sampleInterval = every
    settings.checkpointInterval = checkpoint
    settings.hydrogenMass = hydrogenMass
    guard !isReference else { return settings }
    settings.cell = cell
    settings.frozen = frozen
    settings.regions = regions
    settings.grades = grades?.settings
    settings.ramp = ramp.map {
      TemperatureRamp(
        to: $0.temperature, after: $0.start ?? equilibration,
        over: $0.duration ?? equilibration + production - ($0.start ?? equilibration))
    }
    return settings
  }

  /// - Throws: `AtomisticsError.badQuantity` unless all times are whole steps,
  ///   `DynamicsError.badStart` for settings that contradict each other.
  func schedule(
    equilibration: Double, production: Double, isReference: Bool = false
  ) throws -> DynamicsSchedule {
    guard production > 0 else {
      throw AtomisticsError.badQuantity(
        "\(production) fs", expected: "a production above 0 ps")
    }
    return try DynamicsSchedule(
      settings(
        equilibration: equilibration, production: production, seed: 0, isReference: isReference))
  }

  /// "NVT dynamics at 300 K with Nose-Hoover chains (one chain for all atoms)", for the report.
  var method: String {
    let bath =
      switch thermostat ?? .noseHoover {
      case .noseHoover: "with Nose-Hoover chains (one chain for all atoms)"
      case .bussi: "with stochastic velocity rescaling"
      case .langevin: "with a Langevin thermostat"
      case .none: "at constant energy"
      }
    var parts = [bath]
    if let cell { parts.append("the cell held by \(cell.barostat.name)") }
    if let ramp { parts.append("heated or cooled to \(ramp.temperature) K") }
    if let frozen { parts.append("frozen: " + frozen.map(\.description).joined(separator: ", ")) }
    if let regions { parts.append("apart: " + regions.map(\.text).joined(separator: "; ")) }
    if let hydrogenMass { parts.append("hydrogen of \(hydrogenMass) u") }
    return parts.joined(separator: ", ")
  }

  /// NPT, NVT or NVE.
  var ensembleName: String {
    cell != nil ? "NPT" : thermostat == DynamicsSettings.ThermostatChoice.none ? "NVE" : "NVT"
  }
}
