import ArgumentParser
import Atomistics
import Workflows

/// The run that an exported input asks for.
struct ExportOptions: ParsableArguments {
  @Option(help: "How the temperature is held: nose-hoover, langevin, bussi or nve.")
  var ensemble = ExternalRun.Ensemble.noseHoover

  @Option(help: "The temperature.")
  var temperature = "300 K"

  @Option(help: "How long to equilibrate first.")
  var equilibrate = "20 ps"

  @Option(help: "How long to run after the equilibration.")
  var time = "200 ps"

  @Option(help: "The time step; 0.5 fs is safer with hydrogen.")
  var timestep = "1 fs"

  @Option(help: "The thermostat's time constant.")
  var timeConstant = "100 fs"

  @Option(help: "The time from one frame to the next.")
  var every = "0.1 ps"

  @Option(help: "The seed of the velocities and of random thermostats.")
  var seed = 1

  func run() throws -> ExternalRun {
    var run = ExternalRun()
    run.ensemble = ensemble
    run.temperature = try Quantity.temperature(temperature)
    run.equilibration = try Quantity.time(equilibrate)
    run.production = try Quantity.time(time)
    run.timestep = try Quantity.time(timestep)
    run.timeConstant = try Quantity.time(timeConstant)
    run.sampleInterval = try Quantity.time(every)
    run.seed = seed
    return run
  }
}

extension ExternalRun.Ensemble: ExpressibleByArgument {}

/// What an export says it has written.
struct ExportResult: Encodable {
  let atoms: Int
  let files: [String]
}
