import Atomistics
import Dynamics
import Thermodynamics

/// What `study.yaml` says, checked: every choice that a study's results depend on.
public struct StudyConfiguration: Sendable {
  public let title: String
  public let workingIon: Element
  public let potential: String
  public let thermodynamics: Thermodynamics
  public let metal: Crystal
  public let electrolytes: [Electrolyte]
  /// The name of the electrolyte against which a contact is called slowed: the first unless told.
  public let slowedAgainst: String
  /// The study's own, which stay whole, are counted and drawn beside `Cluster.known`.
  public let ownClusters: [Cluster]
  /// All of them.
  public let clusters: [Cluster]
  public let references: References
  public let contact: Contact
  public let dynamics: Dynamics
  /// By name: "short" is what `study run` does, "full" what `--full` does.
  public let plans: [String: Plan]

  /// A crystal and the file that holds it.
  public struct Crystal: Sendable, Hashable, Codable {
    public let name: String
    public let structure: String
    /// What makes a solid solution of it; nil for the crystal itself.
    public let substitution: Substitution?

    public init(name: String, structure: String, substitution: Substitution? = nil) {
      self.name = name
      self.structure = structure
      self.substitution = substitution
    }
  }

  public struct Thermodynamics: Sendable, Codable {
    /// The table of phases.
    public let entries: String
    /// Correction schemes; the first is the one that the report leads with.
    public let schemes: [String]
  }

  /// One electrolyte and what the paper's argument needs to know of it.
  public struct Electrolyte: Sendable, Codable {
    public let name: String
    /// The formula with its cluster, `Li6PS5(BH4)`.
    public let formula: String
    public let structure: String
    /// Its energy lies so much (eV/atom) above that of `over`.
    public let excess: Double
    public let over: String
    /// The salt that becomes a vertex of the phase diagram with the anion intact.
    public let salt: String
    /// The key of the paper's tables: Cl, BH4, BF4, CN.
    public let anion: String
    /// The reaction with the metal at 0 V.
    public let reaction: String
    public let rdf: [Panel]
    public let mixtures: [Mixture]

    /// The names of all crystals that it is compared with.
    var references: Set<String> {
      Set((rdf.map(\.references) + mixtures.map(\.references)).joined())
    }
  }

  /// A centre whose surroundings are fitted by those of reference phases.
  public struct Mixture: Sendable, Codable {
    public let center: Element
    public let partners: [Element]
    /// Names of reference crystals, or of electrolytes.
    public let references: [String]
  }

  /// One panel of radial distribution functions.
  public struct Panel: Sendable, Codable {
    public let pair: [Element]
    /// Names of reference crystals, or of electrolytes.
    public let references: [String]
    /// Distance windows (Å) that the paper calls characteristic.
    public let windows: [[Double]]
  }

  public struct References: Sendable, Codable {
    public let maximumAtoms: Int
    public let phases: [Crystal]
  }

  public struct Contact: Sendable, Codable {
    public let maximumArea: Double
    public let lengthMismatch: Double
    public let angleMismatch: Double
    public let maximumIndex: Int
    public let gapFraction: Double
    /// Å; nil for a periodic double contact.
    public let vacuum: Double?
    public let metalPerFormulaUnit: Double
    /// Å
    public let minimumThickness: Double
    public let maximumAtoms: Int
    /// Which kind of termination is run, from 1, in the order of the least stress among a kind's
    /// contacts.
    public let termination: Int
  }

  public struct Dynamics: Sendable, Codable {
    public let temperature: Double
    public let timestep: Double
    public let thermostatTime: Double
    public let every: Double
    public let checkpoint: Double
    /// nil for Nose-Hoover chains.
    public let thermostat: DynamicsSettings.ThermostatChoice?
    public let hydrogenMass: Double?
    /// Of the contacts alone: reference crystals keep their cell, all atoms and one temperature.
    public let cell: CellSettings?
    public let ramp: Ramp?
    public let frozen: [AtomSelection]?
    public let regions: [RegionSettings]?
    /// nil without an active set.
    public let grades: Grades?
  }

  /// Times in fs; nil for all of the production, from its start.
  public struct Ramp: Sendable, Codable {
    public let temperature: Double
    public let start: Double?
    public let duration: Double?
  }

  /// How long and how often; times in fs.
  public struct Plan: Sendable, Codable {
    public let equilibration: Double
    public let production: Double
    public let seeds: [Int]
    public let referenceEquilibration: Double
    public let referenceProduction: Double
  }
}

extension StudyConfiguration {
  /// Reads and checks the text of a `study.yaml`.
  ///
  /// - Throws: `WorkflowsError.badStudy` with the line.
  public init(yaml text: String, path: String) throws {
    let file = try StudyFile(text: text, path: path)
    try file.expect(only: [
      "title", "working_ion", "potential", "thermodynamics", "metal", "electrolytes",
      "clusters", "slowed_against", "references", "contact", "dynamics", "plans",
    ])
    title = try file.string("title")
    let symbol = try file.string("working_ion")
    guard let ion = Element(symbol) else {
      throw file.failure("'\(symbol)' is not an element", key: "working_ion")
    }
    workingIon = ion
    potential = try file.string("potential")
    thermodynamics = try Thermodynamics(file.mapping("thermodynamics"))
    metal = try Crystal(file.mapping("metal"))
    electrolytes = try file.mappings("electrolytes").map(Electrolyte.init)
    slowedAgainst =
      try file.contains("slowed_against")
      ? file.string("slowed_against") : electrolytes.first?.name ?? ""
    let texts = try file.contains("clusters") ? file.strings("clusters") : []
    ownClusters = try file.checking("clusters") { try texts.map { try Cluster(parsing: $0) } }
    let own = ownClusters
    clusters = try file.checking("clusters") { try Cluster.known(and: own) }
    references = try References(file.mapping("references"))
    contact = try Contact(file.mapping("contact"))
    dynamics = try Dynamics(file.mapping("dynamics"))
    let planTable = try file.mapping("plans")
    plans = try Dictionary(
      uniqueKeysWithValues: planTable.keys.map { ($0, try Plan(planTable.mapping($0))) })
    try check(file)
  }

  /// The names that panels refer to must exist, and be told apart.
}

extension StudyConfiguration {
  /// What the study calls the cluster with P-S bonds.
  var phosphorusSulfide: String {
    clusters.first { "\($0.center)-\($0.ligand)" == "P-S" }?.name ?? "PS4"
  }
}

extension StudyConfiguration.Crystal {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["name", "structure", "replace"])
    name = try file.string("name")
    structure = try file.string("structure")
    substitution =
      try file.contains("replace")
      ? file.checking("replace") { try Substitution(parsing: file.string("replace")) } : nil
  }
}

extension StudyConfiguration.Thermodynamics {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["entries", "schemes"])
    entries = try file.string("entries")
    schemes = try file.strings("schemes")
    guard !schemes.isEmpty else { throw file.failure("name at least one scheme", key: "schemes") }
    let known = CorrectionScheme.allCases.map(\.rawValue)
    for (index, name) in schemes.enumerated() {
      guard known.contains(name), !schemes[..<index].contains(name) else {
        throw file.failure(
          "there is no scheme '\(name)', or it stands twice; known are "
            + known.joined(separator: ", "), key: "schemes")
      }
    }
  }
}

extension StudyConfiguration.Electrolyte {
  init(_ file: StudyFile) throws {
    try file.expect(only: [
      "name", "formula", "structure", "excess", "over", "salt", "anion", "reaction", "rdf",
      "mixtures",
    ])
    name = try file.string("name")
    formula = try file.string("formula")
    structure = try file.string("structure")
    excess = try file.quantity("excess", Quantity.energyPerAtom)
    over = try file.string("over")
    salt = try file.string("salt")
    anion = try file.string("anion")
    reaction = try file.string("reaction")
    for (key, text) in [("formula", formula), ("salt", salt)] {
      _ = try file.checking(key) { try Composition(formula: text) }
    }
    let equation = reaction
    _ = try file.checking("reaction") { try Reaction(equation) }
    rdf = try file.mappings("rdf").map(StudyConfiguration.Panel.init)
    mixtures =
      try file.contains("mixtures")
      ? file.mappings("mixtures").map(StudyConfiguration.Mixture.init) : []
  }
}

extension StudyConfiguration.Mixture {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["center", "partners", "references"])
    func element(_ symbol: String, _ key: String) throws -> Element {
      guard let element = Element(symbol) else {
        throw file.failure("'\(symbol)' is not an element", key: key)
      }
      return element
    }
    center = try element(file.string("center"), "center")
    partners = try file.strings("partners").map { try element($0, "partners") }
    references = try file.strings("references")
    guard !partners.isEmpty, Set(partners).count == partners.count else {
      throw file.failure("name each partner once, and at least one", key: "partners")
    }
    guard !references.isEmpty, Set(references).count == references.count else {
      throw file.failure("name each reference once, and at least one", key: "references")
    }
  }
}

extension StudyConfiguration.Panel {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["pair", "references", "windows"])
    let text = try file.string("pair")
    pair = try text.split(separator: "-").map { symbol in
      guard let element = Element(symbol) else {
        throw file.failure("'\(symbol)' is not an element", key: "pair")
      }
      return element
    }
    guard pair.count == 2 else {
      throw file.failure("a pair is two elements, such as B-H", key: "pair")
    }
    references = try file.strings("references")
    windows =
      try file.contains("windows")
      ? file.strings("windows").map { text in
        let ends = text.split(separator: "-").compactMap { Double($0) }
        guard ends.count == 2, ends[0] < ends[1] else {
          throw file.failure("a window is two distances in Å, such as 3-5", key: "windows")
        }
        return ends
      } : []
  }
}

extension StudyConfiguration.References {
  init(_ file: StudyFile) throws {
    try file.expect(only: ["max_atoms", "phases"])
    maximumAtoms = try file.whole("max_atoms")
    guard maximumAtoms > 0 else { throw file.failure("allow atoms", key: "max_atoms") }
    phases = try file.mappings("phases").map(StudyConfiguration.Crystal.init)
  }
}

extension StudyConfiguration.Contact {
  init(_ file: StudyFile) throws {
    try file.expect(only: [
      "max_area", "length_mismatch", "angle_mismatch", "max_index", "gap_fraction", "vacuum",
      "metal_per_formula_unit", "min_thickness", "max_atoms", "termination",
    ])
    maximumArea = try file.quantity("max_area", Quantity.area)
    lengthMismatch = try file.number("length_mismatch")
    angleMismatch = try file.number("angle_mismatch")
    maximumIndex = try file.whole("max_index")
    gapFraction = try file.number("gap_fraction")
    vacuum =
      try file.string("vacuum") == "none" ? nil : file.quantity("vacuum", Quantity.length)
    metalPerFormulaUnit = try file.number("metal_per_formula_unit")
    minimumThickness = try file.quantity("min_thickness", Quantity.length)
    maximumAtoms = try file.whole("max_atoms")
    termination = try file.contains("termination") ? file.whole("termination") : 1
    let limits: [(String, Double)] = [
      ("max_area", maximumArea), ("max_index", Double(maximumIndex)),
      ("gap_fraction", gapFraction), ("vacuum", vacuum ?? 1), ("max_atoms", Double(maximumAtoms)),
      ("termination", Double(termination)),
    ]
    for (key, value) in limits where value <= 0 {
      throw file.failure("'\(key)' must be above zero", key: key)
    }
    let others = [
      ("length_mismatch", lengthMismatch), ("angle_mismatch", angleMismatch),
      ("metal_per_formula_unit", metalPerFormulaUnit), ("min_thickness", minimumThickness),
    ]
    for (key, value) in others where value < 0 {
      throw file.failure("'\(key)' must not be negative", key: key)
    }
  }
}

extension StudyConfiguration.Plan {
  init(_ file: StudyFile) throws {
    try file.expect(only: [
      "equilibration", "production", "seeds", "reference_equilibration", "reference_production",
    ])
    equilibration = try file.quantity("equilibration", Quantity.time)
    production = try file.quantity("production", Quantity.time)
    seeds = try file.strings("seeds").map { text in
      guard let seed = Int(text), seed >= 0 else {
        throw file.failure("a seed is a whole number", key: "seeds")
      }
      return seed
    }
    guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
      throw file.failure("name each seed once, and at least one", key: "seeds")
    }
    referenceEquilibration = try file.quantity("reference_equilibration", Quantity.time)
    referenceProduction = try file.quantity("reference_production", Quantity.time)
  }
}
