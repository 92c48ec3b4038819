import ArgumentParser
import Atomistics
import Workflows

/// The kinds of frames, each by its flag.
struct SampleKindOptions: ParsableArguments {
  @Flag(help: "Crystals with random displacements and strains, their clusters turned.")
  var rattled = false
  @Flag(help: "Crystals at other volumes.") var eos = false
  @Flag(help: "One bond of each kind of cluster from 0.3 Å shorter to 1.2 Å longer.")
  var stretched = false
  @Flag(help: "Supercells at --temperatures and constant volume.") var dynamics = false
  @Flag(help: "Electrolyte and metal mixed at random, molten and quenched.") var mixtures = false
  @Flag(help: "Contacts and slabs: as they are, relaxed, at --temperatures, relaxed again.")
  var contacts = false

  var chosen: [SampleKind] {
    let flags: [(Bool, SampleKind)] = [
      (rattled, .rattled), (eos, .eos), (stretched, .stretched), (dynamics, .dynamics),
      (mixtures, .mixtures), (contacts, .contacts),
    ]
    return flags.filter(\.0).map(\.1)
  }

  var needCalculator: Bool { dynamics || mixtures || contacts }
}

/// How crystals are repeated, displaced and strained.
struct SampleCrystalOptions: ParsableArguments {
  @Flag(help: "Relax crystals, and their cells, with the potential first.") var relax = false
  @Option(help: "Crystals are repeated until images are this far apart,")
  var imageDistance = "10 Å"
  @Option(help: "but no further than to so many atoms.") var maxAtoms = 120
  @Option(help: "How many rattled frames come of a structure.") var rattles = 12
  @Option(help: "The sizes of the displacements, per coordinate.")
  var displacements = "0.03, 0.1, 0.2 Å"
  @Option(help: "The largest norm of a strain's traceless part.") var deviator = 0.06
  @Option(help: "The largest trace of a strain, either way.") var dilation = 0.08
  @Option(help: "How many volumes.") var volumes = 9
  @Option(help: "The share of the volume that they go up and down by.") var volumeChange = 0.12

  func apply(to settings: inout SamplingSettings) throws {
    settings.relaxes = relax
    settings.distance = try Quantity.length(imageDistance)
    settings.maximumAtoms = maxAtoms
    settings.rattles = rattles
    settings.displacements = try QuantityList.read(displacements, Quantity.length)
    settings.deviator = deviator
    settings.dilation = dilation
    settings.volumes = volumes
    settings.volumeChange = volumeChange
  }
}

/// How hot and how long things move.
struct SampleMotionOptions: ParsableArguments {
  @Option(help: "The temperatures (default: 300, 600, 1000 K; of contacts 300, 600 K).")
  var temperatures: String?
  @Option(help: "How many trajectories at each, with other velocities.") var repetitions = 1
  @Option(help: "How long crystals are equilibrated.") var equilibrate = "1 ps"
  @Option(help: "How long they, and contacts, then run.") var time = "4 ps"
  @Option(help: "The time from one frame to the next.") var every = "0.4 ps"
  @Option(help: "The time step; 0.5 fs is safer with hydrogen.") var timestep = "1 fs"
  @Option(help: "A force, in eV/Å, beyond which a trajectory has exploded and ends.")
  var largestForce = 30.0
  @Option(help: "The metal of a mixture.") var metal = "Li"
  @Option(help: "How many metal atoms come to a formula unit.") var metalAtoms = "2, 5, 8"
  @Option(help: "The temperature at which mixtures melt.") var melt = "1500 K"
  @Option(help: "How long they are held there.") var meltTime = "2 ps"
  @Option(help: "The temperature that they are quenched to.") var quenchTo = "300 K"
  @Option(help: "How long that takes.") var quenchTime = "4 ps"

  func apply(to settings: inout SamplingSettings) throws {
    settings.temperatures = try temperatures.map {
      try QuantityList.read($0, Quantity.temperature)
    }
    settings.repetitions = repetitions
    settings.equilibration = try Quantity.time(equilibrate)
    settings.duration = try Quantity.time(time)
    settings.interval = try Quantity.time(every)
    settings.timestep = try Quantity.time(timestep)
    settings.largestForce = largestForce
    guard let element = Element(metal) else {
      throw AtomisticsError.unknownElement(metal, context: "in --metal")
    }
    settings.metal = element
    settings.metalPerUnit = try QuantityList.integers(metalAtoms)
    settings.melt = try Quantity.temperature(melt)
    settings.meltTime = try Quantity.time(meltTime)
    settings.end = try Quantity.temperature(quenchTo)
    settings.quenchTime = try Quantity.time(quenchTime)
  }
}
