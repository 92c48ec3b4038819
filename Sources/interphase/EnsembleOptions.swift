import ArgumentParser
import Atomistics
import Dynamics
import Workflows

/// What `interphase md` holds the atoms at, beyond one temperature.
struct EnsembleOptions: ParsableArguments {
  @Option(help: "Ramp the target from --temperature to this one.")
  var finalTemperature: String?

  @Option(help: "When the ramp begins, since the run's start (default: after the equilibration).")
  var rampStart: String?

  @Option(help: "How long the ramp takes (default: the rest of the run).")
  var rampTime: String?

  @Option(
    help: """
      Hold the cell at a pressure, by stochastic cell rescaling: isotropic, flexible (all lengths \
      and angles), in-plane (a, b and their angle) or normal (the height over them).
      """)
  var barostat: StochasticCellRescaling.Mode?

  @Option(help: "The target pressure (default: 0 GPa).")
  var pressure: String?

  @Option(
    help: """
      The target stress of a flexible cell, xx yy zz yz xz xy, positive when stretched, e.g. \
      "-0.1 -0.1 0 0 0 0 GPa".
      """)
  var stress: String?

  @Option(help: "The barostat's time constant (default: 1 ps).")
  var barostatTime: String?

  @Option(
    help: """
      The compressibility with which the barostat works (default: "0.03 /GPa"); it changes how \
      fast the cell answers and nothing else.
      """)
  var compressibility: String?

  @Option(
    name: .customLong("freeze"),
    help: """
      Atoms that do not move: metal, electrolyte, "layers 0-1" or "atoms 1-20,33"; may be given \
      several times.
      """)
  var frozen: [String] = []

  @Option(
    name: .customLong("region"),
    help: """
      Atoms with a thermostat of their own: "metal = 350 K" or "layers 0 = 350 K, langevin, 50 fs"; \
      may be given several times.
      """)
  var regions: [String] = []

  @Option(help: "Make hydrogen so heavy, e.g. \"2 u\", and the atoms it is bonded to lighter.")
  var hydrogenMass: String?

  func validate() throws {
    if finalTemperature == nil, rampStart != nil || rampTime != nil {
      throw ValidationError("a ramp needs --final-temperature")
    }
    if barostat == nil {
      let given = [
        ("--pressure", pressure), ("--stress", stress), ("--barostat-time", barostatTime),
        ("--compressibility", compressibility),
      ].filter { $0.1 != nil }
      if let first = given.first {
        throw ValidationError("\(first.0) needs --barostat; without one the cell stays as it is")
      }
    }
    if pressure != nil, stress != nil {
      throw ValidationError("give --pressure or --stress, not both")
    }
  }

  /// Puts what was given into the settings of a run.
  func apply(to settings: inout DynamicsSettings) throws {
    if let finalTemperature {
      let start = try rampStart.map(Quantity.time) ?? settings.equilibration
      let end = settings.equilibration + settings.production
      settings.ramp = TemperatureRamp(
        to: try Quantity.temperature(finalTemperature), after: start,
        over: try rampTime.map(Quantity.time) ?? (end - start))
    }
    settings.cell = try cell()
    settings.frozen = frozen.isEmpty ? nil : try frozen.map { try AtomSelection($0) }
    settings.regions = regions.isEmpty ? nil : try regions.map { try RegionSettings($0) }
    settings.hydrogenMass = try hydrogenMass.map(Quantity.mass)
  }

  private func cell() throws -> CellSettings? {
    guard let barostat else { return nil }
    var cell = CellSettings(barostat, pressure: try pressure.map(Quantity.pressure) ?? 0)
    if let stress { cell.stress = try CellSettings.stress(stress) }
    if let barostatTime { cell.timeConstant = try Quantity.time(barostatTime) }
    if let compressibility {
      cell.compressibility = try Quantity.compressibility(compressibility)
    }
    return cell
  }
}

extension StochasticCellRescaling.Mode: ExpressibleByArgument {}
