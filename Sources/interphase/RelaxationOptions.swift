import ArgumentParser
import Atomistics
import Dynamics

/// What of the cell may relax, to which stress, and by which method.
struct RelaxationOptions: ParsableArguments {
  @Flag(help: "Relax the cell too, along the periodic directions: --freedom flexible.")
  var cell = false

  @Option(
    help: ArgumentHelp(
      "What of the cell may relax: fixed, isotropic (the volume), flexible, plane (within the plane "
        + "of a and b) or axis (the height above that plane).", valueName: "freedom"))
  var freedom: CellFreedom?

  @Option(
    parsing: .unconditional,
    help: "The pressure to relax the cell to, e.g. \"1 GPa\" (default: 0 GPa).")
  var pressure: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The stress to relax the cell to, positive when stretched: xx yy zz yz xz xy, e.g. "
        + "\"0 0 -1 0 0 0 GPa\". Components that may not relax play no part.", valueName: "six"))
  var stress: String?

  @Option(help: "The method: fire or lbfgs.")
  var minimizer = MinimizerChoice.fire

  func validate() throws {
    guard !cell || freedom == nil || freedom == .flexible else {
      throw ValidationError("--cell is --freedom flexible; give one of the two")
    }
    guard pressure == nil || stress == nil else {
      throw ValidationError("give --pressure or --stress, not both")
    }
    guard chosenFreedom != .fixed || (pressure == nil && stress == nil) else {
      throw ValidationError(
        "--pressure and --stress act on a cell that may relax; give --cell or --freedom as well")
    }
  }

  /// A relaxation with these choices.
  func relaxation() throws -> Relaxation {
    var relaxation = Relaxation(cell: chosenFreedom)
    relaxation.minimizer = minimizer.minimizer
    if let pressure { relaxation.target = StressTarget(pressure: try Quantity.pressure(pressure)) }
    if let stress { relaxation.target = try Self.target(stress) }
    return relaxation
  }

  /// Whether enthalpy is energy.
  var isTowardsNothing: Bool { pressure == nil && stress == nil }

  private var chosenFreedom: CellFreedom { freedom ?? (cell ? .flexible : .fixed) }

  /// Six numbers and their unit, separated by spaces or commas.
  private static func target(_ text: String) throws -> StressTarget {
    let words = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    guard words.count == 7, let unit = words.last else {
      throw AtomisticsError.badQuantity(
        text,
        expected: "six components xx yy zz yz xz xy and a unit, e.g. \"0 0 -1 0 0 0 GPa\"")
    }
    return StressTarget(voigt: try words.dropLast().map { try Quantity.pressure("\($0) \(unit)") })
  }
}

extension CellFreedom: ExpressibleByArgument {}

/// The methods by name.
enum MinimizerChoice: String, CaseIterable, ExpressibleByArgument {
  case fire
  case lbfgs

  var minimizer: any Minimizer {
    switch self {
    case .fire: FIRE()
    case .lbfgs: LBFGS()
    }
  }
}
