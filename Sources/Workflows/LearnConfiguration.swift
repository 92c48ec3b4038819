import Atomistics

/// What `learn.yaml` says, checked: every choice that a learned potential depends on.
public struct LearnConfiguration: Sendable {
  public let title: String
  /// What labels frames: a name that `--calculator` takes, or `potential:` and one that `--potential`
  /// takes.
  public let calculator: String
  /// How many of these programs may be at work at once.
  public let clients: Int
  /// A label with a larger force (eV/Å) is none.
  public let largestForce: Double
  public let seed: Int
  /// Crystals, contacts, slabs, trajectories.
  public let structures: [String]
  /// Structures that no training sees, run with the potential in the end and labelled.
  public let test: [String]
  /// Files of frames that the same calculator labelled elsewhere.
  public let labels: [String]
  /// Those of the structures that are mixed with metal, molten and quenched in every round.
  public let mixtures: [String]
  /// How frames are made; temperatures and times are those of the rounds.
  public let sampling: SamplingSettings
  /// The potential that moves atoms in the first round; nil for a first round without motion.
  public let firstPotential: String?
  public let training: Training
  /// One after the other; the last is repeated.
  public let rounds: [Round]
  public let stop: Stop

  public struct Training: Sendable, Codable {
    /// The trainer's input; nil for ours.
    public let input: String?
    public let epochs: Int
    /// Of the training after the last round.
    public let lastEpochs: Int
    public let holdOut: Double
  }

  public struct Round: Sendable, Codable {
    public let temperatures: [Double]
    /// fs
    public let duration: Double
    /// How many frames are labelled at most.
    public let count: Int
  }

  public struct Stop: Sendable, Codable {
    /// An atom of a grade above this extrapolates.
    public let grade: Double
    /// Rounds end when a smaller share of a round's frames extrapolates,
    public let share: Double
    /// or after so many.
    public let mostRounds: Int
  }

  /// The round of a number, from 0.
  public func round(_ number: Int) -> Round { rounds[min(number, rounds.count - 1)] }
}

extension LearnConfiguration {
  /// Reads and checks the text of a `learn.yaml`.
  ///
  /// - Throws: `WorkflowsError.badStudy` with the line.
  public init(yaml text: String, path: String) throws {
    let file = try StudyFile(text: text, path: path, name: "the file", verb: "learn")
    try file.expect(only: [
      "title", "calculator", "clients", "largest_force", "seed", "structures", "mixtures", "test",
      "labels", "first_potential", "sample", "train", "rounds", "stop",
    ])
    title = try file.string("title")
    calculator = try file.string("calculator")
    clients = try file.whole("clients")
    guard clients >= 1 else { throw file.failure("at least one", key: "clients") }
    largestForce = try file.number("largest_force")
    guard largestForce > 0 else { throw file.failure("above 0 eV/Å", key: "largest_force") }
    seed = try file.whole("seed")
    structures = try file.strings("structures")
    guard !structures.isEmpty else { throw file.failure("name at least one", key: "structures") }
    mixtures = try file.contains("mixtures") ? file.strings("mixtures") : []
    let own = structures
    if let other = mixtures.first(where: { !own.contains($0) }) {
      throw file.failure("\(other) is not among the structures", key: "mixtures")
    }
    test = try file.contains("test") ? file.strings("test") : []
    if let twice = test.first(where: own.contains) {
      throw file.failure("\(twice) stands among the structures too", key: "test")
    }
    labels = try file.contains("labels") ? file.strings("labels") : []
    let first = try file.contains("first_potential") ? file.string("first_potential") : "none"
    firstPotential = first == "none" ? nil : first
    training = try Training(file.mapping("train"))
    rounds = try file.mappings("rounds").map(Round.init)
    guard !rounds.isEmpty else { throw file.failure("at least one round", key: "rounds") }
    stop = try Stop(file.mapping("stop"))
    let sample = try file.mapping("sample")
    var settings = try SamplingSettings(sample)
    settings.seed = UInt64(seed)
    sampling = settings
    _ = try sample.checking("max_atoms") { try settings.validate() }
  }
}

extension LearnConfiguration.Training {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["input", "epochs", "last_epochs", "hold_out"])
    input = try file.contains("input") ? file.string("input") : nil
    epochs = try file.whole("epochs")
    lastEpochs = try file.whole("last_epochs")
    guard epochs >= 1 else { throw file.failure("at least one", key: "epochs") }
    guard lastEpochs >= 1 else { throw file.failure("at least one", key: "last_epochs") }
    holdOut = try file.number("hold_out")
    guard holdOut > 0, holdOut < 1 else {
      throw file.failure("'hold_out' is between 0 and 1", key: "hold_out")
    }
  }
}

extension LearnConfiguration.Round {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["temperatures", "time", "count"])
    temperatures = try file.strings("temperatures").map { text in
      try file.checking("temperatures") { try Quantity.temperature(text) }
    }
    guard !temperatures.isEmpty else {
      throw file.failure("at least one temperature", key: "temperatures")
    }
    duration = try file.quantity("time", Quantity.time)
    guard duration > 0 else { throw file.failure("a time above 0 ps", key: "time") }
    count = try file.whole("count")
    guard count >= 1 else { throw file.failure("at least one frame", key: "count") }
  }
}

extension LearnConfiguration.Stop {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["grade", "share", "most_rounds"])
    grade = try file.number("grade")
    share = try file.number("share")
    mostRounds = try file.whole("most_rounds")
    guard grade > 0 else { throw file.failure("above 0", key: "grade") }
    guard share >= 0, share < 1 else {
      throw file.failure("'share' is from 0 to below 1", key: "share")
    }
    guard mostRounds >= 1 else { throw file.failure("at least one", key: "most_rounds") }
  }
}

extension SamplingSettings {
  /// The part `sample` of a `learn.yaml`.
  init(_ file: StudyFile) throws {
    try file.expect(only: [
      "image_distance", "max_atoms", "rattles", "displacements", "volumes", "volume_change",
      "every", "timestep", "metal", "metal_atoms", "melt",
    ])
    self.init()
    distance = try file.quantity("image_distance", Quantity.length)
    maximumAtoms = try file.whole("max_atoms")
    rattles = try file.whole("rattles")
    displacements = try file.strings("displacements").map { text in
      try file.checking("displacements") { try Quantity.length(text) }
    }
    volumes = try file.whole("volumes")
    volumeChange = try file.number("volume_change")
    interval = try file.quantity("every", Quantity.time)
    timestep = try file.quantity("timestep", Quantity.time)
    let symbol = try file.string("metal")
    guard let element = Element(symbol) else {
      throw file.failure("'\(symbol)' is not an element", key: "metal")
    }
    metal = element
    metalPerUnit = try file.strings("metal_atoms").map { text in
      guard let number = Int(text), number > 0 else {
        throw file.failure("a number of metal atoms is a whole number above 0", key: "metal_atoms")
      }
      return number
    }
    melt = try file.quantity("melt", Quantity.temperature)
  }
}
