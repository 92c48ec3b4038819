import Atomistics
import Dynamics

/// The target goes in a straight line from the run's temperature to another one, then stays.
///
/// | name | unit |
/// |---|---|
/// | `temperature` at the end | K |
/// | `start`, since the run's start, equilibration included | fs |
/// | `duration` | fs |
public struct TemperatureRamp: Codable, Hashable, Sendable {
  public var temperature: Double
  public var start: Double
  public var duration: Double

  public init(to temperature: Double, after start: Double, over duration: Double) {
    self.temperature = temperature
    self.start = start
    self.duration = duration
  }

  func validate() throws {
    try DynamicsSettings.requireAbove([
      (temperature, "a final temperature above 0 K"),
      (duration, "a ramp that takes longer than 0 ps"),
    ])
    guard start >= 0, start.isFinite else {
      throw AtomisticsError.badQuantity(
        "\(start) fs", expected: "a ramp that does not begin before the run")
    }
  }

  public var text: String {
    "to \(temperature) K in \(duration / 1000) ps after \(start / 1000) ps"
  }
}

/// Atoms with a thermostat of their own.
///
/// As text: `metal = 350 K`, or with the thermostat and its time constant,
/// `layers 0-1 = 350 K, langevin, 50 fs`; what is left out is the run's.
public struct RegionSettings: Codable, Hashable, Sendable {
  public let atoms: AtomSelection
  /// K
  public let temperature: Double
  /// nil for the run's.
  public let thermostat: DynamicsSettings.ThermostatChoice?
  /// fs; nil for the run's.
  public let timeConstant: Double?

  /// - Throws: `AtomisticsError.badQuantity` that says what was expected.
  public init(_ text: String) throws {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    let values = sides.last?.split(separator: ",").map {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    guard sides.count == 2, let values, (1...3).contains(values.count) else {
      throw AtomisticsError.badQuantity(
        text,
        expected: "atoms = temperature, such as \"metal = 350 K\" or "
          + "\"layers 0-1 = 350 K, langevin, 50 fs\"")
    }
    atoms = try AtomSelection(String(sides[0]))
    temperature = try Quantity.temperature(values[0])
    thermostat = try values.dropFirst().first.map { name in
      guard let choice = DynamicsSettings.ThermostatChoice(rawValue: name) else {
        throw AtomisticsError.badQuantity(
          text,
          expected: "one of the thermostats "
            + DynamicsSettings.ThermostatChoice.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return choice
    }
    timeConstant = values.count == 3 ? try Quantity.time(values[2]) : nil
  }

  func validate() throws {
    try DynamicsSettings.requireAbove([
      (temperature, "a temperature above 0 K for '\(atoms)'"),
      (timeConstant ?? 1, "a time constant above 0 fs for '\(atoms)'"),
    ])
  }

  public var text: String {
    var parts = ["\(atoms) = \(temperature) K"]
    if let thermostat { parts.append(thermostat.rawValue) }
    if let timeConstant { parts.append("\(timeConstant) fs") }
    return parts.joined(separator: ", ")
  }
}

extension DynamicsSettings {
  /// The ensemble that the settings describe.
  func makeEnsemble() throws -> Ensemble {
    var ensemble = Ensemble(
      Self.thermostat(thermostat, temperature: temperature, timeConstant: timeConstant))
    ensemble.program = try ramp.map {
      try TemperatureProgram.ramp(
        from: temperature, to: $0.temperature, over: $0.duration, after: $0.start)
    }
    ensemble.regions = (regions ?? []).map { region in
      ThermostattedRegion(
        region.atoms,
        Self.thermostat(
          region.thermostat ?? thermostat, temperature: region.temperature,
          timeConstant: region.timeConstant ?? timeConstant))
    }
    ensemble.barostat = cell?.barostat
    ensemble.frozen = frozen ?? []
    ensemble.hydrogenMass = hydrogenMass
    return ensemble
  }

  private static func thermostat(
    _ choice: ThermostatChoice, temperature: Double, timeConstant: Double
  ) -> any Thermostat {
    switch choice {
    case .noseHoover: NoseHooverChain(temperature: temperature, timeConstant: timeConstant)
    case .bussi: BussiThermostat(temperature: temperature, timeConstant: timeConstant)
    case .langevin: LangevinThermostat(temperature: temperature, timeConstant: timeConstant)
    case .none: NoThermostat()
    }
  }
}
