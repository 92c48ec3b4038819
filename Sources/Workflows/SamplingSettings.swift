import Atomistics

/// What frames are made, and how many.
///
/// | name | unit |
/// |---|---|
/// | `kinds`; empty: what suits each structure (`Sampling`) | |
/// | `stride`: every so many-th structure of a file | |
/// | `distance` between images in a supercell, `maximumAtoms` in it | Å, - |
/// | `closest`: frames with a pair nearer than this times its covalent radii are dropped | - |
/// | `largestForce`: motion that goes beyond it has exploded | eV/Å |
/// | `rattles`, `displacements`, `deviator`, `dilation`: see `RattledCrystals` | -, Å |
/// | `volumes`, `volumeChange`: how many, up to which share of the volume | - |
/// | `stretches` of a cluster's bond | Å |
/// | `temperatures`; nil: 300, 600, 1000, and for contacts 300, 600 | K |
/// | `repetitions` of each trajectory with other velocities | - |
/// | `equilibration`, `duration`, `interval`, `timestep` | fs |
/// | `metal`, `metalPerUnit`; `melt`, `end`; `meltTime`, `quenchTime`, `endTime`: mixtures | K, fs |
/// | `relaxes`: crystals are relaxed first, with their cell | |
public struct SamplingSettings: Sendable, Codable {
  public var kinds: [SampleKind] = []
  public var seed: UInt64 = 1
  public var stride = 1
  public var distance = 10.0
  public var maximumAtoms = 120
  public var clusters = Cluster.known
  public var closest = ClosePair.usualLimit
  public var largestForce = 30.0
  public var relaxes = false

  public var rattles = 12
  public var displacements = [0.03, 0.1, 0.2]
  public var deviator = 0.06
  public var dilation = 0.08

  public var volumes = 9
  public var volumeChange = 0.12
  public var stretches = (0...10).map { Double(15 * $0 - 30) / 100 }

  public var temperatures: [Double]?
  public var repetitions = 1
  public var equilibration = 1000.0
  public var duration = 4000.0
  public var interval = 400.0
  public var timestep = 1.0

  public var metal = Element("Li")!
  public var metalPerUnit = [2, 5, 8]
  public var melt = 1500.0
  public var end = 300.0
  public var meltTime = 2000.0
  public var quenchTime = 4000.0
  public var endTime = 1000.0

  public init() {}

  /// - Throws: `AtomisticsError.badQuantity` for what cannot be meant.
  public func validate() throws {
    try DynamicsSettings.requireAbove(
      [
        (distance, "a distance above 0 Å"), (largestForce, "a force above 0 eV/Å"),
        (Double(rattles), "at least one frame"), (Double(volumes), "at least one volume"),
        (Double(repetitions), "at least one repetition"),
        (Double(stride), "a stride of at least 1"),
        (duration, "a time above 0 ps"), (interval, "a time between frames above 0 ps"),
        (timestep, "a time step above 0 fs"), (melt, "a temperature above 0 K"),
        (end, "a temperature above 0 K"), (meltTime, "a time above 0 ps"),
        (quenchTime, "a time above 0 ps"), (endTime, "a time above 0 ps"),
        (Double(maximumAtoms), "at least one atom"),
        (1 - volumeChange, "a change of the volume below 1"),
        (1 - deviator - dilation, "strains that are below 1 together"),
      ] + (temperatures ?? []).map { ($0, "a temperature above 0 K") }
        + displacements.map { ($0, "a displacement above 0 Å") }
        + metalPerUnit.map { (Double($0), "a number of metal atoms above 0") })
    guard equilibration >= 0, deviator >= 0, dilation >= 0, volumeChange >= 0, closest >= 0 else {
      throw AtomisticsError.badQuantity(
        "a number below 0", expected: "times, strains, changes and factors that are not negative")
    }
    guard !displacements.isEmpty, !metalPerUnit.isEmpty, !(temperatures?.isEmpty ?? false) else {
      throw AtomisticsError.badQuantity("", expected: "at least one number in a list")
    }
  }
}
